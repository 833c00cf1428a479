"""Split a Python build: compile what pip installs in a builder stage, ship it without the compilers.

## What it does
Names the stage `builder` and adds a final stage on the same image: packages without compilers, pip and headers, `COPY --from` of
where pip installs (`site-packages`, `/usr/local/bin`, `/usr/local/share`; all of `/usr/local` where the version of Python is not
known or it is Debian's), virtual environments, the folders that the Dockerfile brings, users, ENV, WORKDIR, USER; LABEL, EXPOSE,
VOLUME, HEALTHCHECK, CMD and their like move there. `libpq-dev` becomes `libpq5` where the release is known to call it so; a
`-dev` package whose library has another name from release to release goes along.

## Why it saves
`gcc`, `build-essential`, `build-base` and the headers of libraries are there for one `pip install`. Deleting them in a later RUN
saves nothing: the layer below keeps them.

## When it is safe
A person decides (SHOW), and is asked: whether nothing that runs calls a compiler or pip, whether every compiled module finds its
libraries (with the command that tells), on Alpine whether nothing looks for a library by name, what a script that runs in the
build leaves elsewhere.

## What it leaves alone
Images to develop, test or work in: those that start nothing of their own, a shell, pip, Jupyter, pytest, or a script of the
context that installs. Compilers that their own RUN takes away again. The full variants of `python`, whose own they are.
Alpine's own Python, and other images. Packages that compile when they run (Theano, PyStan, Triton ...), sources that name
`pyximport`, `cpp_extension` and their like. pip with `--target`, `--user` or as another user; pipenv and Poetry that make an
environment of their own; what other package managers, archives and make leave. Packages of a version or a place of one's own,
ONBUILD, SHELL, stages on stages.
Without a word: images that start nothing of their own, or a shell; what builds and is taken away again by its own RUN.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter.model import split_idle
from rewriter.model.file import File
from rewriter.rule import SPLIT, Ask, Decline, Finding, Phase, Safety, transform

#: what installs compilers
_TOOLS: Final = "apt-get apt aptitude apt-fast apk yum dnf microdnf zypper pacman"


@transform(phase=Phase.STAGES, touches=SPLIT, safety=Safety.SHOW, only_shows=True, tools=set(_TOOLS.split()))
def python_compilers_shipped(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if not any(name in file.source for name in ("pip", "easy_install", "setup.py", "poetry")):
        return
    if split_idle.starts_nothing(file):
        return
    from rewriter.model import split_python  # modules that few files need

    found = split_python.split(file, ask)
    if found is not None:
        yield found
