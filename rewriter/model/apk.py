"""Who works with the index that apk left in the image. Source: apk-add(8), apk-update(8)."""

from __future__ import annotations

from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.model.uses import names, related

READERS = ("add", "upgrade", "fix", "fetch", "search", "policy", "list", "version", "info")


def reads(command: Command) -> bool:
    """True for an apk that needs an index which is there: without ``--no-cache`` and ``-U``, which fetch one."""
    own = command.has("--no-cache", "-U", "--update", "--update-cache", "--no-network", "--root", "-p")
    return command.tool == "apk" and command.subcommand in READERS and not own


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
