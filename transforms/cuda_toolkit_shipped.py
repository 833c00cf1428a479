"""Start from CUDA's runtime flavour where nothing is compiled for the graphics card.

## What it does
Writes `runtime` for `devel` in the tag of `nvidia/cuda`: `12.4.1-cudnn-devel-ubuntu22.04` becomes
`12.4.1-cudnn-runtime-ubuntu22.04`. Where an argument says the tag, its default is edited, or FROM.

## Why it saves
The flavour devel extends runtime by the compiler, headers, static libraries and tools, which are the larger part of it.
No figure is told: sizes of these tags are not in the tables.

## When it is safe
A person decides (SHOW). No instruction, and no script that is seen, calls a compiler or make, installs one, installs a package
from its source, or names what leads to the toolkit. Whether a wheel or library compiles for the card while it runs (XLA, Triton)
is not seen, nor which libraries are opened by a name without a version: these are printed as questions.

## What it leaves alone
What compiles; libraries that are known to (CuPy, PyCUDA, DeepSpeed, Apex ...); images without CMD, or that start a shell;
ONBUILD; tags that name no system; images with a digest.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge import toolchains
from rewriter.knowledge.unknown import Unknown
from rewriter.model import base_swap, toolchain_swap
from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.BASE, touches={"FROM", "ARG"}, safety=Safety.SHOW, images={"cuda"})
def cuda_toolkit_shipped(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    place = base_swap.place_of(file, toolchains.CUDA, ask, "full")
    if place is None:
        return
    if isinstance(place, Unknown):
        yield toolchain_swap.unknown(file, place)
        return
    tag = toolchains.cuda_runtime(place.image, place.written)
    if tag is None:
        return
    from rewriter.model import toolchain_needs  # here: few files get so far

    beside = toolchain_swap.Beside(
        f"{place.image}:{tag}",
        base_swap.retag(file, place, tag),
        f"{place.image}:{tag} has the libraries of {place.image}:{place.written}, on the same system",
        "nvcc, gcc and make, headers, static libraries, cuda-gdb and profilers",
    )
    yield toolchain_swap.proposal(file, place, toolchain_needs.needs_of(file, "cuda", ask), beside, ask)
