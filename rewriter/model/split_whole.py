"""The final stage of a split whose folders go along whole, written out; and the finding with its questions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.knowledge import languages, variants
from rewriter.knowledge.base_trees import base_tree_of
from rewriter.knowledge.unknown import Unknown
from rewriter.model import (
    split_callers,
    split_final,
    split_health,
    split_image,
    split_mirror,
    split_purpose,
    split_users,
)
from rewriter.model.file import Step
from rewriter.model.split_final import FinalStage, Refused
from rewriter.model.split_page import Page
from rewriter.model.split_stage import Against
from rewriter.model.split_tree import Tree
from rewriter.rule import Ask, Decline, Finding, Safety
from rewriter.text import newline_of

_VARIABLE: Final = re.compile(r"\$\{?(\w+)")
_SINGLE: Final = re.compile(r"(\w+)[= ]\S*$")
_BUILDERS: Final = ("builder", "build-stage", "first-stage")


class Runtime(NamedTuple):
    """Where what is built runs. ``same`` says that it is the same system, with users and packages of the same names; ``users``
    are those that the image has beside its system's; ``calls`` are programs that it has; ``settles`` are
    commands that follow when all is there; ``rpm`` is the package manager on a system of Red Hat's family, else ""."""

    image: str
    alpine: bool
    same: bool = True
    users: frozenset[str] = frozenset()
    calls: AbstractSet[str] = frozenset()
    because: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    settles: tuple[str, ...] = ()
    rpm: str = ""

    @property
    def manager(self) -> str:
        """What installs packages there."""
        return self.rpm or ("apk" if self.alpine else "apt-get")


def slim(
    repository: str, tag: str, image: str, calls: AbstractSet[str], users: frozenset[str] = frozenset()
) -> Runtime:
    """The slim variant of an image of a language, where there is one; else the image itself."""
    alpine = "alpine" in tag
    sibling = None if alpine or "slim" in tag else variants.sibling(repository, tag, "slim")
    if sibling is None or isinstance(sibling, Unknown):
        return Runtime(image, alpine, users=users, calls=calls, because=(f"{image} runs it, as before",))
    other, name = f"{repository}:{sibling.tag}", languages.fact(repository, "name")
    asks = (f"are {image} and {other} built on the same release of Debian?",) if sibling.doubt else ()
    fact = f"{other} is the same {name}" + ("" if sibling.doubt else " on the same Debian")
    return Runtime(other, False, users=users, calls=calls, because=(fact,), asks=asks)


def finding(
    tree: Tree, page: Page, runtime: Runtime, title: str, last: list[str], extra: list[str], ask: Ask
) -> Finding | Decline:
    """The split. ``last`` are commands that end the builder, ``extra`` commands of the final stage."""
    at = tree.stage.stage.steps[0].span
    there = [*runtime.calls, *tree.packages]
    try:
        packages = _packages(tree, page, runtime)
        if runtime.manager == "apt-get":
            page.asks += split_mirror.questions(tree.stage, page, packages, runtime.image)
        step, told = split_purpose.judged(tree.stage, page, tree.places, there)
        change = split_final.change(tree.stage, tree.at, _final(tree, page, runtime, packages, last, extra))
    except Against as against:
        return Decline(against.step.span, against.why)
    except Refused as refused:
        return Decline(at, str(refused))
    asks = [
        *told,
        *split_callers.questions(ask, page),
        *page.asks,
        *runtime.asks,
        *page.traces.asks,
        *page.traces.folders.asks,
    ]
    starts = page.started or f"a program of {languages.fact(page.key, 'name')}"
    because = (
        f"line {tree.stage.file.line(step.span.start)} starts {starts}",
        *runtime.because,
        f"{', '.join([*tree.tops, *tree.files, *tree.written])}: what the Dockerfile brings and builds goes along as it lies",
        *(f"to confirm: {question}" for question in dict.fromkeys(asks)),
    )
    return Finding(at, title, change, Safety.SHOW, because)


def _final(
    tree: Tree, page: Page, runtime: Runtime, packages: list[str], last: list[str], extra: list[str]
) -> FinalStage:
    stage = tree.stage
    newline = newline_of(stage.file.source)
    builder = split_final.builder(stage, _BUILDERS)
    shipped = [*split_final.moved(stage, tree.at), *stage.steps[tree.at :]]
    users = {"root", "nobody", *runtime.users, *page.traces.users.names}
    debian = base_tree_of("debian")
    if not runtime.alpine and debian is not None:
        users |= debian.users
    split_image.known_users(stage, shipped, tree.commands, users, runtime.image)
    if not runtime.same and (page.traces.users or tree.packages):
        raise Refused(f"{runtime.image} is another system, and users or packages are made on this one")
    install = split_image.install(packages, runtime.manager, page.traces.recommends, stage)
    entries = [f"COPY --from={builder} {' '.join(split_users.ENTRIES)} /etc/"] if page.traces.users else []
    first = [*install, *extra]
    settles = [*page.again, *page.links, *runtime.settles]
    second = tree.commands
    if not entries or page.same_image:
        first, second = [*first, *second], []
    sources = split_mirror.sources(tree, page) if install else []
    early = split_mirror.early(page, runtime.manager, stage) if sources else []
    tree = split_mirror.without(tree, sources)
    lines = [
        *page.environment,
        *_environment(tree, shipped),
        *(entries if page.same_image else []),
        *split_image.run(early, stage, newline),
        *([f"COPY --from={builder} {one} {one}" for one in sources] if install else []),
        *split_image.run(first, stage, newline),
        *([] if page.same_image else entries),
        *split_image.run(second, stage, newline),
        *_workdir(tree, page),
        *_copies(tree, page, builder),
        *split_image.run(settles, stage, newline),
        *split_image.user(stage, tree.at),
    ]
    return FinalStage(
        builder,
        runtime.image,
        lines,
        [*last, *early, *first, *second, *settles],
        (),
        split_image.run(last, stage, newline),
    )


def _packages(tree: Tree, page: Page, runtime: Runtime) -> list[str]:
    found = list(tree.packages)
    system = split_health.System(runtime.alpine, tree.stage.alpine is not None, tuple(found))
    own = [*runtime.calls, *page.words("starts"), *tree.places]
    for step in tree.stage.steps:
        if step.name == "HEALTHCHECK":
            called = split_health.packages(step, own, page.traces.packages, system)
            found += [name for name in called if name not in found]
    return found


def _arguments(tree: Tree, shipped: list[Step]) -> list[Step]:
    """The ARGs of the builder that instructions of the final stage use.

    Raises:
        Refused: one of these stands in front of its ARG, and would come behind it.
    """
    given = [step for step in tree.stage.steps[: tree.at] if step.name == "ARG"]
    users = [step for step in tree.stage.steps[: tree.at] if step.name == "ENV"]
    users += [step for step in shipped if step.name not in ("RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK")]
    found: list[Step] = []
    for step in reversed(given):
        names = {part.partition("=")[0] for part in step.instruction.body.text.split()}
        using = [one for one in (*users, *found) if not names.isdisjoint(_VARIABLE.findall(one.instruction.body.text))]
        early = next((one for one in using if one.index < step.index and one.name not in ("ENV", "ARG")), None)
        if early is not None:
            raise Refused(f"{early.name} uses {min(names)}, which an ARG behind it sets")
        found += [step] if using else []
    return found


def _environment(tree: Tree, shipped: list[Step]) -> Iterator[str]:
    """The ENV lines of the builder, as they are written: the base is of the same kind; and the ARGs that are used."""
    arguments = _arguments(tree, shipped)
    given = [step for step in tree.stage.steps[: tree.at] if step.name == "ENV" or step in arguments]
    for at, step in enumerate(given):
        later = [one.instruction.body.text for one in given[at + 1 :]]
        if step.name == "ARG" or not _set_again(step.instruction.body.text, later):
            yield f"{step.name} {step.instruction.span.of(tree.stage.file.source).split(None, 1)[1].rstrip()}"


def _workdir(tree: Tree, page: Page) -> list[str]:
    """The working directory in force, unless the author names another one next."""
    following = tree.stage.steps[tree.at : tree.at + 1]
    if following and following[0].name == "WORKDIR" and following[0].instruction.body.text.startswith("/"):
        return []
    if page.same_image and not any(step.name == "WORKDIR" for step in tree.stage.steps[: tree.at]):
        return []  # the same image starts in the same folder
    state = following[0].state if following else tree.stage.end
    if state.workdir == "/":
        return []  # where these images start
    return [f"WORKDIR {split_image.workdir(state)}"]


def _set_again(text: str, later: list[str]) -> bool:
    """True for an ENV of one variable that a later one sets without asking for its value."""
    name = _SINGLE.match(text)
    if name is None:
        return False
    following = next((one for one in later if name[1] in one), "")
    return following.startswith((f"{name[1]}=", f"{name[1]} ")) and f"${name[1]}" not in following.replace("{", "")


def _copies(tree: Tree, page: Page, builder: str) -> list[str]:
    groups: dict[str, list[str]] = {}
    homes = ["/home"] if page.traces.users.homes and "/home" not in tree.tops else []
    tops = [one for one in tree.tops if not homes or not one.startswith("/home/")]
    for path in (*homes, *tops, *tree.written):
        groups[path] = [path]
    for path in tree.files:
        groups.setdefault(posixpath.join(posixpath.dirname(path), ""), []).append(path)
    plain = next((one for sources in groups.values() for one in sources if not split_image.plain(one)), "")
    if plain:
        raise Refused(f"{plain} is no plain path")
    return [f"COPY --from={builder} {' '.join(sources)} {target}" for target, sources in groups.items()]
