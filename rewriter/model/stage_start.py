"""What a container of the stage starts: ENTRYPOINT, CMD and HEALTHCHECK, and files of the context that start it otherwise."""

from __future__ import annotations

import json
from typing import Final

from rewriter import posixpath
from rewriter.knowledge import variants
from rewriter.model import compose
from rewriter.model.command import Command
from rewriter.model.file import File, Step
from rewriter.model.needed_commands import Judge, Site
from rewriter.model.needs import Needs
from rewriter.model.run import Run, listed
from rewriter.rule import Ask
from rewriter.syntax.nodes import Instruction
from rewriter.syntax.script import Script
from rewriter.syntax.shell import read_shell

#: files of the context that may say what is started in a container
_STARTERS: Final = tuple(
    "docker-compose.yml docker-compose.yaml docker-compose.override.yml compose.yml compose.yaml Procfile .devcontainer.json "
    ".devcontainer/devcontainer.json docker-compose.prod.yml docker-compose.production.yml docker-compose.dev.yml heroku.yml "
    "fly.toml railway.json railway.toml render.yaml".split()
)
_OF_SERVICES: Final = ("command:", "entrypoint:", "test:", "<<:", "extends:")
_KEYS: Final = ("command", "entrypoint", "test:", "Command", "web:", "worker:", "[processes]", "startCommand", "dockerCommand",
         "run:", "<<:", "extends:")  # fmt: skip
_INITS: Final = frozenset(("tini", "dumb-init"))
_IMAGE_ENTRY: Final = ("docker-entrypoint.sh", "/usr/local/bin/docker-entrypoint.sh")


def health(step: Step, file: File, judge: Judge) -> None:
    """The command of a HEALTHCHECK."""
    text = step.instruction.body.text
    line = file.line(step.span.start)
    if text[:4].upper() == "NONE":
        return
    rest = text[3:].strip()
    run = Run(step.instruction, step.index, step.state, file.stages[-1], file)
    if rest.startswith("["):
        given = _listed(rest)
        if given is None:
            judge.needs.ask(f"line {line} cannot be read")
        else:
            _exec(step, given, file, judge)
        return
    script = read_shell(rest)
    if not isinstance(script, Script) or text[:3].upper() != "CMD":
        judge.needs.ask(f"line {line} cannot be read")
        return
    for command in listed(script, step.state.workdir):
        judge.command(command, Site(run, True))


def _listed(text: str) -> tuple[str, ...] | None:
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return tuple(found) if isinstance(found, list) and found and all(isinstance(one, str) for one in found) else None


def started(steps: list[Step], file: File, judge: Judge) -> None:
    """What a container starts: ENTRYPOINT with CMD behind it, as the last of each says."""
    entry = next((step for step in reversed(steps) if step.name == "ENTRYPOINT"), None)
    command = next((step for step in reversed(steps) if step.name == "CMD"), None)
    entry = None if entry is None or entry.instruction.args == () else entry
    command = None if command is None or command.instruction.args == () else command
    if entry is None and command is None and judge.language in variants.SERVES:
        return  # the image starts its own program
    if entry is None and command is None:
        judge.needs.ask("it has no CMD or ENTRYPOINT, so it may be an image to build with")
        return
    if entry is not None:
        own = entry.instruction.args
        if own is None:
            _shell_form(entry, file, judge)
            return
        behind = () if command is None else command.instruction.args
        if command is not None and behind is None:
            judge.needs.ask(
                f"line {file.line(command.span.start)}: a CMD in shell form behind an ENTRYPOINT is not followed"
            )
            return
        judge.scripts.arguments = behind or ()
        given = own + (behind or ())
        program = own[0].rpartition("/")[2]
        if program in _INITS or (own[0] in _IMAGE_ENTRY and not _copied(steps, program)):
            judge.elsewhere(own[0], file.line(entry.span.start))
            given = given[1:]
            while given and given[0].startswith("-"):
                given = given[1:]
        if given:
            _exec(entry, given, file, judge)
        if judge.scripts.handed_on and behind and command is not None:
            _exec(command, behind, file, judge)
    elif command is not None:
        if command.instruction.args is None:
            _shell_form(command, file, judge)
        elif command.instruction.args:
            _exec(command, command.instruction.args, file, judge)


def _copied(steps: list[Step], name: str) -> bool:
    """True when the stage may put a file of this name of its own into the image."""
    return any(step.name in ("COPY", "ADD") and name in step.instruction.body.text for step in steps)


def elsewhere(ask: Ask, needs: Needs) -> None:
    """Files of the context that start the image otherwise than the Dockerfile says."""
    own = ((name, "", ask.context(name)) for name in _STARTERS)
    for path, way, text in (*own, *ask.beside()):
        name = posixpath.basename(path) if way else path
        if text is None or name not in _STARTERS:
            continue
        texts, keys = (_services(text, way), _OF_SERVICES) if way else ([text], _KEYS)
        if any(key in one for one in texts for key in keys):
            needs.ask(f"{name} starts programs in a way of its own, which is not followed")


def _services(text: str, way: str) -> list[str]:
    """The services of a compose file in a folder above that name the folder of the context."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    if not any(line.startswith("services:") for line in lines):
        return []
    blocks = ("".join(f"{line}\n" for line in service) for service in compose.services(lines))
    return [block for block in blocks if way in block]


def _exec(step: Step, given: tuple[str, ...], file: File, judge: Judge) -> None:
    own = step.instruction
    instruction = Instruction(
        own.span, own.keyword, own.name, own.flags, own.body, given, own.heredocs, own.comments, own.end
    )
    _judge_run(instruction, step, file, judge)


def _shell_form(step: Step, file: File, judge: Judge) -> None:
    _judge_run(step.instruction, step, file, judge)


def _judge_run(instruction: Instruction, step: Step, file: File, judge: Judge) -> None:
    run = Run(instruction, step.index, step.state, file.stages[-1], file)
    if not run.readable:
        judge.needs.ask(f"line {file.line(step.span.start)} cannot be read")
        return
    site = Site(run, True)
    commands = list(run.commands)
    if len(commands) == 1 and _idle(commands[0]):
        judge.needs.ask(f"line {site.line} starts {commands[0].tool}, so it may be an image to work in")
    for command in commands:
        judge.command(command, site)


def _idle(command: Command) -> bool:
    """True for a shell that waits for input, and for what only keeps a container alive."""
    if command.tool in ("bash", "sh"):
        return all((word.value or "").startswith("-") for word in command.arguments)
    return command.tool in ("sleep", "tail", "true")
