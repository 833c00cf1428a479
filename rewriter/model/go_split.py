"""A stage on a golang image that builds and ships a program, as two: a builder, and a stage with what the program needs."""

from __future__ import annotations

from rewriter import posixpath
from rewriter.knowledge import golang
from rewriter.model import go_along, go_callers, go_elsewhere, go_final, go_foreign, paths, split_stage
from rewriter.model.file import File, Step
from rewriter.model.go_access import Access
from rewriter.model.go_needs import Needs, needs
from rewriter.model.go_plan import Plan
from rewriter.model.go_programs import Programs, programs
from rewriter.model.go_purpose import purpose
from rewriter.model.go_reading import Reading, outside, reading
from rewriter.model.go_stage import go_stage
from rewriter.model.split_stage import Against, Shipped
from rewriter.rule import Ask, Decline, Finding, Safety


def split(file: File, ask: Ask) -> Finding | Decline | None:
    """The split of the shipped stage; why there is none; None where there is nothing to split."""
    stage = go_stage(file)
    if stage is None:
        return None
    at = file.stages[-1].steps[0].span
    if (isinstance(stage, str) or stage.toolchain is not None) and go_elsewhere.taken_away(file):
        return None
    if isinstance(stage, str):
        kept = None if "onbuild" in stage else purpose(split_stage.whole(file))
        return Decline(at, stage) if kept is None else Decline(kept.step.span, kept.why)
    found, unseen = _planned(stage, ask)
    if isinstance(found, Against):
        return Decline(found.step.span, found.why)
    change = go_final.change(found)
    if isinstance(change, str):
        return Decline(at, change)
    because = (
        f"line {file.line(found.start.step.span.start)} starts {_told(found)}",
        *found.needs.because,
        *([unseen] if unseen else ()),
        *(f"to confirm: {question}" for question in found.needs.open),
    )
    title = f"Ship {found.behind or found.programs[0]} on {found.needs.image}, without the Go toolchain"
    return Finding(at, title, change, Safety.SHOW if found.needs.open else Safety.REVIEW, because)


def _told(plan: Plan) -> str:
    """What the image starts, and where that comes from."""
    if plan.behind:
        return f"{plan.behind}, a script that is not seen, and go builds {plan.programs[0] if plan.programs else 'programs'}"
    return f"{plan.programs[0]}, which {'go builds' if plan.traces.programs else 'make may build'}"


def _planned(stage: Shipped, ask: Ask) -> tuple[Plan | Against, str]:
    """The plan, or what stands against it; and why the context counts as unseen although one is there, or ""."""
    try:
        return _plan(reading(stage, ask, ask.files())), ""
    except Against as against:
        if not against.elsewhere:
            return against, ""
        unseen = against.why
    try:
        return _plan(reading(stage, ask, None)), unseen
    except Against as against:
        return against, unseen


def _plan(read: Reading) -> Plan:
    """What is known about the split.

    Raises:
        Against: something stands against it.
    """
    chosen = programs(read)
    found = _shell(read, chosen, _needs(read, chosen))
    made = ("cp", "mv", "install") if chosen.main.command.tool == "make" and read.seen is None else ()
    overwritten = next((one for one, tool in read.traces.written if one in chosen.paths and tool not in made), "")
    if overwritten:
        raise Against(_first(read), f"{overwritten} is written by another command than go")
    texts = go_along.texts(read.stage, chosen.program, read.everything, read.begun.path, read.traces)
    named = go_foreign.toolchain(texts, read.traces.roots)
    if named:
        raise Against(read.begun.step, f"{named} is named, which is the toolchain's")
    access = _access(read, chosen)
    whole = go_along.whole(read.stage, read.traces, access)
    carried = go_along.carried(read, texts, access, chosen, bool(whole))
    if isinstance(carried, str):
        raise Against(_first(read), carried)
    trees = () if read.stage.toolchain is None else read.stage.toolchain.trees
    around = next((one for one in carried for tree in trees if paths.inside(tree, one)), "")
    if around:
        raise Against(_first(read), f"{around} would go along whole, and Go lies in it")
    if whole:
        found = found.known(f"{whole}: every file that the Dockerfile brings goes along")
    folders = _folders(read, chosen, carried, bool(whole))
    for question in (*_questions(read, chosen, found, carried, texts), _callers(read, chosen, found)):
        found = found.asking(question)
    files = frozenset(read.brought.files)
    return Plan(
        read.stage,
        read.at,
        read.begun,
        chosen.paths,
        carried,
        files,
        folders,
        read.traces,
        found,
        access,
        chosen.behind,
    )


def _first(read: Reading) -> Step:
    return read.stage.stage.steps[0]


def _needs(read: Reading, chosen: Programs) -> Needs:
    """What the programs need to run."""
    tests_use_cgo = read.sources is not None and read.traces.tests and read.sources.tests_use_cgo()
    main = chosen.main._replace(path=chosen.started)
    found = needs(read.stage, [main, *chosen.others], read.traces, chosen.program, tests_use_cgo, chosen.behind)
    if found.why:
        raise Against(_first(read), found.why)
    if not chosen.tool:
        return found
    name = f"the others in {posixpath.dirname(chosen.tool)}" if chosen.tool.endswith("/*") else chosen.tool
    return found.asking(f"does anybody call {name} in a container? What go built beside stays in the builder")


def _shell(read: Reading, chosen: Programs, found: Needs) -> Needs:
    """The needs, with the shell that the image starts with: Alpine's is another one than Debian's."""
    if read.stage.alpine is not None or not found.alpine:
        return found
    if chosen.behind:
        return found._replace(packages=(*found.packages, "bash"))
    script = chosen.script
    shell = read.begun.shell or ("" if script is None else script.shell)
    if shell == "sh" and script is not None and script.dialect:
        raise Against(read.begun.step, f"its script has {script.dialect}, which sh takes otherwise on Alpine")
    return found._replace(packages=(*found.packages, "bash")) if shell == "bash" else found


def _access(read: Reading, chosen: Programs) -> Access | None:
    """What the programs, and the script, ask for at run time. None while the sources are not seen."""
    if chosen.program is None:
        return None
    access = chosen.program.access
    if chosen.script is not None:
        own = sorted(chosen.script.variables & {"GOROOT", *golang.names("image", "own")})
        if own:
            raise Against(read.begun.step, f"its script asks for {own[0]}, which is the toolchain's")
        access = access._replace(
            unnamed=access.unnamed or ("its script" if chosen.script.moves else ""),
            variables=access.variables | chosen.script.variables,
        )
    for name in access.files:
        read.traces.folders.ask(posixpath.join(read.stage.end.workdir or "/", name))
    return access


def _folders(read: Reading, chosen: Programs, carried: list[str], whole: bool) -> list[str]:
    """The commands that make folders again."""
    brings = [one for one in carried if one not in read.brought.files]
    files = [*chosen.paths, *(one for one in carried if one not in brings)]
    folders = read.traces.folders.commands(brings, files, [one for one, _, _ in read.traces.gone], whole)
    if isinstance(folders, str):
        raise Against(_first(read), folders)
    return folders


def _questions(read: Reading, chosen: Programs, found: Needs, carried: list[str], texts: list[str]) -> list[str]:
    """What a person must confirm beside what the program itself leaves open."""
    path, questions = chosen.started, [*read.traces.asks, *dict.fromkeys(read.traces.folders.asks)]
    brought, after = read.brought, read.after
    known = [*read.traces.folders.made, *brought.folders, *brought.files, *after.files, *after.folders, *carried, path]
    named = go_foreign.system(texts, known) if read.stage.alpine is None else ""
    if named and read.seen is not None:
        questions.append(f"what does {path} do with {named}? The final image may lack it")
    if read.sources is not None and not outside(read.stage) and not read.sources.module(chosen.main.folder)[0]:
        questions.append("is the folder of the Dockerfile the build context? It has no go.mod, which this Go asks for")
    if chosen.behind:
        kind = "what a slim Debian has" if not found.alpine else "what Alpine's busybox has"
        if read.stage.toolchain is not None:
            kind = (
                f"what {' and '.join([found.image, *found.packages])} have"
                if found.packages
                else f"what {found.image} has"
            )
        own = [one for one in (*chosen.paths, *carried) if one != chosen.behind and one not in chosen.folders]
        shown = ", ".join((*own, *(f"those in {one}" for one in chosen.folders)))
        questions.append(f"does {chosen.behind} start nothing but {shown}, bash and {kind}?")
    if chosen.main.command.tool == "make":
        what = "one of these" if chosen.behind else path
        questions.append(f"does make build {what}, and nothing else that is needed?")
    left = [one for one in dict.fromkeys(brought.hidden) if not any(paths.inside(one, place) for place in carried)]
    if read.seen is None and (left or not brought.hidden):
        hidden = " or ".join(left or ["its package"])
        question = f"does {path} read files of {hidden} when it runs (templates, static files, settings)?"
        questions.append(f"{question} Each needs a COPY --from")
    return questions


def _callers(read: Reading, chosen: Programs, found: Needs) -> str:
    """What the files around the image may call in it, as a question, or ""."""
    if read.seen is None:
        return ""
    there = [*chosen.paths, read.begun.path, *found.packages]
    users = golang.names("final", "users") | read.traces.users.names
    entry = any(step.name == "ENTRYPOINT" for step in read.stage.steps)
    bash = not found.alpine or "bash" in found.packages or read.stage.alpine is not None
    return go_callers.question(read.seen, read.ask, there, users, entry, bash)
