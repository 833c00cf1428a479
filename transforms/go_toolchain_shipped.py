"""Split a Go build: compile in a builder stage, ship the program on a small image.

## What it does
Names the stage `builder` and adds a final stage on alpine: certificates and time zones, the program at the path it had, the
files that it may read, users, ENV, WORKDIR, USER; LABEL, EXPOSE, VOLUME, HEALTHCHECK, CMD and their like move there. Where
Go comes as a package, in an archive or by COPY to Debian, Ubuntu, Alpine, CentOS or another image whose settings are known,
the final stage is on that same image: what was installed beside goes along, libraries for each package of headers too, and
all that only builds stays.

## Why it saves
The golang image is there to compile: 874 MB for `golang:1.26.8-trixie`, of which a program needs nothing (size published with
the tag, 2026-09-19).

## When it is safe
REVIEW where the build context answers every question: each package that the program is compiled of is seen or was looked
at, no cgo or nothing but the C library behind it, no other program started, nothing of the toolchain or of the base image's
own files asked for. A program that opens files by names that its sources do not show gets every folder that the Dockerfile
brings, as it is; owners, modes, users and variables are carried over. From an official image another C library, resolver
and shell are there at run time; from any other these are the same. Without the context, or with a question left: SHOW,
printed with the questions, applied with `--level show` alone.

## What it leaves alone
Images to develop, test or build with: those that start nothing of their own, a shell, something that only keeps them alive,
or the toolchain; images whose program is not Go's. Go that comes with an image of others, with a manager of versions (gvm,
godeb, snap), to a place that is not seen, or with packages of another release than the image has; GOPATH that nothing sets.
What starts through a wrapper, or a script of the context that calls anything but the programs that go built; RUNs that
leave files which cannot be judged (`npm`, downloads into the system's folders, a Makefile that computes); cgo with
libraries of its own; packages of a version or a place of one's own; ONBUILD, SHELL, an ARG that is used at run time,
certificates of one's own, owners of the base's own folders; programs whose path is not certain.
Without a word: images that start nothing of their own, or a shell; what builds and is taken away again by its own RUN.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.model import golang, split_idle
from rewriter.model.file import File
from rewriter.rule import SPLIT, Ask, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.STAGES, touches=SPLIT, safety=Safety.REVIEW)
def go_toolchain_shipped(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if not golang.mentioned(file) or split_idle.starts_nothing(file):
        return
    from rewriter.model import go_elsewhere, go_split  # modules that no other file needs

    found = go_split.split(file, ask) or go_elsewhere.left_alone(file)
    if found is not None:
        yield found
