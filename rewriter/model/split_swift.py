"""Swift: what ``swift build`` compiles, on the slim variant of the image, or on the system itself where it needs no more."""

from __future__ import annotations

from typing import Final

from rewriter.knowledge import programs, toolchains, variants
from rewriter.model import (
    bases,
    served,
    split_built,
    split_compilers,
    split_elsewhere,
    split_purpose,
    split_stage,
    split_systems,
    split_tree,
    split_whole,
)
from rewriter.model.command import Command
from rewriter.model.context_tree import Tree as Context
from rewriter.model.file import File
from rewriter.model.scope import State
from rewriter.model.split_stage import Against, Shipped
from rewriter.model.split_swift_page import SwiftPage
from rewriter.model.split_traces import of_whole_folders
from rewriter.model.split_whole import Runtime
from rewriter.rule import Ask, Decline, Finding
from rewriter.text import Span

_STARTS: Final = (
    "it starts swift {}, which needs the toolchain and every source: a CMD of the program itself "
    '(["./.build/release/NAME"]) would start what a RUN has built, and then the stage could be split'
)
#: the first line with a slim variant of each version
_FIRST: Final = (5, 1)
_FETCHED: Final = (
    "does no program open what its dependencies have in their repositories (.build/checkouts) when it runs?"
)
_RESOURCES: Final = (
    "has no package of the program resources (resources: in a Package.swift)? They are looked for beside it, and below .build: "
    "a COPY of *.resources would bring them"
)


def split(file: File, ask: Ask) -> Finding | Decline | None:
    """The split of the shipped stage; why there is none; None where nothing of Swift is built."""
    stage = split_elsewhere.begun(file, "swift", building)
    if not isinstance(stage, Span):
        return stage
    repository, tag = bases.shipped_base(file)
    shipped = split_stage.shipped(file, State(environment={"PATH": programs.PATH}, workdir="/"), None)
    moving = tag in ("", "latest")  # the release that it stands on moves, too
    release = "" if moving else served.release_of(f"{repository}:{tag}") or split_systems.of_line(repository, tag)
    page = SwiftPage(of_whole_folders(shipped), shipped, Context(file, file.stages[-1], ask), release)
    try:
        return _of_stage(shipped, page, stage, ask)
    except Against as against:
        return Decline(against.step.span, against.why)


def building(command: Command) -> bool:
    """True for a call that compiles a program."""
    name = split_elsewhere.name_of(command)
    if name == "swiftc":
        return any(not word.raw.startswith("-") for word in command.arguments)
    return name == "swift" and command.subcommand == "build"


def _of_stage(shipped: Shipped, page: SwiftPage, stage: Span, ask: Ask) -> Finding | Decline | None:
    step, commands = split_purpose.started(shipped)
    for one in commands:
        if one.tool == "swift" and one.subcommand in ("run", "build"):
            return Decline(step.span, _STARTS.format(one.subcommand))
    kept = split_elsewhere.kept(shipped, "swift")
    if kept is not None:
        return kept
    image, tag = shipped.stage.image, bases.base_of(shipped.stage)[1]
    slim = _slim(page, image, tag)
    tree = split_built.tree(split_tree.tree(shipped, page, ask), page, ask)
    static = toolchains.of_static_swift(page.system) if page.static and all(page.static) else None
    runs, wanted = static or (slim, ())
    fact = f"the standard library is linked into the program, and {runs} is the system that it was built on"
    fact = fact if static else f"{slim} has the libraries of the same toolchain"
    runtime = Runtime(runs, False, True, frozenset(), programs.of_base("debian"), (fact,))
    packages = [*wanted, *split_compilers.fetched(shipped, ask)]
    tree = tree._replace(packages=[*tree.packages, *(one for one in packages if one not in tree.packages)])
    page.asks += [page.question(one) for one in page.programs]
    page.asks += [_RESOURCES] if any(not page.goes_with(one) for one in page.programs) else []
    last = split_built.tidied(tree, page, page.objects(), _FETCHED, [])
    return split_whole.finding(tree, page, runtime, f"Ship what swift builds on {runs}", last, [], ask)


def _slim(page: SwiftPage, image: str, tag: str) -> str:
    """The slim variant of an image.

    Raises:
        Against: it is not known to have one, or to be on Debian or Ubuntu.
    """
    first, other = page.stage.stage.steps[0], f"{tag}-slim" if tag not in ("", "latest") else "slim"
    version = bases.version_of(tag)
    if "$" in tag:
        raise Against(first, f"which image {image} is, is not known")
    if any(part.startswith(tuple(toolchains.words("swift", "others"))) for part in tag.split("-")):
        raise Against(
            first, f"{image} is on another system than Debian or Ubuntu, whose slim variant was not looked at"
        )
    if not variants.exists("swift", other) and (version is None or version < _FIRST):
        raise Against(first, f"{image} has no slim variant that is known: those from 5.1 on have one")
    return f"swift:{other}"
