"""Which Yarn a Dockerfile calls. Sources: https://yarnpkg.com/migration/guide, https://classic.yarnpkg.com/en/docs/cli/."""

from __future__ import annotations

from typing import Final

from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.rule import Ask

_MODERN_OPTIONS: Final = ("--immutable", "--immutable-cache", "--check-cache")
_MODERN_PAIRS: Final = (("set", "version"), ("workspaces", "focus"), ("policies", "set-version"))
_MODERN_COMMANDS: Final = frozenset({"dlx", "plugin", "constraints", "rebuild"})
#: options that Yarn 2 and later refuse
_CLASSIC_OPTIONS: Final = ("--production", "--prod", "--pure-lockfile", "--no-lockfile", "--modules-folder", "--flat",
                    "--ignore-optional")  # fmt: skip


def modern(file: File, ask: Ask) -> str:
    """Why the Yarn of this file is 2 or later, or "". There its cache may hold the very files that run."""
    why = _sign(file, ask)
    return f"{why}: this is Yarn 2 or later, whose cache may be what the program is loaded from" if why else ""


def _sign(file: File, ask: Ask) -> str:
    for stage in file.stages:
        for step in stage.steps:
            if step.name in ("COPY", "ADD") and any(_brings(word) for word in step.instruction.body.text.split()):
                return f"line {file.line(step.span.start)} copies .yarnrc.yml or .yarn"
    for run in file.runs:
        for command in run.uses("yarn", "corepack"):
            words = [word.value for word in command.operands]
            if command.tool == "corepack" or command.has(*_MODERN_OPTIONS) or command.subcommand in _MODERN_COMMANDS:
                return f"line {file.line(run.span.start)} runs {command.words_text[:40]}"
            if (command.subcommand, *words[:1]) in _MODERN_PAIRS:
                return f"line {file.line(run.span.start)} runs {command.words_text[:40]}"
    if ask.context(".yarnrc.yml") is not None:
        return "the context has .yarnrc.yml"
    return ""


def _brings(word: str) -> bool:
    parts = word.strip('",[]').split("/")
    return ".yarn" in parts or ".yarnrc.yml" in parts or parts[-1] in (".yarn*", ".yarnrc*")


def classic(run: Run, ask: Ask) -> bool:
    """True when only Yarn 1 can be meant.

    Signs are its own options and commands, a context without ``.yarnrc.yml``, or nothing but named files copied so far.
    """
    for command in run.uses("yarn", "yarnpkg"):
        if command.subcommand == "global" or command.has(*_CLASSIC_OPTIONS):
            return True
    if ask.context("package.json") is not None:
        return ask.context(".yarnrc.yml") is None
    before = [step for step in run.stage.steps if step.index < run.index and step.name in ("COPY", "ADD")]
    sources = [word for step in before for word in step.instruction.body.text.strip("[] ").split()[:-1]]
    return run.stage.parent is None and all(_named(word) for word in sources)


def _named(source: str) -> bool:
    """True for a file that is named in full: ``package.json``, not ``.``, ``src/`` or ``*``."""
    name = source.strip('",').rpartition("/")[2]
    return name.endswith((".json", ".lock", ".json*", ".lock*", "lock.json*"))
