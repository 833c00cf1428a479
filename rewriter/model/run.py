"""A RUN instruction, read: its script, its commands, its mounts, and edits in the style of its author."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from rewriter import posixpath
from rewriter.knowledge import shells, tools
from rewriter.model import paths
from rewriter.model.command import Command, command_of
from rewriter.model.scope import State
from rewriter.model.states import States
from rewriter.model.walk import Place, Walker, parts
from rewriter.syntax.dockerfile import KNOWN
from rewriter.syntax.nodes import Instruction, Visible
from rewriter.syntax.script import Script, Simple, Word
from rewriter.syntax.scripts import Scripts
from rewriter.syntax.shell import read_shell
from rewriter.text import Span

if TYPE_CHECKING:
    from rewriter.model.effects import Effects
    from rewriter.model.file import File, Stage
    from rewriter.model.needs import Needs

_BLANK_LINE: Final = re.compile(r"\n[ \t\r]*\n\s*")
_NESTING: Final = 3  # sh -c "sh -c '...'" is read so deep


class Mount(NamedTuple):
    """One ``--mount``. ``target`` is None when it is not known (a variable)."""

    type: str
    target: str | None
    writable: bool


class Reading:
    """What a RUN calls: its script, None when it has none or cannot be read (``refusal`` says why), its commands, which are
    made of the words of this very script, and the tools that they call; ``pip3.9`` also as ``pip``."""

    __slots__ = ("_assigning", "commands", "refusal", "script", "tools")

    def __init__(self, script: Script | None, commands: Iterable[Command] = (), refusal: str = "") -> None:
        self.script = script
        self.commands = tuple(commands)
        self.tools = _tools(self.commands)
        self.refusal = refusal
        self._assigning: tuple[Command, ...] | None = None

    @property
    def assigning(self) -> tuple[Command, ...]:
        """The commands that may set variables for those behind them: bare assignments and ``export``."""
        if self._assigning is None:
            self._assigning = tuple(one for one in self.commands if one.tool == "export" or not one.simple.words)
        return self._assigning


class Memory:
    """What was worked out about scripts, kept from one state of a file to the next: an edit changes one RUN of many."""

    def __init__(self) -> None:
        self.scripts = Scripts()
        self.states = States()
        self.readings: dict[tuple[str, str | None], Reading] = {}
        self.effects: dict[tuple[str, str | None, str], tuple[State, Effects]] = {}
        self.words: dict[str, tuple[str, ...]] = {}
        self.variables: dict[str, frozenset[str]] = {}
        self.files: list[File] = []
        #: of the base image, by the state of the file
        self.needs: dict[File, Needs] = {}

    def release(self) -> None:
        """Empty the files. They and their RUNs know each other, so they would stay until circles are looked for."""
        for file in self.files:
            file.forget()
        self.files.clear()


class Run:
    """One RUN of a stage.

    ``index`` is its place among the instructions of the file. ``form`` is "shell", "exec" or "heredoc" (the whole script
    is the body of one here-document). ``visible`` is the text that the shell gets, with its way back to the source.
    """

    __slots__ = ("_reading", "file", "form", "index", "instruction", "mounts", "stage", "state", "visible")

    def __init__(self, instruction: Instruction, index: int, state: State, stage: Stage, file: File) -> None:
        self.instruction = instruction
        self.index = index
        self.state = state
        self.stage = stage
        self.file = file
        self.form = "shell" if instruction.args is None else "exec"
        self.visible = instruction.body
        if instruction.heredocs:
            self._take_documents(file.source)
        self.mounts = tuple(self._mounts()) if instruction.flags else ()
        self._reading: Reading | None = None

    def _take_documents(self, source: str) -> None:
        body, documents = self.visible, self.instruction.heredocs
        if len(documents) == 1 and body.text == documents[0].opener.of(source).strip():
            self.form = "heredoc"
            self.visible = _verbatim(source, documents[0].content)
            return
        text = [body.text, "\n"]
        pieces = list(body.pieces)
        at = len(body.text) + 1
        for document in documents:
            span = Span(document.content.start, document.terminator.end)
            text.append(span.of(source))
            pieces.append((at, span.start))
            at += span.length
        self.visible = Visible("".join(text), tuple(pieces))

    @property
    def span(self) -> Span:
        return self.instruction.span

    @property
    def reading(self) -> Reading:
        """What it calls. Its script is read when this is first asked for, once for all states of the file."""
        if self._reading is None:
            self._reading = self._read()
        return self._reading

    def _read(self) -> Reading:
        if self.form == "exec":
            commands = _exec_commands(self.instruction.args or (), self.state.workdir or None)
            return Reading(None, commands, self._swallowed() or self._no_shell() or "exec form has no shell")
        refusal = self._swallowed() or self._no_shell() or self._strange()
        if refusal:
            return Reading(None, refusal=refusal)
        key = self.visible.text, self.state.workdir or None
        found = self.file.memory.readings.get(key)
        if found is None:
            found = self.file.memory.readings[key] = self._called(*key)
        return found

    def _called(self, text: str, cwd: str | None) -> Reading:
        script = self.file.memory.scripts.read(text)
        if not isinstance(script, Script):
            return Reading(None, refusal=script.reason)
        return Reading(script, listed(script, cwd))

    def _no_shell(self) -> str:
        return "" if self.state.posix else f"SHELL {list(self.state.shell)} is no POSIX shell"

    def _strange(self) -> str:
        """Why its text is not read as a script, or ""."""
        text = self.visible.text
        if self.form == "heredoc":
            if self.instruction.heredocs[0].chomp:
                return "a here-document with <<- is not edited"
            if text.startswith("#!") and posixpath.basename(text.split("\n", 1)[0].split(" ")[-1].strip()) not in (
                "sh", "bash", "dash", "ash",
            ):  # fmt: skip
                return "the here-document is a script for another interpreter"
        if "\r" in text:
            inside = "a here-document with CRLF lines"
            return inside if self.instruction.heredocs else "a carriage return inside the command"
        if "&>" in text and not (
            posixpath.basename(self.state.shell[0]) == "bash" or shells.sh_is_bash(self.stage.image)
        ):
            return "&> starts a background job in dash and redirects in bash; SHELL does not say which"
        return ""

    def _swallowed(self) -> str:
        """Why this RUN is not what its author sees: a blank line after a continuation mark does not end it, so an
        instruction below is a part of its command. "" when there is none."""
        if not self.instruction.blank_lines:
            return ""
        for line in _BLANK_LINE.split(self.instruction.span.of(self.file.source))[1:]:
            name = line.split(None, 1)[0] if line.strip() else ""
            if name in KNOWN:
                return f"a continuation mark makes the {name} below a part of its command"
        return ""

    @property
    def script(self) -> Script | None:
        return self.reading.script

    @property
    def readable(self) -> bool:
        """True when its commands are known: a script that was read, or an exec form."""
        return self.form == "exec" or self.script is not None

    @property
    def commands(self) -> tuple[Command, ...]:
        """Every simple command in the order of the text, those inside ``sh -c "..."`` included, after it. Empty when the
        script cannot be read; for the exec form, the one command with words that have no text of their own."""
        return self.reading.commands

    @property
    def tools(self) -> frozenset[str]:
        """The tools of its commands; ``pip3.9`` also as ``pip``."""
        return self.reading.tools

    def uses(self, *names: str) -> Iterator[Command]:
        """The commands of these tools."""
        return (command for command in self.commands if command.tool in names)

    def _mounts(self) -> Iterator[Mount]:
        for flag in self.instruction.flags:
            if flag.name != "mount":
                continue
            keys = dict(part.partition("=")[::2] for part in (flag.value or "").split(","))
            target = next((keys[key] for key in ("target", "dst", "destination") if key in keys), None)
            kind = keys.get("type", "bind")
            plain = target is not None and "$" not in target
            writable = "rw" in keys or "readwrite" in keys or kind in ("cache", "tmpfs")
            yield Mount(kind, self.resolve(target) if plain and target else None, writable)

    def mounted(self, path: str) -> bool:
        """True when a mount lies over ``path`` or may do: what is written there is in no layer."""
        return any(
            mount.type in ("cache", "tmpfs", "bind") and (mount.target is None or paths.inside(path, mount.target))
            for mount in self.mounts
        )

    def resolve(self, path: str) -> str | None:
        """``path`` as an absolute path, or None when the working directory is not known."""
        if path.startswith("/"):
            return posixpath.normpath(path)
        base = self.state.workdir
        return posixpath.normpath(posixpath.join(base, path)) if base else None

    def removes(self, path: str, after: int = 0) -> bool:
        """True when a later command of this RUN deletes all that is in directory ``path``. ``after`` is a script offset."""
        return any(
            paths.inside(path, gone)
            for command in self.commands
            if command.start >= after or not command.editable
            for gone in paths.emptied(command, self.state)
        )

    def __repr__(self) -> str:
        return f"Run(line {self.file.line(self.span.start)})"


def listed(script: Script, cwd: str | None) -> list[Command]:
    """Every command of a script that is no RUN of its own, as ``Run.commands`` lists those of a RUN."""
    found: list[Command] = []
    _Listing(cwd, found).script(script)
    return found


def _tools(commands: Iterable[Command]) -> frozenset[str]:
    found = {command.tool for command in commands}
    return frozenset(found.union(map(tools.canonical, found)))


def _exec_commands(arguments: tuple[str, ...], cwd: str | None) -> list[Command]:
    words = tuple(Word(0, 0, text, text) for text in arguments)
    command = command_of(Simple(0, 0, (), words, ()), Place(own_shell=False), cwd, False)
    found = [command]
    nested = nested_script(command)
    if nested is not None:
        _Listing(cwd, found, command, 1).script(nested)
    return found


class _Listing(Walker):
    """Lists the commands of a script, those of a script in one of them after it. ``outer`` is what it was read out of."""

    def __init__(self, cwd: str | None, found: list[Command], outer: Command | None = None, depth: int = 0) -> None:
        super().__init__(cwd)
        self.found = found
        self.outer = outer
        self.depth = depth

    def met(self, command: Simple, place: Place) -> None:
        outer = self.outer
        if outer is not None:
            place = place.inside(outer.place)
        call = command_of(command, place, self.cwd, outer is None, outer)
        self.found.append(call)
        nested = nested_script(call) if self.depth < _NESTING else None
        if nested is not None:
            _Listing(None if call.moves else self.cwd, self.found, call, self.depth + 1).script(nested)


def nested_script(command: Command) -> Script | None:
    """The script of ``sh -c "..."`` when it is a literal, or one in which variables are nothing but arguments."""
    if command.tool not in ("sh", "bash", "dash", "ash", "su"):
        return None
    arguments = command.arguments
    for index, word in enumerate(arguments[:-1]):
        text = word.value or ""
        if not text.startswith("-") and command.tool != "su":
            return None
        if text == "--command" or (text.startswith("-") and not text.startswith("--") and text.endswith("c")):
            value = arguments[index + 1].value
            if value is None:
                return _with_variables(arguments[index + 1])
            script = read_shell(value)
            return script if isinstance(script, Script) else None
    return None


_DOUBLE_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
_ESCAPED: Final = re.compile(r'\\(["$`\\])')


def _with_variables(word: Word) -> Script | None:
    """The script in double quotes, its variables unexpanded; None where one of them may be more than an argument."""
    quoted = None if word.substitutions or word.assigns else _DOUBLE_QUOTED.fullmatch(word.raw)
    script = None if quoted is None else read_shell(_ESCAPED.sub(r"\1", quoted[1]))
    if not isinstance(script, Script):
        return None
    simple = [command for command, _ in parts(script.body) if isinstance(command, Simple)]
    return script if all(one.words and one.words[0].value for one in simple) else None


def _verbatim(source: str, span: Span) -> Visible:
    return Visible(span.of(source), ((0, span.start),))
