"""Start from a JRE where a container on the image of Maven or Gradle only runs Java.

## What it does
Writes the JRE of Eclipse Temurin with the same Java in the place of the build tool's image: `maven:3.9-eclipse-temurin-17`
and `gradle:8-jdk17` become `eclipse-temurin:17-jre`, with the suite or Alpine where the tag names one.

## Why it saves
The image of a build tool is a JDK with that tool and, as a rule, git and its like. A JRE is about half of a JDK by itself. No
figure is told: sizes of these tags are not in the tables.

## When it is safe
A person decides (SHOW). As with `jdk-shipped` no instruction and no script that is seen calls a tool of the JDK or what
compiles with one, and a container starts `java`. What the classes call, and whether another build of Java does, are printed
as questions.

## What it leaves alone
What builds in the same stage, which is nearly all: there a stage of its own for the build is what helps. Images without CMD,
and ONBUILD; tags that name no Java (`maven:3.9`); Java without a JRE of Temurin (7); Gradle up to 4, which starts as a user
of its own; a file on Gradle's image that sets no WORKDIR, and so starts in `/home/gradle`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from rewriter.knowledge import java
from rewriter.knowledge.unknown import Unknown
from rewriter.model import base_swap, style, toolchain_swap
from rewriter.model.bases import version_of
from rewriter.model.file import File
from rewriter.rule import Ask, Change, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.BASE, touches={"FROM"}, safety=Safety.SHOW, images=java.BUILD_TOOLS)
def build_tool_shipped(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    place = base_swap.place_of(file, java.BUILD_TOOLS, ask, "full", "slim", "alpine", "onbuild")
    if place is None:
        return
    if isinstance(place, Unknown):
        yield toolchain_swap.unknown(file, place)
        return
    from rewriter.model import jdk_needs  # here: few files get so far

    needs = jdk_needs.needs_of(file, place.image, ask)
    if "onbuild" in place.written:
        needs.block("the image builds with its ONBUILD instructions, in this very stage")
    if place.image == "gradle":
        _of_gradle(file, place, needs.block)
    if "temurin" not in place.written:
        needs.ask(
            f"the program does on Eclipse Temurin what it does on the build of Java in {place.image}:{place.written}"
        )
    tag = java.beside_tool(place.image, place.written)
    beside = toolchain_swap.Beside(
        f"eclipse-temurin:{'' if isinstance(tag, Unknown) else tag}",
        _jre(file, place, tag),
        "a JRE runs the same classes, of the same version of Java",
        f"{place.image}, git and its like, and the tools of the JDK (java and keytool stay)",
    )
    yield toolchain_swap.proposal(file, place, needs, beside, ask)


def _of_gradle(file: File, place: base_swap.From, block: Callable[[str], None]) -> None:
    version = version_of(place.written)
    if version is not None and version < (5,):
        block("images of Gradle up to 4 start as a user gradle, which is not there otherwise")
    steps = [step for part in file.stages[-1].lineage for step in part.steps]
    if not any(step.name == "WORKDIR" and step.instruction.body.text.strip().startswith("/") for step in steps):
        block("no WORKDIR is set, and the image of Gradle starts in /home/gradle")


def _jre(file: File, place: base_swap.From, tag: str | Unknown) -> Change | style.Refusal:
    if isinstance(tag, Unknown):
        return style.Refusal(f"it is not known {tag.why}")
    return base_swap.reimage(file, place, f"eclipse-temurin:{tag}")
