"""Packages taken out of the installs of a stage, word by word, with what only they needed: the update, the removal of lists."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Final

from rewriter.model import apt, style
from rewriter.model.apk_translation import flat, ranges, said
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.model.translated_managers import KEPT
from rewriter.rule import Change
from rewriter.syntax.script import Pipeline
from rewriter.text import Edit, Span

_CLEANING: Final = ("update", "clean", "autoclean", "autoremove")


def without(file: File, packages: AbstractSet[str], sources: tuple[str, ...] = ()) -> Change | style.Refusal:
    """The edits after which no RUN of the shipped stage installs one of ``packages``. ``sources`` are parts of addresses: a
    pipeline that hands what is fetched there to a shell goes too."""
    runs = [run for run in file.runs if run.stage in file.stages[-1].lineage and run.script is not None]
    readers = [c for run in runs for c in run.commands if c.tool in apt.TOOLS and c.subcommand not in _CLEANING]
    needed = any(c.subcommand != "install" or _left(c, packages) for c in readers)
    change = Change()
    for run in runs:
        found = _Run(run, packages, sources, needed).change()
        if isinstance(found, style.Refusal):
            return found
        change += found
    return change


def _left(command: Command, packages: AbstractSet[str]) -> bool:
    """True for an install of other packages too."""
    return any(name not in packages for name in apt.asked_for(command))


class _Run:
    """One RUN. ``needed``: the lists of packages are, for something that stays."""

    def __init__(self, run: Run, packages: AbstractSet[str], sources: tuple[str, ...], needed: bool) -> None:
        self.run = run
        self.packages = packages
        self.sources = sources
        self.needed = needed

    def change(self) -> Change | style.Refusal:
        run = self.run
        line = run.file.line(run.span.start)
        assert run.script is not None
        lists = [statement.list for statement in run.script.body.statements]
        every = [one for list_ in lists for one in list_.pipelines]
        plain = flat(run)
        straight = [list_ for list_ in lists if all(operator == "&&" for operator, _ in list_.operators)]
        fetching = [one for list_ in straight for one in list_.pipelines if self._fetches(one)]
        ours = [command for command in run.commands if self._named(command)]
        if not ours and not fetching and (self.needed or not any(map(self._cleans, run.commands))):
            return Change()
        if any(not any(one.commands[0] is command.simple for one in plain) for command in ours):
            return style.Refusal(f"line {line} installs where it cannot be edited")
        gone = [one for one in plain for c in run.commands if one.commands[0] is c.simple and self._goes(c)] + fetching
        dropped = [c for c in run.commands if any(c.simple is simple for one in gone for simple in one.commands)]
        drops = tuple(word for command in dropped for word in said(command, run))
        if len(gone) == len(every):
            return Change((style.whole(run.file, run.instruction),), drops=drops)
        edits: list[Edit] = []
        for span in ranges(run, gone):
            if "#" in span.of(run.file.source):
                return style.Refusal(f"line {line}: a comment stands beside what would go")
            edits.append(Edit.delete(span))
        change = Change(tuple(edits), drops=drops)
        for command in ours:
            if command not in dropped:
                shorter = self._shorter(command, line)
                if isinstance(shorter, style.Refusal):
                    return shorter
                change += shorter
        return change

    def _named(self, command: Command) -> bool:
        """True for an install of one of the packages."""
        return apt.is_apt(command, "install") and not self.packages.isdisjoint(apt.asked_for(command))

    def _fetches(self, one: Pipeline) -> bool:
        text = self.run.script.text[one.start : one.end] if self.run.script is not None else ""
        return len(one.commands) == 2 and any(source in text for source in self.sources)

    def _cleans(self, command: Command) -> bool:
        if command.tool == "rm":
            operands = command.operands
            return bool(operands) and all((word.value or word.raw).startswith(KEPT) for word in operands)
        return apt.is_apt(command, *_CLEANING)

    def _goes(self, command: Command) -> bool:
        if self._named(command):
            return not _left(command, self.packages)
        return not self.needed and self._cleans(command)

    def _shorter(self, command: Command, line: int) -> Change | style.Refusal:
        words = command.simple.words
        edits: list[Edit] = []
        drops: list[str] = []
        for at, word in enumerate(words):
            if word not in command.operands or (word.value or "").partition("=")[0] not in self.packages:
                continue
            before = Span(style.last_character(self.run, words[at - 1].end), style.last_character(self.run, word.end))
            if "#" in before.of(self.run.file.source):
                return style.Refusal(f"line {line}: a comment stands beside a package that would go")
            edits.append(Edit.delete(before))
            drops.append(word.value or word.raw)
        return Change(tuple(edits), drops=tuple(drops))
