"""A last stage that needs neither a shell nor a package manager: it holds a static program that another stage made."""

from __future__ import annotations

from typing import Final, NamedTuple

from rewriter.model import apt
from rewriter.model.command import Command
from rewriter.model.file import File, Stage, Step
from rewriter.model.run import Run
from rewriter.model.scope import POSIX_SHELLS

#: instructions that need nothing of the image
_QUIET: Final = frozenset(
    "FROM COPY ENV ARG EXPOSE LABEL MAINTAINER WORKDIR VOLUME STOPSIGNAL CMD ENTRYPOINT USER".split()
)
#: what distroless images have by themselves
_DATA: Final = frozenset(("ca-certificates", "tzdata"))


class Shape(NamedTuple):
    """What stands against another image, in sentences; RUNs that only install data, and what these install."""

    against: tuple[str, ...]
    data: tuple[Run, ...]
    packages: frozenset[str]


def shape(file: File) -> Shape:
    """Read the last stage, and the builds in those that it copies from."""
    stage = file.stages[-1]
    against: list[str] = []
    data: list[Run] = []
    packages: set[str] = set()
    if stage.parent is not None:
        against.append("the last stage is built on another one of the file")
    for step in stage.steps:
        line = file.line(step.span.start)
        if step.name == "RUN":
            run = file.run_at[step.index]
            found = _data(run)
            if found is None:
                against.append(f"line {line} runs commands in the last stage")
            else:
                data.append(run)
                packages |= found
        elif step.name == "HEALTHCHECK":
            if step.instruction.body.text.strip().upper() != "NONE":
                against.append(f"line {line} calls a command in the running container")
        elif step.name not in _QUIET:
            against.append(f"line {line}: {step.name} needs what is not seen")
        elif step.name == "USER":
            user = step.instruction.body.text.strip()
            if not all(part.isdigit() or part == "root" for part in user.split(":")):
                against.append(f"line {line} names the user {user}, which the other image has not")
    against += _started(file, stage) + _built(file, stage)
    return Shape(tuple(dict.fromkeys(against)), tuple(data), frozenset(packages))


def _data(run: Run) -> set[str] | None:
    """The packages of a RUN that installs certificates or time zones and does nothing else."""
    found: set[str] = set()
    for command in run.commands:
        installs = apt.is_apt(command, "install") or (command.tool == "apk" and command.subcommand == "add")
        if installs:
            names = (
                set(apt.packages(run, command))
                if command.tool != "apk"
                else {w.value or w.raw for w in command.operands}
            )
            found |= names
        elif not _tidies(command):
            return None
    return found if run.readable and found <= _DATA else None


def _tidies(command: Command) -> bool:
    if command.tool == "rm":
        return all((word.value or word.raw).startswith(("/var/lib/apt", "/var/cache/apk")) for word in command.operands)
    return apt.is_apt(command, "update", "clean") or (command.tool == "apk" and command.subcommand == "update")


def _started(file: File, stage: Stage) -> list[str]:
    """Against it: a start through a shell, or of what the stage does not copy."""
    last = {step.name: step for step in stage.steps if step.name in ("CMD", "ENTRYPOINT")}
    first = last.get("ENTRYPOINT", last.get("CMD"))
    if first is None:
        return ["it has no CMD or ENTRYPOINT"]
    line = file.line(first.span.start)
    if any(step.instruction.args is None for step in last.values()):
        return [f"line {line} starts its program through a shell"]
    words = first.instruction.args or ("",)
    name = words[0].rpartition("/")[2]
    brought = any(name in step.instruction.body.text for step in stage.steps if step.name == "COPY" and _origin(step))
    if name in POSIX_SHELLS or name.endswith(".sh") or not brought:
        return [f"line {line} starts {words[0] or 'nothing'}, which no COPY --from is seen to bring"]
    return []


def _built(file: File, stage: Stage) -> list[str]:
    """Against it: what is copied comes from elsewhere, or from a stage whose builds are not all without cgo."""
    names = {other.name: other for other in file.stages if other.name} | {
        str(other.index): other for other in file.stages
    }
    found: list[str] = []
    copied = [step for step in stage.steps if step.name == "COPY"]
    origins = [(step, _origin(step)) for step in copied if _origin(step)]
    if not origins:
        found.append("no stage of the file makes the program, so whether it is static is not known")
    for step, origin in origins:
        other = names.get(origin)
        if other is None:
            found.append(f"line {file.line(step.span.start)} copies from {origin}, which is not seen")
            continue
        builds = [
            (run, command)
            for run in file.runs
            if run.stage in other.lineage
            for command in run.commands
            if command.tool == "go" and command.subcommand in ("build", "install")
        ]
        if not builds:
            found.append(f"no go build is seen in the stage {origin}, so whether what it makes is static is not known")
        for run, command in builds:
            own = dict(command.environment).get("CGO_ENABLED", run.state.environment.get("CGO_ENABLED"))
            if own != "0":
                found.append(
                    f"line {file.line(run.span.start)} builds without CGO_ENABLED=0, so that it may want a C library"
                )
    return found


def _origin(step: Step) -> str:
    return next(((flag.value or "").lower() for flag in step.instruction.flags if flag.name == "from"), "")
