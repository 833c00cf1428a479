"""Remove build packages in the RUN that installed them.

## What it does
Moves `apt-get purge` (remove, autoremove; `yum remove`, `apk del`, `zypper remove`) of a later RUN to the end of the
RUN that installed the packages.

## Why it saves
A package that is removed in a later layer is hidden, not gone: all its bytes ship. Installed, used and removed in one
RUN, it leaves nothing.

## When it is safe
When no other RUN stands between the two, so that nothing can have used the packages meanwhile, and what stands between
neither switches user or shell nor copies files to where packages have theirs. The order of the steps changes, so this
is REVIEW.

## What it leaves alone
Stages that do not ship; removals with a RUN or anything else in between, with both lines and what stands there; RUNs
that do more than remove packages; packages that the same RUN installed or the base image brought.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter.model import package_managers, paths, style
from rewriter.model.caches import span_of
from rewriter.model.command import Command
from rewriter.model.file import File, Step
from rewriter.model.package_managers import INSTALLS, REMOVES, does
from rewriter.model.run import Run
from rewriter.rule import Ask, Change, Decline, Finding, Phase, Safety, transform

_CLEANS: Final = {
    "apt": {"clean", "autoclean", "autoremove"},
    "yum": {"clean", "autoremove"},
    "apk": set(),
    "zypper": {"clean"},
}
_PASSED: Final = frozenset(
    "ENV ARG LABEL EXPOSE WORKDIR CMD ENTRYPOINT HEALTHCHECK STOPSIGNAL MAINTAINER COPY ADD".split()
)
_CLEANED: Final = ("/var/lib/apt/lists", "/var/cache")
_SYSTEM: Final = ("/etc", "/usr", "/bin", "/sbin", "/lib", "/var")


@transform(phase=Phase.MOVES, touches={"RUN"}, safety=Safety.REVIEW, tools=set(package_managers.FAMILY))
def build_packages_purged_later(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    for stage in file.stages:
        runs = [run for run in file.runs if run.stage is stage and stage.ships]
        if not any(does(command, REMOVES) for run in runs for command in run.commands):
            continue
        installed: dict[tuple[str, str], tuple[Run, Command]] = {}
        for run in runs:
            here: dict[tuple[str, str], tuple[Run, Command]] = {}
            late: dict[tuple[str, str], Command] = {}
            for command in run.commands:
                if does(command, INSTALLS):
                    here.update(dict.fromkeys(package_managers.named(command), (run, command)))
                elif does(command, REMOVES):
                    gone = package_managers.named(command)
                    late.update({key: command for key in gone if key in installed and key not in here})
            if late:
                yield _told(file, run, late, *min((installed[key] for key in late), key=lambda one: one[0].index))
            installed.update(here)


def _told(
    file: File, run: Run, late: dict[tuple[str, str], Command], origin: Run, install: Command
) -> Finding | Decline:
    names = [name for _, name in late]
    listed = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    fact = f"{listed} came with line {file.line(span_of(origin, install).start)} and ships in that layer"
    change = _moved(file, run, origin)
    at = span_of(run, next(iter(late.values())))
    if isinstance(change, style.Refusal):
        return Decline(at, f"{fact}; both belong in one RUN, but {change.why}")
    because = (fact, "no RUN stands between the two")
    return Finding(at, "Remove build packages in the RUN that installed them", change, Safety.REVIEW, because)


def _moved(file: File, run: Run, origin: Run) -> Change | style.Refusal:
    """The commands of ``run`` at the end of ``origin``, or what stands against it."""
    for step in run.stage.steps:
        if origin.index < step.index < run.index:
            why = _in_the_way(step)
            if why:
                return style.Refusal(f"{why} on line {file.line(step.instruction.keyword.start)} stands between")
    if not all(_only_removes(run, command) for command in run.commands):
        return style.Refusal("the later RUN does more than remove packages")
    if run.state.user != origin.state.user or run.state.shell != origin.state.shell or run.mounts or origin.mounts:
        return style.Refusal("user, shell or mounts differ")
    script = run.script
    if script is None or run.form != "shell" or run.instruction.comments or len(script.body.statements) != 1:
        return style.Refusal("the later RUN is more than one plain list of commands")
    list_ = script.body.statements[0].list
    if (
        any(operator != "&&" for operator, _ in list_.operators)
        or script.body.statements[0].ended_by
        or script.comments
    ):
        return style.Refusal("the later RUN is more than one plain list of commands")
    text = run.file.source[run.visible.source(list_.start) : style.last_character(run, list_.end)]
    above = file.comments_above(run.instruction)
    change = style.append(origin, text, [comment.span.of(file.source).rstrip("\r\n") for comment in above])
    if isinstance(change, style.Refusal):
        return change
    return Change((*change.edits, style.whole(file, run.instruction, above[0].span.start if above else None)))


def _in_the_way(step: Step) -> str:
    if step.name not in _PASSED:
        return step.name
    if step.name in ("COPY", "ADD"):
        words = step.instruction.args or tuple(step.instruction.body.text.split())
        if not words or not words[-1].startswith("/") or words[-1] == "/" or words[-1].startswith(_SYSTEM):
            return step.name
    return ""


def _only_removes(run: Run, command: Command) -> bool:
    if does(command, REMOVES) or does(command, _CLEANS):
        return True
    gone = set(paths.emptied(command, run.state))
    return command.tool == "rm" and bool(gone) and all(path.startswith(_CLEANED) for path in gone)
