"""Which commands install gems. Loaded for every file that names Bundler or RubyGems beside a package manager."""

from __future__ import annotations

import posixpath
import re

from rewriter.model.command import Command
from rewriter.model.run import Run

_INSTALLS = re.compile(r"\b(?:bundle|gem)\s+install\b")
_HEADERS = re.compile(r"ruby\d*(?:\.\d+)*-(?:dev|devel)|ruby-full|ruby-all-dev")
_VERSIONED = re.compile(r"(gem|bundle|bundler|ruby|rake|rails)\d+(?:\.\d+)*")


def tool_of(command: Command) -> str:
    """The tool without the version in its name: ``gem`` for ``gem2.3``."""
    words = command.simple.words[command.head :]
    name = command.tool or (posixpath.basename(words[0].raw.strip("\"'")) if words else "")
    match = _VERSIONED.fullmatch(name)
    return match[1] if match else name


def installing(command: Command) -> bool:
    """True for a call that installs gems, which may have to be compiled."""
    tool = tool_of(command)
    if tool in ("bundle", "bundler"):
        words = [word.value or "" for word in command.arguments if not (word.value or "").startswith(("-", "_"))]
        version = any(word.raw in ("-v", "--version") for word in command.arguments)
        return (not words and not version) or words[:1] in (["install"], ["update"])
    return tool == "gem" and command.subcommand in ("install", "i")


def hidden(runs: list[Run]) -> Run | None:
    """The RUN in which another tool calls Bundler or RubyGems (``rbenv exec gem install``), if there is one."""
    return next((run for run in runs if _INSTALLS.search(run.visible.text)), None)


def headers(package: str) -> bool:
    """True for a package of Ruby's own headers."""
    return _HEADERS.fullmatch(package) is not None
