"""Copy what names the dependencies first, fetch them, and copy the sources then.

## What it does
Where `COPY . .` stands in front of `RUN npm ci`, copies `package.json` and its lock file in its place, and all of it behind the
RUN. Other folders in between go along, in their order. A RUN that goes on with what reads the sources (`npm ci && npm run build`)
becomes two. So it is for npm, yarn, pnpm, bower, `pip -r`, Pipenv, Poetry, Bundler, Composer, `go mod download`, `dep` and
`mvn dependency:go-offline`, in every stage: a builder is built as often.

## Why it saves
A layer of the cache is used again while all in front of it is the same. Behind `COPY . .` every change of a source fetches all
dependencies again, and stores, pushes and pulls their layer again. It saves time, and what is pushed and pulled again; **no
byte of one image**: what is copied first is stored twice, a lock file of 300 KB too. Source: Docker's documentation of its
build cache, https://docs.docker.com/build/cache/optimize/.

## When it is safe
SHOW, always. The files are the same afterwards, with their owners and modes, where the program reads nothing but the files of its
manual, what stands between reads and writes none of the sources, and the COPY lays nothing over what was fetched. With the
build context most of this is seen, and the rest is asked; without it all is asked, and a file that may be missing is a pattern
(`package-lock.json*`), which may match nothing beside one that is there.

## What it leaves alone
Projects that are read when they are fetched for: workspaces, scripts of `package.json`, packages from folders and files, `-e .`,
gemspecs, modules of Maven, a go.mod that replaces by a folder, Composer with scripts or an autoloader. `node_modules` of the
context, unless `.dockerignore` leaves it out. RUNs between that may read or change the sources, WORKDIR, ENV or ARG on which the
COPY hangs, VOLUME, a COPY to folders of the system or of the user, `--exclude`, mounts of the context. What compiles as well
(`mvn package`, `gradle`, `cargo build`, `dotnet publish`) or reads imports (`go get`, `dep ensure`). A RUN that cleans up at its
end, or whose shell knows more than its folder, is not cut in two. Packages that are installed by their names (`apt-get`,
`pip install flask`) are no reason of their own.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge.fetchers import TOOLS
from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.STAGES, touches={"COPY", "ADD", "RUN"}, safety=Safety.SHOW, tools=TOOLS, only_shows=True)
def sources_copied_before_dependencies(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    from rewriter.model import dependencies_first  # modules that no other file needs

    for stage in file.stages:
        yield from dependencies_first.proposals(file, stage, ask)
