"""Split a C or C++ build: compile in a builder stage, ship what it installed on the same image without the compiler.

## What it does
Names the stage `builder` and adds a final stage on the same image: /usr/local and the other folders that `make install`, cmake and
their like install into, the folders that the Dockerfile brings, files that commands write, packages that a program may call or
link (a `-dev` package goes along for its library), users, ENV, WORKDIR, USER, `ldconfig`; LABEL, EXPOSE, VOLUME, HEALTHCHECK, CMD
and their like move there. Sources that a RUN fetches and installs from stay in the builder.

## Why it saves
Compilers, make, cmake, git and their like are 200 to 500 MB, and sources with their object files are there to compile. No figure is
told: sizes of these packages are not in the tables.

## When it is safe
A person decides (SHOW), and is asked: whether `make install` puts everything where its options say, whether nothing that runs
calls a compiler, make or git, or reads files of the sources that stay. The image is the same, so the C library and all others are
those that were linked.

## What it leaves alone
Images to develop, test or build with: those that start nothing of their own, a shell, make or a compiler; images that start a
program of another language, or build with several (pip, npm, cargo ...); images other than those of Debian, Ubuntu and Alpine,
whose folders are not known, and those whose packages move (`sid`, `edge`). What is installed into /usr or /etc, among files of
the base image's own; builds in `/`; RUNs that leave files which cannot be judged; packages of a version or a place of one's own;
a RUN that takes the compiler away again; ONBUILD, SHELL, an ARG that is used at run time, stages on stages.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform

#: what a split writes anew, and what moves to the final stage
_TOUCHES = "FROM RUN COPY WORKDIR ENV USER LABEL MAINTAINER EXPOSE VOLUME CMD ENTRYPOINT HEALTHCHECK STOPSIGNAL"
#: what builds is called by one of these
_TOOLS = "make gmake cmake ninja meson scons gcc g++ cc c++ clang clang++ configure"


@transform(phase=Phase.STAGES, touches=set(_TOUCHES.split()), safety=Safety.SHOW, tools=set(_TOOLS.split()))
def c_toolchain_shipped(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    from rewriter.model import split_c  # modules that few files need

    found = split_c.split(file, ask)
    if found is not None:
        yield found
