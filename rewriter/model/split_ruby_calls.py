"""Which commands install gems. Loaded for every file that names Bundler or RubyGems beside a package manager."""

from __future__ import annotations

import re
from typing import Final

from rewriter import posixpath
from rewriter.knowledge import languages
from rewriter.model import split_purpose
from rewriter.model.command import Command
from rewriter.model.run import Run

BUNDLE: Final = "/usr/local/bundle"
#: settings of Bundler that a program needs when it runs; the others only serve `bundle install`. Source: bundle-config(1)
_AT_RUN_TIME: Final = frozenset(
    "path without with deployment frozen bin gemfile app_config disable_shared_gems system".split()
)
_TESTS: Final = ("test", "spec", "cucumber", "rubocop")
_INSTALLS: Final = re.compile(r"\b(?:bundle|gem)\s+install\b")
_HEADERS: Final = re.compile(r"ruby\d*(?:\.\d+)*-(?:dev|devel)|ruby-full|ruby-all-dev")
_VERSIONED: Final = re.compile(r"(gem|bundle|bundler|ruby|rake|rails)\d+(?:\.\d+)*")


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


def setting(command: Command) -> tuple[bool, str, list[str]]:
    """Of ``bundle config``: whether it is the form of Bundler 2, and the name and the values of a setting that a program needs
    when it runs; no values for any other."""
    words = [word.value or "$" for word in command.operands if not word.raw.startswith("-")]
    newer = words[:1] == ["set"]
    words = words[1:] if words[:1] in (["set"], ["unset"], ["get"]) else words
    name = words[0] if words else ""
    return newer, name, words[1:] if name in _AT_RUN_TIME else []


def own(command: Command) -> bool:
    """True for the image's own tool, and for a binstub of the program."""
    raw = command.simple.words[command.head].raw if command.simple.words else ""
    return "/" not in raw or posixpath.dirname(raw) in ("/usr/bin", "/usr/local/bin", f"{BUNDLE}/bin", "bin", "./bin")


def starts_build(tool: str, words: list[str]) -> str:
    """Why an image that starts this installs or tests, or ""."""
    if tool in ("bundle", "bundler"):
        plain = [one for one in words if not one.startswith("-")]
        if plain[:1] not in (["exec"], ["e"]):
            return "" if plain[:1] == ["check"] else f"{split_purpose.KEPT}: it starts the build tool {tool}"
        tool, words = (plain[1] if len(plain) > 1 else ""), plain[2:]
    if tool in languages.names("ruby", "toolchain"):
        return f"{split_purpose.KEPT}: it starts the build tool {tool}"
    if tool in ("rake", "rails") and words[:1] and words[0].startswith(_TESTS):
        return f"{split_purpose.KEPT}: it starts {tool} {words[0]}"
    return ""
