"""What a stage on Debian's own image needs of that image's full variant.

The slim variant has the same packages. It lacks, and keeps dpkg from unpacking, what lies in a few folders that people read
and programs do not. Source: github.com/debuerreotype/debuerreotype, scripts/debuerreotype-slimify and .slimify-excludes.
"""

from __future__ import annotations

from rewriter.knowledge import libraries, programs
from rewriter.knowledge.unknown import Unknown
from rewriter.model import apt
from rewriter.model.file import File
from rewriter.model.needs import Needs
from rewriter.rule import Ask

#: what slim variants leave out
_FOLDERS = ("/usr/share/doc", "/usr/share/man", "/usr/share/info", "/usr/share/locale", "/usr/share/lintian")
_READERS = frozenset("man apropos whatis mandb info".split())
#: the messages of programs need no translation
_ENGLISH = ("C", "POSIX", "en")


def needs_of_debian(file: File, ask: Ask) -> Needs:
    """What stands against the slim variant, with what is not known."""
    needs = Needs()
    lineage = file.stages[-1].lineage
    for step in (step for stage in reversed(lineage) for step in stage.steps):
        line = file.line(step.span.start)
        text = step.instruction.body.text + "".join(doc.content.of(file.source) for doc in step.instruction.heredocs)
        folder = next((folder for folder in _FOLDERS if folder in text), "")
        if folder and not (step.name == "RUN" and _only_removed(text, folder)):
            needs.ask(f"line {line} names {folder}, which the slim variant leaves out")
        if step.name == "ONBUILD" and "apt" in text:
            needs.ask(f"line {line} installs packages in another build")
        if step.name in ("ENV", "ARG"):
            _languages(step.state.after(step.instruction, file.escape).environment, line, needs)
    for run in file.runs:
        if run.stage in lineage:
            if not run.readable:
                needs.ask(f"line {file.line(run.span.start)} cannot be read")
            for command in run.commands:
                line = file.line(run.span.start)
                if command.tool in _READERS:
                    needs.ask(f"line {line} calls {command.tool}, which reads manuals")
                if apt.is_apt(command, "install"):
                    _installed(apt.asked_for(command), line, needs)
                elif command.tool in ("dpkg", "gdebi") and command.has("-i", "--install"):
                    needs.ask(f"line {line} installs packages from files, which may want the folders of manual pages")
    if not needs.asks and not needs.blocks:
        needs.fact("no instruction names these folders, and each package that is installed is known to do without them")
    return needs


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
        if name in ("LANG", "LANGUAGE") or name.startswith("LC_"):
            spoken = (value or "?").partition(".")[0].partition("_")[0]
            if spoken not in _ENGLISH:
                needs.ask(f"line {line}: {name} asks for messages in another language, which /usr/share/locale has")
