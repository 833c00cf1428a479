"""What a call of Composer leaves, and what composer.json and composer.lock of the context say about it.

Sources: https://getcomposer.org/doc/03-cli.md, https://getcomposer.org/doc/06-config.md (vendor-dir, bin-dir).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from rewriter import posixpath
from rewriter.model import paths, split_php_calls
from rewriter.model.command import Command
from rewriter.model.context_tree import Tree as Context
from rewriter.model.run import Run
from rewriter.syntax.script import Word

if TYPE_CHECKING:
    from rewriter.model.split_php_page import PhpPage

#: commands that leave nothing a program needs: Composer itself, its cache, its settings
_TELLING: Final = frozenset(
    "clear-cache clearcache cc self-update selfupdate validate check-platform-reqs diagnose about show info list help status "
    "outdated licenses depends why prohibits why-not search browse home fund audit suggests".split()
)
_PLUGIN: Final = re.compile(r'"type"\s*:\s*"composer-(?:plugin|installer)"')
#: a package that is wanted
_REQUIRES: Final = re.compile(r'"[\w.-]+/[\w.-]+"\s*:\s*"')
_ELSEWHERE: Final = re.compile(r'"(?:vendor-dir|bin-dir)"\s*:\s*"(/|\.\.|~|\$)')


class Installation(NamedTuple):
    """A call that installs: in which folder, at which instruction, whether scripts, plug-ins and what is wanted to develop are
    part of it."""

    folder: str
    at: int
    updates: bool
    scripts: bool
    plugins: bool
    developing: bool


def leaves(page: PhpPage, run: Run, command: Command, arguments: tuple[Word, ...]) -> str:
    """Why what it leaves is not known, or ""."""
    sub, operands = split_php_calls.subcommand(arguments)
    flags = {word.raw for word in arguments}
    if not sub or sub in _TELLING or flags & {"--version", "-V"} or (sub == "config" and flags & {"-g", "--global"}):
        return ""
    folder = _folder(run, command, arguments)
    if sub == "global":
        return _for_everybody(page, run, operands)
    vendor = run.state.environment.get("COMPOSER_VENDOR_DIR", "")
    if vendor is None or (vendor and not vendor.startswith("/")):
        return "where Composer puts packages is not known: COMPOSER_VENDOR_DIR says"
    if vendor:
        page.traces.folders.make(posixpath.normpath(vendor), run.state.user, asked=True)
    if sub == "create-project":
        folder = _created(run, operands, folder)
        if folder is not None:
            page.traces.folders.make(folder, run.state.user)
    if sub in ("install", "i", "update", "u", "upgrade", "create-project") and folder is not None:
        own = ("--no-scripts" not in flags, "--no-plugins" not in flags, "--no-dev" not in flags)
        page.installed_by.append(Installation(folder, run.index, sub != "install", *own))
    return page.here(run, command, folder)


def _folder(run: Run, command: Command, arguments: tuple[Word, ...]) -> str | None:
    """The folder that Composer works in: by its option, or the one that it is called in."""
    given = next((at for at, word in enumerate(arguments) if word.raw in ("-d", "--working-dir")), None)
    name = next((word.raw.partition("=")[2] for word in arguments if word.raw.startswith("--working-dir=")), "")
    if given is not None and given + 1 < len(arguments):
        name = paths.symbolic(arguments[given + 1], run.state) or "$"
    if "$" in name or (command.cwd is None and not name.startswith("/")):
        return None
    return posixpath.normpath(posixpath.join(command.cwd or "/", name))


def _created(run: Run, operands: tuple[Word, ...], folder: str | None) -> str | None:
    """The folder of ``create-project PACKAGE [FOLDER]``."""
    if not operands:
        return folder
    word = operands[1] if len(operands) > 1 else operands[0]
    name = paths.symbolic(word, run.state) or "$"
    name = name if len(operands) > 1 else posixpath.basename(name.partition(":")[0])
    if "$" in name or (folder is None and not name.startswith("/")):
        return None
    return posixpath.normpath(posixpath.join(folder or "/", name))


def _for_everybody(page: PhpPage, run: Run, operands: tuple[Word, ...]) -> str:
    """``composer global``: what only helps Composer stays; programs may be called in a container."""
    sub = (operands[0].value or "") if operands else ""
    if sub not in ("require", "install", "update"):
        return ""
    named = [(word.value or word.raw).partition(":")[0].partition("=")[0].strip("\"'") for word in operands[1:]]
    if sub == "require" and named and all(one in page.words("fetchers") for one in named):
        return ""
    home = run.state.environment.get("COMPOSER_HOME")
    if not home or not home.startswith("/"):
        what = named[0] if named else "packages"
        return f"composer global {sub} puts {what} into a home folder: with ENV COMPOSER_HOME it would go along"
    page.homes.append(posixpath.join(posixpath.normpath(home), "vendor"))
    return ""


def told(page: PhpPage, context: Context) -> tuple[list[str], list[str], str]:
    """Facts, questions, and what stands against a split, by what the context shows of each installation."""
    facts: list[str] = []
    asks: list[str] = []
    for one in page.installed_by:
        manifest = context.text(posixpath.join(one.folder, "composer.json"), one.at)
        if manifest is None:
            if one.scripts or one.plugins:
                asks.append(
                    "do scripts and plug-ins that Composer runs leave nothing outside of "
                    f"{one.folder}, and does composer.json keep vendor there?"
                )
            continue
        if _ELSEWHERE.search(manifest):
            return [], [], "composer.json puts packages outside of its folder"
        lock = None if one.updates else context.text(posixpath.join(one.folder, "composer.lock"), one.at)
        _read(page, one, manifest, lock, facts, asks)
    return facts, asks, ""


def _read(page: PhpPage, one: Installation, manifest: str, lock: str | None, facts: list[str], asks: list[str]) -> None:
    from rewriter.model import composer_lock  # here: few files show it

    project = composer_lock.read(manifest, lock, one.developing)
    if project is None:
        asks.append(f"does composer.json keep vendor below {one.folder}? It cannot be read")
        return
    if one.scripts and (project.commands or project.runs):
        asks.append(f"do the scripts of composer.json leave nothing outside of {one.folder}?")
    if one.plugins and (_PLUGIN.search(lock) if lock is not None else _REQUIRES.search(manifest)):
        asks.append(f"do plug-ins of Composer leave nothing outside of {one.folder}?")
    wanted = [name for name, _ in project.extensions if name.lower() not in page.words("there")]
    if wanted:
        facts.append(f"composer.json wants extensions beside the image's own: {', '.join(dict.fromkeys(wanted))}")
