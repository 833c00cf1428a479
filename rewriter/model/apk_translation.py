"""Package commands of other distributions in the words of Alpine: ``apt-get`` or ``yum`` becomes ``apk add --no-cache``,
``useradd`` ``adduser``.

Every package of a file has a name on Alpine that a package list of it shows, or nothing is translated. Sources: apk-add(8),
apt-get(8), yum(8), dnf(8), useradd(8); busybox's applets as they were run (the catalogue's busybox.toml); names:
knowledge/alpine.toml and rpm.toml.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from rewriter.knowledge import alpine
from rewriter.knowledge.unknown import Unknown
from rewriter.model import alpine_users, apt_marks, style
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.model.translated_managers import DEBIAN, Manager, without_machine
from rewriter.model.walk import in_a_row
from rewriter.rule import Change
from rewriter.syntax.script import Pipeline, Simple, Word
from rewriter.text import Edit, Span

#: the package that names another source of RPMs, Fedora's for CentOS: what it has, Alpine has in its own
_SOURCE: Final = "epel-release"


class First(NamedTuple):
    """The first install that certainly runs: its RUN, the place behind its packages, and these."""

    run: Run
    end: int
    packages: frozenset[str]


class Translated(NamedTuple):
    """The edits for packages and those for users; ``said`` are pairs of names that a reader may check, ``older`` packages that
    the last known list of their repository has, with its release, where the image is built on a later one, ``renumbered`` users
    and groups that get another number, ``stays`` the lines in which headers were taken away, which stay on Alpine, ``whose``
    the distribution's name."""

    packages: Change
    users: Change
    said: tuple[str, ...]
    older: dict[str, str]
    first: First | None
    renumbered: tuple[str, ...]
    stays: tuple[int, ...]
    whose: str


class Refused(Exception):
    """Why a RUN cannot be translated."""


def translate(
    file: File, release: str, manager: Manager = DEBIAN, own: AbstractSet[str] = frozenset()
) -> Translated | style.Refusal:
    """Translate what the shipped stage does with a distribution's packages and users, for a release of Alpine (``3.22``).
    ``own``: packages in whose place the new image has its own."""
    work = _Work(release, manager, own)
    try:
        for run in file.runs:
            if run.stage in file.stages[-1].lineage and run.script is not None:
                work.run(run)
    except Refused as refused:
        return style.Refusal(str(refused))
    said, renumbered = tuple(dict.fromkeys(work.said)), tuple(dict.fromkeys(work.renumbered))
    return Translated(
        work.change, work.users, said, work.older, work.first, renumbered, tuple(work.stays), manager.whose
    )


class _Work:
    """The RUNs of one file, one after another."""

    def __init__(self, release: str, manager: Manager, own: AbstractSet[str]) -> None:
        self.release = release
        self.manager = manager
        self.own = own
        self.change = Change()
        self.users = Change()
        self.said: list[str] = []
        self.older: dict[str, str] = {}
        self.made: set[str] = set()
        self.renumbered: list[str] = []
        self.stays: list[int] = []
        self.first: First | None = None

    def run(self, run: Run) -> None:
        for command in run.uses("rm"):
            self._shorten(run, command)
        marks = apt_marks.taking_away(run)
        ours = [command for command in run.commands if self._is_ours(command) and not apt_marks.belongs(command, marks)]
        if not ours and not marks:
            return
        line = run.file.line(run.span.start)
        if marks:
            self.stays.append(run.file.line(run.visible.source(marks[-1].start)))
        places = flat(run)
        for command in ours:
            self._check(command, line)
            plain = command.editable and any(one.commands[0] is command.simple for one in places)
            names = {one.name for one in command.simple.assignments}
            if not plain or command.wrappers or names - {"DEBIAN_FRONTEND"} or not run.state.root:
                raise Refused(f"line {line}: {command.tool} stands where it cannot be translated")
        gone = [one for one in places for command in ours if one.commands[0] is command.simple and self._goes(command)]
        gone += marks
        if all(one in gone for one in places):
            if run.instruction.comments:
                raise Refused(f"line {line}: a comment stands beside what Alpine does not need")
            words = tuple(word for command in run.commands for word in said(command, run))
            self.change += Change((style.whole(run.file, run.instruction),), drops=words)
            return
        for span in ranges(run, gone):
            if "#" in span.of(run.file.source):
                raise Refused(f"line {line}: a comment stands beside what Alpine does not need")
            self.change += Change((Edit.delete(span),))
        for one in marks:
            for simple in one.commands:
                if isinstance(simple, Simple):
                    self.change += Change(drops=_words(simple, run))
        for command in ours:
            if any(one.commands[0] is command.simple for one in gone):
                self.change += Change(drops=said(command, run))
            elif command.tool in alpine_users.USERS:
                self.users += self._replaced(
                    run, command, alpine_users.adduser(command, self.made, self.manager.rpm) or "", line
                )
                self.made.add(alpine_users.named(command))
                self.renumbered += filter(None, [alpine_users.renumbered(command)])
            elif command.subcommand == "install":
                self._install(run, command, line)
            else:
                whole = command.subcommand in self.manager.upgrading and len(command.operands) == 0
                self.change += self._replaced(run, command, "apk upgrade --no-cache" if whole else "", line)

    def _is_ours(self, command: Command) -> bool:
        operands = command.operands
        if command.tool in ("rm", "sed"):
            places = operands if command.tool == "rm" else operands[1:] if self.manager.rpm else ()
            return bool(places) and all((word.value or word.raw).startswith(self.manager.kept) for word in places)
        return command.tool in self.manager.tools or command.tool in alpine_users.USERS

    def _shorten(self, run: Run, command: Command) -> None:
        """Folders that Alpine has not need no removal beside others."""
        gone = [word for word in command.operands if (word.value or word.raw).startswith(self.manager.kept)]
        if not gone or len(gone) == len(command.operands) or not command.editable:
            return
        words = command.simple.words
        for at, word in enumerate(words):
            before = Span(style.last_character(run, words[at - 1].end), style.last_character(run, word.end))
            if word in gone and "#" not in before.of(run.file.source):
                drops = (word.raw if word.value is None else word.value,)
                self.change += Change((Edit.delete(before),), drops=drops)

    def _check(self, command: Command, line: int) -> None:
        """An option of an install that asks for something of its own is not translated."""
        options = command.options if command.subcommand == "install" else ()
        odd = next((word for word in options if word.value not in self.manager.plain), None)
        if odd is not None:
            raise Refused(f"line {line}: what {odd.raw} asks of {command.tool} is not translated")

    def _goes(self, command: Command) -> bool:
        """True for a command that has nothing to do on Alpine."""
        if command.tool in ("rm", "sed") or command.subcommand in self.manager.idle:
            return True
        if command.tool == "rpm":
            named = [word.raw for word in command.arguments if not word.raw.startswith("-")]
            return command.has("-U", "-i", "-Uvh", "-ivh") and bool(named) and all(_SOURCE in one for one in named)
        return command.subcommand == "install" and all(not self._named(word) for word in command.operands)

    def _named(self, word: Word) -> tuple[str, ...]:
        name = word.value or ""
        if self.manager.rpm:
            if name.startswith("https://") and _SOURCE in name:
                return ()
            name = without_machine(name)
        if name in self.own:
            return ()
        if word.value is None or word.pattern or not name or not set(name).isdisjoint("=/:$"):
            raise Refused(f"what {word.raw} is on Alpine is not known")
        found = alpine.names(name, self.release, self.manager.rpm)
        if isinstance(found, Unknown):
            raise Refused(f"it is not known {found.why}")
        if isinstance(found, alpine.Absent):
            raise Refused(found.why)
        if found.last:
            self.older.update(dict.fromkeys(found.names, found.last))
        return found.names

    def _replaced(self, run: Run, command: Command, text: str, line: int) -> Change:
        if not text or command.simple.redirects:
            raise Refused(f"line {line}: what {command.words_text} is on Alpine is not known")
        span = Span(run.visible.source(command.start), style.last_character(run, command.end))
        return Change((Edit.replace(span, text),), style.words_of(text), said(command, run))

    def _install(self, run: Run, command: Command, line: int) -> None:
        """Word by word, so that the list of packages stays as its author set it."""
        words = command.simple.words[command.head :]
        verb = next(at for at, word in enumerate(words) if word.value == "install")
        kept = next((word for word in words[verb + 1 :] if word.value in self.manager.plain), None)
        added = ["apk", "add", "--no-cache"]
        edits: list[Edit] = []
        seen: set[str] = set()
        start = run.visible.source(command.start)
        if command.simple.assignments:
            edits.append(Edit.delete(Span(start, run.visible.source(words[0].start))))
        for at, word in enumerate(words):
            span = Span(run.visible.source(word.start), style.last_character(run, word.end))
            if at == 0:
                edits.append(Edit.replace(span, "apk"))
                continue
            if at == verb:
                edits.append(Edit.replace(span, "add" if kept is not None else "add --no-cache"))
                continue
            new = "" if word in command.options else " ".join(n for n in self._named(word) if n not in seen)
            if word is kept:
                edits.append(Edit.replace(span, "--no-cache"))
            elif new:
                edits += [] if new == word.value else [Edit.replace(span, new)]
                added += new.split()
                seen.update(new.split())
                self.said.append(f"{word.value} is {new}" if new != word.value else new)
            else:
                before = Span(style.last_character(run, words[at - 1].end), span.end)
                if "#" in before.of(run.file.source):
                    raise Refused(f"line {line}: a comment stands beside a package that Alpine does not need")
                edits.append(Edit.delete(before))
        if self.first is None and command.place.certain:
            self.first = First(run, style.last_character(run, words[-1].end), frozenset(seen))
        prefix = tuple(word for word in said(command, run) if not word.startswith((">", "2>", "&>", "1>")))
        self.change += Change(tuple(edits), tuple(added), prefix)


def flat(run: Run) -> list[Pipeline]:
    """The commands of a RUN one after another, as :func:`in_a_row`, without those in pipes."""
    assert run.script is not None
    return [one for one in in_a_row(run.script.body) if len(one.commands) == 1 and not one.negated]


def ranges(run: Run, gone: list[Pipeline]) -> list[Span]:
    """What to delete: with the separator in front, or behind where nothing is left in front."""
    assert run.script is not None
    every = [one for statement in run.script.body.statements for one in statement.list.pipelines]
    found: list[Span] = []
    left = [one for one in every if one not in gone]
    at = 0
    while at < len(every):
        if every[at] not in gone:
            at += 1
            continue
        end = at
        while end + 1 < len(every) and every[end + 1] in gone:
            end += 1
        if at and left:
            start = style.last_character(run, every[at - 1].end)
            found.append(Span(start, style.last_character(run, every[end].end)))
        else:
            found.append(Span(run.visible.source(every[at].start), run.visible.source(every[end + 1].start)))
        at = end + 1
    return found


def said(command: Command, run: Run) -> tuple[str, ...]:
    """The shell words of a command, as the engine counts them."""
    return _words(command.simple, run)


def _words(simple: Simple, run: Run) -> tuple[str, ...]:
    assert run.script is not None
    text = run.script.text
    return (
        *(text[one.start : one.end] for one in simple.assignments),
        *(word.raw if word.value is None else word.value for word in simple.words),
        *(f"{one.fd}{one.operator}{one.target.raw}" for one in simple.redirects),
    )
