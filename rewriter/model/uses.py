"""Whether anything that comes after a RUN still calls a tool: later RUNs, ONBUILD, HEALTHCHECK, ENTRYPOINT and CMD."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from typing import Final

from rewriter import posixpath
from rewriter.knowledge import tools
from rewriter.model.file import File, Stage, Step
from rewriter.model.run import Run
from rewriter.syntax.nodes import Instruction

_NO_WORD: Final = re.compile(r"[^\w./+-]+")
SHELLS: Final = frozenset({"sh", "bash", "ash", "dash", "zsh", "fish", "tmux", "screen", "tail", "sleep"})
#: programs that run what a file tells them, which is not seen here
RUNNERS: Final = frozenset(
    {"make", "gmake", "rake", "just", "task", "foreman", "honcho", "overmind", "watchexec", "entr"}
)

#: options of npm, yarn and uv that take packages from the cache
_OFFLINE: Final = ("--offline", "--prefer-offline", "--cache-min")
_OFFLINE_VARIABLES: Final = {
    "npm": frozenset(("npm_config_offline", "npm_config_prefer_offline", "npm_config_cache_min")),
    "uv": frozenset(("uv_offline",)),
}


def names(instruction: Instruction) -> list[str]:
    """The base names of all words of an instruction, however they are quoted: more than the programs that it calls."""
    inner = instruction.trigger or instruction
    text = " ".join(inner.args) if inner.args is not None else inner.body.text
    return [tools.canonical(posixpath.basename(word)) for word in _NO_WORD.split(text) if word]


def related(file: File, stage: Stage) -> list[Stage]:
    """The stage, those below it, and those built on it, in the order of the file."""
    concerned = [*stage.lineage, *file.heirs(stage)]
    return [other for other in file.stages if other in concerned]


def at_use(file: File, stage: Stage) -> Iterator[Step]:
    """What says what runs when the image is used, in the stage and those related to it."""
    for other in related(file, stage):
        yield from other.at_use


def at_run_time(file: File, run: Run, wanted: Set[str]) -> str:
    """Where the image itself calls one of the tools, or has ONBUILD call it: "line 9 starts mvn", or ""."""
    for step in at_use(file, run.stage):
        for name in names(step.instruction):
            if name in wanted:
                return f"line {file.line(step.span.start)} starts {name}"
    return ""


def later(file: File, run: Run, wanted: Set[str]) -> str:
    """Where anything after ``run`` calls one of the tools: "line 9 runs mvn", or ""."""
    for other in file.later_runs(run):
        read = other.script is not None
        for name in [tools.canonical(one.tool) for one in other.commands] if read else names(other.instruction):
            if name in wanted:
                return f"line {file.line(other.span.start)} runs {name}"
    return at_run_time(file, run, wanted)


def offline(file: File, run: Run, tool: str) -> str:
    """Where ``tool`` is told, in this RUN, later or in use, to install from its cache, as a reason; "" when nowhere."""
    for other in (run, *file.later_runs(run)):
        for command in other.uses(tool):
            if command.has(*_OFFLINE):
                option = next(name for name in _OFFLINE if command.has(name))
                return f"line {file.line(other.span.start)} installs with {option}, which needs what is kept"
        variables = _OFFLINE_VARIABLES.get(tool, frozenset())
        if any(name.lower() in variables for name in other.state.environment):
            return f"a variable tells {tool} to install from its cache"
    for step in at_use(file, run.stage):
        text = step.instruction.body.text
        option = next((name for name in _OFFLINE if name in text), "")
        if option and tool in names(step.instruction):
            return f"line {file.line(step.span.start)} installs with {option} when the image is used"
    return ""


def workbench(file: File, run: Run) -> str:
    """Why the image looks like one to work in, whose tools and caches are wanted, or ""."""
    started = [step for step in at_use(file, run.stage) if step.name in ("CMD", "ENTRYPOINT")]
    if not started:
        return "it has no CMD or ENTRYPOINT, so it may be an image to build with"
    entry = [step for step in started if step.name == "ENTRYPOINT"]
    step = (entry or started)[-1]
    called = list(names(step.instruction))
    if called and called[0] in SHELLS and len(called) <= 2:
        return f"line {file.line(step.span.start)} starts {called[0]}, so it may be an image to work in"
    runner = next((name for one in started for name in names(one.instruction) if name in RUNNERS), "")
    if runner:
        return f"line {file.line(step.span.start)} starts {runner}, which may call anything"
    return ""


def unseen(file: File, run: Run, what: str) -> tuple[str, ...]:
    """The author's scripts that run later and are taken not to need ``what``, as reasons; empty when there is none."""
    calling = {step.index: step.instruction for step in at_use(file, run.stage) if step.name in ("CMD", "ENTRYPOINT")}
    calling.update((other.index, other.instruction) for other in file.later_runs(run))
    for _, instruction in sorted(calling.items(), key=lambda item: item[0]):
        if ".sh" not in instruction.body.text:  # as nearly always: its words are not asked for
            continue
        for name in names(instruction):
            if name.endswith(".sh"):
                return (f"line {file.line(instruction.span.start)} runs {name}, which is taken not to need {what}",)
    return ()


def mention(file: File, run: Run, text: str) -> int:
    """The line of another instruction of these layers, or of a COPY out of them, that names ``text``; 0 without one."""
    here = (step for stage in related(file, run.stage) for step in stage.steps)
    steps = {step.index: step for step in (*here, *file.later_steps(run.index, run.stage))}
    for index, step in sorted(steps.items()):
        if index != run.index and step.name != "RUN" and text in step.instruction.body.text:
            return file.line(step.span.start)
    return 0
