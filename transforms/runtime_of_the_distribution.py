"""Start from the official image of a language where a distribution's image is there for that language only.

## What it does
Where a container starts Python, Node.js or Java, by itself or at the end of a script of the context, and the package manager of
a distribution installs it, writes the official image of the same version, and takes the packages out in whose place that image
has its own. What only they needed goes too: the update, the removal of lists, the script of NodeSource, EPEL.
On Debian and Ubuntu it is the slim image (`FROM ubuntu:20.04` with `apt-get install python3 python3-pip` becomes
`FROM python:3.8-slim`; a JDK or JRE becomes `eclipse-temurin` with a JRE). On CentOS, AlmaLinux, Rocky Linux, Oracle Linux,
Fedora and Amazon Linux it is the image on Alpine, since the packages get other names in any case: `yum install git` becomes
`apk add --no-cache git`, `useradd` becomes `adduser` (`FROM centos:7` with `python-pip` becomes `FROM python:2.7-alpine`).

## Why it saves
`python3-pip` recommends a compiler with headers, which are installed with it unless the file says otherwise, and `npm`
depends on some hundred packages; a JDK is a JRE with compilers and tools; distributions of RPMs bring a package manager in
Python. No figure is told: which packages come along depends on the day.

## When it is safe
A person decides (SHOW): the interpreter is of the same version and built otherwise, patches of the distribution are not in
it, and on Ubuntu all other packages become those of Debian. The rewritten file is read as one on the new image would be; each
thing that is not seen or not known is printed as a question. On Alpine nothing may be seen that needs glibc, bash or GNU's
tools.

## What it leaves alone
Packages for the distribution's own interpreter (`python3-numpy`); paths of it (`/usr/bin/python3`, `/usr/lib/jvm`); other
package sources; a moving release (`ubuntu:latest`), whose version is not known; two versions of a language; what would not be
smaller (`python3` alone); servers, whose settings are laid out otherwise; a script that is not seen, or ends otherwise. An RPM
whose name on Alpine no list shows; what only bash reads, which is `sh` on distributions of RPMs. Where such a one is there for
something else, the smaller image of the distribution is named, and what it lacks.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge import distributions, images
from rewriter.knowledge.unknown import Unknown
from rewriter.model import container_start
from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform


@transform(
    phase=Phase.BASE,
    touches={"FROM", "RUN"},
    safety=Safety.SHOW,
    only_shows=True,
    tools={"apt-get", "apt", "aptitude", "yum", "dnf", "microdnf"},
    images=distributions.GENERIC | distributions.RPM,
)
def runtime_of_the_distribution(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    found = _swapped(file, ask)
    smaller = _minimal(file) if found is None else ""
    if found is not None:
        yield found
    elif smaller:
        yield Decline(
            file.stages[-1].lineage[-1].steps[0].span,
            f"{smaller} is smaller, and another package manager is in it: microdnf or dnf5 in place of dnf, without Python and "
            "useradd; what the file calls of dnf is not translated",
        )


def _swapped(file: File, ask: Ask) -> Finding | Decline | None:
    """The swap, or why there is none; None where no language is started that the package manager brings."""
    start = container_start.start_of(file, ask)
    started = distributions.started_by(start.command) if start is not None else ""
    if start is None or not (started or start.script):
        return None
    from rewriter.model import base_swap, one_runtime, rpm_runtime, style  # here: few files get so far
    from rewriter.model.needs import shortly

    place = base_swap.place_of(file, distributions.GENERIC, ask, "full", "slim")
    if place is None:
        return None
    at = base_swap.from_of(file)
    if isinstance(place, Unknown):
        if _minimal(file):
            return None  # of a registry of its own, say: the smaller image there is known
        return Decline(at, f"it is not known {place.why}")
    if not started:
        title = one_runtime.only_one(file)
        if title:
            return Decline(
                at,
                f"of {start.script} it is not seen that it starts {title} and nothing else, as an official image would",
            )
        return None
    planner = one_runtime if place.image in ("debian", "ubuntu") else rpm_runtime
    plan = planner.plan(file, place, started, ask)
    if plan is None:
        return None
    if isinstance(plan, style.Refusal):
        return Decline(at, plan.why)
    if plan.needs.blocks:
        return Decline(at, shortly(plan.needs.blocks))
    return Finding(
        place.place,
        f"Start from {plan.image}:{plan.tag}",
        plan.change,
        Safety.SHOW,
        (*plan.facts, *base_swap.because(plan.needs, "each command, package and module is known to need nothing else")),
    )


def _minimal(file: File) -> str:
    """The smaller image of a distribution of RPMs, where the file is on the larger one."""
    name, tag = images.named(file.stages[-1].lineage[-1].image)
    if (
        not distributions.RPM.intersection(name.split("/"))
        or "minimal" in f"{name} {tag}"
        or "micro" in name
        or "$" in name
    ):
        return ""
    return distributions.minimal(name)
