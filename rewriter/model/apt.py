"""What apt does in a RUN, and who needs the lists that it fetched.

Sources: apt-get(8), apt(8), aptitude(8), apt-file(1), add-apt-repository(1); scripts and further tools: apt.toml.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from rewriter import posixpath
from rewriter.knowledge import apt as facts
from rewriter.model import errexit, privilege, style
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.paths import DELETERS, emptied, inside
from rewriter.model.run import Run
from rewriter.model.walk import bodies
from rewriter.rule import Change
from rewriter.syntax.script import AndOr, Group, Sequence, Statement, Subshell, Word
from rewriter.text import Edit, newline_of

_NAMED: Final = re.compile(r"[a-z0-9][a-z0-9.+-]+")  # Debian policy 5.6.1; what stands behind "=" may be a pattern
LISTS: Final = "/var/lib/apt/lists"
TOOLS: Final[frozenset[str]] = frozenset({"apt-get", "apt", "aptitude"})
#: subcommands that need the package lists
READERS: Final = frozenset({"install", "build-dep", "upgrade", "dist-upgrade", "full-upgrade", "source", "satisfy", "download",
                     "safe-upgrade", "reinstall", "list", "search", "show", "policy", "madison"})  # fmt: skip
SHELLS: Final = frozenset({"sh", "bash", "dash", "ash", "source", "."})


def is_apt(command: Command, *subcommands: str) -> bool:
    """True for a call of apt-get, apt or aptitude with one of these subcommands."""
    return command.tool in TOOLS and command.subcommand in subcommands


#: without one of these tools no RUN fetches lists, and none reads them but by a script that we do not see
FETCHERS: Final = frozenset({*TOOLS, "npx", "yarn", "pnpm", "playwright", "python", "curl", "wget", "add-apt-repository",
                      "apt-add-repository", "gdebi", "mk-build-deps", "tasksel", "rosdep", "apt-file", "apt-fast"})  # fmt: skip


def fetches(command: Command, run: Run) -> bool:
    """True when the command fetches lists: an update, a tool or a published script that runs one."""
    if command.tool in TOOLS:
        return command.subcommand == "update"
    if command.tool in ("npx", "yarn", "pnpm", "playwright", "python"):
        text = command.words_text
        return "playwright" in text and ("install-deps" in text or "--with-deps" in text)
    if command.tool not in ("curl", "wget") or not any(
        script in w.raw for w in command.arguments for script in facts.scripts()
    ):
        return False
    return any(other.tool in SHELLS and other.start > command.start for other in run.commands)


def last_fetch(run: Run) -> Command | None:
    """The last command of the RUN that fetches lists."""
    if run.tools.isdisjoint(FETCHERS):
        return None
    found = [command for command in run.commands if command.tool in FETCHERS and fetches(command, run)]
    return max(found, key=lambda command: command.start) if found else None


def raised(run: Run, fetch: Command) -> str | style.Refusal:
    """``"sudo "`` when what fetched the lists got root's rights by sudo, "" when it had them."""
    runs_it = (other for other in run.commands if other.tool in SHELLS and other.start > fetch.start)
    piped = fetch.tool in ("curl", "wget")
    found = privilege.for_deleting(run, fetch, *([*runs_it][:1] if piped else ()))
    if found != "" or is_apt(fetch, "update") or privilege.seen_as_root(run):
        return found
    if privilege.asked_before(run):
        return "sudo "
    if run.state.root:
        return ""
    return style.Refusal(f"it runs as {privilege.user_of(run)}, who may not delete the lists")


def may_fetch(run: Run) -> Command | None:
    """The last command that fetches lists on some releases only: add-apt-repository, from Ubuntu 18.04 on."""
    found = [
        c
        for c in run.commands
        if c.tool in ("add-apt-repository", "apt-add-repository") and not c.has("-n", "--no-update")
    ]
    return found[-1] if found else None


def clears(run: Run, after: int = 0) -> bool:
    """True when the RUN deletes its lists after script offset ``after``, as far as its author wanted them deleted."""
    return any(deletes_lists(run, one) for one in run.commands if one.start >= after or not one.editable)


def deletes_lists(run: Run, command: Command) -> bool:
    """True when the command deletes the lists, as far as its author wanted them deleted."""
    if command.tool not in DELETERS:
        return command.tool in TOOLS and command.subcommand == "distclean"
    if command.tool == "rm" and any(inside(word.value or "", LISTS) and word.pattern for word in command.operands):
        return True
    return any(inside(LISTS, gone) for gone in emptied(command, run.state)) and not unexpanded(run, command)


def unexpanded(run: Run, command: Command) -> bool:
    """True for ``rm -rf /var/lib/{apt,cache}`` in Debian's ``/bin/sh``, dash, which knows no braces: nothing goes."""
    if not command.editable or posixpath.basename(run.state.shell[0]) not in ("sh", "dash"):
        return False
    if not any(word.pattern and "{" in word.raw and "apt" in word.raw for word in command.operands):
        return False
    return not any(
        other.tool in ("ln", "mv", "cp", "dpkg-reconfigure", "update-alternatives")
        and any(word.value in ("/bin/sh", "sh", "dash") for word in other.operands)
        for each in run.file.runs
        for other in each.commands
    )


def first_reader(run: Run) -> Command | None:
    """The first command of the RUN that needs lists from an earlier layer: no certain fetch stands in front of it."""
    if run.tools.isdisjoint(FETCHERS) or run.mounted(LISTS):
        return None
    fetched: list[Command] = []
    for command in run.commands:
        if command.tool in FETCHERS and fetches(command, run):
            if command.place.certain:
                return None
            fetched.append(command)
        elif _reads(command) and not any(_covers(run, fetch, command) for fetch in fetched):
            return command
    return None


def line_of_reader(run: Run) -> int:
    """The line of :func:`first_reader`, or of the RUN itself."""
    reader = first_reader(run)
    at = run.instruction.keyword.start
    if reader is not None and reader.editable:
        at = run.visible.source(reader.start)
    return run.file.line(at)


def _reads(command: Command) -> bool:
    return command.tool in facts.reading_tools() or (is_apt(command, *READERS) and not _asks_only(command))


def _asks_only(command: Command) -> bool:
    """``apt-get install --help``; ``apt list --installed`` reads what dpkg knows."""
    return command.has("--help", "--version", "--installed", "--print-uris")


def _covers(run: Run, fetch: Command, reader: Command) -> bool:
    """True when ``reader`` runs only after ``fetch``, though neither has to run: both stand in one branch or list."""
    if run.script is None or not fetch.editable or not reader.editable:
        return False
    first, second = _where(run.script.body, fetch), _where(run.script.body, reader)
    if first is None or second is None or first[0] is not second[0]:
        return False
    if first[1] is not second[1]:
        return first[2] == 0
    return all(operator == "&&" for operator, _ in first[1].list.operators[first[2] : second[2]])


def _where(sequence: Sequence, command: Command) -> tuple[Sequence, Statement, int] | None:
    """The innermost sequence and statement that hold the command, and the place in the statement's list."""
    for statement in sequence.statements:
        for index, pipeline in enumerate(statement.list.pipelines):
            for part in pipeline.commands:
                if part is command.simple:
                    return sequence, statement, index
                found = next(filter(None, (_where(body, command) for body in bodies(part))), None)
                if found is not None:
                    return found
    return None


def only_fetches(run: Run) -> bool:
    """True when a RUN does nothing but ``apt-get update`` (and empty the download cache)."""
    commands = run.commands
    return any(is_apt(command, "update") for command in commands) and all(
        is_apt(command, "update", "clean", "autoclean") or command.tool in ("set", "true", ":") for command in commands
    )


def counts(run: Run, command: Command) -> bool:
    """True when the RUN fails where the command fails: no ``||``, ``!`` or ``;`` takes its failure away."""
    found = style.list_of(run.script.body, command) if run.script is not None and command.editable else None
    if found is None:
        return True
    sequence, statement, index = found
    line = statement.list
    if any(operator != "&&" for operator, _ in line.operators[index:]) or line.pipelines[index].negated:
        return False
    last = index == len(line.pipelines) - 1
    return sequence.statements[-1] is statement or (last and errexit.in_use(run))


def run_before(run: Run, command: Command, text: str) -> Change | style.Refusal:
    """Run ``text`` right before ``command``, and ``command`` only if it succeeded."""
    if run.form == "exec":
        return style.Refusal("it is in exec form, which has no place for a second command")
    script = run.script
    place = _locate(script.body, command, True) if script is not None and command.editable else None
    if place is None:
        return style.Refusal("its install stands inside a compound command or a quoted script")
    statement, index, last = place
    list_: AndOr = statement.list
    pipeline = list_.pipelines[index]
    if statement.ended_by == "&":
        return style.Refusal("its install runs in the background")
    if pipeline.negated or any(operator != "&&" for operator, _ in list_.operators[:index]):
        return style.Refusal("its install runs only when something else failed")
    on = errexit.in_use(run)
    if on and index and not last:
        return style.Refusal(
            "its install stands in a list of && under set -e, where a failed update would go unnoticed"
        )
    at = run.visible.source(pipeline.start)
    gap = _gap(run, list_, index, ";" if on and not last else "&&", pipeline.start)
    return Change((Edit.insert(at, text + gap),), adds=style.words_of(text))


def _gap(run: Run, list_: AndOr, index: int, operator: str, start: int) -> str:
    """The separator after the new command: the author's own where the list shows it."""
    if operator == ";":
        if run.form == "heredoc":
            text = run.visible.text
            return newline_of(run.file.source) + text[text.rfind("\n", 0, start) + 1 : start]
        return style.line_break(run, ";") if "\n" in run.file.source[run.span.start : run.instruction.end] else "; "
    near = index - 1 if index else 0
    if near < len(list_.operators) and list_.operators[near][0] == "&&":
        left, right = list_.pipelines[near], list_.pipelines[near + 1]
        gap = run.file.source[style.last_character(run, left.end) : run.visible.source(right.start)]
        if "#" not in gap:
            return gap
    return " && "


def _locate(sequence: Sequence, command: Command, last: bool) -> tuple[Statement, int, bool] | None:
    """Statement, index of the pipeline in its list, and whether the statement decides the status of the RUN."""
    for number, statement in enumerate(sequence.statements):
        final = last and number == len(sequence.statements) - 1
        for index, pipeline in enumerate(statement.list.pipelines):
            if any(part is command.simple for part in pipeline.commands):
                return statement, index, final
            inner = pipeline.commands[0]
            if len(pipeline.commands) == 1 and isinstance(inner, (Group, Subshell)):
                found = _locate(inner.body, command, final)
                if found is not None:
                    return found
    return None


def inherited(file: File, run: Run) -> bool:
    """True when an earlier RUN of the file left lists that ``run`` may install from."""
    line = run.stage.lineage
    for other in file.runs:
        if other.index < run.index and other.stage in line and not other.mounted(LISTS):
            fetch = last_fetch(other) or may_fetch(other)
            if fetch is not None and not clears(other, fetch.start):
                return True
    return False


def sources_changed(file: File, fetcher: Run, reader: Run, before: Command) -> int | None:
    """The line of an instruction from one RUN up to ``before`` in a later one that may change what apt fetches."""
    steps = [step for stage in file.stages for step in stage.steps if fetcher.index < step.index < reader.index]
    for step in steps:
        if step.name in ("COPY", "ADD") and "/etc/apt" in step.instruction.body.text:
            return file.line(step.instruction.keyword.start)
    for run in file.runs:
        if fetcher.index < run.index <= reader.index:
            for command in run.commands:
                if run is reader and command.start >= before.start:
                    break
                if _changes_sources(command, run):
                    return file.line(run.instruction.keyword.start)
    return None


def _changes_sources(command: Command, run: Run) -> bool:
    if command.tool in ("add-apt-repository", "apt-add-repository"):
        return True
    if command.tool == "dpkg" and command.has("-i", "--install"):
        return any("release" in w.raw or "repo" in w.raw or "apt-config" in w.raw for w in command.operands)
    texts = [
        word.raw for word in command.arguments if command.tool in ("sed", "cp", "mv", "tee", "ln", "curl", "wget", "rm")
    ]
    texts += [redirect.target.raw for redirect in command.simple.redirects]
    return any("/etc/apt/sources" in text or "/etc/apt/preferences" in text for text in texts)


def update_like(fetch: Command, install: Command) -> str:
    """``apt-get update`` as the author wrote it where the lists were fetched, else with the tool that installs."""
    if is_apt(fetch, "update") and not fetch.has("-o", "-c"):
        values = [word.value for word in fetch.simple.words[fetch.head :]]
        known = [value for value in values if value is not None and not set(value) & set(" \"'\\$`;&|<>()*?[]#~")]
        if len(known) == len(values):
            return " ".join(known)
    quiet = next((name for name in ("-qq", "-q") if install.has(name)), "")
    return " ".join(filter(None, (install.tool if install.tool in TOOLS else "apt-get", quiet, "update")))


def asked_for(command: Command) -> tuple[str, ...]:
    """The packages of an install command by their plain names; a word that is no plain name stays as it is written."""
    return tuple(_plain(word) for word in command.operands)


def packages(run: Run, command: Command) -> tuple[str, ...]:
    """As :func:`asked_for`, with the words of a variable that the RUN itself sets once, or ENV (``$buildDeps``)."""
    return tuple(name for name in _filled_in(run, command) if not name.startswith("-"))


def uninstalls(file: File) -> bool:
    """True where a RUN of the file removes packages, and perhaps libraries with them."""
    commands = (command for run in file.runs for command in run.commands)
    return any(is_apt(command, "remove", "purge", "autoremove", "autopurge") for command in commands)


def without_recommends(run: Run, command: Command) -> bool:
    """True for an install that leaves out what packages recommend, by its options or a setting of apt that the file makes."""
    options = ("--no-install-recommends", "--without-recommends", "-R")
    return command.has(*options) or has_inside(run, command, options) or "Install-Recommends" in run.file.source


def has_inside(run: Run, command: Command, options: Iterable[str]) -> bool:
    """True when a variable of known value brings one of the options."""
    return not set(_filled_in(run, command)).isdisjoint(options)


def _filled_in(run: Run, command: Command) -> tuple[str, ...]:
    found: list[str] = []
    for word in command.operands:
        name = word.parameters[0] if len(word.parameters) == 1 and word.raw.strip('"{}$') == word.parameters[0] else ""
        value = _set_once(run, name) if name and word.value is None else None
        found += [_plain(word)] if value is None else value.split()
    return tuple(found)


def _set_once(run: Run, name: str) -> str | None:
    values = [one.value for c in run.commands if not c.simple.words for one in c.simple.assignments if one.name == name]
    if not values:
        return run.state.environment.get(name)
    return values[0].value if len(values) == 1 and values[0] is not None else None


def _plain(word: Word) -> str:
    if word.value is None:
        name = word.raw.strip('"').partition("=")[0]  # of git=$VERSION
        return name if name != word.raw.strip('"') and _NAMED.fullmatch(name) else word.raw
    if "/" in word.value[:2]:
        return word.raw
    name = word.value.partition("=")[0].partition("/")[0].partition(":")[0]
    return word.raw if word.pattern and not _NAMED.fullmatch(name) else name


class Installs:
    """What the RUNs of a file ask apt to install."""

    def __init__(self, file: File) -> None:
        self.file = file
        self._each: list[tuple[Run, int, tuple[str, ...]]] | None = (
            None  # the RUN, the start of the command, its packages
        )

    def before(self, run: Run, command: Command) -> frozenset[str]:
        """Packages that are in the image when ``command`` runs: asked for before, or known to be in the base."""
        if self._each is None:
            calls = ((other, one) for other in self.file.runs for one in other.commands if is_apt(one, "install"))
            self._each = [(other, one.start, packages(other, one)) for other, one in calls]
        line = run.stage.lineage
        found = set(facts.in_base(line[-1].image))
        for other, start, names in self._each:
            if other.stage in line and (start < command.start if other is run else other.index < run.index):
                found.update(names)
        return frozenset(found)


def official(file: File, run: Run) -> str:
    """The official Debian or Ubuntu based image that the stage starts from, or ""."""
    return facts.official(run.stage.lineage[-1].image)
