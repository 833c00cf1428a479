"""Start from the JRE beside a JDK where a container only runs Java.

## What it does
Writes the tag of the JRE of the same image, version and system: `eclipse-temurin:17` becomes `eclipse-temurin:17-jre`,
`openjdk:8-jdk-alpine` becomes `openjdk:8-jre-alpine`. Where an argument says the tag, its default is edited, or FROM.

## Why it saves
A JDK is a JRE with compilers, tools and their modules: `eclipse-temurin:17-jdk-alpine` unpacks to about twice what
`eclipse-temurin:17-jre-alpine` does. No figure is told: sizes of these tags are not in the tables.

## When it is safe
A person decides (SHOW). All that the file and the context show is read: no instruction and no script that is seen calls a
tool of the JDK (`javac`, `jar`, `jcmd`, `jstack`, `jlink` ...) or what compiles with one (Maven, Gradle, sbt), and a
container starts `java`. Where the archive that is started has its pom.xml or build.gradle in the context, neither that nor
the sources beside it may name a part of the JDK. What the classes of libraries call is in archives and not read: a program
that compiles while it runs, or attaches to other processes, needs the JDK. That, scripts that are not seen, and people with
`jcmd` in a container, are printed as questions.

## What it leaves alone
Images to build with (no CMD, one that starts no Java, ONBUILD); `java Main.java`; folders `jre`, which a JDK has inside;
`git` and `ssh` on `openjdk`, whose JREs lack them; tags of which the tables do not show both (`17.0.11_9-jdk`, `latest`);
Amazon Corretto after 8, which has no JRE; images with a digest or on a registry that `mirrors` does not name.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge import java
from rewriter.knowledge.unknown import Unknown
from rewriter.model import base_swap, toolchain_swap
from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.BASE, touches={"FROM", "ARG"}, safety=Safety.SHOW, images=java.IMAGES)
def jdk_shipped(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    place = base_swap.place_of(file, java.IMAGES, ask, "full", "slim", "alpine")
    if place is None:
        return
    if isinstance(place, Unknown):
        yield toolchain_swap.unknown(file, place)
        return
    tag = java.runtime(place.image, place.written)
    if tag is None:
        return
    from rewriter.model import jdk_needs  # here: few files get so far

    gone = sorted(java.lost(place.image) & {"git", "hg", "svn", "ssh", "ps", "objdump"})
    beside = toolchain_swap.Beside(
        f"{place.image}:{tag}",
        base_swap.retag(file, place, tag),
        f"{place.image}:{tag} runs the same classes, of the same version on the same system",
        f"{', '.join(('javac, jar, jshell, jlink, jcmd, jstack, jmap, jps', *gone))} (java and keytool stay)",
    )
    yield toolchain_swap.proposal(file, place, jdk_needs.needs_of(file, place.image, ask), beside, ask)
