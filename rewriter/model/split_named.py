"""The paths that an image names when it runs: what it starts and checks, what variables, volumes and links say."""

from __future__ import annotations

from collections.abc import Iterator

from rewriter import posixpath
from rewriter.model import paths, split_purpose
from rewriter.model.command import Command
from rewriter.model.context_tree import Tree
from rewriter.model.file import Step
from rewriter.model.split_stage import Shipped
from rewriter.model.split_start import commands_of, resolved


def calls(stage: Shipped) -> list[tuple[Step, Command]]:
    """What the image starts, and what HEALTHCHECK calls.

    Raises:
        Against: it starts nothing, or what cannot be read.
    """
    step, commands = split_purpose.started(stage)
    found = [(step, one) for one in commands]
    for each in stage.steps:
        text = each.instruction.body.text
        if each.name == "HEALTHCHECK" and text.upper().startswith("CMD "):
            plain = " ".join(text[4:].strip().strip("[]").replace('"', " ").replace(",", " ").split())
            found += [(each, one) for one in commands_of(plain) or []]
    return found


def started(stage: Shipped, there: list[str]) -> list[str]:
    """The paths of :func:`calls`, as far as their words are paths, or programs that PATH finds in one of the folders ``there``.

    Raises:
        Against: the image starts nothing, or what cannot be read.
    """
    places: list[str] = []
    for _, command in calls(stage):
        for word in command.simple.words[command.head :]:
            name = paths.symbolic(word, stage.end)
            if name and "/" in name and "$" not in name and "://" not in name:
                places.append(resolved(name, stage))
            elif name and word is command.simple.words[command.head]:
                folders = (stage.end.environment.get("PATH") or "").split(":")
                found_in = (posixpath.join(one, name) for one in folders)
                places += [one for one in found_in if any(paths.inside(one, top) for top in there)]
    return list(dict.fromkeys(places))


def in_scripts(begins: list[str], context: Tree) -> Iterator[tuple[str, Command]]:
    """The commands of the scripts that an image ``begins`` with, as far as the context shows them, each with its script."""
    for path in begins:
        text = context.text(path)
        for command in commands_of(text) or [] if text is not None else []:
            yield path, command


def named(stage: Shipped) -> list[str]:
    """The absolute paths in ENV, CMD, ENTRYPOINT and VOLUME, and those that are linked."""
    texts = [value or "" for value in stage.end.environment.values()]
    texts += [step.instruction.body.text for step in stage.steps if step.name in ("CMD", "ENTRYPOINT", "VOLUME")]
    texts += [one.words_text for run in stage.runs.values() for one in run.commands if one.tool == "ln"]
    words: list[str] = []
    for text in texts:
        for sign in "[]\"',=:;|<>()`":
            text = text.replace(sign, " ")
        words += [posixpath.normpath(one) for one in text.split() if one.startswith("/") and one != "/"]
    return words
