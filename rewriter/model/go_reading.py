"""What the instructions of a stage, and the context, say about a Go build: before anything is decided."""

from __future__ import annotations

from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.model import go_carried, go_stage, go_wrapper, paths, split_folders
from rewriter.model.copied import copied
from rewriter.model.file import Step
from rewriter.model.go_carried import Brought
from rewriter.model.go_follow import follow
from rewriter.model.go_purpose import purpose
from rewriter.model.go_sources import Sources
from rewriter.model.go_stage import version
from rewriter.model.go_traces import GoTraces
from rewriter.model.split_stage import Against, Shipped
from rewriter.model.split_start import Start, start, starting
from rewriter.rule import Ask

#: where programs lie: what is copied there is taken for one
_PROGRAMS: Final = ("/usr/local/bin/", "/usr/bin/", "/bin/", "/usr/local/sbin/", "/usr/sbin/", "/sbin/")


class Reading(NamedTuple):
    """``seen`` are the files of the context, None when it is not seen; then ``sources`` is None as well. ``at`` is the index,
    among the steps, of the first one of the final stage. ``brought`` is what comes in front of it, ``after`` what comes behind;
    ``everything`` are the files of both."""

    stage: Shipped
    ask: Ask
    seen: tuple[str, ...] | None
    begun: Start
    at: int
    brought: Brought
    after: Brought
    sources: Sources | None
    everything: Sources
    traces: GoTraces


def reading(stage: Shipped, ask: Ask, seen: tuple[str, ...] | None) -> Reading:
    """Read the stage.

    Raises:
        Against: something in it stands against a split.
    """
    begun = _begun(stage)
    at = max((index + 1 for index, step in enumerate(stage.steps) if step.name == "RUN"), default=0)
    if at == 0:
        raise Against(begun.step, "no RUN builds what it starts")
    brought = go_carried.brought(stage, list(stage.steps[:at]), ask, seen)
    if brought.why and brought.step is not None:
        raise Against(brought.step, brought.why, brought.missing)
    sources = None if seen is None else Sources(brought.files, ask, outside(stage))
    traces = _traces(stage, at, sources, ask, seen, posixpath.basename(begun.path))
    after = go_carried.brought(stage, list(stage.steps[at:]), ask, seen)
    everything = Sources({**brought.files, **after.files}, ask)
    return Reading(stage, ask, seen, begun, at, brought, after, sources, everything, traces)


def _begun(stage: Shipped) -> Start:
    """What the image starts."""
    for step in stage.steps:
        if step.name in ("ONBUILD", "SHELL"):
            raise Against(step, f"{step.name} is not modelled")
    kept = purpose(stage)
    if kept is not None:
        raise Against(kept.step, kept.why)
    starts = starting(stage)
    assert starts is not None  # what starts nothing is kept
    begun = start(starts, stage)
    if begun.why:
        raise Against(begun.step, begun.why)
    return begun


def _traces(
    stage: Shipped, at: int, sources: Sources | None, ask: Ask, seen: tuple[str, ...] | None, starts: str
) -> GoTraces:
    """What the builder's instructions leave."""
    known = version(stage)
    traces = GoTraces(go_stage.folders(stage), stage.toolchain)
    traces.blind = traces.folders.blind = sources is None
    traces.starts = starts
    traces.no_wrapper = go_wrapper.missing(known)
    traces.auto_modules = known is not None and len(known) > 1 and known < (1, 16)
    traces.only_fetches = known is not None and len(known) > 1 and known >= (1, 18)
    for index, step in enumerate(stage.steps):
        if step.name == "WORKDIR" and index < at:
            traces.folders.make(stage.steps[index + 1].state.workdir or "/", step.state.user)
        elif step.name in ("COPY", "ADD") and index < at and not go_stage.brings(stage, step):
            _folders(stage, step, ask, seen, traces)
        elif step.name == "RUN":
            refused = follow(stage.runs[step.index], traces, sources)
            if refused is not None:
                raise Against(step, refused.why)
    traces.written = [one for one in traces.written if not traces.of_the_toolchain(one[0])]
    return traces


def _folders(stage: Shipped, step: Step, ask: Ask, seen: tuple[str, ...] | None, traces: GoTraces) -> None:
    """The folders of a COPY, and whose those are that were there before: what it brings into them has its own."""
    copy, folders = copied(stage.file, step, ask), traces.folders
    flag = copy.flag("chown")
    sure = seen is not None or copy.file or copy.into or copy.sources[0].endswith(("/", "."))
    folders.files |= {copy.file} if copy.file else set()
    folders.unsure |= set() if sure else {copy.target}
    if seen is None and copy.file.startswith(_PROGRAMS) and "." not in posixpath.basename(copy.file):
        traces.asks.append(f"is {copy.sources[0]} a file? What a folder has would lie in {copy.target} itself")
    below = folders.below(copy.directory, flag is not None)
    brings = go_carried.brought(stage, [step], ask, seen).files if (below or flag) and seen is not None else {}
    for one in below:
        if any(paths.inside(path, one) for path in brings):
            folders.doubt(one)
        elif seen is None and flag is None:
            traces.asks.append(f"has the context a folder for {one}? COPY gives it an owner and a mode of its own")
    owner = None if flag is None else _owner(flag.value or "")
    folders.make(copy.directory, owner)
    nested = {posixpath.dirname(path) for path in brings} if flag is not None else set()
    upper = {parent for one in nested for parent in split_folders.above(one) if paths.inside(parent, copy.directory)}
    base = next(
        (one for one in sorted(nested | upper) if one != copy.directory and go_stage.folders(stage).known(one)), ""
    )
    if base:
        raise Against(step, f"it gives {base}, a folder of the base image, to another owner")
    for one in sorted(nested):
        folders.make(one, owner)  # and those above it that are new: /opt/a of a folder that comes to /opt


def _owner(value: str) -> str:
    """Whom a folder belongs to that ``COPY --chown`` makes: a number alone is its group as well."""
    return f"{value}:{value}" if value.isdigit() else value


def outside(stage: Shipped) -> str:
    """Below which folder go.mod does not count."""
    mode = stage.end.environment.get("GO111MODULE", "")
    known = version(stage)
    if mode == "off" or (known is not None and known < (1, 11)):
        return "/"
    if mode == "on" or known is None or len(known) < 2 or known >= (1, 13):
        return ""
    return posixpath.join(stage.end.environment.get("GOPATH") or "/go", "src")
