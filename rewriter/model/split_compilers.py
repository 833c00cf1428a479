"""What splits have in common that take compilers away and keep the image: of Python, of Ruby."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from rewriter import posixpath
from rewriter.knowledge import dev_packages, images, languages
from rewriter.model import bases, paths, split_purpose
from rewriter.model.command import Command
from rewriter.model.context_tree import Tree as Context
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.model.split_page import Page
from rewriter.model.split_stage import Shipped
from rewriter.model.split_start import commands_of, resolved
from rewriter.model.split_tree import Tree
from rewriter.rule import Ask, Decline

_INSTALLERS: Final = frozenset("apt-get apt aptitude apt-fast apk yum dnf microdnf zypper pacman".split())
_REMOVES: Final = frozenset(("remove", "purge", "autoremove", "del", "erase"))
#: what names of the packages that compile have in them
_IN_NAMES: Final = ("gcc", "g++", "clang", "gfortran", "build-", "-dev", "-sdk", "ruby-full")
_WORD: Final = re.compile(r"[a-z][a-z0-9.+-]*(?![\w.+-])")
_VARIABLE: Final = re.compile(r"\$\{?([A-Za-z_]\w*)")


def compiling(file: File, key: str) -> tuple[Run | None, Run | None]:
    """The first RUN of what ships that installs a compiler and leaves it, and the first that takes it away again.
    ``key`` is the language."""
    first: Run | None = None
    gone: Run | None = None
    own = languages.names(key, "compilers")
    if not any(name in file.source for name in _IN_NAMES):  # as in most files
        return first, gone
    for run in file.runs:
        if run.tools.isdisjoint(_INSTALLERS) or not run.stage.ships:
            continue
        calls = [one for one in run.commands if one.tool in _INSTALLERS]
        if not any(one.subcommand in ("install", "add", "in") or one.tool == "pacman" for one in calls):
            continue
        text = run.visible.text
        if "$" not in text and not any(name in text for name in _IN_NAMES):
            continue
        if own.isdisjoint(named(run)):
            continue
        if any(one.subcommand in _REMOVES for one in calls):
            gone = gone or run
        else:
            first = first or run
    return first, gone


def named(run: Run) -> set[str]:
    """The words of a RUN that may be packages: those of the whole text, since a variable of the shell may hold them, and of the
    values of ENV and ARG that it uses."""
    found = set(_WORD.findall(run.visible.text))
    for name in _VARIABLE.findall(run.visible.text):
        found.update((run.state.environment.get(name) or "").split())
    return found


def locked(ask: Ask, name: str, row: re.Pattern[str]) -> frozenset[str] | None:
    """What the lock files of this name in the context name, each by a ``row``; None where none is seen."""
    texts = [ask.context(path) for path in ask.files() or () if path.rpartition("/")[2] == name]
    if not texts or None in texts:
        return None
    return frozenset(one for text in texts for one in row.findall(text or ""))


def named_release(repository: str, tag: str, official: str, first: tuple[int, ...]) -> str:
    """The release of Debian that a tag names or means, where dev_packages.toml is true of it; else "". ``first`` is the first
    version of the official image whose moving tag was last built on one of them."""
    if repository == "debian":
        name = images.of_debian(tag)
        return name if dev_packages.named_in(name) else ""
    if repository != official:
        return ""
    named = next((part for part in tag.split("-") if dev_packages.named_in(part)), "")
    if named:
        return named
    version = bases.version_of(tag)
    moving = tag.partition("-")[2] in ("slim", "") and (version is None or len(version) < 3)
    newer = version is None or version == first[:1] or version >= first
    return "stable" if moving and newer else ""


def with_places(tree: Tree, places: list[str]) -> Tree:
    """The same with what is installed."""

    def beside(found: list[str]) -> list[str]:
        return [one for one in found if not any(paths.inside(one, place) for place in places)]

    return tree._replace(tops=beside(tree.tops), files=beside(tree.files), written=[*places, *beside(tree.written)])


def called_by_a_script(shipped: Shipped, page: Page, ask: Ask, installing: Callable[[Command], bool]) -> Decline | None:
    """A script of the context that the image starts, and that installs or builds."""
    step, _ = split_purpose.started(shipped)
    for path, one in in_scripts(shipped, ask):
        if one.tool in page.words("toolchain") or installing(one):
            return Decline(step.span, f"{split_purpose.KEPT}: {posixpath.basename(path)} calls {one.tool}")
    return None


def in_scripts(shipped: Shipped, ask: Ask) -> Iterator[tuple[str, Command]]:
    """The commands of the scripts of the context that the image starts, each with the script's path."""
    context = Context(shipped.file, shipped.file.stages[-1], ask)
    for command in split_purpose.started(shipped)[1]:
        for word in command.simple.words[command.head : command.head + 2]:
            name = paths.symbolic(word, shipped.end)
            path = resolved(f"./{name}" if name and "/" not in name else name or "", shipped)
            text = context.text(path) if name and "$" not in path and not path.endswith((".py", ".rb")) else None
            yield from ((path, one) for one in (commands_of(text) or ())) if text else ()


def fetched(shipped: Shipped, ask: Ask) -> list[str]:
    """What a full image has to fetch with and a slim one has not, where HEALTHCHECK, CMD, ENTRYPOINT or a script that is seen
    calls it."""
    texts = [step.instruction.body.text for step in shipped.steps if step.name in ("HEALTHCHECK", "CMD", "ENTRYPOINT")]
    words = " ".join(texts).replace('"', " ").replace(",", " ").replace("[", " ").split()
    words += [one.tool for _, one in in_scripts(shipped, ask)]
    return [one for one in ("curl", "wget", "git") if one in words]
