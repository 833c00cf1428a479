"""Who works with the index that apk left in the image, and how ``apk update`` is taken out. Source: apk-add(8), apk-update(8)."""

from __future__ import annotations

from rewriter.knowledge.caches import cache_of
from rewriter.model import style
from rewriter.model.caches import span_of
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.model.uses import names, related
from rewriter.rule import Change

READERS = ("add", "upgrade", "fix", "fetch", "search", "policy", "list", "version", "info")


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


def update_before(run: Run) -> tuple[Run, Command] | None:
    """The last ``apk update`` in front of what the RUN installs, in itself or in a layer below."""
    install = max((command.start for command in run.uses("apk") if command.subcommand in ("add", "upgrade")), default=0)
    below = (one for one in reversed(run.file.runs) if one.stage in run.stage.lineage and one.index <= run.index)
    for other in below:
        for command in other.uses("apk") if "apk" in other.tools else ():
            if fetches_index(command) and (other is not run or command.start < install):
                return other, command
    return None


def needs_index(file: File, run: Run, update: Command, *, cured: bool = False) -> str:
    """Who needs the index, or "" when all that install fetch their own; ``cured`` takes those as well that can be told to."""
    directory = cache_of("apk").directories[0]
    after = [(run, command) for command in run.uses("apk") if command.start > update.start]
    after += [(later, command) for later in file.later_runs(run) for command in later.uses("apk")]
    renewed: set[int] = set()  # stages that have fetched another one since
    for where, command in after:
        if where.stage.index in renewed:
            continue
        if fetches_index(command):
            renewed.add(where.stage.index)
            continue
        curable = command.subcommand in ("add", "upgrade") and command.editable and not package_files(command)
        if reads(command) and not (cured and curable and not where.removes(directory, command.start)):
            return f"line {file.line(span_of(where, command).start)} works with the index that apk update fetches"
    wanted = wanted_in_use(file, run)
    if wanted:
        return wanted
    if not renewed and not any(command.subcommand in ("add", "upgrade") for _, command in after):
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
    for step in related(file, run.stage):
        instruction = step.instruction.trigger or step.instruction
        used = step.name in ("CMD", "ENTRYPOINT", "HEALTHCHECK", "ONBUILD")
        if not used or "apk" not in names(step.instruction):
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
