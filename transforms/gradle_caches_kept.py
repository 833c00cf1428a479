"""Delete Gradle's caches in the layer that filled them.

## What it does
Appends `rm -rf ~/.gradle/caches` to a RUN that builds with Gradle, without its daemon.

## Why it saves
Gradle keeps each dependency and plug-in of the build, and what it made of them. A packaged program has its
dependencies in its own archive.

## When it is safe
When nothing later calls Gradle, and nothing names `.gradle`; then it is REVIEW.

## What it leaves alone
`CMD ["gradle", "run"]` and its like; a later RUN that builds; a daemon, which still writes there while the RUN ends;
images without a program of their own; caches that a layer below holds already; `GRADLE_USER_HOME`; mounts; stages
that do not ship.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge.caches import cache_of
from rewriter.model import uses
from rewriter.model.caches import kept
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.COMMANDS, touches={"RUN"}, safety=Safety.REVIEW, tools={"gradle", "gradlew"})
def gradle_caches_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    def against(run: Run) -> str:
        if not all(_without_daemon(command, run) for command in run.uses("gradle", "gradlew")):
            return "without --no-daemon Gradle's daemon still writes to its caches while the RUN ends"
        line = uses.mention(file, run, "/.gradle")
        return f"line {line} names .gradle" if line else ""

    return kept(file, cache_of("gradle"), fills=_builds, against=against)


def _builds(command: Command) -> bool:
    return not any(word.value in ("-v", "-h") for word in command.arguments)


def _without_daemon(command: Command, run: Run) -> bool:
    options = run.state.environment.get("GRADLE_OPTS") or ""
    given = [word.value for word in command.arguments]
    given += options.replace('"', " ").split()
    return "--no-daemon" in given or "-Dorg.gradle.daemon=false" in given
