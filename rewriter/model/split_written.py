"""What the commands of a RUN write, change, move and delete, where their words say."""

from __future__ import annotations

import re
from typing import Final

from rewriter.model import paths
from rewriter.model.command import Command
from rewriter.model.effect import Effect
from rewriter.model.run import Run
from rewriter.model.split_traces import Traces
from rewriter.model.walk import parts
from rewriter.syntax.script import Function, Redirect, Simple, Word

#: leave nothing that an image needs, beside what is printed into a file
_HARMLESS: Final = frozenset(
    "cd set export unset true false : echo ls pwd which test [ printf cat date env seq grep head tail sort sleep command type id "
    "whoami uname update-ca-certificates jq awk cut tr wc sha1sum sha256sum sha512sum md5sum ssh-keyscan du df hostname".split()
)
#: change files where they lie
_IN_PLACE: Final = frozenset("strip sed upx gunzip gzip touch".split())
#: make files where their words say
_MAKERS: Final = frozenset("cp mv ln install tee touch tar unzip curl wget gunzip gzip".split())
#: the option of sed behind which its script stands
_SCRIPT: Final = re.compile(r"-[nrEsuz]*e")
#: w of sed, which writes a file
_PRINTS: Final = re.compile(r"(?:^|[;{}/0-9$!gpI])\s*w\s*[\w./]")


def redirects(run: Run, command: Command, traces: Traces) -> str:
    """The files that a command prints into; why they are not known, or ""."""
    return _printed(command.simple.redirects, run, command, traces)


def of_lists(run: Run, traces: Traces) -> str:
    """The files that a list of commands, a loop or a condition prints into; why they are not known, or ""."""
    for node, _ in () if run.script is None else parts(run.script.body):
        if isinstance(node, (Simple, Function)) or not node.redirects:
            continue
        first = next((one for one in run.commands if node.start <= one.start < node.end), None)
        if first is None:
            return "it writes a file, which the program may read"
        why = _printed(node.redirects, run, first, traces)
        if why:
            return why
    return ""


def _printed(printed: tuple[Redirect, ...], run: Run, command: Command, traces: Traces) -> str:
    """The same for redirections that are opened where ``command`` starts."""
    written = [one for one in printed if one.operator not in ("<", "<<", "<<<", "<<-", ">&", "<&")]
    for one in written:
        path = paths.literal(one.target, command, run.state)
        if path is None:
            return f"{command.tool or 'it'} writes a file, which the program may read"
        if not path.startswith("/dev/"):
            traces.written.append((path, command.tool))
            traces.wrote(path)
            traces.folders.files.add(path)
            traces.unsure |= set() if command.place.certain else {path}
    return ""


def deletes(run: Run, command: Command, traces: Traces) -> str:
    """What ``rm`` deletes; why that is not known, or ""."""
    if any(sign in word.raw and not word.pattern for word in command.operands for sign in "*?["):
        return "what it deletes is not known: no shell expands a pattern there"  # in quotes, or in exec form
    gone = [paths.literal(word, command, run.state) for word in command.operands]
    whole = command.place.certain and command.has("-r", "-R", "--recursive")
    traces.gone += [(one, run.index, whole) for one in gone if one is not None]
    return "" if None not in gone else "what it deletes is not known"


def files(tool: str, command: Command, traces: Traces, effect: Effect | None) -> str:
    """A tool that makes or changes files where its words say."""
    hidden = _writes_by_itself(tool, command)
    if hidden:
        return f"where {tool} writes is not known"
    changes = tool in _IN_PLACE and (tool != "sed" or command.has("-i", "--in-place"))
    made = [one.path for one in effect.makes] if effect is not None and tool in _MAKERS else []
    if effect is not None and (
        tool in ("touch", "tee", "curl", "wget")
        or (tool == "cp" and not command.has("-r", "-R", "-a", "--recursive", "--archive"))
    ):
        files = (one.path for one in effect.makes if one.kind == "file")
        traces.folders.files |= {path for path in files if not traces.folders.known(path)}
    if changes and effect is not None:
        made += _changed(tool, command, traces, effect)
    if tool in ("curl", "wget") and (command.place.piped or command.has("-s", "-I")) and not made:
        return ""  # printed, and taken by what follows
    if ((tool in _MAKERS or changes) and not made) or (traces.blind and tool == "touch" and command.options):
        return f"where {tool} writes is not known"
    if any(not path.startswith("/") or "$" in path for path in made):
        return f"where {tool} writes is not known"
    for path in made:
        traces.wrote(path)
    if tool == "mv" and effect is not None:
        traces.gone += [(path, 0, False) for path in effect.deletes]
    if tool == "ln" and effect is not None and not traces.blind:
        made += [path for path in effect.reads if path.startswith("/")]
    made = [path for path in made if path != "/dev/null"]
    traces.written += [(path, tool) for path in made]
    traces.unsure |= set() if command.place.certain else set(made)
    known = tool in _MAKERS or tool in _IN_PLACE or tool in _HARMLESS
    return "" if known else f"it runs {tool}, which may leave files that the program needs"


def _writes_by_itself(tool: str, command: Command) -> bool:
    """True for what an option or a program of awk's makes a tool write that else prints, or changes what is there."""
    if tool in ("sort", "strip", "upx"):
        return any(word.raw.startswith(("-o", "--output")) for word in command.arguments)
    if tool == "sed":
        return any(_PRINTS.search(word.value or word.raw) for word in command.arguments)
    return tool == "awk" and any(sign in word.raw for word in command.arguments for sign in (">", "-i", "system("))


def _changed(tool: str, command: Command, traces: Traces, effect: Effect) -> list[str]:
    """The files that a tool changes where they lie; none where they are not known for certain and have to be."""
    if tool in ("strip", "upx"):  # what a program was is one still
        return [path for path in effect.reads if not traces.builds(path)] or ["/dev/null"]
    if not traces.blind:
        return list(effect.reads)
    if tool != "sed" or command.has("-f", "--file", "--expression"):
        return []
    files = edited(command)
    named = [None if word.pattern else effect.path(word) for word in files]
    return [] if None in named else [path for path in named if path is not None]


def edited(command: Command) -> list[Word]:
    """The files that sed edits: what is neither an option nor its script, which is the word after ``-e`` or the first one."""
    words, scripted = list(command.arguments), False
    files: list[Word] = []
    while words:
        word = words.pop(0)
        if word.raw.startswith("-"):
            alone = _SCRIPT.fullmatch(word.raw) is not None  # -ie is -i with a suffix
            scripted = scripted or alone or word.raw.startswith("-e")
            words = words[1:] if alone else words
            continue
        files.append(word)
    return files if scripted else files[1:]
