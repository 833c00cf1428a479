"""Reads what the shipped stage needs of its base: each instruction, and what the context shows of the program."""

from __future__ import annotations

import json
import re

from rewriter.knowledge import programs, variants
from rewriter.model.command import Command
from rewriter.model.context_tree import Tree
from rewriter.model.copied import copied
from rewriter.model.file import File, Step
from rewriter.model.needed_commands import Judge, Site
from rewriter.model.needs import Needs
from rewriter.model.node_packages import Packages, leads_npm
from rewriter.model.python_packages import Installed
from rewriter.model.run import Run, listed
from rewriter.model.walk import hides_commands
from rewriter.rule import Ask
from rewriter.syntax import words
from rewriter.syntax.nodes import Instruction
from rewriter.syntax.script import Script
from rewriter.syntax.shell import read_shell

#: parts of paths that belong to packages of the base, each with what it stands for
_PLACES = tuple(
    "linux-gnu /usr/lib/ /usr/share/ /usr/include /etc/apt /etc/ld.so /etc/alternatives /var/lib/dpkg /lib64 /etc/default/ "
    "/etc/ssl /usr/local/lib/python /usr/local/lib/node".split()
)
_LISTS = "/var/lib/apt/lists"
#: variables that lead a program to code or libraries that are not followed
_LEADING = frozenset("LD_LIBRARY_PATH LD_PRELOAD NODE_OPTIONS NODE_PATH PYTHONSTARTUP PYTHONPATH PYTHONHOME BASH_ENV "
                     "GUNICORN_CMD_ARGS".split())  # fmt: skip
#: files of the context that may say what is started in a container
_STARTERS = tuple(
    "docker-compose.yml docker-compose.yaml docker-compose.override.yml compose.yml compose.yaml Procfile .devcontainer.json "
    ".devcontainer/devcontainer.json".split()
)
_KEYS = ("command", "entrypoint", "test:", "Command", "web:", "worker:")
_INITS = frozenset(("tini", "dumb-init"))
_IMAGE_ENTRY = ("docker-entrypoint.sh", "/usr/local/bin/docker-entrypoint.sh")


def needs_of(file: File, language: str, tag: variants.Tag, ask: Ask) -> Needs:
    """What the last stage, with those of the file below it, needs of its base image ``language:tag``, which is that of the
    file: so it is worked out once, whoever asks."""
    found = file.memory.needs.get(file)
    if found is None:
        found = file.memory.needs[file] = _needs(file, language, tag, ask)
    return found


def _needs(file: File, language: str, tag: variants.Tag, ask: Ask) -> Needs:
    needs = Needs()
    stage = file.stages[-1]
    tree = Tree(file, stage, ask)
    numbers = tag.numbers
    python = ".".join(map(str, numbers[:2])) if len(numbers) > 1 else ""
    judge = Judge(language, tree, needs, Installed(tree, needs, python, len(numbers) == 3), Packages(tree, needs))
    steps = [step for part in reversed(stage.lineage) for step in part.steps]
    for step in steps:
        _places(step, file, needs)
        _step(step, file, judge)
    _started(steps, file, judge)
    _elsewhere(ask, needs)
    return needs


def _places(step: Step, file: File, needs: Needs) -> None:
    """Paths that belong to packages of the base image."""
    text = step.instruction.body.text.replace(_LISTS, "")
    found = next((place for place in _PLACES if place in text), "")
    for piece in text.split("/usr/bin/")[1:] if not found else ():
        name = re.split(r"[^\w.+-]", piece, maxsplit=1)[0]
        if programs.only_in_full(name) or name.startswith(("python", "perl")):
            found = f"/usr/bin/{name}"
    if found and step.name not in ("FROM", "LABEL", "MAINTAINER"):
        needs.ask(f"line {file.line(step.span.start)} names a path of the base image ({found})")


def _step(step: Step, file: File, judge: Judge) -> None:
    needs, name, instruction = judge.needs, step.name, step.instruction
    line = file.line(step.span.start)
    if name == "RUN":
        _run(file.run_at[step.index], judge)
    elif name == "ONBUILD":
        needs.block(f"line {line}: what a build that starts from this image needs is not known")
    elif name in ("COPY", "ADD"):
        if any(flag.name == "from" for flag in instruction.flags):
            needs.ask(f"line {line} copies from another stage or image what may need libraries of the full variant")
        elif name == "ADD" and copied(step, file.escape, judge.tree.ask).unpacks:
            needs.ask(f"line {line} unpacks what is not seen")
        elif "://" in instruction.body.text:
            needs.ask(f"line {line} downloads what may need what only the full variant has")
        owner = next((flag.value or "" for flag in instruction.flags if flag.name == "chown"), "")
        if not needs.knows(owner):
            needs.not_alpine(f"line {line} names a user that Alpine may not have")
    elif name == "SHELL":
        if instruction.args is not None and instruction.args[0].endswith("bash"):
            needs.need_on_alpine("bash", f"line {line} sets bash as SHELL", step.index)
        if instruction.args is None or instruction.args[0].rpartition("/")[2] not in ("sh", "bash", "dash"):
            needs.block(f"line {line} sets a SHELL that slim variants lack")
    elif name == "USER":
        if not needs.knows(instruction.body.text.strip()):
            needs.not_alpine(f"line {line} names a user that Alpine may not have")
    elif name in ("ENV", "ARG"):
        _variables(step, line, judge, file.escape)
    elif name == "HEALTHCHECK":
        _health(step, file, judge)


def _run(run: Run, judge: Judge) -> None:
    site = Site(run, False)
    needs = judge.needs
    if not run.readable:
        needs.ask(f"line {site.line} cannot be read")
        return
    if any(mount.type != "cache" for mount in run.mounts):
        needs.ask(f"line {site.line} mounts what is not seen")
    posix = not run.state.shell[0].endswith("bash")
    if (posix and "[[" in run.visible.text) or "((" in run.visible.text.replace("$((", ""):
        needs.not_alpine(f"line {site.line} uses a test or a sum of bash")
    if run.script is not None and hides_commands(run.script.body):
        needs.ask(f"line {site.line} calls programs in a here-document or an array, which are not followed")
    for command in run.commands:
        judge.command(command, site)


def _variables(step: Step, line: int, judge: Judge, escape: str) -> None:
    needs = judge.needs
    after = step.state.after(step.instruction, escape).environment
    for name, value in after.items():
        if name in step.state.environment and step.state.environment[name] == value:
            continue
        if name == "PATH":
            _path(step, line, judge, escape)
        elif name in _LEADING or leads_npm(name):
            needs.ask(f"line {line}: {name} leads to what is not followed")
        elif (name == "LANG" or name.startswith("LC_")) and (value or "?").upper() not in (
            "C.UTF-8",
            "C",
            "POSIX",
            "C.UTF8",
        ):
            needs.not_alpine(f"line {line}: {name} names a locale, which musl has not")
        elif name == "TZ":
            needs.not_alpine(f"line {line}: TZ names a time zone, and Alpine's base has no tzdata")


def _path(step: Step, line: int, judge: Judge, escape: str) -> None:
    """The folders that ENV puts into PATH: a program of the context in one of them goes before those of the image."""
    written = next(
        (pair.value or "" for pair in words.key_values(step.instruction.body.text, escape) if pair.key == "PATH"), ""
    )
    for folder in written.split(":"):
        known = step.state.expand(folder, escape) if folder not in ("$PATH", "${PATH}") else ""
        if known is None:
            judge.needs.ask(f"line {line}: which programs are in {folder} of PATH is not known")
        elif known:
            judge.folders.insert(0, known)


def _health(step: Step, file: File, judge: Judge) -> None:
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


def _started(steps: list[Step], file: File, judge: Judge) -> None:
    """What a container starts: ENTRYPOINT with CMD behind it, as the last of each says."""
    entry = next((step for step in reversed(steps) if step.name == "ENTRYPOINT"), None)
    command = next((step for step in reversed(steps) if step.name == "CMD"), None)
    entry = None if entry is None or entry.instruction.args == () else entry
    command = None if command is None or command.instruction.args == () else command
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


def _elsewhere(ask: Ask, needs: Needs) -> None:
    """Files of the context that start the image otherwise than the Dockerfile says."""
    for name in _STARTERS:
        text = ask.context(name)
        if text is not None and any(key in text for key in _KEYS):
            needs.ask(f"{name} starts programs in a way of its own, which is not followed")


def _exec(step: Step, given: tuple[str, ...], file: File, judge: Judge) -> None:
    instruction = step.instruction._replace(args=given)
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
