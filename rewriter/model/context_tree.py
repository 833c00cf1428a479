"""Which file of the build context lies at a path of the image."""

from __future__ import annotations

import re
from typing import Final

from rewriter import posixpath
from rewriter.glob import matches
from rewriter.lazy import has_lazy, lazy
from rewriter.model.command import Command
from rewriter.model.copied import Copied, copied
from rewriter.model.file import File, Stage
from rewriter.rule import Ask
from rewriter.syntax.nodes import Instruction
from rewriter.syntax.script import Word

#: commands that may write what their operands name
_WRITERS: Final = frozenset(
    "sed tee cp mv patch ln install awk perl envsubst dos2unix truncate jq yq 2to3 rsync git".split()
)
#: commands that write what they fetch
_FETCHERS: Final = frozenset(("curl", "wget"))

#: commands that put files into a folder: from elsewhere on the disk, and out of an archive or a repository
_COPIERS: Final = frozenset("cp mv rsync ln install".split())
_FILLERS: Final = _COPIERS | frozenset("tar unzip bsdtar git patch 7z svn hg".split())

_VARIABLE: Final = re.compile(r"\$\{?\w+\}?")


@has_lazy
class Tree:
    """The files that COPY and ADD brought from the context into one stage and those below it."""

    def __init__(self, file: File, stage: Stage, ask: Ask) -> None:
        self.file = file
        self.stage = stage
        self.ask = ask
        self._reaching: dict[str, tuple[Copied, ...]] = {}
        self._near: dict[tuple[str, ...], tuple[str, ...]] = {}

    @lazy
    def _copies(self) -> tuple[Copied, ...]:
        """Those of the stage, last one first."""
        steps = [step for stage in self.stage.lineage for step in stage.steps if step.name in ("COPY", "ADD")]
        steps = [step for step in steps if not brings_uv(step.instruction) and not brings_composer(step.instruction)]
        steps.sort(key=lambda step: -step.index)
        return tuple(copied(self.file, step, self.ask) for step in steps)

    @lazy
    def _rewritten(self) -> frozenset[str]:
        """Base names that a RUN may have written: what the context holds is then not what the image has."""
        found: set[str] = set()
        for run in self.file.runs:
            for command in run.commands:
                words = [redirect.target for redirect in command.simple.redirects if ">" in redirect.operator]
                if command.tool in _WRITERS:
                    words += command.arguments
                found.update(posixpath.basename((word.value or word.raw).strip("\"'")) for word in words)
                if any(word.value is None and _VARIABLE.fullmatch(word.raw.strip('"')) for word in words):
                    found.add("*")  # a file that only a variable names may be any
        return frozenset(found)

    @lazy
    def _patterns(self) -> tuple[str, ...]:
        """Those of them that stand for several."""
        return tuple(one for one in self._rewritten if "*" in one or "?" in one or "[" in one)

    @lazy
    def _filled(self) -> frozenset[str]:
        """Folders into which a RUN copies, moves or unpacks what may lie over files of the context."""
        found: set[str] = set()
        for run in self.file.runs:
            for command in run.commands:
                if command.tool not in _FILLERS:
                    continue
                target = command.option("-C", "--directory", "-d", "-t", "--target-directory")
                named = target.value if isinstance(target, Word) else target
                if command.tool == "git" and command.subcommand == "clone" and command.operands:
                    place = _cloned_to(command)
                elif command.tool == "unzip" and command.has("-p"):
                    continue  # it writes to its output
                elif command.tool in _COPIERS:
                    last = command.operands[-1].value if command.operands else None
                    place = named or last or "/"
                else:
                    place = named or command.cwd or "/"
                found.add(
                    run.resolve(place if place.startswith("/") else posixpath.join(command.cwd or "/", place)) or "/"
                )
        return frozenset(found)

    def _over(self, path: str) -> tuple[Copied, ...]:
        """Those whose target is the path or a folder above it. A program is looked for in few folders, and often."""
        folder = posixpath.dirname(path)
        known = self._reaching.get(folder)
        if known is None:
            known = self._reaching[folder] = tuple(
                copy for copy in self._copies if copy.target and _on_one_way(folder, copy.target)
            )
        return known

    def reaching(self, folders: tuple[str, ...], name: str) -> tuple[str, ...]:
        """Those of the folders into which the context or a RUN may have put a file of this name: most have nothing to do with
        the folders in which programs are looked for, and each command is looked for in all of them."""
        if name in self._rewritten or self._patterns:
            return folders
        near = self._near.get(folders)
        if near is None:
            near = self._near[folders] = tuple(
                folder
                for folder in folders
                if self._over(f"{folder}/{name}") or any(_on_one_way(folder, one) for one in self._filled)
            )
        return near

    def text(self, path: str, before: int | None = None) -> str | None:
        """The text of the file at an absolute path, for an instruction at index ``before``; None when it is not known."""
        name = self.named(path, before)
        return None if name is None else self.ask.context(name)

    def named(self, path: str, before: int | None = None) -> str | None:
        """As :meth:`text`, the path of the file in the context."""
        name = posixpath.basename(path)
        if name in self._rewritten or any(matches(name, written) for written in self._patterns):
            return None
        if any(_within(path, folder) for folder in self._filled):
            return None
        for copy in self._over(path):
            if before is not None and copy.step.index > before:
                continue
            inline = any(source.startswith("<<") for source in copy.sources)
            flagged = copy.flag("from") is not None or copy.flag("exclude") is not None
            foreign = inline or flagged or copy.unpacks or copy.remote or "$" in copy.target
            if foreign:
                if copy.may_reach(path) and _within(path, copy.target):
                    return None
                continue
            for source in copy.sources:
                for name in _sources(source, copy.target, path):
                    if self.ask.context(name) is not None:
                        return name
        return None

    def brought(self, path: str) -> tuple[str, str]:
        """The stage or image that the file at an absolute path is copied from ("" for the context), and its path there, maybe
        with patterns in it; two empty texts where that is not known."""
        if self.altered(path):
            return "", ""
        for copy in self._over(path):
            flag = copy.flag("from")
            ways = [found for source in copy.sources if (found := _sources(source, copy.target, path))]
            if not ways and not copy.may_reach(path):
                continue
            if len(ways) != 1 or copy.unpacks or copy.remote or copy.flag("exclude") is not None:
                return "", ""
            return ("", ways[0][0]) if flag is None else (flag.value or "", f"/{ways[0][0]}")
        return "", ""

    def altered(self, path: str) -> bool:
        """True where a RUN may have put something else at an absolute path than what was copied or built there."""
        name = posixpath.basename(path)
        fetched = (
            word for run in self.file.runs for one in run.commands if one.tool in _FETCHERS for word in one.arguments
        )
        return (
            name in self._rewritten
            or any(_within(path, folder) for folder in self._filled)
            or any(name in word.raw for word in fetched)
        )

    def writes(self, name: str) -> bool:
        """True when a RUN may have written a file of this name."""
        return name in self._rewritten

    def unseen(self, path: str, before: int | None = None) -> bool:
        """True when a file may lie at an absolute path that :meth:`text` cannot show: one that a RUN wrote or unpacked, that
        another stage or an archive brought, or that is no text."""
        name = posixpath.basename(path)
        if name in self._rewritten or any(_within(path, folder) for folder in self._filled):
            return True
        held = self._files
        for copy in self._over(path):
            if before is not None and copy.step.index > before:
                continue
            inline = any(source.startswith("<<") for source in copy.sources)
            if inline or copy.flag("from") is not None or copy.unpacks or copy.remote:
                if copy.may_reach(path) and _within(path, copy.target):
                    return True
            elif any(one in held for source in copy.sources for one in _sources(source, copy.target, path)):
                return True
        return False

    @lazy
    def _files(self) -> frozenset[str]:
        return frozenset(self.ask.files() or ())


def brings_uv(instruction: Instruction) -> bool:
    """True for a COPY from the image of uv, which holds two static programs and nothing that lies in front of others.
    Source: https://docs.astral.sh/uv/guides/integration/docker/"""
    source = next((flag.value or "" for flag in instruction.flags if flag.name == "from"), "")
    if source.partition("@")[0].partition(":")[0] != "ghcr.io/astral-sh/uv":
        return False
    words = [word for word in instruction.body.text.split() if not word.startswith("--")]
    return len(words) > 1 and all(word.lstrip("/") in ("uv", "uvx") for word in words[:-1])


def brings_composer(instruction: Instruction) -> bool:
    """True for a COPY of Composer from its image: one file in PHP, which lies in front of nothing else.
    Source: https://hub.docker.com/_/composer"""
    source = next((flag.value or "" for flag in instruction.flags if flag.name == "from"), "")
    if source.partition("@")[0].partition(":")[0].removeprefix("docker.io/").removeprefix("library/") != "composer":
        return False
    words = instruction.body.text.split()
    return len(words) == 2 and words[0] in ("/usr/bin/composer", "/usr/local/bin/composer")


def _cloned_to(command: Command) -> str:
    """The folder of a ``git clone``: the one that is named, else that of the last part of the address."""
    words = [word.value for word in command.operands]
    if len(words) > 1:
        return words[1] or "/"
    return posixpath.basename((words[0] or "").rstrip("/")).removesuffix(".git") or "/"


def _within(path: str, folder: str) -> bool:
    """True when a path is the folder or lies in it; both may end in ``/``."""
    return (path.rstrip("/") + "/").startswith(folder.rstrip("/") + "/")


def _on_one_way(one: str, other: str) -> bool:
    """True when one of two paths lies in the other, or is it."""
    return _within(one, other) or _within(other, one)


def _sources(source: str, target: str, path: str) -> tuple[str, ...]:
    """The files of the context that ``COPY source target`` may put at ``path``: the first one that is there does."""
    if "$" in source or "://" in source or source.startswith("<<"):
        return ()
    source = posixpath.normpath(source).lstrip("/") or "."
    if path == target:
        return (source,)
    base = target.rstrip("/") + "/"
    if not path.startswith(base):
        return ()
    rest = path[len(base) :]
    name = posixpath.basename(source)
    if any(sign in source for sign in "*?["):
        folder = posixpath.dirname(source)
        return (posixpath.join(folder, rest),) if "/" not in rest and matches(rest, name) else ()
    below = posixpath.normpath(posixpath.join(source, rest))
    return (
        (source, below) if rest == name and source != "." else (below,)
    )  # a file keeps its name; of a folder the content goes
