"""Split a Java build: compile in a builder stage, ship what it made on a JRE.

## What it does
Names the stage `builder` and adds a final stage on the JRE of the same version: the folders that the Dockerfile brings and builds
in, at the paths they had, users, packages that the program may call, ENV, WORKDIR, USER; LABEL, EXPOSE, VOLUME, HEALTHCHECK, CMD
and their like move there.

## Why it saves
A JDK with Maven or Gradle, and what these fetched into `~/.m2` and `~/.gradle`, are there to compile. No figure is told: sizes of
these tags are not in the tables.

## When it is safe
A person decides (SHOW), and is asked: whether a class compiles Java or looks into other processes (a JRE cannot), whether a
script that is not seen starts nothing else. All folders go along as they lie, sources included: nothing that is read from them is
missing.

## What it leaves alone
Images to develop, test or build with: those that start nothing of their own, a shell, Maven, Gradle, or `java Main.java`; images
whose program is not Java's, or lies in `~/.m2`. JDKs that come as a package or in an archive. Tags that do not tell which
Java they have (`maven:3`); builds in `/` or another folder of the base's own; RUNs that leave files which cannot be judged;
packages of a version or a place of one's own, ONBUILD, SHELL, stages on stages.
Without a word: images that start nothing of their own, or a shell; what builds and is taken away again by its own RUN.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter.model import split_idle
from rewriter.model.file import File
from rewriter.rule import SPLIT, Ask, Decline, Finding, Phase, Safety, transform

#: what builds is called by one of these names, or by a path that a variable begins
_TOOLS: Final = frozenset("mvn mvnw gradle gradlew ant sbt javac".split())
_PATHS: Final = ("/mvn", "/gradle", "/ant ", "/sbt ", "/javac ")


@transform(phase=Phase.STAGES, touches=SPLIT, safety=Safety.SHOW, only_shows=True)
def java_toolchain_shipped(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    by_path = "" in file.tools and any(path in file.source for path in _PATHS)  # "": a variable decides what runs
    if file.tools.isdisjoint(_TOOLS) and not by_path:
        return
    if split_idle.starts_nothing(file):
        return
    from rewriter.model import split_java  # modules that few files need

    found = split_java.split(file, ask)
    if found is not None:
        yield found
