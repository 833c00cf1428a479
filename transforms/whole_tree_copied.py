"""Copy the program alone, where a whole folder of sources comes along with it.

## What it does
`COPY --from=build /src /app` with `CMD ["/app/server"]` becomes `COPY --from=build /src/server /app/`, where a build of that
stage makes `/src/server`: `go build`, cargo, or Maven, Gradle and `jar` with an archive that `java -jar` starts. The file keeps
its path.

## Why it saves
Sources, tests, what a build fetched and its intermediate files lie in the folder in which it works. What they weigh depends on
the project, so no figure is told.

## When it is safe
A person decides (SHOW). The program is made there by a command that is read, the image starts it and nothing else, and no
instruction names another file of the folder. Whether it reads files beside itself is a question, unless the build context is
seen and holds nothing but sources of Go, or these open no file. `dslim verify` names every file that no longer comes along.

## What it leaves alone
Programs that are handed a file by name (`--config app.yml`), that a script starts, or of which it is not known which command
makes them; trees into which other stages or commands put files; files of it that ENV, VOLUME, HEALTHCHECK or a RUN of the final
stage names; `dotnet publish` among its sources; a tree that keeps its place, as a split writes it. Without a word: folders in
which no build of Go, Java, Rust or .NET works. They hold what it made, or what the image is for (Node.js, Python, PHP); what
`make` makes is not known.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform


@transform(
    phase=Phase.STAGES,
    touches={"COPY"},
    safety=Safety.SHOW,
    tools={"go", "mvn", "mvnw", "gradle", "gradlew", "sbt", "ant", "javac", "jar", "cargo", "dotnet"},
    only_shows=True,
)
def whole_tree_copied(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if len(file.stages) < 2 or "from=" not in file.source:
        return
    from rewriter.model import whole_tree  # here: few files get so far

    yield from whole_tree.proposals(file, ask)
