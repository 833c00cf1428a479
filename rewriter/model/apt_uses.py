"""Who may need the package lists that a RUN left: later instructions of the file, and scripts that it only names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.knowledge import apt as facts
from rewriter.model.apt import SHELLS, clears, fetches, first_reader
from rewriter.model.command import Command
from rewriter.model.file import File, Stage
from rewriter.model.run import Run, nested_script

Context = Callable[[str], "str | None"]

_MAKES: Final = frozenset("make gmake rake just task invoke".split())
_BUILDS: Final = frozenset("make gmake b2 bjam configure cmake ninja".split())
_INTERPRETERS: Final = frozenset("python python2 python3 perl ruby".split())
_WRITERS: Final = frozenset("echo printf cat tee sed perl awk".split())
_APT: Final = r"(?<![\w./-])(?:apt-get|aptitude|apt)(?![\w./-])"
_CALLS: Final = re.compile(r"(?<![\w.-])(?:apt-get|aptitude)(?![\w.-])|" + _APT + r"\s+(?:-\S+\s+)*install\b")
_INSTALLS: Final = re.compile(_APT + r"[^\n|;&]*\binstall\b")
_UPDATES: Final = re.compile(_APT + r"[^\n|;&]*\bupdate\b")


class Uses(NamedTuple):
    """Who may need the lists that a RUN left.

    ``readers`` install, in a later RUN of the file, without an update before; ``elsewhere`` do so in a build or
    container that starts from the image (ONBUILD, CMD, ENTRYPOINT). ``likely`` are texts and scripts of which something
    says that they do it too, as sentences; ``unseen`` run other scripts that cannot be seen, each with its name.
    """

    readers: tuple[Run, ...]
    elsewhere: tuple[Run, ...]
    likely: tuple[tuple[Run, str], ...]
    unseen: tuple[tuple[Run, str], ...]


class Readers:
    """Who may need the lists that RUNs of a file leave. ``context`` gives the files of the build context."""

    def __init__(self, file: File, context: Context) -> None:
        self.file = file
        self.context = context
        self._written: list[tuple[Run, str]] | None = None

    def of(self, run: Run) -> Uses:
        """Who may need the lists that ``run`` left; nobody does once they were fetched again or deleted."""
        if self._written is None:
            self._written = list(_written(self.file))
        return _uses(self.file, run, self.context, self._written)


def _uses(file: File, run: Run, context: Context, written: list[tuple[Run, str]]) -> Uses:
    fresh = {run.stage.index: False}
    readers: list[Run] = []
    elsewhere: list[Run] = []
    likely = list(_meeting(file, run, written))
    unseen: list[tuple[Run, str]] = []
    for stage, other in _later(file, run):
        if stage.parent is not None:
            fresh.setdefault(stage.index, fresh.get(stage.parent.index, False))
        if fresh[stage.index]:
            continue
        inside = other.instruction.name == "RUN" and not _triggered(other)
        if first_reader(other) is not None:
            (readers if inside else elsewhere).append(other)
        for name in _scripts(other):
            known = _judged(file, other, name, context)
            if known is None and inside:
                unseen.append((other, name))
            elif known:
                likely.append((other, f"line {file.line(other.span.start)} runs {name}, {known}"))
        if inside:
            fresh[stage.index] = _renews(other)
    return Uses(tuple(readers), tuple(elsewhere), tuple(likely), tuple(unseen))


def _later(file: File, run: Run) -> Iterator[tuple[Stage, Run]]:
    """RUN, ONBUILD RUN, CMD and ENTRYPOINT after ``run`` in its stage and in those built on it, each as a Run."""
    for stage in file.heirs(run.stage):
        for step in stage.steps:
            if step.index <= run.index:
                continue
            instruction = step.instruction.trigger or step.instruction
            if step.name == "RUN":
                yield stage, file.run_at[step.index]
            elif instruction.name in ("RUN", "CMD", "ENTRYPOINT"):
                yield stage, Run(instruction, step.index, step.state, stage, file)


def _triggered(run: Run) -> bool:
    """True for the RUN of an ONBUILD."""
    return run.file.dockerfile.instructions[run.index].trigger is not None


def _renews(run: Run) -> bool:
    """True when the lists of earlier layers are gone or replaced after this RUN."""
    return clears(run) or any(fetches(command, run) and command.place.certain for command in run.commands)


# Scripts that the file names ------------------------------------------------------------------------------------------


def _scripts(run: Run) -> Iterator[str]:
    """The scripts that the RUN calls before it fetches lists itself, and that might install packages; each by its name."""
    if run.script is None and run.form != "exec":
        yield "a script that cannot be read"
    fetched = min((command.start for command in run.commands if fetches(command, run)), default=None)
    for command in run.commands:
        if fetched is not None and command.start >= fetched:
            continue
        name = _script(command, run)
        if name:
            yield name


def _script(command: Command, run: Run) -> str:
    tool = command.tool
    if tool in facts.provisioners():
        return tool
    if tool in _MAKES:
        target = next(
            (
                word.raw
                for word in command.arguments
                if facts.sounds_like_setup(word.raw) and not word.raw.endswith("install") and ":" not in word.raw
            ),
            "",
        )
        return f"{tool} {target}" if (target and not target.startswith(("-", "install"))) or "dep" in target else ""
    raw = command.simple.words[command.head].raw if command.simple.words else ""
    if tool in SHELLS:
        if nested_script(command) is not None or command.has("-c"):
            return ""
        words = [word for word in command.arguments if not word.raw.startswith("-")]
        if command.place.piped and (not words or command.has("-s")):
            return _piped(run)
        name = words[0].raw if words and not command.place.piped else ""
    elif tool in _INTERPRETERS:
        name = next((word.raw for word in command.arguments), "")
        name = name if facts.sounds_like_setup(_base(name)) and not _base(name).startswith(("setup.", "-")) else ""
    else:
        program = "/" in raw and facts.sounds_like_setup(tool) and tool != "install"
        name = raw if raw.endswith((".sh", ".bash")) or program else ""
    if not _base(name) or _base(name).startswith("$") or facts.builds(name):
        return ""
    if _base(name) == "bootstrap.sh" and any(other.tool in _BUILDS for other in run.commands):
        return ""  # of a source tree: boost, autotools
    return name


def _piped(run: Run) -> str:
    origin = [w.raw for c in run.commands if c.tool in ("curl", "wget") for w in c.arguments if "://" in w.raw]
    url = origin[-1].strip("\"'") if origin else "a pipe"
    return "" if any(known in url for known in facts.harmless_scripts()) else f"a script from {url}"


def _base(name: str) -> str:
    return name.rpartition("/")[2].strip("\"'")


def _judged(file: File, run: Run, name: str, context: Context) -> str | None:
    """Why the script is likely to install from the lists; "" when it is seen that it does not; None when nothing says."""
    if run.script is None and run.form != "exec":
        text: str | None = run.visible.text
    else:
        text = _content(file, run, name.strip("\"'"), context)
    if text is not None and _INSTALLS.search(text):
        return "" if _UPDATES.search(text) else "which installs with apt and has no update of its own"
    if name in facts.provisioners() or facts.sounds_like_setup(_base(name)):
        return "which may install from these lists" if text is None else None
    return None


def _content(file: File, run: Run, name: str, context: Context) -> str | None:
    """The text of a script that a COPY or ADD brought from the build context."""
    for stage in run.stage.lineage:
        for step in stage.steps:
            copies = step.name in ("COPY", "ADD") and step.index < run.index
            if not copies or any(flag.name == "from" for flag in step.instruction.flags):
                continue
            for source in step.instruction.words[:-1]:
                if "$" in source or "://" in source:
                    continue
                relative = name.lstrip("./") if not name.startswith("/") else _base(name)
                for path in (source, posixpath.join(source, relative), posixpath.join(source, _base(name))):
                    path = posixpath.normpath(path).lstrip("/")
                    text = context(path) if _base(path) == _base(name) else None
                    if text is not None:
                        return text
    return None


# Scripts that the file writes -----------------------------------------------------------------------------------------


def _written(file: File) -> Iterator[tuple[Run, str]]:
    """The commands that write or edit a script which calls apt, as far as their words show it, each with its RUN."""
    for other in file.runs:
        if other.tools.isdisjoint(_WRITERS):
            continue
        for command in other.commands:
            text = _text(other, command)
            edits = command.tool in ("sed", "perl", "awk")
            if text and (_CALLS if edits else _INSTALLS).search(text) and not _UPDATES.search(text):
                at = file.line(other.span.start)
                yield other, f"line {at} {'edits' if edits else 'writes'} a script that calls apt"


def _meeting(file: File, run: Run, written: list[tuple[Run, str]]) -> Iterator[tuple[Run, str]]:
    """Those of the scripts that calls of apt were written to which may meet the lists of ``run``; so may here-documents."""
    line = run.stage.lineage
    if written:
        heirs = {run.index} | {other.index for other in file.later_runs(run)}
        yield from (one for one in written if one[0].index in heirs or one[0].stage in line)
    for stage in file.stages:
        for step in stage.steps if stage in line else ():
            for document in step.instruction.heredocs if step.name in ("COPY", "ADD") else ():
                text = document.content.of(file.source)
                if _INSTALLS.search(text) and not _UPDATES.search(text):
                    yield run, f"line {file.line(step.span.start)} writes a script that calls apt"


def _text(run: Run, command: Command) -> str:
    """What a command writes into a file or a pipe."""
    if command.tool not in _WRITERS:
        return ""
    redirects = command.simple.redirects
    into = command.place.piped or any(one.operator.startswith(">") for one in redirects)
    if not into and command.tool in ("echo", "printf", "cat"):
        return ""
    body = "".join(run.script.text[one.body[0] : one.body[1]] for one in redirects if run.script and one.body)
    return " ".join([*(word.value or word.raw for word in command.arguments), body])
