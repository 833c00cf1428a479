"""What an image starts, as far as its instructions say: a program of the language, or something that needs the toolchain."""

from __future__ import annotations

from typing import Final

from rewriter import posixpath
from rewriter.knowledge import languages
from rewriter.model import paths
from rewriter.model.command import Command, command_of
from rewriter.model.file import Step
from rewriter.model.split_page import Page
from rewriter.model.split_stage import Against, Shipped
from rewriter.model.split_start import OWN, commands_of, resolved, starting
from rewriter.model.walk import Place
from rewriter.syntax.script import Simple, Word

#: the beginning of what is said about an image that keeps its toolchain
KEPT: Final = "it is an image to develop, test or build with"
_SHELLS: Final = frozenset("sh bash ash dash zsh".split())


def started(stage: Shipped) -> tuple[Step, list[Command]]:
    """The instruction that says what the image starts, and all commands of it, those of CMD behind an ENTRYPOINT too.

    Raises:
        Against: it starts nothing, or what cannot be read.
    """
    step = starting(stage)
    if step is None and stage.starts:
        return stage.stage.steps[0], _exec(list(stage.starts), stage) or []
    if step is None:
        raise Against(stage.stage.steps[0], f"{KEPT}: it has no CMD or ENTRYPOINT")
    found = _commands(step, stage)
    if found is None or not found:
        raise Against(step, "what it starts cannot be read" if found is None else f"{KEPT}: it starts nothing")
    last = next((one for one in reversed(stage.steps) if one.name == "CMD"), None)
    given = (last.instruction.args or ()) if last is not None and step.name == "ENTRYPOINT" else ()
    return step, found if not given or not step.instruction.args else _exec(
        [*step.instruction.args, *given], stage
    ) or found


def workbench(command: Command, key: str, alone: bool) -> str:
    """Why an image that starts this command is one to work in, or "". ``key`` is the language, as in languages.toml."""
    tool, rest = command.tool, [word.raw for word in command.arguments]
    if tool in _SHELLS and (not rest or all(word.startswith("-") for word in rest)):
        return f"{KEPT}: it starts {tool}"
    if tool in languages.names("every", "idle") and alone:
        return f"{KEPT}: it starts {tool}, and no program"
    if tool not in languages.names(key, "toolchain"):
        return ""
    builds = tool in languages.names(key, "builders")
    return (
        f"{KEPT}: it starts the build tool {tool}" if builds else f"{KEPT}: it starts {tool}, which calls the toolchain"
    )


def judged(stage: Shipped, page: Page, places: list[str], there: list[str]) -> tuple[Step, list[str]]:
    """What the image starts, and questions about it. ``places`` go along, ``there`` are further programs and packages of the
    final stage.

    Raises:
        Against: it needs the toolchain, or is no program of the language.
    """
    step, commands = started(stage)
    name = languages.fact(page.key, "name")
    told: list[str] = []
    ours = False
    for command in commands:
        words = command.simple.words[command.head :]
        if not words:
            continue
        tool, rest = command.tool, [word.raw for word in command.arguments]
        if tool in _SHELLS and rest and not rest[0].startswith("-"):
            words, tool = command.arguments, "./" + rest[0]
        why = workbench(command, page.key, len(commands) == 1) or page.of_another(tool)
        if why:
            raise Against(step, why)
        if tool in page.words("starts"):
            why = page.starts(command, places)
            if why:
                raise Against(step, why)
            ours = True
            continue
        if _serves(tool, there):
            ours, page.started = True, f"{tool}, which serves files"
            told.append(f"does {tool} serve nothing but what goes along, and call nothing that {name} runs?")
            continue
        known = tool in OWN or tool in there or tool in languages.names("every", "idle") or page.brings(tool)
        if known:
            ours = ours or page.brings(tool)
            continue
        path = _path(words[0], stage)
        if path is None:
            raise Against(step, f"what {words[0].raw} is cannot be known")
        where = _where(path, stage)
        lies = next((one for one in where if one in places), "")  # a file that is known goes before a folder
        lies = lies or next((one for one in where if any(paths.inside(one, place) for place in places)), "")
        if not lies:
            raise Against(step, f"{name} is one tool of several: it starts {words[0].raw}, which it does not build")
        ours = True
        told.append(page.question(lies if lies in places or "/" in path else path))  # not a place that PATH may mean
    if not ours:
        raise Against(step, f"{name} is one tool of several: it starts {commands[0].tool or 'another program'}")
    return step, list(dict.fromkeys(told))


def _serves(tool: str, there: list[str]) -> bool:
    """True for a server of files that a package of the final stage brings."""
    apache = tool.startswith("apache2") or tool in ("apachectl", "httpd")
    return tool in languages.names("every", "web") and (tool in there or (apache and "apache2" in there))


def _path(word: Word, stage: Shipped) -> str | None:
    name = paths.symbolic(word, stage.end)
    return None if not name or "$" in name else name


def _where(name: str, stage: Shipped) -> list[str]:
    """Where a program may lie."""
    if "/" in name:
        return [resolved(name, stage)]
    folders = [one for one in (stage.end.environment.get("PATH") or "").split(":") if one.startswith("/")]
    return [posixpath.join(one, name) for one in (*folders, *languages.listed("every", "programs"))]


def _commands(step: Step, stage: Shipped) -> list[Command] | None:
    """The commands of a CMD or ENTRYPOINT; None when they cannot be read."""
    words = step.instruction.args
    return commands_of(step.instruction.body.text) if words is None else _exec(list(words), stage)


def _exec(words: list[str], stage: Shipped) -> list[Command] | None:
    """The commands of an exec form: what an init starts, and what a shell is told."""
    found: list[Command] = []
    while words and posixpath.basename(words[0]) in languages.names("every", "inits"):
        head, words = words[0], words[1:]
        options = next((at for at, word in enumerate(words) if not word.startswith("-")), len(words))
        found.append(_command([head, *words[:options]], stage))
        words = words[options:]
    if not words:
        return found
    if (
        len(words) > 2
        and posixpath.basename(words[0]) in _SHELLS
        and words[1].startswith("-")
        and words[1].endswith("c")
    ):
        inner = commands_of(words[2])
        return None if inner is None else [*found, *inner]
    return [*found, _command(words, stage)]


def _command(words: list[str], stage: Shipped) -> Command:
    written = tuple(Word(0, 0, text, text) for text in words)
    return command_of(Simple(0, 0, (), written, ()), Place(own_shell=False), stage.end.workdir, False)
