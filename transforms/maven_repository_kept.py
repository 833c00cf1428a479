"""Delete Maven's local repository in the layer that filled it.

## What it does
Appends `rm -rf ~/.m2/repository` to a RUN that builds with Maven.

## Why it saves
Maven keeps each dependency and each plug-in of the build. A packaged program has its dependencies in its own archive.

## When it is safe
When nothing later calls Maven or another tool that reads the repository, and nothing names it; then it is REVIEW.

## What it leaves alone
`CMD ["mvn", "jetty:run"]` and its like; a later RUN that builds; an instruction that names `.m2`; images without a
program of their own; a repository that a layer below holds already, as after `mvn dependency:go-offline`; a class
path that `dependency:build-classpath` writes; `-Dmaven.repo.local`; mounts; stages that do not ship.
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


@transform(phase=Phase.COMMANDS, touches={"RUN"}, safety=Safety.REVIEW, tools={"mvn", "mvnw", "mvnd"})
def maven_repository_kept(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    def against(run: Run) -> str:
        if any("dependency:build-classpath" in one.words_text for one in run.commands):
            return "dependency:build-classpath writes a class path that leads into the repository"
        line = uses.mention(file, run, "/.m2")
        return f"line {line} names .m2" if line else ""

    return kept(file, cache_of("maven"), fills=_builds, against=against)


def _builds(command: Command) -> bool:
    texts = [word.value or word.raw for word in command.arguments]
    return not any(text in ("-v", "-h", "-o") or text.startswith("-Dmaven.repo.local") for text in texts)
