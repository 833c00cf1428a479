"""What the commands of a RUN do to files: which paths they make, read, unpack and delete.

A path is absolute; or it begins with ``.``, the WORKDIR of the base image, which is not known but constant (``.12``
when instruction 12 set it to something that is not known); or with ``${NAME}``, a variable of unknown value. Two equal
paths of one RUN are the same file; paths with a variable that a RUN assigns itself mean nothing to another RUN.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rewriter.model import paths
from rewriter.model.command import command_of
from rewriter.model.effect import Effect as Effect
from rewriter.model.effect import Effects as Effects
from rewriter.model.effect import Made as Made
from rewriter.model.effect import Unpacked as Unpacked
from rewriter.model.effect import reads as reads
from rewriter.model.names import join as join
from rewriter.model.names import mentions as mentions
from rewriter.model.names import same as same
from rewriter.model.run import Run, nested_script
from rewriter.model.scope import State
from rewriter.model.walk import Place, Walker
from rewriter.syntax.script import Assignment, For, Function, Simple, Subshell, Word
from rewriter.syntax.script import Command as Node

NONE: Final = Effects((), None, frozenset(), State())


def of(run: Run) -> Effects:
    """The effects of ``run``; none when its script cannot be read. The same object as long as nothing about it changes."""
    if run.script is None:
        return NONE
    start, state = base(run), run.state
    key = run.visible.text, state.workdir, start
    known = run.file.memory.effects.get(key)
    if known is not None and (known[0] is state or known[0] == state):
        return known[1]
    walker = _Tracker(start, state)
    walker.script(run.script)
    found = Effects(tuple(walker.found), walker.cwd, frozenset(walker.own), walker.state)
    run.file.memory.effects[key] = state, found
    return found


def base(run: Run) -> str:
    """The directory in which the RUN starts."""
    if run.state.workdir:
        return run.state.workdir
    if run.state.workdir is None:
        return "."
    indexes = [step.index for step in run.stage.steps if step.name == "WORKDIR" and step.index < run.index]
    return f".{max(indexes, default=0)}"


# Following a script --------------------------------------------------------------------------------------------------


class _Tracker(Walker):
    """A walker that knows directories relative to an unknown one, and the variables that the script itself sets."""

    def __init__(self, cwd: str | None, state: State) -> None:
        super().__init__(cwd)
        self.state = state
        self.own: set[str] = set()
        self.found: list[Effect] = []
        #: where the script stands that is being walked, and how deep: None for the RUN's own
        self.outer: Place | None = None
        self.depth = 0

    def command(self, command: Node, place: Place) -> None:
        if isinstance(command, For):
            self.assign(command.name, None)
            self.named(place, command.start, command.words or ())
        before = self.state
        Walker.command(self, command, place)
        if isinstance(command, Subshell):
            self.left(before)
        if not isinstance(command, (Simple, Function)):
            self.named(place, command.start, (one.target for one in command.redirects if one.operator == "<"))

    def named(self, place: Place, start: int, words: Iterable[Word]) -> None:
        """What a compound command names itself counts as what a ``test`` of it names: ``for x in *.gz``, ``done < list``."""
        given = tuple(words)
        if given:
            test = Word(start, start, "test", "test")
            simple = Simple(start if len(given) > 1 else given[0].start, given[-1].end, (), (test, *given), ())
            self.found.append(Effect(command_of(simple, place, self.cwd, self.outer is None), self.cwd, self.state))

    def left(self, before: State) -> None:
        """A shell of its own has ended: what it assigned is not assigned here, and has its name for nothing else."""
        values = dict(before.environment)
        for name, value in self.state.environment.items():
            if value != values.get(name) and name != "HOME":
                values[name] = values.get(name) or "$"  # paths.symbolic gives up on it
        self.state = before._replace(environment=values)

    def met(self, command: Simple, place: Place) -> None:
        outer = self.outer
        if outer is not None:
            place = place.inside(outer)
        call = command_of(command, place, self.cwd, outer is None)
        nested = nested_script(call) if self.depth < 3 else None
        start = None if call.moves else self.cwd
        if nested is None:
            self.found.append(Effect(call, start, self.state))
            return
        cwd, state = self.cwd, self.state
        self.cwd = start
        if call.switches_user:
            self.assign("HOME", "$")  # paths.symbolic gives up on it
        self.outer, self.depth = place, self.depth + 1
        self.script(nested)
        self.outer, self.depth = outer, self.depth - 1
        self.cwd = cwd
        self.left(state)

    def _follow(self, command: Simple, place: Place) -> None:
        if not command.words:
            for assignment in command.assignments:
                self.assign(assignment.name, self.value(assignment) if place.certain else None)
            return
        name = command.words[0].value
        if name in ("export", "declare", "local", "readonly", "typeset"):
            for word in command.words[1:]:
                variable, equals, value = (word.value or word.raw).partition("=")
                if equals:
                    self.assign(variable, value if word.value is not None and place.certain else None)
        elif name == "read":
            for word in command.words[1:]:
                self.assign(word.raw, None)
        elif name in ("cd", "pushd", "popd"):
            operands = [word for word in command.words[1:] if word.raw not in ("--", "-P", "-L")]
            text = paths.symbolic(operands[0], self.state) if len(operands) == 1 and name != "popd" else None
            if not operands and name == "cd":
                text = self.state.home
            known = (
                text is not None and text not in ("-", "$") and place.certain and not (operands and operands[0].pattern)
            )
            self.cwd = join(self.cwd, text) if known and text else None

    def value(self, assignment: Assignment) -> str | None:
        if assignment.elements is not None:
            return None
        text = "" if assignment.value is None else paths.symbolic(assignment.value, self.state)
        return None if text is None or "$" in text else text

    def assign(self, name: str, value: str | None) -> None:
        """From here on the variable has this value; a second unknown one makes all paths with it unknown."""
        name = name.rstrip("+")
        values = dict(self.state.environment)
        if value is None and name in self.own:
            values[name] = "$"  # paths.symbolic gives up on it
        else:
            values[name] = value
        if value is None:
            self.own.add(name)
        self.state = self.state._replace(environment=values)
