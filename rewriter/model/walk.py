"""Walking a script: every simple command in the order of the text, with what its place means."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter import posixpath
from rewriter.syntax.script import (
    AndOr,
    Arithmetic,
    Case,
    Command,
    For,
    Function,
    Group,
    If,
    Loop,
    Pipeline,
    Script,
    Sequence,
    Simple,
    Subshell,
    Test,
    Word,
)


class Place:
    """Where a command stands.

    ``own_shell``: the RUN's own shell runs it, so ``cd`` and assignments reach what follows.
    ``certain``: it runs whenever the RUN succeeds. ``background``: ``&`` follows it, or a list around it.
    ``piped``: it is a part of a pipeline of several commands.
    """

    __slots__ = ("background", "certain", "own_shell", "piped")

    def __init__(
        self, own_shell: bool = True, certain: bool = True, background: bool = False, piped: bool = False
    ) -> None:
        self.own_shell = own_shell
        self.certain = certain
        self.background = background
        self.piped = piped

    def inside(self, outer: Place) -> Place:
        """The same place in the script of a ``sh -c`` that stands at ``outer``."""
        return Place(False, self.certain and outer.certain, outer.background, outer.piped)


PLAIN: Final = Place()


class Walker:
    """Follows the working directory while it walks; ``cwd`` is absolute, or None when it is not known.

    ``met`` is called for each simple command, before what it does to the directory.
    """

    def __init__(self, cwd: str | None) -> None:
        self.cwd = cwd

    def met(self, command: Simple, place: Place) -> None:
        """What to do with a simple command that starts in ``cwd``."""
        raise NotImplementedError

    def script(self, script: Script) -> None:
        self.sequence(script.body, PLAIN)

    def sequence(self, sequence: Sequence, place: Place) -> None:
        last = len(sequence.statements) - 1
        for index, statement in enumerate(sequence.statements):
            inside = place
            if statement.ended_by == "&":
                inside = Place(False, False, True, place.piped)
            self.and_or(statement.list, inside, index == last)

    def and_or(self, list_: AndOr, place: Place, last: bool) -> None:
        # what stands behind "||" may be skipped, and so may what stands before it: "a && b || c" succeeds without b;
        # in a list that is not the last one "&&" skips what follows a failure, and the RUN goes on
        first = True
        for pipeline in list_.pipelines:
            if len(pipeline.commands) == 1:
                self.command(pipeline.commands[0], place)
            else:
                inside = Place(False, place.certain, place.background, True)
                for command in pipeline.commands:
                    cwd = self.cwd
                    self.command(command, inside)
                    self.cwd = cwd
            if first and place.certain and (not last or any(operator == "||" for operator, _ in list_.operators)):
                place = Place(place.own_shell, False, place.background, place.piped)
            first = False

    def command(self, command: Command, place: Place) -> None:
        if isinstance(command, Simple):
            for assignment in command.assignments:
                if assignment.value is not None and assignment.value.substitutions:
                    self._substitutions(assignment.value, place)
            for word in command.words:
                if word.substitutions:
                    self._substitutions(word, place)
            for redirect in command.redirects:
                if redirect.target.substitutions:
                    self._substitutions(redirect.target, place)
            self.met(command, place)
            self._follow(command, place)
        elif isinstance(command, Subshell):
            cwd = self.cwd
            self.sequence(command.body, Place(False, place.certain, place.background, place.piped))
            self.cwd = cwd
        elif isinstance(command, Group):
            self.sequence(command.body, place)
        else:
            self._compound(command, Place(place.own_shell, False, place.background, place.piped))

    def _compound(self, command: Command, place: Place) -> None:
        if isinstance(command, If):
            for condition, body in command.branches:
                self.sequence(condition, place)
                self.sequence(body, place)
            if command.otherwise is not None:
                self.sequence(command.otherwise, place)
        elif isinstance(command, Loop):
            self.sequence(command.condition, place)
            self.sequence(command.body, place)
        elif isinstance(command, For):
            for word in command.words or ():
                self._substitutions(word, place)
            self.sequence(command.body, place)
        elif isinstance(command, Case):
            self._substitutions(command.word, place)
            for _, body in command.items:
                self.sequence(body, place)
        elif isinstance(command, Function):
            self.command(command.body, place)
        elif isinstance(command, Test):
            for word in command.words:
                self._substitutions(word, place)

    def _substitutions(self, word: Word, place: Place) -> None:
        for body in word.substitutions:
            cwd = self.cwd
            self.sequence(body, Place(False, place.certain, place.background, place.piped))
            self.cwd = cwd

    def _follow(self, command: Simple, place: Place) -> None:
        if not command.words or command.words[0].value not in ("cd", "pushd", "popd"):
            return
        operands = [word for word in command.words[1:] if word.raw != "--" and word.raw not in ("-P", "-L")]
        target = operands[0].value if len(operands) == 1 and command.words[0].value != "popd" else None
        if target is None or target == "-" or not place.certain:
            self.cwd = None
        elif target.startswith("/"):
            self.cwd = posixpath.normpath(target)
        elif self.cwd is not None:
            self.cwd = posixpath.normpath(posixpath.join(self.cwd, target))


def parts(sequence: Sequence) -> list[tuple[Command, bool]]:
    """Every command, compound ones too, with whether the script's own shell runs it. Substitutions are not entered."""
    found: list[tuple[Command, bool]] = []
    _list_parts(sequence, True, found)
    return found


def _list_parts(sequence: Sequence, own_shell: bool, found: list[tuple[Command, bool]]) -> None:
    for statement in sequence.statements:
        in_list = own_shell and statement.ended_by != "&"
        for pipeline in statement.list.pipelines:
            inside = in_list and len(pipeline.commands) == 1
            for command in pipeline.commands:
                _list_part(command, inside, found)


def _list_part(command: Command, own_shell: bool, found: list[tuple[Command, bool]]) -> None:
    found.append((command, own_shell))
    if isinstance(command, Simple):
        return
    if isinstance(command, Function):
        _list_part(command.body, own_shell, found)
        return
    for body in bodies(command):
        _list_parts(body, own_shell and not isinstance(command, Subshell), found)


def in_a_row(sequence: Sequence) -> Iterator[Pipeline]:
    """The pipelines that run one after another: those of lists of ``&&``, none beside an ``||`` or in the background."""
    for statement in sequence.statements:
        list_ = statement.list
        if statement.ended_by != "&" and all(operator == "&&" for operator, _ in list_.operators):
            yield from list_.pipelines


def bodies(command: Command) -> tuple[Sequence, ...]:
    """The sequences directly inside a compound command."""
    if isinstance(command, (Subshell, Group, For)):
        return (command.body,)
    if isinstance(command, Loop):
        return (command.condition, command.body)
    if isinstance(command, If):
        inside = tuple(part for branch in command.branches for part in branch)
        return inside if command.otherwise is None else (*inside, command.otherwise)
    if isinstance(command, Case):
        return tuple(body for _, body in command.items)
    return ()


def hides_commands(sequence: Sequence) -> bool:
    """True where a here-document or an array holds a substitution: its commands are not among those of a walk."""
    for command, _ in parts(sequence):
        for redirect in () if isinstance(command, Function) else command.redirects:
            if redirect.content is not None and redirect.content.substitutions:
                return True
        for assignment in command.assignments if isinstance(command, Simple) else ():
            if any(word.substitutions for word in assignment.elements or ()):
                return True
    return False


def words(sequence: Sequence, text: str) -> Iterator[str]:
    """What the script hands to commands, for comparing two scripts: each word's value, or its text when it is dynamic;
    assignments, redirections and the text of here-documents too."""
    for command, _ in parts(sequence):
        if isinstance(command, Simple):
            for assignment in command.assignments:
                yield text[assignment.start : assignment.end]
            for word in command.words:
                yield word.raw if word.value is None else word.value
        elif isinstance(command, For):
            yield command.name
            for word in command.words or ():
                yield word.raw
        elif isinstance(command, Case):
            yield command.word.raw
            for patterns, _ in command.items:
                for word in patterns:
                    yield word.raw
        elif isinstance(command, Test):
            for word in command.words:
                yield word.raw
        elif isinstance(command, Function):
            yield command.name
        elif isinstance(command, Arithmetic):
            yield text[command.start : command.end]
        for redirect in () if isinstance(command, Function) else command.redirects:
            yield f"{redirect.fd}{redirect.operator}{redirect.target.raw}"
            if redirect.body is not None:
                yield text[redirect.body[0] : redirect.body[1]]
