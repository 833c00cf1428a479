"""A stage on a golang image that builds and ships a program, as two: a builder, and a stage with what the program needs."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from rewriter.model import go_carried, go_final, go_script, paths
from rewriter.model.file import File, Step
from rewriter.model.go_build import Built
from rewriter.model.go_final import Plan
from rewriter.model.go_needs import needs
from rewriter.model.go_sources import Program, Sources
from rewriter.model.go_stage import GoStage, go_stage, version
from rewriter.model.go_start import Start, resolved, start
from rewriter.model.go_traces import Traces, follow
from rewriter.rule import Ask, Decline, Finding, Safety


class Against(NamedTuple):
    """Why there is no split, and the step that says so. ``elsewhere`` is True when the context may be another folder than the
    one that is seen: then it counts as unseen."""

    step: Step
    why: str
    elsewhere: bool = False


#: what the build context does not settle yet (ADR 18 has the cases): with it every split is shown, and none applied
UNPROVEN = (
    "does it write into folders that WORKDIR, mkdir or COPY made, or read files by names that it puts together? Owners, modes "
    "and files that are there for the build may be lost"
)


def split(file: File, ask: Ask) -> Finding | Decline | None:
    """The split of the shipped stage; why there is none; None where there is nothing to split."""
    stage = go_stage(file)
    if stage is None:
        return None
    at = file.stages[-1].steps[0].span
    if isinstance(stage, str):
        return Decline(at, stage)
    found = _plan(stage, ask, ask.files())
    unseen = ""
    if isinstance(found, Against) and found.elsewhere:
        unseen = found.why
        found = _plan(stage, ask, None)
    if isinstance(found, Against):
        return Decline(found.step.span, found.why)
    change = go_final.change(found)
    if isinstance(change, str):
        return Decline(at, change)
    open_ = (*found.needs.open, UNPROVEN)
    because = (
        f"line {file.line(found.start.step.span.start)} starts {found.programs[0]}, which go builds",
        *found.needs.because,
        *([unseen] if unseen else ()),
        *(f"to confirm: {question}" for question in open_),
    )
    title = f"Ship {found.programs[0]} on {found.needs.image}, without the Go toolchain"
    return Finding(at, title, change, Safety.SHOW, because)


def _plan(stage: GoStage, ask: Ask, seen: tuple[str, ...] | None) -> Plan | Against:
    first = stage.stage.steps[0]
    for step in stage.steps:
        if step.name in ("ONBUILD", "SHELL"):
            return Against(step, f"{step.name} is not modelled")
    begun = start(stage)
    if begun is None:
        return Against(first, "it has no CMD or ENTRYPOINT, so it may be an image to build with")
    if begun.why:
        return Against(begun.step, begun.why)
    at = _divided(stage)
    if at == 0:
        return Against(begun.step, "no RUN builds what it starts")
    brought = go_carried.brought(stage, list(stage.steps[:at]), ask, seen)
    if brought.why and brought.step is not None:
        return Against(brought.step, brought.why, brought.missing)
    sources = None if seen is None else Sources(brought.files, ask, _outside(stage))
    known = version(stage)
    traces = Traces()
    traces.auto_modules = known is not None and len(known) > 1 and known < (1, 16)
    traces.only_fetches = known is not None and len(known) > 1 and known >= (1, 18)
    for step in stage.steps[:at]:
        if step.name == "RUN":
            owners = len(traces.owners)
            refused = follow(stage.runs[step.index], traces, sources, stage.alpine is not None)
            if refused is not None:
                return Against(step, refused.why)
            if len(traces.owners) > owners:
                traces.owned_at = step.index
    after = go_carried.brought(stage, list(stage.steps[at:]), ask, seen)
    everything = Sources({**brought.files, **after.files}, ask)
    script = _script(stage, begun, everything, traces.programs)
    chosen: tuple[Built, str] | str
    if isinstance(script, str):
        chosen = script
    else:
        wanted = begun if script is None else begun._replace(path=script.calls[0])
        chosen = _started(stage, wanted, traces.programs, brought.files)
    if isinstance(chosen, str):
        return Against(begun.step, chosen, sources is not None and sources.empty)
    main, path = chosen
    if main.run.mounted(path):
        return Against(begun.step, f"{path} is written to a mount")
    others = [one for one in traces.programs if one is not main and _certain(one, sources)]
    if sources is not None and (not main.folder or not sources.is_main(main.folder)):
        return Against(begun.step, f"the context does not show the sources of {path}", True)
    program = None
    if sources is not None:
        program = sources.program([one.folder for one in (main, *others)], stage.end.environment.get("GOPATH") or "")
    tests_use_cgo = sources is not None and traces.tests and sources.tests_use_cgo()
    found = needs(stage, [main._replace(path=path), *others], traces, program, tests_use_cgo)
    if found.why:
        return Against(first, found.why)
    if sources is not None and not _outside(stage) and not sources.module(main.folder)[0]:
        question = "is the folder of the Dockerfile the build context? It has no go.mod, which this Go asks for"
        found = found._replace(open=(*found.open, question))
    if isinstance(script, go_script.Script) and script.shell == "bash" and stage.alpine is None and found.alpine:
        found = found._replace(packages=(*found.packages, "bash"))
    programs = list(dict.fromkeys([path, *(one.path for one in others)]))
    carried = [
        one
        for one in (
            brought.named
            if seen is None
            else go_carried.needed(brought.files, _texts(stage, program, everything.text(begun.path) or ""))
        )
        if one not in programs
    ]
    last = max((step.index for step in stage.steps[:at] if step.name in ("COPY", "ADD")), default=-1)
    kept = go_carried.left([*programs, *carried], [(one, sure and index > last) for one, index, sure in traces.gone])
    if isinstance(kept, str) or not set(programs) <= set(kept):
        return Against(first, f"{kept if isinstance(kept, str) else path} may be deleted in part")
    carried = [one for one in carried if one in kept]
    given = [owned for owned, _, deep in traces.owners if deep]
    if traces.owned_at < stage.steps[at - 1].index and any(paths.inside(one, top) for one in kept for top in given):
        return Against(first, "chown is followed by a RUN, whose files have another owner")
    caller = "" if seen is None else go_carried.calls_go(seen, ask)
    if caller:
        found = found._replace(open=(*found.open, f"does {caller} call go in a container of this image?"))
    if seen is None:
        hidden = brought.hidden or ["its package"]
        question = f"does {path} read files of {hidden[0]} when it runs (templates, static files, settings)?"
        found = found._replace(open=(*found.open, f"{question} Each needs a COPY --from"))
    return Plan(stage, at, begun, programs, carried, frozenset(brought.files), traces, found)


def _certain(one: Built, sources: Sources | None) -> bool:
    """True when the program is certainly where it is said to be."""
    return one.named or (sources is not None and bool(one.folder) and sources.is_main(one.folder))


def _texts(stage: GoStage, program: Program | None, script: str) -> list[str]:
    """Where a file may be named: the strings of the sources, what the image starts, its variables."""
    said = [
        step.instruction.body.text for step in stage.steps if step.name in ("CMD", "ENTRYPOINT", "ENV", "HEALTHCHECK")
    ]
    return [*(f" {text}" for text in (*said, script)), *([] if program is None else program.strings)]


def _divided(stage: GoStage) -> int:
    """How many steps belong to the builder: up to the last RUN."""
    return max((index + 1 for index, step in enumerate(stage.steps) if step.name == "RUN"), default=0)


def _outside(stage: GoStage) -> str:
    """Below which folder go.mod does not count."""
    mode = stage.end.environment.get("GO111MODULE", "")
    known = version(stage)
    if mode == "off" or (known is not None and known < (1, 11)):
        return "/"
    if mode == "on" or known is None or len(known) < 2 or known >= (1, 13):
        return ""
    return posixpath.join(stage.end.environment.get("GOPATH") or "/go", "src")


def _script(stage: GoStage, begun: Start, files: Sources, programs: list[Built]) -> go_script.Script | str | None:
    """The script of the context that the image starts, None when it starts none; why it cannot be judged."""
    path = begun.path if "/" in begun.path else posixpath.join("/usr/local/bin", begun.path)
    text = files.text(path)
    if text is None or not text.startswith("#!"):
        return None
    script = go_script.read(text)
    if script.why:
        return script.why
    calls = list(script.calls)
    if script.rest:
        command = next((step for step in reversed(stage.steps) if step.name == "CMD"), None)
        if command is None or command is begun.step or not command.instruction.args:
            return "the script starts what CMD says, and CMD names no program"
        calls.insert(0, command.instruction.args[0])
    paths_of = [start_of(name, stage) for name in calls]
    for name, places in zip(calls, paths_of, strict=True):
        if not any(one.path in places for one in programs):
            return f"the script calls {name}, which go does not build"
    if not calls:
        return "the script that it starts calls no program"
    return script._replace(calls=tuple(calls))


def start_of(name: str, stage: GoStage) -> list[str]:
    """Where a program may lie, by its path or its bare name."""
    if "/" in name:
        return [resolved(name, stage)]
    folders = (stage.end.environment.get("PATH") or "").split(":")
    return [posixpath.join(folder, name) for folder in folders if folder]


def _started(stage: GoStage, begun: Start, programs: list[Built], files: dict[str, str]) -> tuple[Built, str] | str:
    """The program that the image starts, and its path; or why there is none."""
    wanted = start_of(begun.path, stage)
    for path in wanted:
        if path in files:
            return f"{path} comes from the context, and no RUN builds it"
    for path in wanted:
        for one in reversed(programs):
            if one.path == path:
                return one, path
    for path in wanted:
        for one in reversed(programs):
            if one.may_be(path):
                return one, path
    return f"no RUN builds {begun.path}, as far as can be seen"
