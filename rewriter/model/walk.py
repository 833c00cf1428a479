"""Walking a script: every simple command in the order of the text, with what its place means."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import NamedTuple

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


class Place(NamedTuple):
    """Where a command stands.

    ``own_shell``: the RUN's own shell runs it, so ``cd`` and assignments reach what follows.
    ``certain``: it runs whenever the RUN succeeds. ``background``: ``&`` follows it, or a list around it.
    ``piped``: it is a part of a pipeline of several commands.
    """

    own_shell: bool = True
    certain: bool = True
    background: bool = False
    piped: bool = False


class Walker:
    """Follows the working directory while it walks; ``cwd`` is absolute, or None when it is not known."""

    def __init__(self, cwd: str | None) -> None:
        self.cwd = cwd

    def script(self, script: Script) -> Iterator[tuple[Simple, Place, str | None]]:
        yield from self.sequence(script.body, Place())

    def sequence(self, sequence: Sequence, place: Place) -> Iterator[tuple[Simple, Place, str | None]]:
        last = len(sequence.statements) - 1
        for index, statement in enumerate(sequence.statements):
            inside = place
            if statement.ended_by == "&":
                inside = place._replace(own_shell=False, background=True, certain=False)
            yield from self.and_or(statement.list, inside, index == last)

    def and_or(self, list_: AndOr, place: Place, last: bool) -> Iterator[tuple[Simple, Place, str | None]]:
        # what stands behind "||" may be skipped, and so may what stands before it: "a && b || c" succeeds without b;
        # in a list that is not the last one "&&" skips what follows a failure, and the RUN goes on
        skips = not last or any(operator == "||" for operator, _ in list_.operators)
        inside = place
        for index, pipeline in enumerate(list_.pipelines):
            if index and skips:
                inside = place._replace(certain=False)
            yield from self.pipeline(pipeline, inside)

    def pipeline(self, pipeline: Pipeline, place: Place) -> Iterator[tuple[Simple, Place, str | None]]:
        if len(pipeline.commands) == 1:
            yield from self.command(pipeline.commands[0], place)
            return
        inside = place._replace(own_shell=False, piped=True)
        for command in pipeline.commands:
            cwd = self.cwd
            yield from self.command(command, inside)
            self.cwd = cwd

    def command(self, command: Command, place: Place) -> Iterator[tuple[Simple, Place, str | None]]:
        if isinstance(command, Simple):
            for word in _words(command):
                yield from self._substitutions(word, place)
            yield command, place, self.cwd
            self._follow(command, place)
        elif isinstance(command, Subshell):
            cwd = self.cwd
            yield from self.sequence(command.body, place._replace(own_shell=False))
            self.cwd = cwd
        elif isinstance(command, Group):
            yield from self.sequence(command.body, place)
        else:
            yield from self._compound(command, place._replace(certain=False))

    def _compound(self, command: Command, place: Place) -> Iterator[tuple[Simple, Place, str | None]]:
        if isinstance(command, If):
            for condition, body in command.branches:
                yield from self.sequence(condition, place)
                yield from self.sequence(body, place)
            if command.otherwise is not None:
                yield from self.sequence(command.otherwise, place)
        elif isinstance(command, Loop):
            yield from self.sequence(command.condition, place)
            yield from self.sequence(command.body, place)
        elif isinstance(command, For):
            for word in command.words or ():
                yield from self._substitutions(word, place)
            yield from self.sequence(command.body, place)
        elif isinstance(command, Case):
            yield from self._substitutions(command.word, place)
            for _, body in command.items:
                yield from self.sequence(body, place)
        elif isinstance(command, Function):
            yield from self.command(command.body, place)
        elif isinstance(command, Test):
            for word in command.words:
                yield from self._substitutions(word, place)

    def _substitutions(self, word: Word, place: Place) -> Iterator[tuple[Simple, Place, str | None]]:
        for body in word.substitutions:
            cwd = self.cwd
            yield from self.sequence(body, place._replace(own_shell=False))
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


def _words(command: Simple) -> Iterator[Word]:
    for assignment in command.assignments:
        if assignment.value is not None:
            yield assignment.value
    yield from command.words
    for redirect in command.redirects:
        yield redirect.target


def parts(sequence: Sequence, *, own_shell: bool = True) -> Iterator[tuple[Command, bool]]:
    """Every command, compound ones too, with whether the script's own shell runs it. Substitutions are not entered."""
    for statement in sequence.statements:
        in_list = own_shell and statement.ended_by != "&"
        for pipeline in statement.list.pipelines:
            inside = in_list and len(pipeline.commands) == 1
            for command in pipeline.commands:
                yield from _nested(command, inside)


def _nested(command: Command, own_shell: bool) -> Iterator[tuple[Command, bool]]:
    yield command, own_shell
    if isinstance(command, Subshell):
        yield from parts(command.body, own_shell=False)
    elif isinstance(command, Function):
        yield from _nested(command.body, own_shell)
    else:
        for body in bodies(command):
            yield from parts(body, own_shell=own_shell)


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
