"""Split a Rust build: compile in a builder stage, ship the program without Cargo and what it compiled on the way.

## What it does
Names the stage `builder` and adds a final stage: `debian:X-slim` of the release that the image of `rust` is built on; Alpine
where that built it, or where every build names musl as its target; the same image where rustup or a package brings Cargo. There
go the programs at their paths (with `ENV PATH` for `/usr/local/cargo/bin`), the folders that they run in without object files,
the libraries that crates of Cargo.lock link (`openssl-sys`: libssl3), certificates, packages, users, ENV, WORKDIR, USER; LABEL,
EXPOSE, VOLUME, HEALTHCHECK, CMD and their like move there. A folder that only holds sources stays in the builder.

## Why it saves
The image of `rust` has 1.4 GB, its slim variant 750 MB: compiler, headers and, below `target/`, every object file. The
program needs a few megabytes, and `debian:bookworm-slim` has 75 MB. Sizes: hub.docker.com/_/rust/tags.

## When it is safe
A person decides (SHOW), and is asked: whether the program finds its libraries (with the command that tells), whether it reads
nothing of the sources that stay, or of what a build script wrote, what a script that it starts calls.

## What it leaves alone
Images to develop, test or build with: those that start nothing of their own, a shell, Cargo (`cargo run` needs the toolchain),
or a watcher. Toolchains that their own RUN takes away again. Other images than `rust`, `debian`, `ubuntu` and `alpine`; tags that
do not tell the release; programs of `cargo install` whose names neither the Dockerfile nor the context tells; `prefer-dynamic`;
what make, trunk, wasm-pack and their like leave; RUNs of another user behind Cargo's, packages of another release, ONBUILD,
SHELL, stages on stages.
Without a word: images that start nothing of their own, or a shell; what builds and is taken away again by its own RUN.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.model import split_idle
from rewriter.model.file import File
from rewriter.rule import SPLIT, Ask, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.STAGES, touches=SPLIT, safety=Safety.SHOW, only_shows=True, tools={"cargo"})
def rust_toolchain_shipped(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if split_idle.starts_nothing(file):
        return
    from rewriter.model import split_rust  # modules that few files need

    found = split_rust.split(file, ask)
    if found is not None:
        yield found
