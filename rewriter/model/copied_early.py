"""Sources that are copied in front of the RUN that fetches dependencies: how far their COPYs can move."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.knowledge import fetchers
from rewriter.model import copied_folders, fetching, leaks, paths
from rewriter.model.command import Command
from rewriter.model.copied import copied
from rewriter.model.copied_folders import Folder
from rewriter.model.fetching import Fetch, Reads
from rewriter.model.file import File, Stage, Step
from rewriter.model.join import STEPPED_OVER
from rewriter.model.run import Run
from rewriter.model.scope import State
from rewriter.rule import Ask

#: flags that mean the same for one file of a folder as for the folder
_FLAGS: Final = frozenset(("chown", "chmod", "link"))
#: instructions behind a COPY that are looked at: time stays linear
_REACH: Final = 100
#: names of folders that hold sources
_SOURCES: Final = frozenset(
    "src source sources app code lib server client frontend backend web public static assets templates views".split()
)
#: instructions that neither read nor write files of the image, whatever they say
_PASSED: Final = STEPPED_OVER | {"ONBUILD", "SHELL", "USER"}


class Way(NamedTuple):
    """How far the ``moved`` COPYs go: behind ``last``, or in front of its pipeline number ``cut`` where that is not 0; the
    fetchings that are in front of them then. ``why`` says why there is no such way, and ``at`` where."""

    moved: tuple[Step, ...] = ()
    fetches: tuple[Fetch, ...] = ()
    last: Run | None = None
    cut: int = 0
    why: str = ""
    passed: tuple[Step, ...] = ()


def early(folder: Folder, fetch: Fetch | Reads) -> bool:
    """True where a folder has to do with a fetching: it is the whole context, or one by whose name it holds sources, or one lies
    in the other."""
    name = posixpath.basename(posixpath.normpath(folder.source).lstrip("/"))
    if name in (".", ""):
        return True
    cwd = fetch.folder if isinstance(fetch, Fetch) else fetch.command.cwd
    if cwd is not None and (paths.inside(cwd, folder.target) or paths.inside(folder.target, cwd)):
        return True
    if isinstance(fetch, Fetch) and any(paths.inside(one, folder.target) for one in fetch.named):
        return True
    return name in _SOURCES and not copied_folders.shared(folder, fetch.run.state, True)


def way(file: File, stage: Stage, first: Folder, ahead: Iterable[Folder], state: State, ask: Ask) -> Way:
    """How far a COPY can move, and what goes along: the other folders ``ahead``, and what may lie over one of them. ``state`` is
    that of the first RUN behind it that fetches."""
    others = [one.step for one in ahead if not copied_folders.shared(one, state, True)]
    if copied_folders.hangs(first.target):
        return Way(why="to where it copies hangs on a variable whose value is not known")
    packages = any(
        not fetchers.quiet("packages").isdisjoint(run.tools)
        for run in file.runs
        if run.stage is stage and first.step.index < run.index < first.step.index + _REACH
    )
    owner = copied_folders.shared(first, state, packages)
    if owner:
        return Way(
            why=f"it copies into a folder of {owner}, in which programs look for settings and files of their own"
        )
    why = _chooses(first.step)
    if why:
        return Way(why=why)
    moved, targets = [first.step], [first.target]
    fetches: list[Fetch] = []
    best = Way()
    passed: list[Step] = []
    start = first.step.index - stage.steps[0].index + 1
    for step in stage.steps[start : start + _REACH]:
        if step.name == "RUN":
            found = _run(file, file.run_at[step.index], tuple(targets))
            fetches += found.fetches
            if found.fetches and not found.why:
                best = Way(tuple(moved), tuple(fetches), found.last, found.cut, passed=tuple(passed))
            if found.why or found.cut:
                why = found.why
                break
        elif step.name in ("COPY", "ADD"):
            other = copied(file, step, ask)
            target = other.target or (copied_folders.on_unknown(stage, step) if other.sources else "")
            if copied_folders.hangs(target):
                why = f"line {_line(file, step)} copies to a place that is not known"
                break
            if copied_folders.again(other, target, [one for one in ahead if one.step in moved]):
                passed.append(step)
                continue
            if step in others or any(copied_folders.meet(other, target, one) for one in targets):
                why = _chooses(step) if step in others else ""
                if why:
                    break
                moved.append(step)
                targets.append(target)
        else:
            why = _between(file, step, moved)
            if why:
                break
        passed.append(step)
    if not best.fetches:
        return Way(why=why or f"more than {_REACH} instructions stand between")
    return best._replace(why=_twice(stage, best.moved))


def _chooses(step: Step) -> str:
    """Why the place of a COPY of a folder cannot be taken by one of some of its files, or ""."""
    odd = next((flag.name for flag in step.instruction.flags if flag.name not in _FLAGS), "")
    return f"--{odd} of the COPY is not followed" if odd else ""


def _twice(stage: Stage, moved: tuple[Step, ...]) -> str:
    """Why it could not be told which of the COPYs of a stage moved, or ""."""
    texts = Counter((step.name, step.instruction.body.text) for step in stage.steps)
    odd = next((step for step in moved if texts[step.name, step.instruction.body.text] > 1), None)
    return "" if odd is None else f"{odd.name} {odd.instruction.body.text[:40]} stands twice in its stage"


def _line(file: File, step: Step) -> int:
    return file.line(step.instruction.keyword.start)


def _between(file: File, step: Step, moved: list[Step]) -> str:
    """Why COPYs cannot move behind an instruction that is no RUN and no COPY, or ""."""
    line = _line(file, step)
    if step.name in _PASSED:
        return ""
    if step.name == "WORKDIR":
        after = step.state.after(step.instruction, file.escape)
        relative = any(not _target(one).startswith(("/", "$")) for one in moved)
        return f"line {line} sets another WORKDIR, on which the target of the COPY hangs" if relative and (
            after.workdir != step.state.workdir
        ) else ""  # fmt: skip
    if step.name in ("ENV", "ARG"):
        named = any("$" in one.instruction.body.text for one in moved)
        flags = any("$" in (flag.value or "") for one in moved for flag in one.instruction.flags)
        return f"line {line} may set a variable that the COPY names" if named or flags else ""
    return f"{step.name} in line {line} stands between"


def _target(step: Step) -> str:
    words = step.instruction.words
    return words[-1].strip("\"'") if words else ""


def _run(file: File, run: Run, targets: tuple[str, ...]) -> Way:
    """The fetchings of a RUN, and where it has to be cut; ``why`` where it cannot stand in front of the COPY."""
    line = file.line(run.instruction.keyword.start)
    if not run.readable:
        return Way(why=f"the RUN in line {line} cannot be read: {run.reading.refusal}")
    if any(mount.type == "bind" for mount in run.mounts):
        return Way(why=f"the RUN in line {line} mounts files that are not followed")
    verdicts = list(fetching.judged(run, targets))
    stops = [one for one in verdicts if isinstance(one, Reads)]
    fetches = [one for one in verdicts if isinstance(one, Fetch)]
    if not stops:
        return Way(fetches=tuple(fetches), last=run)
    first = stops[0]
    why = first.why if first.fetches else f"line {line}: {first.why}"
    cut = _cut(run, stops)
    before = [one for one in fetches if cut and _start(one.command) < cut[1]]
    if not before or not cut:
        return Way(why=f"line {line}: {first.why}" if not fetches else why)
    against = _uncut(run, cut[0], cut[1])
    return Way(why=f"line {line}: {first.why}, and {against}") if against else Way((), tuple(before), run, cut[0])


def _cut(run: Run, stops: list[Reads]) -> tuple[int, int] | None:
    """The first pipeline of a RUN that holds one of the calls, and where it begins; None where it is no plain list."""
    script = run.script
    if script is None or len(script.body.statements) != 1:
        return None
    starts = [_start(one.command) for one in stops]
    for number, pipeline in enumerate(script.body.statements[0].list.pipelines):
        if any(pipeline.start <= start < pipeline.end for start in starts):
            return (number, pipeline.start) if number else None
    return None


def _start(command: Command) -> int:
    """Where a command begins in the script of its RUN; one in a quoted script, where the call of that begins."""
    while command.outer is not None:
        command = command.outer
    return command.start


def _uncut(run: Run, number: int, start: int) -> str:
    """Why a RUN cannot become two in front of a pipeline, or ""."""
    assert run.script is not None
    line = run.script.body.statements[0].list
    if run.form != "shell" or run.instruction.heredocs or run.instruction.flags:
        return "a RUN with a here-document or flags is not cut in two"
    if any(operator != "&&" for operator, _ in line.operators):
        return "a RUN with || is not cut in two"
    leaked = leaks.leaks(run, [run], directory=False) or (leaks.DIRECTORY if entered(run, start) is None else "")
    if leaked:
        return f"cut in two, the RUN would lose {leaked}"
    undone = next((one for one in run.commands if _start(one) >= start and fetching.undoes(one)), None)
    if undone is not None:
        return "what it deletes at its end would stay in the layer of its first half"
    gap = run.file.source[run.visible.source(line.pipelines[number - 1].end - 1) : run.visible.source(start)]
    return "a comment stands where it would be cut in two" if "#" in gap else ""


def entered(run: Run, start: int) -> str | None:
    """The command with which the second half of a RUN has to begin, so that it works in the folder of the first: its own ``cd``
    in front of all others, "" where it works in that of the RUN; None where that is not known."""
    assert run.script is not None
    moves = [one for one in run.commands if one.tool in ("cd", "pushd", "popd") and _start(one) < start]
    if not moves:
        return ""
    first = run.script.body.statements[0].list.pipelines[0]
    plain = len(moves) == 1 and moves[0].editable and moves[0].start == first.start and moves[0].end == first.end
    return run.script.text[first.start : first.end] if plain else None
