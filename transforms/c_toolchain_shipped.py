"""Split a C or C++ build: compile in a builder stage, ship what it installed on the same image without the compiler.

## What it does
Names the stage `builder` and adds a final stage on the same image: /usr/local and the other folders that `make install`, cmake
and their like install into, the folders that the Dockerfile brings, files that commands write, packages that a program may call
or link (a `-dev` package goes along for its library), where packages come from, users, ENV, WORKDIR, USER, links, `ldconfig`;
LABEL, EXPOSE, VOLUME, HEALTHCHECK, CMD and their like move there. Sources that a RUN fetches and installs from stay in the
builder, unless something that ships names them.

## Why it saves
Compilers, make, cmake, git and their like are 200 to 500 MB, and fetched sources with their object files are there to compile.
No figure is told: sizes of these packages are not in the tables.

## When it is safe
A person decides (SHOW), and is asked: whether `make install` puts everything where its options say, whether nothing that runs
calls a compiler, make or git, reads files of the sources that stay, or runs on Perl that came with the compiler. The image is the
same, so the C library and all others are those that were linked; where packages are newer than the image, they come anew.

## What it leaves alone
Images to develop, test or build with: those that start nothing of their own, a shell, sshd, make, a compiler, or a script that
calls them; images that start a program of another language, or build with several (npm, cargo ...); stages that install no
compiler, or whose RUN takes it away again; images that have the compiler themselves (`gcc`, `buildpack-deps`). What is installed
into /usr or /etc, among files of the base image's own, or at a place that nothing tells; projects that are known to install
elsewhere, or to call a compiler while they run; builds in a folder of the base image's own; RUNs that leave files which cannot be
judged, or delete what a package brings again; packages of another release, ONBUILD, SHELL, an ARG that is used at run time,
stages on stages.
Without a word: images that start nothing of their own, or a shell; what builds and is taken away again by its own RUN; images of
another language, or where nothing shows that C is compiled.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter.model import split_idle
from rewriter.model.file import File
from rewriter.rule import SPLIT, Ask, Decline, Finding, Phase, Safety, transform

#: what builds is called by one of these
_TOOLS: Final = "make gmake cmake ninja meson scons gcc g++ cc c++ clang clang++ configure"


@transform(phase=Phase.STAGES, touches=SPLIT, safety=Safety.SHOW, only_shows=True, tools=set(_TOOLS.split()))
def c_toolchain_shipped(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if split_idle.starts_nothing(file):
        return
    from rewriter.model import split_c  # modules that few files need

    found = split_c.split(file, ask)
    if found is not None:
        yield found
