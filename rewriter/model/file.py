"""A Dockerfile as its stages, with the state in force at every instruction."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from rewriter import posixpath
from rewriter.knowledge import images, tools
from rewriter.model.run import Memory, Run
from rewriter.model.scope import State
from rewriter.syntax.dockerfile import KNOWN
from rewriter.syntax.nodes import Dockerfile, Instruction, Kind, Trivia
from rewriter.text import Span

if TYPE_CHECKING:
    from rewriter.model.copied import Copied


#: what says what runs when the image is used: in a container, or in a build that starts from it
AT_USE: Final = frozenset(("CMD", "ENTRYPOINT", "HEALTHCHECK", "ONBUILD"))


class Step:
    """One instruction of a stage and the state in which it runs. ``index`` counts the instructions of the file."""

    __slots__ = ("index", "instruction", "state")

    def __init__(self, instruction: Instruction, index: int, state: State) -> None:
        self.instruction = instruction
        self.index = index
        self.state = state

    @property
    def name(self) -> str:
        return self.instruction.name

    @property
    def span(self) -> Span:
        return self.instruction.span


class Stage:
    """One build stage. ``image`` is the base image or stage as written, ``name`` its ``AS`` name in lower case or "".

    ``parent`` is the stage that it is built FROM; ``ships`` is True for the last stage of the file and its ancestors:
    only their layers are in the image. ``at_use`` are those of its steps that say what runs when the image is used.
    """

    __slots__ = ("_below", "at_use", "image", "index", "name", "parent", "ships", "steps")

    def __init__(self, index: int, image: str, name: str, parent: Stage | None) -> None:
        self.index = index
        self.image = image
        self.name = name
        self.parent = parent
        self.steps: list[Step] = []
        self.at_use: list[Step] = []
        self.ships = False
        self._below: tuple[Stage, ...] = () if parent is None else (parent, *parent._below)

    @property
    def lineage(self) -> list[Stage]:
        """The stage and those of the file that it is built FROM, itself first; the image of the last one comes from elsewhere."""
        return [self, *self._below]


class File:
    """The model of one Dockerfile. Cheap to make; scripts are read when they are asked for.

    ``memory`` is that of the file before an edit, whose scripts need not be read again. ``line`` gives the line, from 1,
    that people know an offset by: that of the file as it was given, before any edit.
    """

    __slots__ = (
        "_images", "_run_at", "_runs", "_tools", "copies", "dockerfile", "escape", "line", "memory", "preamble", "source",
        "stages",
    )  # fmt: skip

    def __init__(
        self, dockerfile: Dockerfile, memory: Memory | None = None, line: Callable[[int], int] | None = None
    ) -> None:
        self.memory = Memory() if memory is None else memory
        self.line = line or dockerfile.lines.line
        self.memory.files.append(self)
        self.dockerfile = dockerfile
        self.source = dockerfile.source
        self.escape = dockerfile.escape
        self.stages: list[Stage] = []
        #: the global ARGs in front of the first FROM
        self.preamble: list[Instruction] = []
        #: what was read of COPY and ADD (`copied.py`)
        self.copies: dict[Step, Copied] = {}
        self._runs: tuple[Run, ...] | None = None
        self._run_at: dict[int, Run] | None = None
        self._tools: frozenset[str] | None = None
        self._images: frozenset[str] | None = None
        self._divide()

    def forget(self) -> None:
        """Let go of the RUNs, which know the file."""
        self._runs = self._run_at = None

    def _divide(self) -> None:
        by_name: dict[str, Stage] = {}
        states: dict[int, State] = {}
        state, known = State(), self.memory.states
        for index, instruction in enumerate(self.dockerfile.instructions):
            if instruction.name == "FROM":
                image, name = _from(instruction)
                parent = by_name.get(image.lower())
                stage = Stage(len(self.stages), image, name, parent)
                self.stages.append(stage)
                state = states[parent.index] if parent is not None else known.first(image, self.source)
                if name:
                    by_name[name] = stage
            elif not self.stages:
                self.preamble.append(instruction)
                continue
            step = Step(instruction, index, state)
            self.stages[-1].steps.append(step)
            if instruction.name in AT_USE:
                self.stages[-1].at_use.append(step)
            state = known.after(state, instruction, self.escape)
            states[self.stages[-1].index] = state
        for shipped in self.stages[-1].lineage if self.stages else ():
            shipped.ships = True

    @property
    def runs(self) -> tuple[Run, ...]:
        """Every RUN of every stage, in order. ONBUILD RUNs are none of them: they run in another build."""
        if self._runs is None:
            self._runs = tuple(
                Run(step.instruction, step.index, step.state, stage, self)
                for stage in self.stages
                for step in stage.steps
                if step.name == "RUN"
            )
        return self._runs

    @property
    def run_at(self) -> dict[int, Run]:
        """The RUNs by their place among the instructions."""
        if self._run_at is None:
            self._run_at = {run.index: run for run in self.runs}
        return self._run_at

    @property
    def tools(self) -> frozenset[str]:
        """The tools that any RUN calls; ``pip3.9`` also as ``pip``. Those of an exec form by its first word."""
        if self._tools is None:
            exec_form = {posixpath.basename(run.instruction.args[0]) for run in self.runs if run.instruction.args}
            called = (run.tools for run in self.runs)
            self._tools = frozenset().union(*called, exec_form, map(tools.canonical, exec_form))
        return self._tools

    @property
    def images(self) -> frozenset[str]:
        """The names of the base images without registry and tag; of one that a variable decides, that by its default, or what
        stands before it."""
        if self._images is None:
            outside = (stage for stage in self.stages if stage.parent is None)
            self._images = frozenset([self.image_of(stage) for stage in outside])
        return self._images

    def image_of(self, stage: Stage) -> str:
        """The name of the image below a stage, as in :attr:`images`."""
        image = stage.lineage[-1].image
        if "$" in image:
            from rewriter.model import from_image  # here: few files have an argument in FROM

            image = from_image.text(self, stage.lineage[-1])
        return images.named(image)[0].rpartition("/")[2].partition("$")[0]

    def later_runs(self, run: Run) -> Iterator[Run]:
        """The RUNs whose file system holds what ``run`` left: later ones of its stage, and those of stages built on it."""
        heirs = self.heirs(run.stage)
        return (other for other in self.runs if other.index > run.index and other.stage in heirs)

    def heirs(self, stage: Stage) -> list[Stage]:
        """The stage and those that are built on it, in the order of the file."""
        return [other for other in self.stages[stage.index :] if stage in other.lineage]

    def later_steps(self, index: int, stage: Stage) -> Iterator[Step]:
        """The instructions after instruction ``index`` that see its stage's file system: of the stage itself, of stages
        built on it, and COPY --from of any of these."""
        heirs = self.heirs(stage)
        names = {name for heir in heirs for name in (str(heir.index), heir.name)} - {""}
        for other in self.stages:
            for step in other.steps:
                if step.index <= index:
                    continue
                if other in heirs or any(
                    flag.name == "from" and (flag.value or "").lower() in names for flag in step.instruction.flags
                ):
                    yield step

    def trivia_before(self, instruction: Instruction) -> tuple[Trivia, ...]:
        """The comments and blank lines between this instruction and the one before it, in order."""
        nodes = self.dockerfile.nodes
        at = bisect_left(nodes, instruction.span.start, key=lambda node: node.span.start)
        found: list[Trivia] = []
        while at > 0:
            at -= 1
            node = nodes[at]
            if not isinstance(node, Trivia) or node.kind is Kind.DIRECTIVE:
                break
            found.append(node)
        return tuple(reversed(found))

    def comments_above(self, instruction: Instruction) -> tuple[Trivia, ...]:
        """The comment lines directly above the instruction, with no blank line between."""
        found: list[Trivia] = []
        for node in reversed(self.trivia_before(instruction)):
            if node.kind is not Kind.COMMENT:
                break
            found.append(node)
        return tuple(reversed(found))

    def gap(self, at: int) -> tuple[int, int]:
        """The offsets at which the blank lines around an offset begin and end. A line begins there."""
        nodes = self.dockerfile.nodes
        first = last = bisect_left(nodes, at, key=lambda node: node.span.start)
        while first and _is_blank(nodes[first - 1]):
            first -= 1
        while last < len(nodes) and _is_blank(nodes[last]):
            last += 1
        begin = nodes[first].span.start if first < len(nodes) else at
        return min(begin, at), nodes[last - 1].span.end if last > first and nodes[last - 1].span.end > at else at


def _is_blank(node: Instruction | Trivia) -> bool:
    return isinstance(node, Trivia) and node.kind is Kind.BLANK


def commented_out(comment: str) -> bool:
    """True for an instruction that its author has turned off: ``#RUN make``."""
    text = comment.lstrip("# ")
    return " " in text and text.split(" ", 1)[0] in KNOWN


def _from(instruction: Instruction) -> tuple[str, str]:
    """Image and stage name of a FROM; "" for what is not there."""
    words = instruction.body.text.split()
    name = words[2].lower() if len(words) == 3 and words[1].lower() == "as" else ""
    return (words[0] if words else ""), name
