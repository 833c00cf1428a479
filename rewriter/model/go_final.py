"""The edits of a split: the FROM gets a name, and a second stage follows that has what the image was for.

Nothing of the builder changes. What describes the image (LABEL, EXPOSE, CMD ...) moves from there to the final stage, with
its comments; ENV, the working directory and the user are repeated.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from typing import NamedTuple

from rewriter.knowledge import golang
from rewriter.knowledge.base_trees import base_tree_of
from rewriter.model import go_stage, paths
from rewriter.model.file import Step
from rewriter.model.go_needs import Needs
from rewriter.model.go_stage import GoStage
from rewriter.model.go_start import Start, commands_of
from rewriter.model.go_traces import Traces
from rewriter.model.style import INDENT, LONG_LINE, words_of
from rewriter.rule import Change, Split
from rewriter.syntax import words
from rewriter.text import Edit, Span, newline_of

#: what describes the image and builds nothing
_MOVED = frozenset("LABEL MAINTAINER EXPOSE VOLUME CMD ENTRYPOINT HEALTHCHECK STOPSIGNAL".split())
_VARIABLE = re.compile(r"\$\{?(\w+)")
_PLAIN = re.compile(r"[\w./:@%+=,-]*", re.ASCII)
#: what a health check may call beside the program: the shell's own commands and busybox's of the same meaning
_ANYWHERE = frozenset("exit test [ echo true false :".split())
#: how many files are copied one by one
_MANY = 24


class Plan(NamedTuple):
    """All that is known about one split.

    ``at`` is the index, among the steps, of the first one of the final stage. ``programs`` are the paths of what go built,
    what the image starts first. ``carried`` are further places that go along, of which ``files`` are known to be files.
    """

    stage: GoStage
    at: int
    start: Start
    programs: list[str]
    carried: list[str]
    files: frozenset[str]
    traces: Traces
    needs: Needs


class _Refused(Exception):
    """There is no final stage for a reason, which is the text."""


def change(plan: Plan) -> Change | str:
    """The edits, or why there are none."""
    try:
        return _change(plan)
    except _Refused as reason:
        return str(reason)


def _change(plan: Plan) -> Change:
    stage, file = plan.stage, plan.stage.file
    newline = newline_of(file.source)
    first = stage.stage.steps[0].instruction
    lower = first.keyword.of(file.source).islower()
    builder, named = _builder(plan)
    moved = [step for step in stage.steps[: plan.at] if step.name in _MOVED]
    commands = _commands(plan)
    command = " && ".join(commands)
    if len(command) > LONG_LINE:
        command = f" {file.escape}{newline}{INDENT}&& ".join(commands)
    flags = "".join(f"{flag.span.of(file.source)} " for flag in first.flags)
    lines = [f"FROM {flags}{plan.needs.image}", *([f"RUN {command}"] if command else []), *_environment(plan)]
    lines += _places(plan, builder)
    edits = list(named)
    if plan.needs.static:
        at = _first_go(plan)
        edits.append(Edit.insert(at, _keyword("ENV CGO_ENABLED=0", lower) + newline))
    texts = []
    for step in moved:
        span = _with_comments(stage, step)
        text = span.of(file.source)
        texts.append(text if text.endswith("\n") else text + newline)
        edits.append(Edit.delete(_with_blank(file.source, span)))
    body = [_keyword(line, lower) + newline for line in lines]
    where = _where(plan)
    before = file.source[:where]
    lead = "" if before.endswith("\n") else newline
    lead += "" if (before + lead).endswith(newline * 2) else newline
    text = lead + "".join(body) + "".join(texts)
    if where == len(file.source) and not file.source.endswith("\n"):
        text = text.removesuffix(newline)
    edits.append(Edit.insert(where, text))
    return Change(
        tuple(edits), adds=words_of(" && ".join(commands)) if commands else (), split=Split(builder, plan.needs.image)
    )


def _builder(plan: Plan) -> tuple[str, list[Edit]]:
    """The name of the builder, and the edit that gives it one."""
    stage = plan.stage.stage
    if stage.name:
        return stage.name, []
    taken = {other.name for other in plan.stage.file.stages}
    source = plan.stage.file.source.lower()
    names = ("builder", "go-builder", "go-build-stage")
    name = next((one for one in names if one not in taken and f"from={one}" not in source), "")
    if not name:
        raise _Refused("there is no name left for the builder")
    body = stage.steps[0].instruction.body
    return name, [Edit.insert(body.source(len(body.text) - 1) + 1, f" AS {name}")]


def _keyword(line: str, lower: bool) -> str:
    name, blank, rest = line.partition(" ")
    return (name.lower() if lower else name) + blank + rest


def _first_go(plan: Plan) -> int:
    """The offset of the first RUN that calls go to build, its comments included."""
    step = next(
        step
        for step in plan.stage.steps
        if step.name == "RUN" and any(one.tool == "go" for one in plan.stage.runs[step.index].commands)
    )
    return _with_comments(plan.stage, step).start


def _with_comments(stage: GoStage, step: Step) -> Span:
    above = stage.file.comments_above(step.instruction)
    return Span(above[0].span.start if above else step.span.start, step.span.end)


def _with_blank(source: str, span: Span) -> Span:
    """The span, with the blank line after it where another one stands in front, or a FROM."""
    end = source.find("\n", span.end) + 1
    before = source[: span.start].replace("\r", "")
    alone = before.endswith("\n\n") or before.rstrip().rpartition("\n")[2].upper().startswith("FROM ")
    return Span(span.start, end) if alone and end and not source[span.end : end].strip() else span


def _where(plan: Plan) -> int:
    """The offset at which the final stage begins."""
    stage = plan.stage
    if plan.at < len(stage.steps):
        return _with_comments(stage, stage.steps[plan.at]).start
    return len(stage.file.source)


def _commands(plan: Plan) -> list[str]:
    """The commands of the one RUN of the final stage: packages, users, folders."""
    packages = [*plan.needs.packages]
    tree = base_tree_of("debian")
    users = set(golang.listed("final", "users")) | plan.traces.names
    if not plan.needs.alpine and tree is not None:
        users |= tree.users
    for step in plan.stage.steps:
        if step.name == "HEALTHCHECK":
            packages += [name for name in _health(plan, step) if name not in packages]
        owner = next((flag.value or "" for flag in step.instruction.flags if flag.name == "chown"), "")
        name = step.instruction.body.text.strip() if step.name == "USER" else owner
        if name:
            for part in name.split(":"):
                if not part.isdigit() and part not in users:
                    raise _Refused(f"the user {part} is not known to be in {plan.needs.image}")
    if packages and not plan.needs.alpine:
        raise _Refused(f"{packages[0]} is needed, which a slim image has to install")
    parts = [f"apk add --no-cache {' '.join(packages)}"] if packages else []
    parts += plan.traces.users
    kept = [(path, text) for path, text in plan.traces.folders if not _made_anyway(plan, path)]
    plain = [path for path, text in kept if not text]
    owned = [(path, who) for path, who, _ in plan.traces.owners if not _tree_of_the_toolchain(plan, path)]
    places = [plan.stage.end.workdir, *plain]
    for path, who in owned:
        if path not in places or not all(part in users or part.isdigit() for part in who.split(":") if part):
            raise _Refused(f"who owns {path} is not repeated here")
        plain += [path] if path not in plain else []
    if plain:
        parts.append(f"mkdir -p {' '.join(dict.fromkeys(plain))}")
    parts += [text for _, text in kept if text]
    parts += [f"chown {who} {path}" for path, who in owned]
    for path, text in kept:
        if not _PLAIN.fullmatch(path) or (text and "-p" not in text.split()):
            raise _Refused(f"{path} is made in a way that is not repeated here")
    if kept and any(step.name == "USER" for step in plan.stage.steps[: plan.at]):
        raise _Refused(f"who owns {kept[0][0]} depends on USER")
    return parts


def _made_anyway(plan: Plan, path: str) -> bool:
    """True for a folder above what the final stage has, and for those of the toolchain's own tree."""
    ours = [plan.stage.end.workdir or "/", *plan.programs, *plan.carried]
    if any(paths.inside(one, path) for one in ours):
        return True
    return _tree_of_the_toolchain(plan, path)


def _tree_of_the_toolchain(plan: Plan, path: str) -> bool:
    """True for what lies in GOPATH and is not the working directory."""
    gopath, workdir = go_stage.gopath(plan.stage.end) or "/go", plan.stage.end.workdir or "/"
    ours = any(paths.inside(path, posixpath.join(gopath, one)) for one in ("src", "pkg", "bin"))
    return ours and not (paths.inside(path, workdir) and paths.inside(workdir, gopath) and workdir != gopath)


def _health(plan: Plan, step: Step) -> list[str]:
    """The packages that a HEALTHCHECK needs."""
    kind, _, text = step.instruction.body.text.partition(" ")
    if kind.upper() == "NONE":
        return []
    text = text.strip()
    if kind.upper() != "CMD" or text.startswith("["):
        text = " ".join(text.strip("[]").replace('"', " ").replace(",", " ").split())
    commands = commands_of(text)
    if commands is None:
        raise _Refused("what HEALTHCHECK calls is not known")
    found: list[str] = []
    for command in commands:
        name = command.simple.words[command.head].value if command.simple.words else None
        if name in plan.programs or command.tool == posixpath.basename(plan.programs[0]) or command.tool in _ANYWHERE:
            continue
        alpine = plan.stage.alpine is not None
        if not plan.needs.alpine:
            raise _Refused(f"HEALTHCHECK calls {command.tool or text}, which the final stage may lack")
        if command.tool == "curl" and (not alpine or "curl" in plan.traces.packages):
            found.append("curl")
        elif command.tool == "wget":
            found += [] if alpine and "wget" not in plan.traces.packages else ["wget"]
        else:
            raise _Refused(f"HEALTHCHECK calls {command.tool or text}, which the final stage may lack")
    return found


def _environment(plan: Plan) -> list[str]:
    """The ENV lines of the final stage."""
    stage = plan.stage
    found: list[str] = []
    shipped = [step for step in stage.steps if step.name in _MOVED or step in stage.steps[plan.at :]]
    arguments = {
        part.partition("=")[0]
        for instruction in (*stage.file.preamble, *(step.instruction for step in stage.steps[: plan.at]))
        if instruction.name == "ARG"
        for part in instruction.body.text.split()
    }
    mentioned: set[str] = set()
    for step in shipped:
        names = set(_VARIABLE.findall(step.instruction.body.text))
        mentioned |= names
        lost = sorted(names & arguments)
        if lost and step.name != "RUN":
            raise _Refused(f"{step.name} uses {lost[0]}, which an ARG of the builder sets")
    given: list[str] = []
    for step in stage.steps[: plan.at]:
        if step.name == "ENV":
            pairs = list(_pairs(plan, step))
            found += pairs
            given += [pair.removeprefix("ENV ").partition("=")[0] for pair in pairs]
    twice = next((name for name in given if given.count(name) > 1), "")
    if twice in mentioned and twice:
        raise _Refused(f"{twice} is set more than once")
    if "GOPATH" in mentioned:
        found.insert(0, f"ENV GOPATH={go_stage.gopath(stage.end)}")
    if mentioned & {*golang.names("image", "own"), *golang.names("commands", "variables")}:
        raise _Refused("what the image starts with uses a variable of the toolchain")
    missing = [
        folder
        for folder in dict.fromkeys(posixpath.dirname(path) for path in plan.programs)
        if folder in (stage.end.environment.get("PATH") or "").split(":")
        and folder not in golang.fact("final", "path").split(":")
    ]
    if missing:
        found.append(f"ENV PATH={':'.join(missing)}:$PATH")
    return found


def _pairs(plan: Plan, step: Step) -> Iterable[str]:
    """The variables of one ENV that a running program may ask for."""
    try:
        pairs = words.key_values(step.instruction.body.text, plan.stage.file.escape)
    except words.Malformed:
        raise _Refused("an ENV cannot be read") from None
    gopath = go_stage.gopath(plan.stage.end) or "/go"
    known = [*golang.fact("image", "path").split(":"), f"{gopath}/bin"]
    for pair in pairs:
        if pair.key in golang.names("commands", "variables") or pair.key == "GOPATH":
            continue
        value = step.state.expand(pair.value or "", plan.stage.file.escape)
        if pair.key == "PATH":
            if value is None or any(one not in known for one in value.split(":") if one):
                raise _Refused("ENV PATH leads to folders that the final stage may lack")
            continue
        if value is None:
            raise _Refused(f"the value of {pair.key} is not known")
        if not _PLAIN.fullmatch(value):
            if any(sign in value for sign in '"\\$`\n'):
                raise _Refused(f"the value of {pair.key} is not repeated here")
            value = f'"{value}"'
        yield f"ENV {pair.key}={value}"


def _places(plan: Plan, builder: str) -> list[str]:
    """WORKDIR, the files, the programs and USER."""
    stage = plan.stage
    state = stage.steps[plan.at].state if plan.at < len(stage.steps) else stage.end
    workdir = state.workdir
    if not workdir or not _PLAIN.fullmatch(workdir):
        raise _Refused("the working directory is not known")
    lines = [f"WORKDIR {workdir}"]
    if len(plan.carried) > _MANY:
        raise _Refused(f"{len(plan.carried)} files and folders may be read at run time")
    groups: dict[str, list[str]] = {}
    for path in (*plan.carried, *plan.programs):
        if not _PLAIN.fullmatch(path):
            raise _Refused(f"{path} is no plain path")
        groups.setdefault(_target(path, plan), []).append(path)
    for target, sources in groups.items():
        owner = next(
            (who for path, who, deep in plan.traces.owners if deep and all(paths.inside(one, path) for one in sources)),
            "",
        )
        flag = f"--chown={owner} " if owner else ""
        lines.append(f"COPY --from={builder} {flag}{' '.join(sources)} {target}")
    deleted = go_stage.trees_deleted([path for path, _, _ in plan.traces.gone])
    if deleted and not plan.needs.alpine:
        raise _Refused("the toolchain's zone data are deleted")
    data = golang.listed("final", "data") if not plan.needs.alpine else ()
    if plan.needs.alpine and plan.needs.zones and not deleted and (go_stage.version(stage) or (2,)) >= (1, 5):
        data = golang.listed("final", "zones")
    lines[0:0] = [f"COPY --from={builder} {path} {posixpath.dirname(path)}/" for path in data]
    users = [step for step in stage.steps[: plan.at] if step.name == "USER"]
    if users:
        lines.append(f"USER {users[-1].instruction.body.text.strip()}")
    return lines


def _target(path: str, plan: Plan) -> str:
    """Where COPY puts one file, or one folder."""
    folder = path not in plan.programs and path not in plan.files
    return path if folder else posixpath.join(posixpath.dirname(path), "")
