"""Joining consecutive RUNs into one, so that it does what they did: no state reaches the next, no failure is swallowed.

The parts of a chain become one list of ``&&``; a part whose shell state would leak stands in ``( )``, a later part that is
more than one list of ``&&`` in ``{ }``. Parts that all begin with the same ``set -e;`` become one script under that option.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from rewriter.knowledge.base_trees import base_tree_of
from rewriter.model import comments, directories, leaks, processes, style
from rewriter.model.bases import base_of
from rewriter.model.errexit import ends, says_nothing, sets_errexit, starts_with_errexit
from rewriter.model.file import File, Step
from rewriter.model.leaks import script_of
from rewriter.model.manner import manner
from rewriter.model.run import Run
from rewriter.model.walk import parts
from rewriter.rule import Change
from rewriter.syntax.nodes import Kind, Trivia
from rewriter.syntax.script import Simple, Statement
from rewriter.text import Edit, Span, newline_of

#: instructions that do not touch what a RUN sees and that no RUN touches: a RUN may be moved across them
STEPPED_OVER: Final = frozenset({"LABEL", "EXPOSE", "CMD", "ENTRYPOINT", "HEALTHCHECK", "STOPSIGNAL", "MAINTAINER"})

#: Linux hands over at most 128 KiB as one argument (MAX_ARG_STRLEN), and a RUN is one argument of the shell
LONGEST: Final = 100_000

#: commands; a longer RUN is hard to read, and one failure in it repeats all of them
MANY: Final = 30

#: the names of shell built-ins: without a shell they may not exist, or be other programs
_BUILTINS: Final = frozenset(
    "cd echo printf test [ true false kill pwd export set eval exec exit . source umask ulimit wait".split()
)


class Chain(NamedTuple):
    """RUNs of one stage with nothing between them but trivia and ``between``, instructions that may be stepped over."""

    runs: tuple[Run, ...]
    between: tuple[Step, ...]


_LAST_WORD: Final = re.compile(r"_\b(?<!\w_)", re.ASCII)  # without it in the text no word expands ``$_``


def commands_of(run: Run) -> int:
    """How many commands the RUN's own list consists of, wherever they stand."""
    return max(1, sum(command.editable for command in run.commands))


def obstacle(run: Run) -> str:
    """Why this RUN cannot be joined with anything, or ""."""
    instruction = run.instruction
    if instruction.heredocs:
        return "a here-document has no place in a joined RUN"
    if any(mount.type == "tmpfs" for mount in run.mounts):
        return "each RUN gets its tmpfs mount empty"
    if any(mount.type == "bind" and mount.writable for mount in run.mounts):
        return "what is written to a writable bind mount is gone with its RUN"
    if run.form == "exec":
        return _exec_obstacle(run)
    if run.script is None:
        return f"its script cannot be read: {run.reading.refusal}"
    if not run.script.body.statements:
        return "it has no command"
    if _LAST_WORD.search(run.script.text) and any(
        "_" in word.parameters for command, _ in parts(run.script.body) for word in leaks.words_in(command)
    ):
        return "it uses $_, the last word of the command before"
    if any(command.place.background for command in run.commands):
        return "a command in the background dies with its RUN"
    last = run.script.body.statements[-1]
    tail = run.file.source[style.last_character(run, last.end) : instruction.end]
    if "\n" in tail and run.script.comments:
        return "the shell comment at its end goes on over the next line"
    if "\n" in tail:
        return "its last line ends in a continuation mark with nothing after it"
    if any(end < last.start for _, end in run.script.comments):
        return "a shell comment stands inside it"
    if run.script.comments and last.ended_by:
        return "a shell comment stands behind its last semicolon"
    return ""


def _exec_obstacle(run: Run) -> str:
    arguments = run.instruction.args or ()
    if not run.state.posix:
        return "it is in exec form, and SHELL is no POSIX shell"
    if not arguments:
        return "it has no command"
    if arguments[0].startswith("cross-build"):
        return (
            f"{arguments[0]} is what makes programs of another processor run, the shell among them: it stays the first"
        )
    if not _has_shell(run):
        return "it is in exec form, and nothing before it shows that the image has a shell"
    if arguments[0] in _BUILTINS:
        return f"it is in exec form, and {arguments[0]} would become the shell's own"
    if any(letter in argument for argument in arguments for letter in "\n\r\0"):
        return "it is in exec form with a line break in an argument"
    if "\n" in run.instruction.span.of(run.file.source).rstrip("\r\n"):
        return "it is in exec form over several lines"
    return ""


def _has_shell(run: Run) -> bool:
    """True when the image is known to have a shell where this RUN runs: an official one, or a RUN before it used it."""
    below = (other for other in run.file.runs if other.stage in run.stage.lineage and other.index < run.index)
    if any(other.form == "shell" for other in below):
        return True
    repository, _ = base_of(run.stage)
    return repository != "scratch" and base_tree_of(repository) is not None


def obstacle_before(run: Run) -> str:
    """Why nothing can follow this RUN in one shell, or ""."""
    service = processes.daemon(run)
    if service:
        return f"{service} runs in the background and dies with its RUN; joined, it would meet what follows"
    if processes.replaces_shell(run):
        return "it replaces the shell, and the one that runs it does not change"
    directory = processes.removes_workdir(run)
    if directory:
        return f"it removes its own working directory {directory}, which Docker makes anew for the next RUN"
    if run.form != "exec" and run.state.startup_files:
        return "the shell of each RUN reads its start-up files anew"
    fresh = _fresh_file(run)
    if fresh:
        return f"Docker gives each RUN a fresh {fresh}"
    if not run.state.root and any(
        command.tool in ("usermod", "gpasswd", "adduser", "newgrp") for command in run.commands
    ):
        return "a process keeps the groups that it started with"
    if not own_errexit(run) and _late_errexit(run):
        return "it turns on errexit on its way, which an enclosing list of && would turn off"
    return ""


#: files that Docker makes anew for each RUN
_FRESH: Final = ("/etc/hosts", "/etc/resolv.conf", "/etc/hostname", "/dev/shm")


def _fresh_file(run: Run) -> str:
    """What the RUN names of that which Docker makes anew for each RUN, or ""."""
    text = run.visible.text
    if run.form != "exec" and "etc" not in text and "shm" not in text:
        return ""
    for command in run.commands:
        for word in (*command.arguments, *(redirect.target for redirect in command.simple.redirects)):
            value = word.value or ""
            if value in _FRESH or value.startswith("/dev/shm/"):
                return value
    return ""


def own_errexit(run: Run) -> bool:
    """True when the RUN is a script of its own under ``set -e;``."""
    return run.script is not None and starts_with_errexit(run.script)


def _late_errexit(run: Run) -> bool:
    """``set -e`` somewhere in it, and something that it governs."""
    if run.script is None or "set" not in run.tools or says_nothing(run.script):
        return False
    return any(sets_errexit(c.simple) for c in run.commands if c.place.own_shell)


def pair_obstacle(left: Run, right: Run) -> str:
    """Why these two neighbours cannot be parts of one RUN, or ""."""
    if _flags(left) != _flags(right):
        return f"line {_line(right)} has other flags ({' '.join(_flags(right)) or 'none'}) than line {_line(left)}"
    if own_errexit(left) != own_errexit(right):
        return "one of the two relies on set -e, which says nothing inside a list of &&"
    if own_errexit(left):
        if _set_words(left) != _set_words(right):
            return "the two turn on different shell options"
        if not ends(script_of(left).body.statements[-1]):
            return "the last list of the first would lose its failure under set -e"
    if "gpg" in left.tools and any(".gnupg" in c.words_text or "GNUPGHOME" in c.words_text for c in right.uses("rm")):
        return "gpg-agent would still use the directory that the second deletes"
    if left.state.errexit and not (leaks.plain_list(left) and leaks.plain_list(right)):
        return "SHELL turns on errexit, which says nothing inside a list of &&"
    return comments.against_joining(right)


def _flags(run: Run) -> tuple[str, ...]:
    return tuple(sorted(f"--{flag.name}={flag.value}" for flag in run.instruction.flags))


def _errexit_command(run: Run) -> Simple | None:
    """The ``set -e`` that a script of its own begins with."""
    return _first_set(run) if own_errexit(run) else None


def _first_set(run: Run) -> Simple | None:
    """The ``set`` that the RUN begins with."""
    if run.script is None or "set" not in run.tools:
        return None
    first = run.script.body.statements[0].list.pipelines[0].commands[0]
    return first if isinstance(first, Simple) and first.words and first.words[0].raw == "set" else None


def _set_words(run: Run) -> tuple[str, ...]:
    command = _first_set(run)
    return tuple(word.raw for word in command.words) if command is not None else ()


def _line(run: Run) -> int:
    return run.file.line(run.instruction.keyword.start)


def join(file: File, chain: Chain, brackets: Container[Run]) -> Change:
    """The edits that make one RUN of the chain, with ``brackets`` around the parts that are :func:`wrapped`. The obstacles
    above must have been asked before."""
    runs = chain.runs
    errexit = own_errexit(runs[0])
    leading, indent = manner(runs)
    newline = newline_of(file.source)
    repeated = _repeated_options(runs, brackets)
    edits: list[Edit] = []
    drops: list[str] = []
    for index, run in enumerate(runs):
        start = _start(run, errexit or run in repeated)
        opening, closing = _brackets(run, index, run in brackets, errexit, start)
        final = index == len(runs) - 1
        operator = "&& " if index and leading and not errexit else ""
        comment, above = None if final else style.comment_above(run), ""
        if comment is not None and index and comment.span.start == run.span.start:  # where this part's own RUN goes
            above = indent + comment.text.strip() + newline
        elif comment is not None:
            edits.append(comment)
        if index == 0:
            edits += _open_first(run, opening, start)
        else:
            edits += _open_later(run, above + indent + operator + opening, start)
            if errexit or run in repeated:
                drops += _set_words(run)
        if final:
            edits += _close_last(run, closing)
        else:
            mark = ";" if errexit else "" if leading else " &&"
            edits.append(_close(run, closing + mark + " " + file.escape))
    edits += _clear(file, chain)
    return Change(tuple(edits), drops=tuple(drops))


def wrapped(runs: Sequence[Run]) -> dict[Run, str]:
    """The parts that need a subshell, each with the cause: their state would leak, or the shell would remember where a
    program was."""
    found = {run: f"so that {why} does not reach what follows" for run, why in _leaking(runs)}
    for index, run in enumerate(runs[:-1]):
        for moved in processes.replaced_programs(run):
            again = moved.programs & processes.looked_for(runs[index + 1 :])
            if not again:
                continue
            here = [run] if processes.remembered(run, moved.command) & again else []
            for one in [*(earlier for earlier in runs[:index] if processes.remembered(earlier) & again), *here]:
                found.setdefault(one, f"or its shell would go on with the {min(again)} that it found before")
    return found


def _leaking(runs: Sequence[Run]) -> Iterator[tuple[Run, str]]:
    for index, run in enumerate(runs[:-1]):
        later, shared = runs[index + 1 :], _errexit_command(run)
        why = leaks.leaks(run, later, shared)
        if why == leaks.DIRECTORY and not directories.matter(run, later):
            why = leaks.leaks(run, later, shared, directory=False)
        if why:
            yield run, why.replace("its ", "the ", 1) if why.startswith("its ") else why


def _repeated_options(runs: Sequence[Run], brackets: Container[Run]) -> set[Run]:
    """The parts that begin with ``set -ex &&`` where the parts before them have left just these options on."""
    found: set[Run] = set()
    if sum("set" in run.tools for run in runs) < 2:
        return found
    on: tuple[str, ...] = ()
    for run in runs:
        words = _set_words(run) if _switches_on(run) else ()
        if words and words == on:
            found.add(run)
        if run in brackets:  # what it sets ends with its subshell
            continue
        sets = sum(command.tool == "set" and command.place.own_shell for command in run.commands)
        if sets:
            on = words if sets == 1 else ()
    return found


def _switches_on(run: Run) -> bool:
    """True for ``set -ex && ...`` and ``set -o pipefail && ...``: options alone, and the list goes on."""
    command = _first_set(run)
    if command is None or len(command.words) < 2 or command.redirects or command.assignments:
        return False
    list_ = script_of(run).body.statements[0].list
    if not list_.operators or list_.operators[0][0] != "&&" or len(list_.pipelines[0].commands) > 1:
        return False
    texts = [word.value or "" for word in command.words]
    return all((b[:1] == "-" and b[1:].isalpha()) or (a[:1] == "-" and a.endswith("o")) for a, b in pairwise(texts))


def _start(run: Run, behind_set: bool) -> int:
    """The offset in the script at which the commands of a part begin, behind the ``set`` that is already on."""
    if run.form == "exec":
        return 0
    first = script_of(run).body.statements[0]
    if not behind_set:
        return first.start
    pipelines = first.list.pipelines
    return pipelines[1].start if len(pipelines) > 1 else script_of(run).body.statements[1].start


def _brackets(run: Run, index: int, wrapped: bool, errexit: bool, start: int) -> tuple[str, str]:
    if wrapped and run.form == "exec":
        return "(", ")"
    if wrapped:
        # "((" would begin an arithmetic command
        return ("( " if run.visible.text.startswith("(", start) else "("), ")"
    if errexit or run.form == "exec":
        return "", ""
    statements = script_of(run).body.statements
    operators = [operator for operator, _ in statements[0].list.operators]
    if "&&" in operators and "||" in operators:
        return "{ ", "; }"  # the first part needs none for the shell, but people read "a && b || c && d" otherwise
    if index and (len(statements) > 1 or "||" in operators):
        return "{ ", "; }"
    return "", ""


def _open_first(run: Run, opening: str, inner: int) -> list[Edit]:
    if run.form == "exec":
        return [Edit.replace(_body(run), opening + shell_words(run))]
    if not opening:
        return []
    return [Edit.insert(run.visible.source(inner), opening)]


def _open_later(run: Run, text: str, inner: int) -> list[Edit]:
    """Put ``text`` in place of ``RUN`` and its flags, up to the offset ``inner`` of its script."""
    if run.form == "exec":
        return [Edit.replace(Span(run.span.start, _body(run).end), text + shell_words(run))]
    start, end = run.span.start, run.visible.source(inner)
    inside = [comment for comment in run.instruction.comments if comment.start < end]
    if not inside:
        return [Edit.replace(Span(start, end), text)]
    # comments between RUN and its first command stay on their lines
    edits = [Edit.delete(Span(start, inside[0].start))]
    edits += [Edit.delete(Span(a.end, b.start)) for a, b in pairwise(inside) if a.end < b.start]
    return [*edits, Edit.replace(Span(inside[-1].end, end), text)]


def _close(run: Run, text: str) -> Edit:
    """End a part that is followed by another: its ``;`` and its trailing comment go."""
    if run.form == "exec":
        return Edit.replace(Span(_body(run).end, run.instruction.end), text)
    script = script_of(run)
    at = style.last_character(run, script.body.statements[-1].end)
    return Edit.replace(Span(at, run.instruction.end), text)


def _close_last(run: Run, closing: str) -> list[Edit]:
    if not closing:
        return []
    last: Statement = script_of(run).body.statements[-1]
    if last.ended_by == ";":
        return [Edit.insert(run.visible.source(last.ended_at) + 1, closing.removeprefix(";"))]
    return [Edit.insert(style.last_character(run, last.end), closing)]


def _body(run: Run) -> Span:
    body = run.instruction.body
    return body.span(0, len(body.text))


def shell_words(run: Run) -> str:
    """The exec form's strings as shell words, each quoted where it must be."""
    return " ".join(_quoted(argument) for argument in run.instruction.args or ())


_PLAIN: Final = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789%+,-./:=@_")


def _quoted(argument: str) -> str:
    if argument and _PLAIN.issuperset(argument):
        return argument
    return "'" + argument.replace("'", "'\\''") + "'"


def _clear(file: File, chain: Chain) -> list[Edit]:
    """Take the blank lines out from between the parts; put behind the last one what was stepped over, and the comments that
    head what follows."""
    edits: list[Edit] = []
    moved: list[str] = []
    for step in chain.between:
        block = [trivia.span for trivia in file.comments_above(step.instruction)]
        span = Span(block[0].start if block else step.span.start, step.span.end)
        before = file.trivia_before(step.instruction)
        spaced = len(before) > len(block)
        edits.append(Edit.delete(span))
        moved.append((newline_of(file.source) if spaced else "") + span.of(file.source))
    heading = comments.of_what_follows(file, chain.runs[-1])
    if heading:
        moved.append(newline_of(file.source) + "".join(node.span.of(file.source) for node in heading))
    for node in _trivia_between(file, chain):
        if node.kind is Kind.BLANK or node in heading:
            edits.append(Edit.delete(node.span))
    if moved:
        edits.append(_behind(file, chain.runs[-1], "".join(moved)))
    return edits


def _trivia_between(file: File, chain: Chain) -> list[Trivia]:
    found = [trivia for run in chain.runs[1:] for trivia in file.trivia_before(run.instruction)]
    return found + [trivia for step in chain.between for trivia in file.trivia_before(step.instruction)]


def _behind(file: File, run: Run, text: str) -> Edit:
    at = run.span.end
    if file.source[:at].endswith("\n"):
        return Edit.insert(at, text)
    # the file ends without a newline, and shall do so still
    newline = newline_of(file.source)
    return Edit.insert(at, newline + text.removesuffix("\n").removesuffix("\r"))
