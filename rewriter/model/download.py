"""A download in one layer and its unpacking in a later one: what stands between, and how to bring them together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rewriter import posixpath
from rewriter.knowledge import filetools
from rewriter.model import effects, leftovers, style
from rewriter.model.command import Command
from rewriter.model.file import File, Step
from rewriter.model.run import Run
from rewriter.rule import Change
from rewriter.syntax.script import AndOr
from rewriter.text import Edit

TOOLS: Final = ("curl", "wget")
_MANAGERS: Final = ("apt-get", "apt", "aptitude", "apk", "yum", "dnf", "microdnf", "zypper")
_UNINSTALL: Final = ("purge", "remove", "autoremove", "del", "erase")


def unpacking(file: File, after: int, run_stage: int, path: str) -> tuple[Run, Command] | None:
    """The first command after instruction ``after`` of the same stage that unpacks ``path``, with its RUN."""
    for run in file.runs if not leftovers.is_long(file) else ():
        if run.stage.index != run_stage or run.index <= after:
            continue
        for effect in effects.of(run).each:
            if any(effects.same(one.path, path) and not one.runs for one in effect.unpacks):
                return run, effect.command
    return None


def in_the_way(file: File, between: Sequence[Step], path: str) -> str:
    """What between the download and the unpacking names the path or cannot be seen through, or ""."""
    name = leftovers.shown(path)
    for step in between:
        line = file.line(step.instruction.keyword.start)
        run = file.run_at.get(step.index)
        if step.name in ("CMD", "ENTRYPOINT", "HEALTHCHECK", "LABEL", "EXPOSE", "STOPSIGNAL", "MAINTAINER", "ONBUILD"):
            continue
        if step.name == "VOLUME":
            return f"line {line} declares a volume in between"
        if step.name == "ADD" and _lands_elsewhere(step, path):
            continue
        if leftovers.uses(step, run, path):
            return f"line {line} may use {name} in between"
        if run is not None and run.script is None:
            return f"line {line} in between cannot be read"
    return ""


def _lands_elsewhere(step: Step, path: str) -> bool:
    """True for an ADD from one URL whose file is known to come to lie at another place: it reads nothing of the image, so a like
    name in its address or target is none of ``path``. (Each of many such ADDs stood in the way of the one above it.)"""
    words = step.instruction.words
    if len(words) != 2 or step.instruction.heredocs or not words[0].startswith(("http://", "https://")):
        return False
    source, target = step.state.expand(words[0], "\\"), step.state.expand(words[1], "\\")
    if source is None or target is None or not target.startswith("/"):
        return False
    name = posixpath.basename(source.partition("?")[0])
    lies = posixpath.normpath(posixpath.join(target, name) if target.endswith("/") else target)
    return path.startswith("/") and not path.startswith(lies + "/") and lies != posixpath.normpath(path)


def uninstalls(runs: Sequence[Run]) -> bool:
    """True when one of the RUNs uninstalls packages, among which may be the download tool."""
    commands = (command for run in runs for command in run.commands)
    return any(command.tool in _MANAGERS and command.subcommand in _UNINSTALL for command in commands)


def first_use(run: Run, unpacking: Command, path: str) -> Command:
    """The first command of the RUN that needs the download: the one that unpacks it, or in front of it one that names it, or
    checks what a list names."""
    for effect in effects.of(run).each:
        command = effect.command
        if command is unpacking:
            break
        named = leftovers.expanded(" ".join(word.raw for word in command.simple.words), run.state)
        checks = command.tool.endswith("sum") and command.has("-c", "--check")
        mentioned = effects.mentions(named, path) and not _names_another(command, path)
        if checks or mentioned or effects.reads(effect, path):
            return command
    return unpacking


def _names_another(command: Command, path: str) -> bool:
    """True where each word that holds the name of the file is a whole path, and that of another one."""
    name = posixpath.basename(path)
    words = [word.value for word in command.simple.words if name in word.raw]
    return bool(words) and all(text and text.startswith("/") and posixpath.normpath(text) != path for text in words)


def in_front(run: Run, command: Command, text: str, *, above: bool = False) -> Change | style.Refusal:
    """Run ``text`` right before ``command``, which runs only if it succeeded: both in one top-level ``&&`` list. ``above``: on
    a line of its own."""
    script = run.script
    if script is None or not command.editable:
        return style.Refusal("the command stands inside a quoted script")
    for effect in effects.of(run).each:
        if effect.command.simple is command.simple:
            break
        if effect.anything or effect.command.tool in filetools.CHECKERS:
            return style.Refusal(f"{effect.command.tool or 'a command'} in front of the unpacking may need it")
    for number, statement in enumerate(script.body.statements):
        list_ = statement.list
        index = _index(list_, command)
        if index is None:
            continue
        if any(operator != "&&" for operator, _ in list_.operators) or list_.pipelines[index].negated:
            return style.Refusal("its list has a ||")
        if statement.ended_by == "&" or number + 1 < len(script.body.statements):
            # the failure of a list that is not the last one does not fail the RUN, a failing download must
            return style.Refusal("its list is not the last of the RUN, so a failing download would not fail the build")
        at = run.visible.source(command.start)
        gap = _gap(run, list_)
        if above and "\n" not in gap:
            gap = style.line_break(run, "&&")
        return Change((Edit.insert(at, text + gap),), adds=style.words_of(text))
    return style.Refusal("the command stands inside a compound command")


def _index(list_: AndOr, command: Command) -> int | None:
    for index, pipeline in enumerate(list_.pipelines):
        if pipeline.commands[0] is command.simple:
            return index
    return None


def _gap(run: Run, list_: AndOr) -> str:
    """The author's own ``&&`` with its line break, or a new one."""
    for left, right in zip(list_.pipelines, list_.pipelines[1:], strict=False):
        gap = run.file.source[style.last_character(run, left.end) : run.visible.source(right.start)]
        if "#" not in gap and gap.count("\n") < 2:
            return gap
    return style.line_break(run, "&&")


def fetcher(file: File, step: Step, stage: int, secure: bool) -> tuple[str, bool]:
    """The download tool that the image is seen to have before an instruction ("" when none), and whether a RUN has
    fetched over https with it, which needs certificates."""
    known = ""
    for run in file.runs:
        if run.stage.index != stage or run.index >= step.index:
            continue
        for command in run.commands:
            if not command.place.certain:
                continue
            if command.tool in TOOLS:
                if not secure or "https://" in command.words_text:
                    return command.tool, True
                known = known or command.tool
            words = {word.value for word in command.operands}
            if command.subcommand in ("install", "add"):
                known = known or next((tool for tool in TOOLS if tool in words), "")
    return known, False
