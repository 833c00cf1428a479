"""A stage on a distribution's own image of which a container starts one language, installed by the package manager."""

from __future__ import annotations

import re
from typing import Final

from rewriter.knowledge import distributions, images, java, programs, variants
from rewriter.knowledge.unknown import Unknown
from rewriter.model import apt, base_swap, installs, runtime_plan, served, style
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.needs import Needs
from rewriter.model.run import Run
from rewriter.model.runtime_plan import TITLES, Plan
from rewriter.rule import Ask

_NODE_SOURCE: Final = re.compile(r"deb\.nodesource\.com/setup_(\d+)\.x")
#: what says that the distribution's own package is not what is installed, or that its place is known
_OTHER_SOURCES: Final = (
    "add-apt-repository",
    "apt-add-repository",
    "ppa.launchpad",
    "/etc/apt/sources.list",
    "-t ",
    "backports",
)
_REMOVING: Final = ("remove", "purge", "autoremove")


def plan(file: File, place: base_swap.From, started_: str, ask: Ask) -> Plan | style.Refusal | None:
    """How the official image takes the distribution's place, why it cannot; None where no package brings what is started."""
    runs = [run for run in file.runs if run.stage in file.stages[-1].lineage]
    packages = runtime_plan.installed(file, apt.TOOLS)
    against = distributions.against(started_)
    if against:
        return style.Refusal(against) if not distributions.serving(started_).isdisjoint(packages) else None
    if started_ == "python":
        started_ = runtime_plan.python(packages)
    source = next(iter(_NODE_SOURCE.findall(file.source)), "") if started_ == "node" else ""
    release = images.release(f"{place.image}:{place.written or 'latest'}")
    version = source or _version(release, started_, packages)
    title = TITLES.get(started_, "")
    names = distributions.replaced(started_, "" if isinstance(version, Unknown) else version)
    own = [name for name in packages if name in names]
    if not own and not (started_ == "java" and any(name.startswith("openjdk-") for name in packages)):
        return None
    if isinstance(version, Unknown):
        moving = f"{place.image}:{place.written or 'latest'} moves along, and with it {title}"
        return style.Refusal(moving if release in ("", "current") else f"it is not known {version.why}")
    refusal = _stands_against(file, runs, started_, packages, own)
    if refusal:
        return style.Refusal(refusal)
    image, tag = _target(place.image, release, started_, version)
    if isinstance(tag, Unknown):
        return style.Refusal(f"it is not known {tag.why}")
    grows = _grows(runs, started_, own, place)
    if grows:
        return style.Refusal(grows)
    return _planned(file, place, image, tag, started_, version, own, source, ask)


def only_one(file: File) -> str:
    """The language that the package manager installs, where it installs one that has an official image, and nothing that shows
    that the image is there for more; else ""."""
    packages = {*runtime_plan.installed(file, apt.TOOLS)}
    found = [
        name for name in ("python2", "python3", "node") if not distributions.replaced(name, "").isdisjoint(packages)
    ]
    own = {one for name in found for one in distributions.replaced(name, "")}
    if any(name.startswith(("openjdk-", "default-j")) for name in packages):
        found.append("java")
        own |= {name for name in packages if name.startswith(("openjdk-", "default-j"))}
    return TITLES[found[0]] if len(found) == 1 and distributions.others().isdisjoint(packages - own) else ""


def _version(release: str, language: str, packages: list[str]) -> str | Unknown:
    """Of Java what the package says, of others what the release has."""
    if language == "java":
        numbers = {name.split("-")[1] for name in packages if name.startswith("openjdk-") and name.count("-") > 1}
        if len(numbers) == 1 and "".join(numbers).isdigit():
            return numbers.pop()
        if numbers:
            return Unknown(f"which Java is started of {', '.join(sorted(numbers))}")
    return distributions.version(release, language)


def _stands_against(file: File, runs: list[Run], language: str, packages: list[str], own: list[str]) -> str:
    """The first fact against it, "" for none."""
    title = TITLES[language]
    more = runtime_plan.for_more(packages, own, language)
    if more:
        return more
    if language.startswith("python"):
        rest = ("python3", "3") if language == "python2" else ("python2", "2.7")
        if not distributions.replaced(*rest).isdisjoint(packages):
            return "it installs Python 2 and Python 3"
        other = next((one for one in packages if one.startswith("python") and one not in own), "")
        if other:
            return f"{other} is a package for the distribution's own Python, which the official image has not"
        if any(name.startswith(("libapache2-mod-wsgi", "uwsgi-plugin", "libpython")) for name in packages):
            return "a package is installed that runs inside of the distribution's own Python"
    elif language == "node":
        other = next((one for one in packages if one.startswith(("node-", "libnode")) and one not in own), "")
        if other:
            return f"{other} is a package for the distribution's own Node.js, which the official image has not"
    placed = runtime_plan.names_place(file, language)
    if placed:
        return placed
    for stage in file.stages[-1].lineage:
        for step in stage.steps:
            text = step.instruction.body.text
            line = file.line(step.span.start)
            other = (
                next((one for one in _OTHER_SOURCES if one in text), "") if step.name in ("RUN", "COPY", "ADD") else ""
            )
            if other.strip() == "-t" and not (step.name == "RUN" and "install -t " in text):
                other = ""
            if other:
                return f"line {line} changes where packages come from ({other.strip()}), which another distribution has not"
            if "nodesource" in text and not _NODE_SOURCE.search(text):
                return f"line {line} adds the package source of Node.js in a way that is not taken out"
    for run in runs:
        for command in run.commands:
            if apt.is_apt(command, *_REMOVING) and not set(own).isdisjoint(apt.packages(run, command)):
                return f"line {file.line(run.span.start)} takes a package of {title} out again"
            wanted = [word.value or "" for word in command.operands if apt.is_apt(command, "install")]
            pinned = next((word for word in wanted if "=" in word and word.partition("=")[0] in own), "")
            if pinned:
                return f"line {file.line(run.span.start)} pins {pinned}, which is a version of the distribution"
    return ""


def _target(base: str, release: str, language: str, version: str) -> tuple[str, str | Unknown]:
    """The image and its tag: on the same release of Debian, or of Ubuntu, where there is one."""
    if language == "java":
        tags = [f"{version}-jre-{release}", f"{version}-jre"]
        return "eclipse-temurin", _first("eclipse-temurin", tags)
    image = "node" if language == "node" else "python"
    beside = variants.sibling(image, f"{version}-{release}", "slim") if base == "debian" else None
    if isinstance(beside, variants.Sibling):
        return image, beside.tag
    return image, _first(image, [f"{version}-slim"])


def _first(image: str, tags: list[str]) -> str | Unknown:
    for tag in tags:
        if variants.exists(image, tag) or java.exists(image, tag):
            return tag
    return Unknown(f"that there is {image}:{tags[-1]}")


def _grows(runs: list[Run], language: str, own: list[str], place: base_swap.From) -> str:
    """Why the official image may be no smaller. Sizes: knowledge/variants.toml; what is recommended: packages.debian.org."""
    full_debian = place.image == "debian" and "slim" not in place.written
    if language == "java":
        headless = all("headless" in name or name == "ca-certificates-java" for name in own)
        if headless and not any("-jdk" in name for name in own):
            return "a headless JRE of the distribution is about as large as the official image of one"
        return ""
    if language == "node":
        whole = "npm" in own or full_debian or any("nodesource" in run.visible.text for run in runs)
        return "" if whole else "Node.js of the distribution without npm is smaller than the slim image"
    headers = any(name.endswith("-dev") for name in own)
    recommended = any(
        name.endswith("-pip") and not command.has("--no-install-recommends")
        for run in runs
        for command in run.commands
        if apt.is_apt(command, "install")
        for name in apt.packages(run, command)
    )
    if headers or recommended or full_debian:
        return ""
    return "Python of the distribution without headers, and without the compiler that its pip recommends, is smaller"


def _planned(
    file: File,
    place: base_swap.From,
    image: str,
    tag: str,
    language: str,
    version: str,
    own: list[str],
    source: str,
    ask: Ask,
) -> Plan | style.Refusal:
    renamed = base_swap.reimage(file, place, f"{image}:{tag}")
    if isinstance(renamed, style.Refusal):
        return renamed
    fewer = installs.without(file, frozenset(own), ("deb.nodesource.com/setup_",) if source else ())
    if isinstance(fewer, style.Refusal):
        return fewer
    change = renamed + fewer
    moved = runtime_plan.rewritten(file, change)
    if "nodesource" in moved.source:
        return style.Refusal("the package source of Node.js is added in a way that is not taken out")
    release, under = images.release(f"{place.image}:{place.written}"), _under(image, tag)
    installing = any(apt.is_apt(one, "install") for run in moved.runs for one in run.commands)
    if installing and language != "java" and under not in served.SERVED and under != images.release(place.named.text):
        return style.Refusal(
            f"{image}:{tag} was last built on Debian {under or '?'}, whose packages are no longer served where apt looks"
        )
    needs = runtime_plan.of_jre(moved, image, ask) if language == "java" else runtime_plan.needs(moved, image, tag, ask)
    _of_the_distribution(moved, release, under, needs)
    said = (
        f"the script of NodeSource installs Node.js {version}"
        if source
        else f"{place.image}:{place.written} installs {TITLES[language]} {version} ({', '.join(sorted(set(own)))})"
    )
    gone = ["the distribution's patches of it"]
    if any(name.endswith("-pip") for name in own):
        gone.append("the compiler that pip of the distribution recommends")
    facts = (said, f"{image}:{tag} has the same version", f"no longer there: {', '.join(gone)}")
    return Plan(image, tag, change, needs, facts)


def _under(image: str, tag: str) -> str:
    """The release that the new image is built on; of Java that which its tag names."""
    last = tag.rpartition("-")[2]
    return variants.built_on(image, tag) or (last if last in images.RELEASES else "")


def _of_the_distribution(moved: File, release: str, under: str, needs: Needs) -> None:
    """What stays and was the distribution's: packages of another release, its users, settings of its commands. ``under``: what
    the new image is built on."""
    if release == under:
        return
    for run in moved.runs:
        for command in run.commands if run.stage in moved.stages[-1].lineage else ():
            if apt.is_apt(command, "install"):
                _packages(run, command, under, needs)
    if "ubuntu" in moved.source.lower().partition("\n")[2]:
        needs.ask("Ubuntu is named: it has a user, commands and package sources that Debian has not")


def _packages(run: Run, command: Command, under: str, needs: Needs) -> None:
    names = apt.packages(run, command)
    if not names:
        return
    line = run.file.line(run.span.start)
    needs.ask(f"line {line} installs from {under or 'another release'}, in other versions: {', '.join(names)}")
    other = [name for name in names if isinstance(programs.of_package(name), Unknown)]
    if other:
        needs.ask(f"line {line}: {under or 'it'} has a package of this name: {', '.join(other)}")
