"""Which commands build for Node.js. Loaded for every file that calls one of its tools, so it asks for no table."""

from __future__ import annotations

from typing import Final

from rewriter.model.command import Command
from rewriter.model.file import File

MANAGERS: Final = frozenset(("npm", "cnpm", "yarn", "pnpm"))
#: beginnings of what a script of package.json is called that builds
_BUILDS: Final = (
    "build",
    "compile",
    "dist",
    "prod",
    "bundle",
    "webpack",
    "transpile",
    "tsc",
    "gulp",
    "grunt",
    "generate",
    "export",
)
#: compile and bundle. Source: the README of each
_BUNDLERS: Final = frozenset(
    "webpack gulp grunt tsc ng browserify parcel rollup vite esbuild babel next nuxt react-scripts vue-cli-service ember gatsby "
    "polymer".split()
)


def builds(file: File) -> bool:
    """True where a stage that ships builds."""
    return any(building(command) for run in file.runs if run.stage.ships for command in run.commands)


def idle(file: File) -> bool:
    """True where all that builds in what ships is ``npm build``. It runs no script: npm 6 and older call node-gyp by it, as
    ``npm install`` does, and later ones do not know it. Source: npm-build(1) of npm 6."""
    calls = [one for run in file.runs if run.stage.ships for one in run.commands if building(one)]
    return bool(calls) and all(one.tool == "npm" and one.subcommand == "build" for one in calls)


def building(command: Command) -> bool:
    """True for a call that builds: a script of package.json by its usual names, or a bundler."""
    if command.tool in MANAGERS:
        words = [word.value or "" for word in command.operands]
        name = command.subcommand if command.subcommand not in ("run", "run-script") else (words[0] if words else "")
        plain = command.tool == "npm" and command.subcommand not in ("run", "run-script")
        return name.startswith(_BUILDS) and not (plain and name != "build")
    tool = (command.arguments[0].value or "") if command.tool == "npx" and command.arguments else command.tool
    versions = {word.raw for word in command.arguments} & {"-v", "--version", "-V"}
    return tool in _BUNDLERS and not versions
