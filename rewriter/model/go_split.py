"""A stage on a golang image that builds and ships a program, as two: a builder, and a stage with what the program needs."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from rewriter.knowledge import golang
from rewriter.model import go_along, go_callers, go_carried, go_final, go_foreign, go_script, go_started
from rewriter.model.copied import copied
from rewriter.model.file import File, Step
from rewriter.model.go_build import Built
from rewriter.model.go_carried import Brought
from rewriter.model.go_folders import Folders
from rewriter.model.go_needs import Needs, needs
from rewriter.model.go_plan import Plan
from rewriter.model.go_program import Program
from rewriter.model.go_sources import Sources
from rewriter.model.go_stage import GoStage, go_stage, version
from rewriter.model.go_start import start
from rewriter.model.go_text import last_part
from rewriter.model.go_traces import Traces, follow
from rewriter.rule import Ask, Decline, Finding, Safety


class Against(NamedTuple):
    """Why there is no split, and the step that says so. ``elsewhere`` is True when the context may be another folder than the
    one that is seen: then it counts as unseen."""

    step: Step
    why: str
    elsewhere: bool = False


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
    builds = "go builds" if found.traces.programs else "make may build"
    because = (
        f"line {file.line(found.start.step.span.start)} starts {found.programs[0]}, which {builds}",
        *found.needs.because,
        *([unseen] if unseen else ()),
        *(f"to confirm: {question}" for question in found.needs.open),
    )
    title = f"Ship {found.programs[0]} on {found.needs.image}, without the Go toolchain"
    return Finding(at, title, change, Safety.SHOW if found.needs.open else Safety.REVIEW, because)


def _plan(stage: GoStage, ask: Ask, seen: tuple[str, ...] | None) -> Plan | Against:
    """What is known about the split. ``seen`` are the files of the context, None when it is not seen."""
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
    traces = _traces(stage, at, sources, ask)
    if isinstance(traces, Against):
        return traces
    after = go_carried.brought(stage, list(stage.steps[at:]), ask, seen)
    everything = Sources({**brought.files, **after.files}, ask)
    script = go_started.script(stage, begun, everything, traces.programs)
    chosen: tuple[Built, str] | str
    if isinstance(script, str):
        chosen = script
    else:
        wanted = begun if script is None else begun._replace(path=script.calls[0])
        chosen = go_started.started(stage, wanted, traces.programs, brought.files, traces.unseen)
    if isinstance(chosen, str):
        return Against(begun.step, chosen, sources is not None and sources.empty)
    main, path = chosen
    if main.run.mounted(path):
        return Against(begun.step, f"{path} is written to a mount")
    lasting = [one for one in traces.programs if not one.run.mounted(one.path)]
    others = [one for one in lasting if one is not main and _certain(one, sources)]
    unseen = [one for one in lasting if one is not main and one not in others] if sources is not None else []
    if isinstance(script, go_script.Script):
        called = next(
            (one.path for one in unseen for name in script.calls if one.path in go_started.places(name, stage)), ""
        )
        if called:
            return Against(begun.step, f"its script calls {called}, whose sources are not seen")
    if sources is not None and (not main.folder or not sources.is_main(main.folder)):
        return Against(begun.step, f"the context does not show the sources of {path}", True)
    program = None
    if sources is not None:
        program = sources.program([one.folder for one in (main, *others)], stage.end.environment.get("GOPATH") or "")
    tests_use_cgo = sources is not None and traces.tests and sources.tests_use_cgo()
    tools = [one.path for one in unseen if program is not None and not _for_the_build(one, program)]
    found = needs(stage, [main._replace(path=path), *others], traces, program, tests_use_cgo)
    if found.why:
        return Against(first, found.why)
    if tools:
        found = found._replace(
            open=(*found.open, f"does anybody call {tools[0]} in a container? It stays in the builder")
        )
    shell = begun.shell or (script.shell if isinstance(script, go_script.Script) else "")
    other = stage.alpine is None and found.alpine
    if other and shell == "sh" and isinstance(script, go_script.Script) and script.dialect:
        return Against(begun.step, f"its script has {script.dialect}, which sh takes otherwise on Alpine")
    if other and shell == "bash":
        found = found._replace(packages=(*found.packages, "bash"))
    programs = list(dict.fromkeys([path, *(one.path for one in others)]))
    overwritten = next((one for one, _ in traces.written if one in programs), "")
    if overwritten:
        return Against(first, f"{overwritten} is written by another command than go")
    texts = go_along.texts(stage, program, everything, begun.path, traces)
    named = go_foreign.toolchain(texts)
    if named:
        return Against(begun.step, f"{named} is named, which is the toolchain's")
    access = None if program is None else program.access
    if access is not None and isinstance(script, go_script.Script):
        access = access._replace(
            unnamed=access.unnamed or ("its script" if script.moves else ""),
            variables=access.variables | script.variables,
        )
        own = sorted(script.variables & {"GOROOT", *golang.names("image", "own")})
        if own:
            return Against(begun.step, f"its script asks for {own[0]}, which is the toolchain's")
    for name in access.files if access is not None else ():
        traces.folders.ask(posixpath.join(stage.end.workdir or "/", name))
    whole = go_along.whole(stage, traces, access)
    carried = go_along.carried(stage, at, brought, traces, texts, access, programs, bool(whole))
    if isinstance(carried, str):
        return Against(first, carried)
    if whole:
        found = found._replace(because=(*found.because, f"{whole}: every file that the Dockerfile brings goes along"))
    own = [*traces.folders.made, *brought.folders, *brought.files, *after.files, *after.folders, *carried, path]
    found = _questions(stage, ask, seen, found, brought, own, texts, sources, main, path)
    brings = [one for one in carried if one not in brought.files]
    files = [*programs, *(one for one in carried if one not in brings)]
    folders = traces.folders.commands(brings, files, [one for one, _, _ in traces.gone], bool(whole))
    if isinstance(folders, str):
        return Against(first, folders)
    there = [*programs, begun.path, *found.packages]
    users = golang.names("final", "users") | traces.users.names
    entry = any(step.name == "ENTRYPOINT" for step in stage.steps)
    bash = not found.alpine or "bash" in found.packages or stage.alpine is not None
    asked = "" if seen is None else go_callers.question(seen, ask, there, users, entry, bash)
    found = found._replace(open=(*found.open, asked)) if asked else found
    return Plan(stage, at, begun, programs, carried, frozenset(brought.files), folders, traces, found, access)


def _traces(stage: GoStage, at: int, sources: Sources | None, ask: Ask) -> Traces | Against:
    """What the builder's instructions leave."""
    known = version(stage)
    traces = Traces(Folders(stage))
    traces.auto_modules = known is not None and len(known) > 1 and known < (1, 16)
    traces.only_fetches = known is not None and len(known) > 1 and known >= (1, 18)
    for index, step in enumerate(stage.steps):
        if step.name == "WORKDIR" and index < at:
            traces.folders.make(stage.steps[index + 1].state.workdir or "/", step.state.user)
        elif step.name in ("COPY", "ADD") and index < at:
            traces.folders.make(copied(step, stage.file.escape, ask).directory, None)
        elif step.name == "RUN":
            refused = follow(stage.runs[step.index], traces, sources)
            if refused is not None:
                return Against(step, refused.why)
    return traces


def _questions(
    stage: GoStage,
    ask: Ask,
    seen: tuple[str, ...] | None,
    found: Needs,
    brought: Brought,
    own: list[str],
    texts: list[str],
    sources: Sources | None,
    main: Built,
    path: str,
) -> Needs:
    """What a person must confirm beside what the program itself leaves open."""
    questions = list(found.open)
    named = go_foreign.system(texts, own) if stage.alpine is None else ""
    if named and seen is not None:
        questions.append(f"what does {path} do with {named}? The final image may lack it")
    if sources is not None and not _outside(stage) and not sources.module(main.folder)[0]:
        questions.append("is the folder of the Dockerfile the build context? It has no go.mod, which this Go asks for")
    if main.command.tool == "make":
        questions.append(f"does make build {path}, and nothing else that it needs?")
    if seen is None:
        hidden = brought.hidden or ["its package"]
        question = f"does {path} read files of {hidden[0]} when it runs (templates, static files, settings)?"
        questions.append(f"{question} Each needs a COPY --from")
    return found._replace(open=tuple(questions))


def _certain(one: Built, sources: Sources | None) -> bool:
    """True when the program is certainly where it is said to be."""
    return one.named or (sources is not None and bool(one.folder) and sources.is_main(one.folder))


def _for_the_build(one: Built, program: Program) -> bool:
    """True for a tool that builds Go, and for a package that go get fetched because the program imports it."""
    name = posixpath.basename(one.path)
    return name in golang.names("commands", "builders") or any(last_part(path) == name for path in program.imports)


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
