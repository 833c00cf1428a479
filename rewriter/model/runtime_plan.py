"""What is the same of every official image that takes a distribution's place: of Debian's packages, and of RPMs."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from rewriter.knowledge import distributions, variants
from rewriter.knowledge.unknown import Unknown
from rewriter.model import apt
from rewriter.model.file import File
from rewriter.model.needs import Needs
from rewriter.rule import Ask, Change
from rewriter.syntax.dockerfile import read
from rewriter.text import Applied, apply

TITLES: Final = {"python2": "Python", "python3": "Python", "node": "Node.js", "java": "Java"}
_OF_PYTHON: Final = tuple(
    "/usr/bin/python /usr/bin/pip /usr/lib/python /usr/lib64/python dist-packages /usr/share/python".split()
)
#: what is at another place in the official image, by language
_PLACES: Final = {
    "python2": _OF_PYTHON,
    "python3": _OF_PYTHON,
    "node": ("/usr/bin/node", "/usr/bin/npm", "/usr/lib/node_modules", "/usr/local/bin/node"),
    "java": ("/usr/lib/jvm", "/usr/bin/java", "/etc/java", "/etc/ssl/certs/java", "update-alternatives", "JAVA_HOME"),
}


class Plan(NamedTuple):
    """The official image with its tag, the edits, what was found against it or has to be confirmed, and the facts."""

    image: str
    tag: str
    change: Change
    needs: Needs
    facts: tuple[str, ...]


def installed(file: File, tools: AbstractSet[str]) -> list[str]:
    """The packages that the shipped stage asks one of these package managers for."""
    lineage = file.stages[-1].lineage
    return [
        name
        for run in file.runs
        if run.stage in lineage
        for command in run.commands
        if command.tool in tools and command.subcommand == "install"
        for name in apt.packages(run, command)
    ]


def python(packages: list[str]) -> str:
    """``python2`` or ``python3``: the one that is installed."""
    return "python3" if any(name.startswith("python3") for name in packages) else "python2"


def for_more(packages: list[str], own: list[str], language: str) -> str:
    """A package that shows that the image is there for more than one language, as a sentence; "" for none."""
    more = sorted(distributions.others().intersection(packages).difference(own))
    return f"{more[0]} is installed too, so that it is there for more than {TITLES[language]}" if more else ""


def names_place(file: File, language: str) -> str:
    """The first line that names a place of the distribution's own language, as a sentence; "" for none."""
    for stage in file.stages[-1].lineage:
        for step in stage.steps:
            text = step.instruction.body.text
            found = next((one for one in _PLACES[language] if one in text), "")
            if found and step.name not in ("LABEL", "MAINTAINER"):
                return f"line {file.line(step.span.start)} names {found}, where the distribution has its {TITLES[language]}"
    return ""


def rewritten(file: File, change: Change) -> File:
    """The file with these edits, which counts lines as the file does."""
    applied = Applied(change.edits)
    return File(read(apply(file.source, change.edits)), line=lambda offset: file.line(applied.back(offset, True)))


def needs(moved: File, image: str, tag: str, ask: Ask) -> Needs:
    """What the rewritten stage needs of its new base."""
    from rewriter.model import stage_needs  # here: for a JRE it is not asked

    parts = variants.parts(tag)
    assert not isinstance(parts, Unknown), f"a tag of the tables: {tag}"
    found = stage_needs.needs_of(moved, image, parts, False, ask)
    found.asks = [one.replace("only the full variant has", "only the old image has") for one in found.asks]
    found.without_compiler()
    return found


def of_jre(moved: File, image: str, ask: Ask) -> Needs:
    """What the rewritten stage needs that a JRE has not."""
    from rewriter.model import jdk_needs  # here: few files get so far

    return jdk_needs.needs_of(moved, image, ask)
