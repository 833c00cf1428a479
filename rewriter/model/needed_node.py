"""What a call of node or npm needs of the base image: programs and the scripts of package.json are followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rewriter import posixpath
from rewriter.model.command import Command
from rewriter.model.node_packages import script_of
from rewriter.model.node_program import NodeProgram

if TYPE_CHECKING:
    from rewriter.model.needed_commands import Judge, Site

#: options of node that change nothing in what runs
_PLAIN: Final = ("--max-old-space-size", "--max_old_space_size", "--trace", "--enable-source-maps", "--no-warnings")


def node(judge: Judge, command: Command, site: Site) -> None:
    """``node server.js``, ``node .``, ``node -e code``."""
    needs, line = judge.needs, site.line
    arguments = list(command.arguments)
    while arguments and (arguments[0].value or "").startswith(_PLAIN):
        arguments.pop(0)
    first = arguments[0].value if arguments else None
    program = NodeProgram(judge.tree, needs, site.index, line)
    if first in ("--version", "-v"):
        return
    if first in ("-e", "-p") and len(arguments) > 1 and arguments[1].value is not None:
        program.code(arguments[1].value, command.cwd)
    elif first is None or first.startswith("-") or (command.cwd is None and not first.startswith("/")):
        needs.ask(f"line {line}: what node runs is not known")
    else:
        path = posixpath.normpath(posixpath.join(command.cwd or "/", first))
        manifest = judge.npm.manifest(path, site.index)
        main = manifest.get("main") if manifest else None
        program.script(posixpath.join(path, main) if isinstance(main, str) else path)
    if program.seen and not site.at_run_time:
        needs.ask(f"line {line} runs a program while building, and what that writes is not seen")


def npm(judge: Judge, command: Command, site: Site) -> None:
    """npm, yarn, pnpm and npx: what they install, and the scripts that they run."""
    needs, line = judge.needs, site.line
    name = command.subcommand
    if command.tool == "npx":
        needs.ask(f"line {line}: npx fetches and runs what is not followed")
        return
    if name in ("run", "run-script") and command.operands:
        name = command.operands[0].value or ""
    elif name not in ("start", "test", "stop"):
        before = len(judge.npm.hooks)
        judge.npm.judge(command, site.run)
        for text, folder, _ in judge.npm.hooks[before:]:
            judge.scripts.text(text, folder, site, "a script of package.json that runs with the installation")
        return
    manifest = judge.npm.manifest(command.cwd, site.index)
    if manifest is None or command.has("--prefix", "--cwd", "-C"):
        needs.ask(f"line {line}: the script {name} is in a package.json that is not seen in the context")
        return
    if not site.at_run_time:
        needs.ask(f"line {line} runs the script {name} while building, and what that writes is not seen")
    found = False
    for each in (f"pre{name}", name, f"post{name}"):
        text = script_of(manifest, each)
        if text:
            found = found or each == name
            judge.scripts.text(text, command.cwd, site, f"the script {each} of package.json")
    if not found and name == "start":
        NodeProgram(judge.tree, needs, site.index, line).script(posixpath.join(command.cwd or "/", "server.js"))
    elif not found:
        needs.ask(f"line {line}: package.json has no script {name}")
