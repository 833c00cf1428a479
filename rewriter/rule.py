"""What a transform is and says: the only vocabulary between a transform and the engine."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Final, NamedTuple

from rewriter.text import Edit, Span

if TYPE_CHECKING:
    from rewriter.model.file import File


class Safety(enum.IntEnum):
    """How sure we are of one rewrite, at this occurrence. Ordered; the engine compares with ``>=``."""

    SHOW = 0  # a person must decide: printed, never applied
    REVIEW = 1  # the same program in our judgement, other bytes at run time
    SAFE = 2  # the file system differs only in files that we can name and nobody can miss


#: the instructions that a split of a stage writes anew, or moves to its final stage
SPLIT: Final[frozenset[str]] = frozenset(
    "FROM RUN COPY WORKDIR ARG ENV USER LABEL MAINTAINER EXPOSE VOLUME CMD ENTRYPOINT HEALTHCHECK STOPSIGNAL".split()
)


class Phase(enum.IntEnum):
    """The order in which transforms run, which is the order of the story that a reviewer reads."""

    STAGES = 0  # splitting: what does not ship need not be joined and cleaned
    LAYERS = 1  # joining instructions
    MOVES = 2  # to another instruction: what is one by now needs none
    COMMANDS = 3  # inside a RUN
    BASE = 4  # FROM and what follows from it
    TIDY = 5  # what became needless


class Saving(NamedTuple):
    """Bytes (uncompressed) that a rewrite takes out of the image, and where the figure comes from. Never a guess."""

    bytes: int
    source: str


class Split(NamedTuple):
    """The last stage becomes two: ``builder`` is its name from now on, ``image`` the base of the new last stage, which has
    the ``name`` that the stage had, or none.

    RUNs stay in the builder, other instructions may move to the new stage. The engine allows nothing to be lost or changed:
    every instruction is still there, and what is new is of a kind that a stage needs.
    """

    builder: str
    image: str
    name: str = ""


class Stages(NamedTuple):
    """Stages get ``names`` (number and name; they had none), or are ``gone`` (numbers): those that no other stage takes from.

    The engine allows nothing else: each stage that stays has its instructions, and takes from the same stages as before.
    """

    names: tuple[tuple[int, str], ...] = ()
    gone: tuple[int, ...] = ()


class Reorder(NamedTuple):
    """COPYs and ADDs of the stage with index ``stage`` go behind a later RUN: ``moved`` are their texts, keyword and flags left
    out, ``added`` the texts of those that take their place and bring a part of what they bring. ``cut`` is the text of the RUN
    that becomes two, so that they stand in its middle, "" for none; ``again`` is its first command, with which its second half
    begins as well.

    The engine allows nothing else: every instruction is still there, and all others come in their order.
    """

    stage: int
    moved: tuple[str, ...]
    added: tuple[str, ...] = ()
    cut: str = ""
    again: str = ""


class Change:
    """Edits, and the shell words that the rewritten stage has more (``adds``) or fewer (``drops``) than before.

    The engine compares the shell words of each stage before and after with what the findings name here. ``split`` declares
    that a stage becomes two; without it no stage may appear. ``stages`` declares names that stages get, and stages that go;
    ``reorders`` that COPYs go behind RUNs, and that nothing else becomes another.
    """

    __slots__ = ("adds", "drops", "edits", "reorders", "split", "stages")

    def __init__(
        self,
        edits: tuple[Edit, ...] = (),
        adds: tuple[str, ...] = (),
        drops: tuple[str, ...] = (),
        split: Split | None = None,
        stages: Stages | None = None,
        reorders: tuple[Reorder, ...] = (),
    ) -> None:
        self.edits = edits
        self.adds = adds
        self.drops = drops
        self.split = split
        self.stages = stages
        self.reorders = reorders

    def __add__(self, other: Change) -> Change:
        return Change(
            self.edits + other.edits,
            self.adds + other.adds,
            self.drops + other.drops,
            self.split or other.split,
            self.stages or other.stages,
            self.reorders + other.reorders,
        )


class Finding(NamedTuple):
    """One rewrite that a transform proposes.

    ``at`` is what a reader should look at; ``title`` says the cure in the imperative; ``because`` are the facts relied
    on, each checkable by the reader.
    """

    at: Span
    title: str
    change: Change
    safety: Safety
    because: tuple[str, ...]
    saves: Saving | None = None


class Decline(NamedTuple):
    """A smell that is left alone: where, and what stands against the cure or would have been needed."""

    at: Span
    why: str


class Settings(NamedTuple):
    """What the user decides. ``join_runs`` is "shipped", "when-it-saves" or "off"; ``base`` is "keep", "auto", "slim" or
    "alpine": the smallest base that is wanted; ``keep_tools`` are commands that stay when the base gets smaller; ``mirrors`` is
    what stands in front of official images in registries that have the same ones (``registry.corp/mirror``); ``final`` is "keep",
    or what the last stage may start from where nothing in it needs a shell: "distroless" or "scratch"."""

    level: Safety = Safety.REVIEW
    join_runs: str = "shipped"
    base: str = "auto"
    keep_tools: tuple[str, ...] = ()
    mirrors: tuple[str, ...] = ()
    final: str = "keep"


class Ask(NamedTuple):
    """What a transform may ask beside the file itself: the user's settings, and files of the build context.

    ``context`` gives the text of a file of the build context by its relative path, or None when there is no such file,
    no context, or the file is too large; it never leaves the context and executes nothing. ``files`` gives the paths of all
    files of the context, sorted, or None when they are not known: no context, too many files, or a link. ``beside`` gives the
    files that may start containers of the image and are no part of the context, each as its path relative to the context, the
    path from its folder to the context ("" inside of it) and its text: what ``.dockerignore`` leaves out, and those of the
    folders above, as far as the repository goes. ``building`` gives the files that may build the
    image (CI, compose, make, scripts), of the context and above, each as its path and its text (None: it cannot be read); None
    when they are not known.
    """

    settings: Settings = Settings()
    context: Callable[[str], str | None] = lambda path: None
    files: Callable[[], tuple[str, ...] | None] = lambda: None
    beside: Callable[[], tuple[tuple[str, str, str], ...]] = lambda: ()
    building: Callable[[], tuple[tuple[str, str | None], ...] | None] = lambda: None


Find = Callable[["File", Ask], Iterator[Finding | Decline]]


class Transform:
    """A registered transform.

    ``name`` is the smell (``apt-lists-left-behind``), made from the function's name; ``phase`` orders it; ``touches``
    are the instructions that its edits may change; ``tools`` are command names without which it has nothing to say (empty:
    always ask it), ``images`` likewise names of base images, without registry and tag; ``hadolint`` are the rules that name
    the same smell, so that their ignore comments count.
    ``safety`` is the lowest level at which it proposes something; ``only_shows`` is True when that is SHOW, always, so that it is
    asked once, about the text that the others leave, unless SHOW is asked for; ``page`` is its documentation.
    """

    __slots__ = ("find", "hadolint", "images", "name", "only_shows", "page", "phase", "safety", "tools", "touches")

    def __init__(
        self,
        name: str,
        phase: Phase,
        touches: frozenset[str],
        safety: Safety,
        tools: frozenset[str],
        images: frozenset[str],
        hadolint: frozenset[str],
        page: str,
        find: Find,
        only_shows: bool = False,
    ) -> None:
        self.name = name
        self.phase = phase
        self.touches = touches
        self.safety = safety
        self.tools = tools
        self.images = images
        self.hadolint = hadolint
        self.page = page
        self.find = find
        self.only_shows = only_shows

    def concerns(self, file: File) -> bool:
        """True when it may have something to say about the file, by the tools that it calls and its base images."""
        if self.images and self.images.isdisjoint(file.images):
            return False
        return not self.tools or not self.tools.isdisjoint(file.tools)

    @property
    def summary(self) -> str:
        """The first line of the page."""
        return self.page.strip().splitlines()[0]


def transform(
    *,
    phase: Phase,
    touches: AbstractSet[str],
    safety: Safety = Safety.SAFE,
    tools: AbstractSet[str] | None = None,
    images: AbstractSet[str] | None = None,
    hadolint: AbstractSet[str] | None = None,
    only_shows: bool = False,
) -> Callable[[Find], Transform]:
    """Make a transform of a generator function. Its name is the smell; ``transforms.loaded`` gives it its page."""

    def register(find: Find) -> Transform:
        return Transform(
            name=find.__name__.replace("_", "-"),
            phase=phase,
            touches=frozenset(touches),
            safety=safety,
            tools=frozenset(tools or ()),
            images=frozenset(images or ()),
            hadolint=frozenset(hadolint or ()),
            page="",
            find=find,
            only_shows=only_shows,
        )

    return register
