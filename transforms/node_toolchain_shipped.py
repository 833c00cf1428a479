"""Split a Node.js build: bundle and compile in a builder stage, ship what runs.

## What it does
Names the stage `builder`, takes devDependencies away at its end (`npm prune --omit=dev`, or what yarn and pnpm have for it), and
adds a final stage on the slim variant of the same tag: the folders that the Dockerfile brings and builds in, packages that the
program may call, modules that are installed for everybody and do not build (`pm2`; yarn where it starts the program), users,
ENV, WORKDIR, USER; LABEL, EXPOSE, VOLUME, HEALTHCHECK, CMD and their like move there. Where the image does nothing but serve a
folder (`serve -s build`), that folder alone goes along.

## Why it saves
Compilers, bundlers and test runners of devDependencies, the caches of the package managers, packages that only compile, and what
the full image has beside Node.js. `npm prune` alone saves nothing: the layer below keeps what it deletes.

## When it is safe
A person decides (SHOW), and is asked: whether what runs needs nothing of devDependencies, whether package.json names what a RUN
installs by its name, whether every module does without the libraries and programs of the full image, whether a script that is
not seen starts nothing else. A script of package.json that the context shows is read.

## What it leaves alone
Files that install and build nothing, or call `npm build`, which runs no script; images to develop, test or build with: those
that start nothing of their own, a shell, a bundler, a watcher (`nodemon`, `ng serve`); images whose program is not Node's.
Node.js that does not come with the official image, pnpm that does not come by npm and starts the program. One RUN that
installs, builds and takes away again, on an image that is slim. Builds in `/` or another folder of the base's own; RUNs that
leave files which cannot be judged; packages of a version or a place of one's own, ONBUILD, SHELL, stages on
stages.
Without a word: images that start nothing of their own, or a shell; what builds and is taken away again by its own RUN.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter.model import split_idle, split_node_calls
from rewriter.model.file import File
from rewriter.rule import SPLIT, Ask, Decline, Finding, Phase, Safety, transform

#: what builds is called by one of these
_TOOLS: Final = """npm cnpm yarn pnpm npx webpack gulp grunt tsc ng browserify parcel rollup vite esbuild next nuxt ember gatsby
react-scripts"""


@transform(phase=Phase.STAGES, touches=SPLIT, safety=Safety.SHOW, only_shows=True, tools=set(_TOOLS.split()))
def node_toolchain_shipped(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if split_idle.starts_nothing(file) or not split_node_calls.builds(file):
        return
    from rewriter.model import split_node  # modules that few files need

    found = split_node.split(file, ask)
    if found is not None:
        yield found
