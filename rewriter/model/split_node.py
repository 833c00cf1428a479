"""Node.js: what ``npm run build`` and its like make, with the modules that run it and without those that built it."""

from __future__ import annotations

from typing import Final

from rewriter.knowledge import languages, libraries, programs
from rewriter.model import bases, split_elsewhere, split_node_calls, split_stage, split_tree, split_whole
from rewriter.model.context_tree import Tree as Context
from rewriter.model.file import File
from rewriter.model.scope import State
from rewriter.model.split_node_page import NodePage
from rewriter.model.split_stage import Against
from rewriter.model.split_traces import SHARED, of_whole_folders
from rewriter.model.split_whole import Runtime
from rewriter.rule import Ask, Decline, Finding

_GONE: Final = "what builds is gone again at the end of the RUN that brings it"
_FULL: Final = (
    "does every module do without the libraries and programs (git, python, curl) that only the full image has?"
)


def split(file: File, ask: Ask) -> Finding | Decline | None:
    """The split of the shipped stage; why there is none; None where no stage that ships is looked at."""
    repository, tag = bases.shipped_base(file)
    if repository not in languages.names("node", "images"):
        return split_elsewhere.left_alone(file, "node", split_node_calls.building)
    stage = split_elsewhere.lone(file)
    if not isinstance(stage, Decline) and split_node_calls.idle(file):
        return Decline(stage, "`npm build` runs no script of package.json, as `npm run build` does: nothing is built")
    if isinstance(stage, Decline):
        return stage
    if "$" in tag or "onbuild" in tag or "windows" in tag or "nanoserver" in tag:
        return Decline(stage, f"which image {file.stages[-1].image} is, or what its triggers do, is not known")
    start = State(environment={"PATH": programs.PATH}, workdir="/")
    shipped = split_stage.shipped(file, start, "latest" if "alpine" in tag else None)
    traces = of_whole_folders(shipped, SHARED | {"/home/node"})
    page = NodePage(traces, shipped, Context(file, file.stages[-1], ask))
    try:
        kept = split_elsewhere.kept(shipped, "node")
        if kept is not None:
            return kept
        tree = split_tree.tree(shipped, page, ask)
        served = page.served(tree)
        page.installs_again()
        last = [] if served else page.prunes(tree, _version(tag))
    except Against as against:
        return Decline(against.step.span, against.why)
    runtime = _runtime(file.stages[-1].image, tag, served)
    if served:
        tree = tree._replace(tops=[served])
    elif runtime.image == file.stages[-1].image and not last and not page.left_below(tree):
        return Decline(stage, f"{_GONE}, or runs: a split would take nothing away")
    extra = [f"npm install -g {' '.join(page.globals)}"] if page.globals else []
    title = f"Ship what is built on {runtime.image}, without what built it"
    return split_whole.finding(tree, page, runtime, title, last, extra, ask)


def _version(tag: str) -> tuple[int, ...] | None:
    """The version of Node.js in a tag, by its number or its code name (``carbon``); None where it tells none."""
    return bases.version_of(libraries.node_line(tag.partition("-")[0]) or tag)


def _runtime(image: str, tag: str, served: str) -> Runtime:
    """The slim variant of the same tag, where there is one; else the image itself."""
    found = split_whole.slim("node", tag, image, frozenset(), frozenset(("node",)))
    full = not served and found.image != image
    return found._replace(asks=(_FULL, *found.asks)) if full else found
