"""Edits to a RUN in the style of its author: the separator, the indentation and the newline are copied from the neighbours.

Every function here gives a Change, or a Refusal that says why there is no safe place for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Final, NamedTuple

from rewriter.model import errexit
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.leaks import hinders
from rewriter.model.manner import indentation as indentation
from rewriter.model.manner import last_character as last_character
from rewriter.model.manner import line_break as line_break
from rewriter.model.run import Run
from rewriter.model.walk import bodies, parts, words
from rewriter.rule import Change
from rewriter.syntax.nodes import Instruction
from rewriter.syntax.script import Function, Pipeline, Script, Sequence, Simple, Statement, Subshell
from rewriter.syntax.shell import read_shell
from rewriter.text import Edit, Span, newline_of

LONG_LINE: Final = 100  # characters; a longer single-line RUN gets its next command on a line of its own


class Refusal(NamedTuple):
    """There is no place for the edit; ``why`` completes "left alone, because ..."."""

    why: str


def words_of(text: str) -> tuple[str, ...]:
    """The shell words of a piece of shell that dslim itself wrote."""
    script = read_shell(text)
    assert isinstance(script, Script), f"not shell: {text}"
    return tuple(words(script.body, text))


def append(
    run: Run, text: str, comments: Iterable[str] = (), *, below: bool = False, more: Iterable[str] = ()
) -> Change | Refusal:
    """Run ``text`` after everything else in the RUN, if and only if that succeeded; ``below``: on a line of its own.

    ``comments`` are Dockerfile comment lines (without newline) that move with it, in front of it. ``more`` are commands that
    follow it, each behind the same separator.
    """
    refusal = _no_tail(run)
    if refusal is not None:
        return refusal
    obstacle = hinders(run, text)
    if obstacle:
        return Refusal(obstacle)
    assert run.script is not None
    last = run.script.body.statements[-1]
    gap = _separator(run, last)
    if below and "\n" not in gap:
        gap = line_break(run, gap.strip())
    if "&&" in gap and errexit.in_use(run) and not _plain(run, last.list.pipelines[-1]):
        return Refusal("set -e governs its last command, and would not in a list of &&")
    added = [word for one in (text, *more) for word in words_of(one)]
    text = gap.join((text, *more))
    carried = tuple(comments)
    if carried:
        if run.form == "heredoc":
            return Refusal("a comment cannot move into a here-document")
        gap = _with_comments(run, gap, carried)
    at = last_character(run, last.end)
    lifted = lift_comment(run)
    if lifted:
        return Change((*lifted, Edit.insert(at, gap + text)), adds=tuple(added))
    if last.ended_by != ";":
        return Change((_at_end(run, at, gap + text),), adds=tuple(added))
    mark = run.visible.source(last.ended_at)
    between = run.file.source[at:mark]
    if "#" in between:
        return Refusal("a comment stands between its last command and the semicolon after it")
    # the author's own separator may be this very semicolon (set -e; a; b;)
    return Change((_at_end(run, at, gap + text, mark + 1),), adds=tuple(added))


def _at_end(run: Run, at: int, text: str, end: int = 0) -> Edit:
    """Write ``text`` at ``at``, in place of what stands up to ``end``. Blanks that end the line go: no line that is new may
    end in some."""
    stop = max(at, end)
    rest = run.file.source[stop : run.span.end].partition("\n")[0]
    if not rest.strip():
        stop += len(rest.rstrip("\r"))
    return Edit.replace(Span(at, stop), text)


def lift_comment(run: Run) -> tuple[Edit, ...]:
    """Put the shell comment behind the last command on a line above that command, so that what is written behind the
    command does not come to stand beside it. Empty where there is none, and in a here-document."""
    above = comment_above(run)
    if above is None or run.script is None:
        return ()
    end = last_character(run, run.script.body.statements[-1].end)
    return above, Edit.delete(Span(end, run.instruction.end))


def comment_above(run: Run) -> Edit | None:
    """The first half of :func:`lift_comment`: the comment once more, on a line above its command."""
    script, source = run.script, run.file.source
    if script is None or run.form != "shell" or not script.comments or script.body.statements[-1].ended_by:
        return None
    last = script.body.statements[-1].list.pipelines[-1]
    end = last_character(run, last.end)
    start, stop = script.comments[-1]
    if start < last.end or "\n" in source[end : run.instruction.end]:
        return None
    line = max(source.rfind("\n", 0, run.visible.source(last.start)) + 1, run.span.start)
    lead = source[line : len(source) - len(source[line:].lstrip(" \t"))]
    comment = script.text[start:stop].rstrip()
    return Edit.insert(line, f"{lead}{comment}{newline_of(source)}")


def _no_tail(run: Run) -> Refusal | None:
    if run.form == "exec":
        return Refusal("it is in exec form: there is no shell that could run a second command")
    script = run.script
    if script is None or not script.body.statements:
        return Refusal("its script cannot be read")
    last = script.body.statements[-1]
    if last.ended_by == "&":
        return Refusal("its last command runs in the background")
    for command in run.commands:
        if not command.place.own_shell:
            continue
        name = command.simple.words[0].value if command.simple.words else ""
        if name == "exec" and len(command.simple.words) > 1:
            return Refusal("exec replaces the shell, so nothing can run after it")
        if name in ("exit", "return") and not _fails(command):
            return Refusal(f"{name} may end the RUN before its last command")
    final = last.list.pipelines[-1]
    if any(r.body is not None and r.end > final.start for c in run.commands for r in c.simple.redirects if c.editable):
        return Refusal("a here-document hangs on its last line")
    return None


def _plain(run: Run, pipeline: Pipeline) -> bool:
    """True for a simple command that is no function of the script: errexit has nothing to say inside it."""
    assert run.script is not None
    functions = any(isinstance(command, Function) for command, _ in parts(run.script.body))
    return len(pipeline.commands) == 1 and isinstance(pipeline.commands[0], Simple) and not functions


def _fails(command: Command) -> bool:
    """``exit 1``: the RUN fails, and nothing has to be cleaned."""
    operands = command.simple.words[1:]
    return len(operands) == 1 and (operands[0].value or "0").strip().isdigit() and operands[0].value != "0"


def _separator(run: Run, last: Statement) -> str:
    """What to write between the last command and one more, copied from the RUN where it shows it."""
    script = run.script
    assert script is not None
    # behind ";" only what errexit would end may stand
    ended = errexit.starts_with_errexit(script) and errexit.ends(last) and not errexit.turned_off(script)
    if run.form == "heredoc":
        if not ended:
            return " && "
        line_start = script.text.rfind("\n", 0, last.start) + 1
        return newline_of(run.file.source) + script.text[line_start : last.start]
    gaps: list[str] = []
    if ended:
        statements = script.body.statements
        gaps = [_between(run, left.end, right.start) for left, right in pairwise(statements) if left.ended_by == ";"]
    if not gaps:
        pairs = zip(last.list.pipelines, last.list.pipelines[1:], last.list.operators, strict=False)
        gaps = [_between(run, left.end, right.start) for left, right, operator in pairs if operator[0] == "&&"]
        ended = False
    return _choose(run, [gap for gap in gaps if "#" not in gap], "; " if ended else " && ")


def _choose(run: Run, gaps: list[str], plain: str) -> str:
    broken = [gap for gap in gaps if "\n" in gap]
    if broken:
        return broken[-1]
    multiline = "\n" in run.file.source[run.span.start : run.instruction.end]
    if gaps and not multiline and not _long(run):
        return gaps[-1]
    if multiline or _long(run):
        return line_break(run, plain.strip())
    return plain


def _long(run: Run) -> bool:
    return run.instruction.end - run.span.start > LONG_LINE


def _with_comments(run: Run, gap: str, comments: tuple[str, ...]) -> str:
    """A separator that ends its line, the comments on lines of their own, then what follows."""
    newline = newline_of(run.file.source)
    lead = indentation(run)
    if "\n" not in gap:
        gap = line_break(run, gap.strip())
    head, tail = gap.rsplit("\n", 1)
    return head + "\n" + "".join(f"{lead}{comment.strip()}{newline}" for comment in comments) + tail


def _between(run: Run, left_end: int, right_start: int) -> str:
    """What stands between two commands, without blank lines and without blanks behind a continuation mark."""
    gap = run.file.source[last_character(run, left_end) : run.visible.source(right_start)]
    first, *lines = gap.split("\n")
    if not lines:
        return gap
    middle = [line.rstrip() for line in lines[:-1] if line.strip()]
    return newline_of(run.file.source).join((first.rstrip(), *middle, lines[-1]))


def add_option(run: Run, command: Command, option: str, *, first: bool = False) -> Change | Refusal:
    """Add ``option`` after the subcommand of ``command`` (after the tool itself when ``first`` or without one)."""
    if not command.editable:
        return Refusal("the command stands inside a quoted script")
    anchor = command.simple.words[command.head]
    if not first and command.subcommand:
        anchor = next(word for word in command.arguments if (word.value or "") == command.subcommand)
    return insert_after(run, anchor.end, option)


def insert_after(run: Run, offset: int, text: str) -> Change:
    """Insert words after the word that ends at script offset ``offset``."""
    return Change((Edit.insert(last_character(run, offset), " " + text),), adds=words_of(text))


def remove(run: Run, command: Command) -> Change | Refusal:
    """Take a whole command, with the ``&&`` beside it or the ``;`` behind it, out of the RUN.

    Only where the rest keeps its meaning: a plain command of a ``&&`` list with others in it, or a statement of its own
    that others follow; at the top level, or in ``( )`` and ``{ }`` that run in any case.
    """
    script = run.script
    if script is None or not command.editable:
        return Refusal("the command stands inside a quoted script")
    found = list_of(script.body, command)
    if found is None or not _is(found[1].list.pipelines[found[2]], command):
        return Refusal("the command stands inside a compound command")
    sequence, statement, index = found
    if sequence is not script.body and not command.place.certain:
        return Refusal("the command stands inside a compound command")
    start, end = command.start, command.end
    outer = _bare_subshell(script.body, sequence, command)
    if outer is not None:  # what would be left of (cd / && rm x) does nothing
        sequence, statement, index = outer
        start, end = statement.list.pipelines[index].start, statement.list.pipelines[index].end
    pipelines = statement.list.pipelines
    following = [other for other in sequence.statements if other.start > statement.start]
    alone = statement.ended_by in (";", "\n") and bool(following)  # a line of a here-document ends a statement as well
    if len(pipelines) == 1 and not alone:
        return Refusal("nothing else is in its list")
    if any(operator != "&&" for operator, _ in statement.list.operators):
        return Refusal("its list has a ||")
    if len(pipelines) == 1:
        ranges = [Span(run.visible.source(start), run.visible.source(following[0].start))]
    else:
        ranges = []
        if index < len(pipelines) - 1:
            ranges.append(Span(run.visible.source(start), run.visible.source(pipelines[index + 1].start)))
        if index:
            ranges.append(Span(last_character(run, pipelines[index - 1].end), last_character(run, end)))
    text = script.text[start:end]
    for span in ranges:
        # a comment behind the command stays, in front of the next one
        if "#" not in span.of(run.file.source) and not any(
            span.overlaps(comment) for comment in run.instruction.comments
        ):
            return Change((Edit.delete(span),), drops=words_of(text))
    return Refusal("a comment stands beside the command")


def _bare_subshell(body: Sequence, inner: Sequence, command: Command) -> tuple[Sequence, Statement, int] | None:
    """The place of the ``( )`` around ``inner`` in ``body``, when beside ``command`` it only changes its own directory."""
    if len(inner.statements) != 1:
        return None
    others = [one for line in inner.statements[0].list.pipelines for one in line.commands if one is not command.simple]
    if not all(isinstance(one, Simple) and bool(one.words) and one.words[0].value == "cd" for one in others):
        return None
    for statement in body.statements:
        for index, pipeline in enumerate(statement.list.pipelines):
            one = pipeline.commands[0]
            if len(pipeline.commands) == 1 and isinstance(one, Subshell) and one.body is inner and not one.redirects:
                return body, statement, index
    return None


def remove_first(run: Run, command: Command) -> Change | Refusal:
    """Take the first command of a ``&&`` list out; comments between it and the next one go above the RUN."""
    script = run.script
    if script is None or run.form != "shell" or len(script.body.statements) != 1:
        return Refusal("a comment stands beside the command")
    line = script.body.statements[0].list
    found = list_of(script.body, command)
    outer = _bare_subshell(script.body, found[0], command) if found is not None else None
    first = _is(line.pipelines[0], command) or (outer is not None and outer[2] == 0)
    if len(line.pipelines) == 1 or not first or any(o != "&&" for o, _ in line.operators):
        return Refusal("a comment stands beside the command")
    start, end = line.pipelines[0].start, line.pipelines[0].end
    span = Span(run.visible.source(start), run.visible.source(line.pipelines[1].start))
    comments = [comment for comment in run.instruction.comments if span.overlaps(comment)]
    texts = [comment.of(run.file.source).strip() for comment in comments]
    if span.of(run.file.source).count("#") != sum(text.count("#") for text in texts):
        return Refusal("a comment may stand beside the command")
    above = Edit.insert(run.span.start, "".join(text + newline_of(run.file.source) for text in texts))
    return Change((above, Edit.delete(span)), drops=words_of(script.text[start:end]))


def whole(file: File, instruction: Instruction, start: int | None = None) -> Edit:
    """Take a whole instruction out, from ``start`` where comments above it go as well; otherwise those stay.

    Where blank lines stand on both sides, the longer gap stays; at the end of the file, those in front go.
    """
    source, begin, end = file.source, instruction.span.start if start is None else start, instruction.span.end
    above = file.comments_above(instruction) if start is None else ()
    top = above[0].span.start if above else begin
    gap, behind = file.gap(top)[0], file.gap(end)[1]
    if behind == len(source):
        if not above:
            begin = gap
        if end == len(source) and not source.endswith("\n") and source[:begin].endswith("\n"):
            begin -= len(newline_of(source))  # the file ended without a newline, and shall do so still
    elif gap < top and (above or behind - end <= top - gap):
        end = behind
    elif gap < top and behind > end:
        begin = gap
    return Edit.delete(Span(begin, end))


def _is(pipeline: Pipeline, command: Command) -> bool:
    return len(pipeline.commands) == 1 and pipeline.commands[0] is command.simple and not pipeline.negated


def after(run: Run, command: Command, text: str) -> Change | Refusal:
    """Run ``text`` right behind ``command``, if and only if that succeeded.

    For what must run before the RUN goes on: the end of the RUN may find another directory, or the tool gone.
    """
    if run.script is None or not command.editable:
        return Refusal("the command stands inside a quoted script")
    found = list_of(run.script.body, command)
    if found is None:
        return Refusal("the command stands inside a command substitution")
    if command.place.background:
        return Refusal("the command runs in the background")
    sequence, statement, index = found
    pipelines, operators = statement.list.pipelines, statement.list.operators
    if any(operator == "||" for operator, _ in operators[:index]):
        return Refusal("the command only runs when another one failed")
    if pipelines[index].negated:
        return Refusal("the command is meant to fail")
    last = index == len(pipelines) - 1
    ends_run = sequence is run.script.body and statement is sequence.statements[-1]
    certain = (errexit.starts_with_errexit(run.script) or run.state.errexit) and not errexit.turned_off(run.script)
    new_statement = last and errexit.in_use(run) and not (ends_run and (index or not certain))
    if new_statement and (index or sequence is not run.script.body):
        return Refusal("set -e would no longer see the command fail")
    if run.form == "heredoc":
        lead = run.script.text[run.script.text.rfind("\n", 0, statement.start) + 1 : statement.start]
        own_line = newline_of(run.file.source) + lead if not lead.strip() else "; "
        gap = own_line if new_statement else " && "
    elif new_statement:
        pairs = pairwise(sequence.statements)
        gaps = [_between(run, a.end, b.start) for a, b in pairs if a.ended_by == ";"]
        gap = _choose(run, [gap for gap in gaps if "#" not in gap], "; ")
    else:
        triples = zip(pipelines, pipelines[1:], operators, strict=False)
        gaps = ["#" if operator[0] == "||" else _between(run, a.end, b.start) for a, b, operator in triples]
        usable = [gap for gap in gaps if "#" not in gap]
        if not last and "#" not in gaps[index]:
            gap = gaps[index]
        elif sequence is run.script.body:
            gap = _choose(run, usable, " && ")
        else:
            gap = usable[-1] if usable else " && "
    at = last_character(run, pipelines[index].end)
    lifted = lift_comment(run) if ends_run and last else ()
    written = Edit.insert(at, gap + text) if lifted or not last else _at_end(run, at, gap + text)
    return Change((*lifted, written), adds=words_of(text))


def list_of(sequence: Sequence, command: Command) -> tuple[Sequence, Statement, int] | None:
    """The innermost list that holds ``command``: its sequence, its statement, and the index of the pipeline."""
    for statement in sequence.statements:
        for index, pipeline in enumerate(statement.list.pipelines):
            for one in pipeline.commands:
                if one is command.simple:
                    return sequence, statement, index
                while isinstance(one, Function):
                    one = one.body
                for body in bodies(one):
                    found = list_of(body, command)
                    if found is not None:
                        return found
    return None
