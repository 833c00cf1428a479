"""The pipelines of the scripts of one file, to be taken over where their text stands again: an edit joins, cuts and lengthens
scripts, and leaves most of their commands as they are."""

from __future__ import annotations

import re
from typing import Final

from rewriter.syntax.script import Assignment, Pipeline, Redirect, Simple, Word

_SHORT: Final = 12  # characters; a shorter pipeline is read again as fast as it is found
_MOST: Final = 8  # of those that begin alike, so that looking takes no longer in a long file
_ENDED: Final = re.compile(r"[ \t]*+(?:\\\n[ \t]*+)*+(?:&&|\|\||;|\n|\Z)")


class Pipelines:
    """Pipelines that were read; of many that begin alike, the last ones.

    Reading goes from front to back, so a pipeline depends on nothing behind the separator that ends it. The lines of
    here-documents do, and comments are kept apart from the commands; a pipeline with one of these is not taken over.
    """

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[str, list[tuple[str, Pipeline]]] = {}  # by their first characters

    def keep(self, pipeline: Pipeline, text: str) -> None:
        """Remember a pipeline of the outermost list of the script ``text``."""
        raw = text[pipeline.start : pipeline.end]
        if len(raw) < _SHORT or "#" in raw or "<<" in raw:
            return
        for command in pipeline.commands:
            if not isinstance(command, Simple) or not _plain(command):
                return
        alike = self._known.setdefault(raw[:_SHORT], [])
        del alike[: max(len(alike) + 1 - _MOST, 0)]
        alike.append((raw, pipeline))

    def at(self, text: str, at: int) -> Pipeline | None:
        """The pipeline that stands at an offset of the script ``text``; None when it must be read."""
        for raw, pipeline in self._known.get(text[at : at + _SHORT], ()):
            if text.startswith(raw, at) and _ENDED.match(text, at + len(raw)):
                return _moved(pipeline, at - pipeline.start)
        return None


def _plain(command: Simple) -> bool:
    """Whether no word of it has commands of its own."""
    for word in command.words:
        if word.substitutions:
            return False
    for redirect in command.redirects:
        if redirect.target.substitutions:
            return False
    for assignment in command.assignments:
        if assignment.elements is not None or (assignment.value is not None and assignment.value.substitutions):
            return False
    return True


def _moved(pipeline: Pipeline, by: int) -> Pipeline:
    """The same pipeline ``by`` characters further on."""
    if not by:
        return pipeline
    commands = [_command(command, by) for command in pipeline.commands if isinstance(command, Simple)]
    return Pipeline(pipeline.start + by, pipeline.end + by, pipeline.negated, tuple(commands), pipeline.operators)


def _command(command: Simple, by: int) -> Simple:
    words = tuple([_word(word, by) for word in command.words])
    redirects = tuple([_redirect(redirect, by) for redirect in command.redirects])
    assignments = tuple([_assignment(assignment, by) for assignment in command.assignments])
    return Simple(command.start + by, command.end + by, assignments, words, redirects)


def _redirect(one: Redirect, by: int) -> Redirect:
    return Redirect(one.start + by, one.end + by, one.fd, one.operator, _word(one.target, by))


def _assignment(one: Assignment, by: int) -> Assignment:
    return Assignment(one.start + by, one.end + by, one.name, None if one.value is None else _word(one.value, by))


def _word(word: Word, by: int) -> Word:
    return Word(
        word.start + by, word.end + by, word.raw, word.value, word.pattern, word.quoted, word.parameters, word.assigns,
    )  # fmt: skip
