"""How a chown or chmod of copied files is moved into the COPY that brought them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.model import effects, owners, ownership, paths, style
from rewriter.model.caches import span_of
from rewriter.model.copied import Copied
from rewriter.model.file import File
from rewriter.model.leftovers import gone
from rewriter.model.ownership import OWNERS, Altered, Tree
from rewriter.model.run import Run
from rewriter.model.shipping import Unshipped
from rewriter.model.style import Refusal
from rewriter.rule import Ask, Change, Decline, Finding, Safety
from rewriter.syntax.dockerfile import KNOWN
from rewriter.syntax.script import Script, Simple, Word
from rewriter.text import Edit, Span, newline_of

_FLAGS: Final = frozenset({"from", "chown", "chmod", "checksum", "link"})
_OPTIONS: Final = frozenset("vcfhPR")
_MOST: Final = 6  # directories that stay in the command
#: a second copy of small files is no smell: nothing is said about it
NOTHING: Final = Refusal("")
QUOTED: Final = "the command stands inside a quoted script"


class Plan(NamedTuple):
    """What one path of a command needs: this value in the flag of these COPYs, and these directories in the command."""

    tree: Tree
    value: str
    stays: tuple[str, ...]


def changed_later(file: File, ask: Ask, aspect: frozenset[str]) -> Iterator[Finding | Decline]:
    """A finding for each command that changes owner or mode of what COPYs brought, or a decline."""
    unshipped = Unshipped()
    for run in file.runs:
        if run.tools.isdisjoint(aspect):
            continue
        copies = ownership.copies_before(file, run, ask)
        for commands in _by_command(run, aspect):
            concerned = [at for at in commands if _concerns(file, at, copies)]
            fetched = "" if concerned else _fetched(file, commands)
            if not concerned and not fetched:
                continue
            command = commands[0].command
            where = span_of(run, command)
            if not run.stage.ships:
                yield from unshipped.once(run.stage, where)
                continue
            found = _finding(file, run, concerned, copies, ask) if concerned else Refusal(fetched)
            if not isinstance(found, Refusal):
                yield found
            elif found.why:
                yield Decline(where, found.why)


def _by_command(run: Run, aspect: frozenset[str]) -> Iterator[list[Altered]]:
    groups: dict[int, list[Altered]] = {}
    for at in ownership.altered(run):
        if at.aspect is aspect:
            groups.setdefault(id(at.command.simple), []).append(at)
    yield from groups.values()


def _only_file(at: Altered, copies: list[Copied]) -> Copied | None:
    """The COPY that brings the path as one file."""
    return next((copy for copy in reversed(copies) if copy.file and copy.file == at.path), None)


def _concerns(file: File, at: Altered, copies: list[Copied]) -> bool:
    """True when the command makes a second copy of what a COPY brought."""
    if _only_file(at, copies) is not None:
        return True
    if not at.recursive:
        return False
    top = at.path.partition("/*")[0]
    if any(copy.target and paths.inside(copy.target, top) for copy in copies):
        return True
    above = [copy for copy in copies if copy.target not in ("", "/") and paths.inside(at.path, copy.target)]
    return any(copy.may_reach(at.path) for copy in above) and not _made_by_hand(file, at)


def _fetched(file: File, commands: list[Altered]) -> str:
    """Where a RUN of a layer below cloned or unpacked what the command changes, as a sentence; "" where none did."""
    for at in commands:
        lineage = at.run.stage.lineage if at.recursive and at.path.startswith("/") else ()
        for run in file.runs:
            if run.stage not in lineage or run.index >= at.run.index:
                continue
            found = effects.of(run)
            for effect in found.each:
                trees = [
                    made.path
                    for made in effect.makes
                    if made.kind == "tree" and made.download and not gone(found, made)
                ]
                trees += [unpacked.into for unpacked in effect.unpacks if unpacked.into and not unpacked.runs]
                if any(paths.inside(tree, at.path) for tree in trees):
                    line = file.line(span_of(run, effect.command).start)
                    return (
                        f"{at.command.tool} stores a second time all that {effect.command.tool} in line {line} put below "
                        f"{at.path}; in the same RUN it would be stored once"
                    )
    return ""


def _made_by_hand(file: File, at: Altered) -> bool:
    """True when the directory is one that the author makes beside what is copied: for logs, data, uploads."""
    before = [run for run in file.runs if run.stage is at.run.stage and run.index <= at.run.index]
    made = [made.path for run in before for made in ownership.made_in(run)]
    return any(paths.inside(path, at.path) or paths.inside(at.path, path) for path in made)


def _finding(file: File, run: Run, concerned: list[Altered], copies: list[Copied], ask: Ask) -> Finding | Refusal:
    files = [_only_file(at, copies) for at in concerned]
    if all(copy is not None and not copy.large for copy in files):
        return NOTHING
    command = concerned[0].command
    if not command.editable:
        return Refusal(QUOTED)
    if len(concerned) < len(command.operands) - 1:
        return Refusal("it changes other paths as well, which no COPY of this stage filled")
    plans: list[Plan] = []
    for at in concerned:
        plan = plan_of(file, at, copies, ask)
        if isinstance(plan, Refusal):
            return plan
        if all(copy.file and not copy.large for copy in plan.tree.copies):
            return NOTHING
        again = _again(file, at, plan, ask)
        if again:
            return Refusal(again)
        plans.append(plan)
    return _written(file, run, concerned, plans)


def plan_of(file: File, at: Altered, copies: list[Copied], ask: Ask) -> Plan | Refusal:
    """How the change of one path is moved into the COPYs, or why it cannot be."""
    why = _out_of_place(at)
    if why:
        return Refusal(why)
    only = _only_file(at, copies)
    if only is None and not any(copy.target and paths.inside(copy.target, at.path) for copy in copies):
        line = next(file.line(c.step.instruction.keyword.start) for c in copies if paths.inside(at.path, c.target))
        return Refusal(f"line {line} brings more than {at.path}, and one COPY has one owner and one mode")
    tree = ownership.survey_file(file, at, only, ask) if only is not None else ownership.survey(file, at, ask)
    if isinstance(tree, Refusal):
        return tree
    if not tree.copies:
        return Refusal("no COPY of this stage filled it")
    if at.aspect is OWNERS:
        return _owner_plan(file, at, tree, only)
    return _mode_plan(file, at, tree, only)


def _out_of_place(at: Altered) -> str:
    command = at.command
    unknown = {word.raw for word in command.options} - {"--recursive"}
    if any(raw.startswith("--") or not set(raw[1:]) <= _OPTIONS for raw in unknown):
        return f"{command.tool} has options that a COPY has not"
    if not command.place.certain or command.place.background or not _counts(at):
        return "the command may not run, or its failure does not count"
    if not at.run.state.root and not any(word.value == "sudo" for word in command.wrappers):
        return f"it runs as {at.run.state.user or 'a user that is not known'}, who may not be allowed to"
    if "*" in at.path or "?" in at.path or at.word.pattern:
        return "it names a pattern: names that begin with a dot are not in it"
    if "$" in at.path or not at.path.startswith("/"):
        return "the path is only known at build time"
    return ""


def _counts(at: Altered) -> bool:
    """True when the RUN fails without the command: no ``||`` in its list, no pipe, no ``!``."""
    found = style.list_of(at.run.script.body, at.command) if at.run.script is not None else None
    if found is None:
        return False
    line, pipeline = found[1].list, found[1].list.pipelines[found[2]]
    return (
        all(operator == "&&" for operator, _ in line.operators) and len(pipeline.commands) == 1 and not pipeline.negated
    )


def _owner_plan(file: File, at: Altered, tree: Tree, only: Copied | None) -> Plan | Refusal:
    owner = owners.owner_of(at)
    if isinstance(owner, Refusal):
        return owner
    user, group = owner
    for copy in tree.copies:
        flag = copy.flag("chown")
        why = _flag_obstacle(copy)
        if flag is not None and not (user and group):
            why = f"{copy.step.name} --chown names a group and a user, of which {at.command.tool} changes only one"
        elif copy.flag("link") is not None and not (user + group).isdigit():
            why = "COPY --link does not see the image, so it takes no names"
        elif copy.step.name == "ADD" and "$" in user + group:
            why = "ADD --chown takes no variable"
        if why:
            return Refusal(why)
    unknown = owners.unknown_at(file, at, tree, owner)
    if unknown:
        return Refusal(unknown)
    value = f"{user or 0}:{group or 0}"
    to_root = {user, group} <= {"", "0", "root"}
    if to_root and not any(copy.flag("chown") for copy in tree.copies):
        value = ""
    elif not ownership.parent_exists(at.path, tree):
        return Refusal(f"COPY makes {posixpath.dirname(at.path)} too, which would then not be root's")
    if only is not None:
        return Plan(tree, value, ())
    stays = sorted(tree.directories)
    return _with_top(Plan(tree, value, tuple(stays)), at)


def _mode_plan(file: File, at: Altered, tree: Tree, only: Copied | None) -> Plan | Refusal:
    mode = owners.mode_of(at, tree.copies)
    if isinstance(mode, Refusal):
        return mode
    if owners.old_frontend(file):
        return Refusal("the syntax line asks for a frontend that has no --chmod")
    for copy in tree.copies:
        why = _flag_obstacle(copy)
        if why:
            return Refusal(why)
    if only is not None:
        return Plan(tree, mode, ())
    stays = set(tree.directories) | {at.path}
    for copy in tree.copies:
        directory = posixpath.dirname(copy.file) if copy.file else copy.target
        while paths.inside(directory, at.path):
            stays.add(directory)
            directory = posixpath.dirname(directory)
    return _with_top(Plan(tree, mode, tuple(sorted(stays))), at)


def _with_top(plan: Plan, at: Altered) -> Plan | Refusal:
    if len(plan.stays) > _MOST:
        return Refusal(f"{len(plan.stays)} directories there were not made by a COPY")
    stays = tuple(sorted({at.path, *plan.stays})) if plan.stays else ()
    return Plan(plan.tree, plan.value, stays)


def _flag_obstacle(copy: Copied) -> str:
    other = next((flag.name for flag in copy.step.instruction.flags if flag.name not in _FLAGS), "")
    return f"{copy.step.name} --{other} is in use" if other else ""


def _again(file: File, at: Altered, plan: Plan, ask: Ask) -> str:
    """Where everything is stored a second time anyway: "line 9 changes all of it again", or ""."""
    first = min(copy.step.index for copy in plan.tree.copies)
    files = {copy.file for copy in plan.tree.copies}
    for run in file.runs:
        if run.stage is not at.run.stage or run.index < first:
            continue
        for other in ownership.altered(run):
            if other.command.simple is at.command.simple or not (other.covers(at.path) or files == {other.path}):
                continue
            if isinstance(plan_of(file, other, ownership.copies_before(file, run, ask), ask), Refusal):
                line = file.line(run.instruction.keyword.start)
                return f"line {line} ({other.command.tool}) stores all of it again anyway"
    return ""


# Writing it ----------------------------------------------------------------------------------------------------------


def _written(file: File, run: Run, concerned: list[Altered], plans: list[Plan]) -> Finding | Refusal:
    command = concerned[0].command
    flag = "chown" if concerned[0].aspect is OWNERS else "chmod"
    change = Change()
    copies = {copy.step.index: (copy, plan.value) for plan in plans for copy in plan.tree.copies}
    if sum(len(plan.tree.copies) for plan in plans) > len(copies):
        return Refusal("its paths lie one inside the other")
    for copy, value in copies.values():
        change += _flagged(copy, flag, value)
    if any(plan.stays for plan in plans):
        rest = _flattened(run, concerned, plans)
    else:
        rest = _taken_out(file, run, concerned[0], copies[min(copies)][0])
    if isinstance(rest, Refusal):
        return rest
    lines = ", ".join(str(file.line(copy.step.instruction.keyword.start)) for copy, _ in copies.values())
    names = " and ".join(sorted({copy.step.name for copy, _ in copies.values()}, reverse=True))
    because = [
        f"{command.tool} stores a second time all that line{'s' if len(copies) > 1 else ''} {lines} brought",
        f"nothing else makes files in {', '.join(at.path for at in concerned)} up to here",
    ]
    if flag == "chmod":
        mode = concerned[0].value.raw
        if not mode.isdigit():
            because.append(f"ADD gives what it downloads mode 600, so {mode} makes it {plans[0].value}")
        because.append("--chmod needs BuildKit, which Docker uses by itself since 23.0")
    elif any("$" in plan.value for plan in plans):
        because.append("a variable in --chown needs BuildKit, which Docker uses by itself since 23.0")
    if any(plan.stays for plan in plans):
        because.append("directories that no COPY made keep their command: without -R it stores no file")
    if any(_makes_parents(at, plan) for at, plan in zip(concerned, plans, strict=True)):
        because.append(
            "BuildKit gives the directories that COPY makes the owner too; the classic builder left them to root"
        )
    because += dict.fromkeys(text for plan in plans for text in plan.tree.taken)
    title = f"Let {names} set the {'owner' if flag == 'chown' else 'mode'}"
    return Finding(span_of(run, command), title, change + rest, Safety.REVIEW, tuple(because))


def _makes_parents(at: Altered, plan: Plan) -> bool:
    """True when directories that a COPY makes on the way to its target got their owner by the command."""
    made = (posixpath.dirname(copy.directory) for copy in plan.tree.copies)
    return at.aspect is OWNERS and any(paths.inside(one, at.path) and one not in plan.tree.directories for one in made)


def _flagged(copy: Copied, name: str, value: str) -> Change:
    flag = copy.flag(name)
    text = f"--{name}={value}"
    if not value or (flag is not None and flag.value == value):
        return Change()
    if flag is not None:
        return Change((Edit.replace(flag.span, text),))
    flags = copy.step.instruction.flags
    return Change((Edit.insert(flags[-1].span.end if flags else copy.step.instruction.keyword.end, " " + text),))


def _flattened(run: Run, concerned: list[Altered], plans: list[Plan]) -> Change | Refusal:
    """The command without -R, for the directories that stay."""
    command = concerned[0].command
    if not all(plan.stays for plan in plans):
        return Refusal("one of its paths still needs a command of its own")
    change = Change()
    for word in command.options:
        if word.raw == "--recursive" or "R" in word.raw:
            rest = "" if word.raw == "--recursive" else word.raw.replace("R", "")
            dropped = _without(run, word, "" if rest == "-" else rest)
            if isinstance(dropped, Refusal):
                return dropped
            change += dropped
    for at, plan in zip(concerned, plans, strict=True):
        top = at.word.raw.rstrip("/")
        more = [f"{top}/{stay.removeprefix(at.path).lstrip('/')}" for stay in plan.stays if stay != at.path]
        if more:
            change += style.insert_after(run, at.word.end, " ".join(more))
    return change


def _without(run: Run, word: Word, rest: str) -> Change | Refusal:
    """Take an option out, or put what is left of it."""
    start, end = run.visible.source(word.start), style.last_character(run, word.end)
    adds: tuple[str, ...] = (rest,) if rest else ()
    if not rest:
        if run.file.source[start - 1] not in " \t":
            return Refusal("its option stands at the beginning of a line")
        start -= 1
    return Change((Edit.replace(Span(start, end), rest),), adds=adds, drops=(word.raw,))


def _taken_out(file: File, run: Run, at: Altered, copy: Copied) -> Change | Refusal:
    """The whole RUN when it does nothing else, else the command out of its list."""
    script = run.script
    assert script is not None
    if not _does_nothing_else(script, at):
        removed = style.remove(run, at.command)
        if isinstance(removed, Change):
            return removed
        first = style.remove_first(run, at.command)
        return first if isinstance(first, Change) else removed
    if run.instruction.comments or script.comments or run.instruction.heredocs:
        return Refusal("a comment or a here-document stands inside the RUN")
    above = file.comments_above(run.instruction)
    texts = [comment.span.of(file.source).rstrip("\r\n") for comment in above]
    if any("hadolint" in text for text in texts):
        return Refusal("a comment for hadolint stands above it")
    drops = style.words_of(script.text)
    if not texts or any(text.lstrip("# \t").split(" ")[0].upper() in KNOWN for text in texts):
        return Change((style.whole(file, run.instruction),), drops=drops)
    # what the comment says is now said by the COPY
    moved = "".join(text + newline_of(file.source) for text in texts)
    edits = (Edit.insert(copy.step.span.start, moved), style.whole(file, run.instruction, above[0].span.start))
    return Change(edits, drops=drops)


def _does_nothing_else(script: Script, at: Altered) -> bool:
    """True when the command is all of the script, but for a ``cd`` in front."""
    if len(script.body.statements) != 1:
        return False
    line = script.body.statements[0].list
    if any(operator != "&&" for operator, _ in line.operators):
        return False
    if any(len(pipeline.commands) > 1 or pipeline.negated for pipeline in line.pipelines):
        return False
    commands = [pipeline.commands[0] for pipeline in line.pipelines]
    rest = [one for one in commands if one is not at.command.simple]
    return len(rest) < len(commands) and all(
        isinstance(one, Simple) and bool(one.words) and one.words[0].value == "cd" and not one.redirects for one in rest
    )
