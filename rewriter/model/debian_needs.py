"""What a stage on Debian's own image needs of that image's full variant.

The slim variant has the same packages. It lacks, and keeps dpkg from unpacking, what lies in a few folders that people read
and, by Debian's policy (12.3), no program needs. Source: github.com/debuerreotype/debuerreotype, .slimify-excludes.
"""

from __future__ import annotations

import posixpath
import re

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
_FOLDERS = ("/usr/share/doc", "/usr/share/man", "/usr/share/info", "/usr/share/locale", "/usr/share/lintian")
_READERS = frozenset("man apropos whatis mandb info".split())
#: these install packages that the file does not name
_INSTALLERS = frozenset(
    "gdebi tasksel mk-build-deps ansible ansible-playbook ansible-pull puppet chef-solo chef-client salt-call playwright xargs "
    "debconf-apt-progress dselect alien rosdep".split()
)
#: scripts that come with sources and look at the system, without changing it
_CONFIGURING = frozenset("configure Configure config autogen.sh".split())
_SHELLS = frozenset("sh bash dash source .".split())
#: a locale other than those in which programs speak as they were written
_LOCALE = re.compile(r"\b(?!en_US\b)[a-z]{2}_[A-Z]{2}\b")
_ENGLISH = re.compile(r"(?:C|POSIX|en|en_US)(?:[.:@].*)?$")


def needs_of_debian(file: File, ask: Ask) -> Needs:
    """What stands against the slim variant, with what is not known."""
    needs = Needs()
    stage = file.stages[-1]
    tree = Tree(file, stage, ask)
    for step in (step for part in reversed(stage.lineage) for step in part.steps):
        line = file.line(step.span.start)
        text = step.instruction.body.text + "".join(doc.content.of(file.source) for doc in step.instruction.heredocs)
        folder = next((folder for folder in _FOLDERS if folder in text), "")
        if folder and not (step.name == "RUN" and _only_removed(text, folder)):
            needs.ask(f"line {line} names {folder}, which the slim variant leaves out")
        if step.name == "ONBUILD":
            needs.ask(f"line {line}: what a build that starts from this image needs is not known")
        if step.name in ("ENV", "ARG"):
            _languages(step.state.after(step.instruction, file.escape).environment, line, needs)
        elif step.name == "RUN":
            spoken = _LOCALE.search(text)
            if spoken is not None:
                needs.ask(f"line {line} names the locale {spoken[0]}, and messages in it are left out")
            _run(file.run_at[step.index], tree, needs)
    return needs


def _run(run: Run, tree: Tree, needs: Needs) -> None:
    line = run.file.line(run.span.start)
    if not run.readable:
        needs.ask(f"line {line} cannot be read")
    for command in run.commands:
        if command.tool in _READERS:
            needs.ask(f"line {line} calls {command.tool}, which reads manuals")
        elif apt.is_apt(command, "install", "reinstall"):
            _installed(apt.packages(run, command), line, needs)
        elif apt.is_apt(command, "build-dep", "satisfy") or command.tool in _INSTALLERS:
            needs.ask(
                f"line {line} calls {command.words_text[:40]}, which may install packages that the file does not name"
            )
        elif command.tool == "dpkg" and command.has("-i", "--install", "--unpack"):
            needs.ask(f"line {line} installs packages from files, which may want the folders of manual pages")
        else:
            _script(run, command, line, tree, needs)


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
    if path and posixpath.basename(path) in _CONFIGURING:
        return
    full = posixpath.normpath(posixpath.join(command.cwd or "/", path)) if path else ""
    text = tree.text(full, run.index) if full else None
    if text is None:
        needs.ask(f"line {line} runs {path or 'what'}, which is not seen and may install packages")
    elif any(sign in text for sign in ("apt", "dpkg", *_FOLDERS)):
        needs.ask(f"line {line} runs {path}, which may install packages that the file does not name")


def _only_removed(text: str, folder: str) -> bool:
    """True where all that is said of the folder is that it goes."""
    before = text.partition(folder)[0].replace("\\\n", " ").rstrip("/").split()
    return "rm" in before[-6:] and text.count(folder) == 1


def _installed(packages: tuple[str, ...], line: int, needs: Needs) -> None:
    for package in packages:
        if libraries.breaks_on_slim(package):
            needs.block(
                f"line {line}: {package} is not installed where the folders of manual pages are missing, as in slim"
            )
        elif isinstance(programs.of_package(package), Unknown):
            needs.ask(
                f"line {line}: whether {package} is installed where the folders of manual pages are missing is not known"
            )


def _languages(environment: object, line: int, needs: Needs) -> None:
    assert isinstance(environment, dict)
    for name, value in environment.items():
        if (name in ("LANG", "LANGUAGE") or name.startswith("LC_")) and not _ENGLISH.match(value or "?"):
            needs.ask(f"line {line}: {name} asks for messages in another language, which /usr/share/locale has")
