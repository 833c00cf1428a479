"""What a stage on Debian's own image needs of that image's full variant.

The slim variant has the same packages. It lacks, and keeps dpkg from unpacking, what lies in a few folders that people read
and, by Debian's policy (12.3), no program needs. Source: github.com/debuerreotype/debuerreotype, .slimify-excludes. Since
2021 the folders of manual pages themselves stay, empty, into which packages put links when they are installed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from rewriter import posixpath
from rewriter.knowledge import libraries, programs
from rewriter.knowledge.unknown import Unknown
from rewriter.model import apt
from rewriter.model.command import Command
from rewriter.model.context_tree import Tree
from rewriter.model.file import File
from rewriter.model.needs import Needs
from rewriter.model.run import Run
from rewriter.rule import Ask

#: what slim variants leave out
_FOLDERS: Final = ("/usr/share/doc", "/usr/share/man", "/usr/share/info", "/usr/share/locale", "/usr/share/lintian",
            "/etc/dpkg/dpkg.cfg")  # fmt: skip
_READERS: Final = frozenset("man apropos whatis mandb info".split())
#: these install packages that the file does not name
_INSTALLERS: Final = frozenset(
    "gdebi tasksel mk-build-deps ansible ansible-playbook ansible-pull puppet chef-solo chef-client salt-call playwright xargs "
    "debconf-apt-progress unminimize dselect alien rosdep".split()
)
#: scripts that come with sources and look at the system, without changing it
_CONFIGURING: Final = frozenset("configure Configure config autogen.sh".split())
_SHELLS: Final = frozenset("sh bash dash source .".split())
#: files of the base that shells read for what they say of the release
_RELEASE: Final = frozenset(("/etc/os-release", "/etc/lsb-release", "/usr/lib/os-release"))
#: scripts that are fetched and run, of which the packages are known that they install (certificates, gnupg, curl): no documents.
#: Source: github.com/nodesource/distributions, scripts/deb
_KNOWN_SCRIPTS: Final = ("deb.nodesource.com/setup_",)
#: packages that bring what people read in these folders, or what they read it with
_READING: Final = frozenset("man-db info texinfo doc-base dwww dhelp".split())
#: a file with one of these may install packages
_INSTALLING: Final = ("apt-get", "apt install", "aptitude", "dpkg ")
_RUNNING: Final = frozenset("python python2 python3 perl ruby node php tclsh".split())
_MAKEFILES: Final = ("GNUmakefile", "makefile", "Makefile")
#: the folder above those that are left out, named by itself: what is behind it stands elsewhere
_ABOVE: Final = re.compile(r"/usr/share/?(?![\w./-])")
_OF_PACKAGES: Final = ("/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/lib/")
#: a locale other than those in which programs speak as they were written
_LOCALE: Final = re.compile(r"\b(?!en_US\b)[a-z]{2}_[A-Z]{2}\b")
_ENGLISH: Final = re.compile(r"(?:C|POSIX|en|en_US)(?:[.:@].*)?$")


def needs_of_debian(file: File, folders: bool, ask: Ask) -> Needs:
    """What stands against the slim variant, with what is not known. ``folders``: it has those of manual pages."""
    needs = Needs(folders)
    stage = file.stages[-1]
    tree = Tree(file, stage, ask)
    for step in (step for part in reversed(stage.lineage) for step in part.steps):
        line = file.line(step.span.start)
        text = step.instruction.body.text + "".join(doc.content.of(file.source) for doc in step.instruction.heredocs)
        folder = next((folder for folder in _FOLDERS if folder in text), "")
        if folder and not (step.name == "RUN" and _only_removed(text, folder)):
            needs.ask(f"line {line} names {folder}, which the slim variant leaves out")
        if step.name in ("RUN", "ENV", "ARG", "CMD", "ENTRYPOINT") and _ABOVE.search(text):
            needs.ask(f"line {line} names /usr/share, of which the slim variant leaves out folders")
        if step.name == "ONBUILD":
            needs.ask(f"line {line}: what a build that starts from this image needs is not known")
        if step.name in ("ENV", "ARG") and ("LANG" in text or "LC_" in text):
            _languages(step.state.after(step.instruction, file.escape).environment, line, needs)
        elif step.name in ("RUN", "CMD", "ENTRYPOINT"):
            spoken = _LOCALE.search(text)
            if spoken is not None:
                needs.ask(f"line {line} names the locale {spoken[0]}, and messages in it are left out")
            if step.name == "RUN":
                _run(file.run_at[step.index], tree, needs)
            else:
                _run(Run(step.instruction, step.index, step.state, stage, file), tree, needs)
    return needs


def _run(run: Run, tree: Tree, needs: Needs) -> None:
    line = run.file.line(run.span.start)
    if not run.readable:
        needs.ask(f"line {line} cannot be read")
    for command in run.commands:
        if command.tool in _READERS:
            needs.ask(f"line {line} calls {command.tool}, which reads manuals")
        elif command.has("--version") and not command.operands:
            continue
        elif apt.is_apt(command, "install", "reinstall"):
            _installed(apt.packages(run, command), line, needs)
        elif apt.is_apt(command, "build-dep", "satisfy", "dselect-upgrade") or command.tool in _INSTALLERS:
            needs.ask(
                f"line {line} calls {command.words_text[:40]}, which may install packages that the file does not name"
            )
        elif command.tool == "dpkg" and command.has("-i", "--install", "--unpack"):
            if not needs.folders:
                needs.ask(f"line {line} installs packages from files, which may want the folders of manual pages")
        elif run.instruction.name == "RUN":
            _script(run, command, line, tree, needs)
            _named(run, command, line, tree, needs)
        else:
            _started(run, command, line, tree, needs)


def _script(run: Run, command: Command, line: int, tree: Tree, needs: Needs) -> None:
    """A script that is run: one that is not seen may install anything."""
    words = [word for word in command.arguments if not (word.value or "").startswith("-")]
    raw = command.simple.words[command.head].value if command.simple.words else ""
    if not command.tool and command.simple.words:
        needs.ask(f"line {line} runs {command.simple.words[0].raw}, which is not seen and may install packages")
        return
    if command.tool in _SHELLS:
        if command.has("-c") or any((word.value or "").endswith("c") for word in command.options):
            return  # its commands are listed of themselves
        path = words[0].value if words else None
    elif (
        command.tool
        and (raw or "").startswith(("./", "/"))
        and not (raw or "").startswith(("/bin/", "/usr/", "/sbin/"))
    ):
        path = raw
    else:
        return
    if path and (posixpath.basename(path) in _CONFIGURING or path in _RELEASE):
        return
    if path is None and command.place.piped and _known_script(run, command):
        return
    full = posixpath.normpath(posixpath.join(command.cwd or "/", path)) if path else ""
    text = tree.text(full, run.index) if full else None
    if text is None:
        what = path or (words[0].raw if words else "what it fetches or reads")
        needs.ask(f"line {line} runs {what}, which is not seen and may install packages")
    elif any(sign in text for sign in ("apt", "dpkg", *_FOLDERS)):
        needs.ask(f"line {line} runs {path}, which may install packages that the file does not name")


def _known_script(run: Run, command: Command) -> bool:
    """True where the shell reads a script that is fetched in the same pipe, and known."""
    before = [one for one in run.commands if one.start < command.start and one.place.piped]
    return bool(before) and any(part in before[-1].words_text for part in _KNOWN_SCRIPTS)


def _started(run: Run, command: Command, line: int, tree: Tree, needs: Needs) -> None:
    """What a container starts: a script that is seen is read, one that is not may read or install anything."""
    first = command.simple.words[command.head].value if command.tool else ""
    for word in (first, *(word.value for word in command.arguments)):
        if not word or word.startswith("-"):
            continue
        paths = [posixpath.join(command.cwd or "/", word)] + [
            f"{folder}/{word}" for folder in programs.SEARCHED if "/" not in word
        ]
        texts = [tree.text(posixpath.normpath(path), run.index) for path in paths]
        text = next((text for text in texts if text is not None), None)
        named = word.endswith(".sh") or "entrypoint" in word
        if text is not None and any(sign in text for sign in (*_INSTALLING, *_FOLDERS)):
            needs.ask(f"line {line} starts {word}, which installs packages, or names what the slim variant leaves out")
        elif text is None and named and not word.startswith(_OF_PACKAGES):
            needs.ask(f"line {line} starts {word}, which is not seen")


def _named(run: Run, command: Command, line: int, tree: Tree, needs: Needs) -> None:
    """A program of the context that a command names, or a Makefile: one that installs packages names them elsewhere."""
    names = [word.value for word in command.operands if word.value]
    if command.tool == "make":
        names += _MAKEFILES
    for name in names if command.tool in _RUNNING or command.tool == "make" else ():
        text = tree.text(posixpath.normpath(posixpath.join(command.cwd or "/", name)), run.index)
        if text is not None and any(sign in text for sign in _INSTALLING):
            needs.ask(f"line {line} runs {name}, which may install packages that the file does not name")


def _only_removed(text: str, folder: str) -> bool:
    """True where all that is said of the folder is that it goes."""
    before = text.partition(folder)[0].replace("\\\n", " ").rstrip("/").split()
    return "rm" in before[-6:] and text.count(folder) == 1


def _installed(packages: tuple[str, ...], line: int, needs: Needs) -> None:
    for package in packages:
        if package in _READING or package.startswith("manpages") or package.endswith("-doc"):
            needs.ask(f"line {line} installs {package}, which is there to be read, or to read what slim leaves out")
        if needs.folders:
            continue
        if libraries.breaks_on_slim(package):
            needs.links_pages(package, f"line {line}: {package}")
        elif isinstance(programs.of_package(package), Unknown):
            needs.ask(
                f"line {line}: whether {package} is installed where the folders of manual pages are missing is not known"
            )


def _languages(environment: Mapping[str, str | None], line: int, needs: Needs) -> None:
    for name, value in environment.items():
        if (name in ("LANG", "LANGUAGE") or name.startswith("LC_")) and not _ENGLISH.match(value or "?"):
            needs.ask(f"line {line}: {name} asks for messages in another language, which /usr/share/locale has")
