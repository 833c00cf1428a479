"""Who works with the index that apk left in the image, and how ``apk update`` is taken out. Source: apk-add(8), apk-update(8)."""

from __future__ import annotations

from itertools import chain
from typing import Final

from rewriter.knowledge.caches import cache_of
from rewriter.model import style
from rewriter.model.caches import span_of
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.model.uses import at_use, names
from rewriter.rule import Change

READERS: Final = ("add", "upgrade", "fix", "fetch", "search", "policy", "list", "version", "info")


def reads(command: Command) -> bool:
    """True for an apk that needs an index which is there: without ``--no-cache`` and ``-U``, which fetch one."""
    own = command.has("--no-cache", "-U", "--update", "--update-cache", "--no-network", "--root", "-p")
    return command.tool == "apk" and command.subcommand in READERS and not own


def package_files(command: Command) -> bool:
    """True for ``apk add ./x.apk``, which needs no index but for what the files depend on."""
    return bool(command.operands) and all(word.raw.endswith(".apk") for word in command.operands)


def fetches_index(command: Command) -> bool:
    """True for an ``apk update`` that leaves an index in the layer."""
    return command.tool == "apk" and command.subcommand == "update" and not (
        command.has("--no-cache", *cache_of("apk").unless)
    )  # fmt: skip


def updates(file: File) -> dict[int, tuple[Run, Command]]:
    """The last ``apk update`` in front of what each RUN installs, in itself or in a layer below, by the index of the RUN."""
    found: dict[int, tuple[Run, Command]] = {}
    last: dict[int, tuple[Run, Command]] = {}  # by the index of the stage, as far as it was read
    for run in file.runs:
        parent = run.stage.parent
        below = last.get(run.stage.index) or (last.get(parent.index) if parent is not None else None)
        commands = list(run.uses("apk")) if "apk" in run.tools else []
        fetching = [command for command in commands if fetches_index(command)]
        install = max((one.start for one in commands if one.subcommand in ("add", "upgrade")), default=0)
        own = next(((run, command) for command in fetching if command.start < install), None)
        at_last = own or below
        if at_last is not None:
            found[run.index] = at_last
        left = (run, fetching[0]) if fetching else below
        if left is not None:
            last[run.stage.index] = left
    return found


def needs_index(file: File, run: Run, update: Command, *, cured: bool = False) -> str:
    """Who needs the index, or "" when all that install fetch their own; ``cured`` takes those as well that can be told to."""
    directory = cache_of("apk").directories[0]
    own = ((run, command) for command in run.uses("apk") if command.start > update.start)
    later = ((other, command) for other in file.later_runs(run) for command in other.uses("apk"))
    heirs = len(file.heirs(run.stage))
    renewed: set[int] = set()  # stages that have fetched another one since
    installed = False
    for where, command in chain(own, later):
        if len(renewed) == heirs:
            break
        if where.stage.index in renewed:
            continue
        if fetches_index(command):
            renewed.add(where.stage.index)
            continue
        installs = command.subcommand in ("add", "upgrade")
        installed = installed or installs
        curable = installs and command.editable and not package_files(command)
        if reads(command) and not (cured and curable and not where.removes(directory, command.start)):
            return f"line {file.line(span_of(where, command).start)} works with the index that apk update fetches"
    wanted = wanted_in_use(file, run)
    if wanted:
        return wanted
    if not renewed and not installed:
        return "nothing after apk update installs, so that its index may be meant for whoever works in the image"
    return ""


def without_update(file: File, run: Run, update: Command) -> Change | style.Refusal:
    """The edits that take ``apk update`` out, with its RUN where it is alone there."""
    if update.operands:
        return style.Refusal("it has words behind it, with which it does nothing")
    change = style.remove(run, update)
    alone = len(run.commands) == 1 and run.form == "shell" and not update.wrappers and not update.simple.redirects
    if isinstance(change, Change) or not alone:
        return change
    if run.instruction.comments or file.comments_above(run.instruction):
        return style.Refusal("a comment belongs to it")
    assert run.script is not None
    return Change((style.whole(file, run.instruction),), drops=style.words_of(run.script.text))


def wanted_in_use(file: File, run: Run) -> str:
    """Where a container or a build that starts from the image installs from its index, as a reason; else ""."""
    for step in at_use(file, run.stage):
        instruction = step.instruction.trigger or step.instruction
        if "apk" not in names(step.instruction):
            continue
        line = file.line(step.span.start)
        when = "in another build" if step.name == "ONBUILD" else "when the image is used"
        if instruction.name not in ("CMD", "ENTRYPOINT", "RUN"):
            return f"line {line} may install from the index {when}"
        other = Run(instruction, step.index, step.state, run.stage, file)
        for command in other.commands:
            if command.tool == "apk" and command.subcommand == "update":
                break
            if reads(command):
                return f"line {line} installs from the index {when}"
        else:
            if other.script is None and other.form != "exec":
                return f"line {line} may install from the index {when}"
    return ""
