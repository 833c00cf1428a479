"""A stage on a distribution of RPMs of which a container starts one language: its official image on Alpine, packages translated.

The official slim images are Debian's, whose packages have other names than those of CentOS or Fedora, and so have Alpine's: it
is the smaller of two translations, and the one for which there is a table (knowledge/rpm.toml).
"""

from __future__ import annotations

import re
from typing import Final

from rewriter.knowledge import distributions, variants
from rewriter.knowledge.unknown import Unknown
from rewriter.model import alpine_swap, apk_translation, base_swap, runtime_plan, style
from rewriter.model.file import File
from rewriter.model.needs import Needs
from rewriter.model.runtime_plan import TITLES, Plan
from rewriter.model.translated_managers import RPM, without_machine
from rewriter.rule import Ask

#: how the names of RPMs with the language's own modules begin; Java has none
_MODULES: Final = {
    "python2": ("python", "libpython"),
    "python3": ("python", "libpython"),
    "node": ("nodejs",),
    "java": (),
}
_OF_JAVA: Final = ("-openjdk", "-openjdk-headless", "-openjdk-devel", "-amazon-corretto", "-amazon-corretto-headless",
                   "-amazon-corretto-devel")  # fmt: skip
_BRACES: Final = re.compile(r"(?<![$\\])\{[^{}]*(?:,|\.\.)[^{}]*\}")
#: what is left of the old system where a file does more with its packages than is translated
_LEFT: Final = (
    "/etc/yum",
    "/etc/dnf",
    "/etc/pki/rpm",
    "/etc/redhat",
    "/etc/sysconfig",
    "yum ",
    "dnf ",
    "rpm ",
    "yum-config",
)


def plan(file: File, place: base_swap.From, started: str, ask: Ask) -> Plan | style.Refusal | None:
    """How the official image on Alpine takes the distribution's place, why it cannot; None where no RPM brings what starts."""
    against = distributions.against(started)
    asked = [without_machine(name) for name in runtime_plan.installed(file, RPM.tools)]
    if against:
        return style.Refusal(against) if not distributions.serving(started).isdisjoint(asked) else None
    language = started
    if started == "python":
        language = runtime_plan.python(asked)
    own = [name for name in asked if _is_own(name, language)]
    if not own:
        return None
    release = distributions.rpm_release(place.image, place.written)
    version = _of_java(own) if language == "java" else distributions.version(release, language)
    if isinstance(version, Unknown):
        if language == "java":
            return style.Refusal(f"it is not known {version.why}")
        named = f"{place.image}:{place.written or 'latest'}"
        if not release:
            return style.Refusal(f"{named} moves along, and with it {TITLES[language]}, or is not known")
        return style.Refusal(
            f"it is not known which {TITLES[language]} {named} installs: it has none, or one that changed since"
        )
    more = next((name for name in asked if name not in own and name.startswith(_MODULES[language])), "")
    if more:
        return style.Refusal(
            f"{more} is a package for the distribution's own {TITLES[language]}, which the official image has not"
        )
    against = runtime_plan.for_more(asked, own, language) or runtime_plan.names_place(file, language) or _braces(file)
    if against:
        return style.Refusal(against)
    image = "eclipse-temurin" if language == "java" else "python" if language.startswith("python") else "node"
    written = f"{version}-jre" if language == "java" else version
    other = variants.sibling(image, written, "alpine")
    if isinstance(other, Unknown):
        return style.Refusal(f"it is not known {other.why}")
    return _planned(file, place, image, other, frozenset(own), f"{TITLES[language]} {version}", ask)


def _planned(
    file: File, place: base_swap.From, image: str, other: variants.Sibling, own: frozenset[str], what: str, ask: Ask
) -> Plan | style.Refusal:
    renamed = base_swap.reimage(file, place, f"{image}:{other.tag}")
    if isinstance(renamed, style.Refusal):
        return renamed
    found = apk_translation.translate(file, other.release, RPM, own)
    if isinstance(found, style.Refusal):
        return found
    moved = runtime_plan.rewritten(file, renamed + found.packages)  # users are judged by their old words
    left = next(
        (one for stage in moved.stages for step in stage.steps for one in _LEFT if one in step.instruction.body.text),
        "",
    )
    if left:
        return style.Refusal(f"{left.strip()} is named, which is of the distribution, where it is not translated")
    if sum([not run.readable for run in moved.runs]) > sum([not run.readable for run in file.runs]):
        return style.Refusal("a RUN is written for bash, which is sh on this distribution, and would be read otherwise")
    needs = _needs(moved, image, other.tag, ask)
    if needs.alpine:
        return style.Refusal(needs.alpine[0])
    completed = alpine_swap.completed(file, place, needs, other.release, found)
    if isinstance(completed, style.Refusal):
        return completed
    facts = (
        f"{place.image}:{place.written} installs {what} ({', '.join(sorted(own))})",
        f"{image}:{other.tag} has the same version",
        *completed.facts,
        "musl asks DNS servers otherwise, has smaller stacks in threads and allocates memory more slowly",
        "no longer there: bash, the distribution's packages and their patches",
    )
    return Plan(image, other.tag, renamed + completed.change, needs, facts)


def _needs(moved: File, image: str, tag: str, ask: Ask) -> Needs:
    """What the rewritten stage needs of its new base."""
    needs = runtime_plan.needs(moved, image, tag, ask)
    if image == "eclipse-temurin":
        of_jre = runtime_plan.of_jre(moved, image, ask)
        needs.blocks += of_jre.blocks
        for one in of_jre.asks:
            needs.ask(one)
    return needs


def _braces(file: File) -> str:
    """The first RUN with braces that only bash expands, which is ``sh`` on these distributions; "" for none."""
    for run in file.runs:
        words = (word.raw for command in run.commands for word in command.simple.words)
        found = next((raw for raw in words if _BRACES.search(raw) and "'" not in raw and '"' not in raw), "")
        if found and run.stage in file.stages[-1].lineage:
            return f"line {file.line(run.span.start)}: sh is bash on this distribution and expands {found}, and Alpine's does not"
    return ""


def _is_own(name: str, language: str) -> bool:
    """True for an RPM in whose place the official image has its own: of Java a JRE or JDK, which only compiles more."""
    if language == "java":
        return name.startswith("java-") and name.endswith(_OF_JAVA)
    return name in distributions.rpm_replaced(language)


def _of_java(own: list[str]) -> str | Unknown:
    """The number of the one Java that is installed: ``java-1.8.0-openjdk`` is 8."""
    numbers = {name.split("-")[1].removeprefix("1.").partition(".")[0] for name in own}
    if len(numbers) == 1 and "".join(numbers).isdigit():
        return numbers.pop()
    return Unknown(f"which Java is started of {', '.join(sorted(own))}")
