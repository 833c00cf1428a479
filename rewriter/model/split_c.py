"""C and C++: what make, cmake and their like build and install, on the image that built it, without the compiler."""

from __future__ import annotations

from typing import Final

from rewriter.knowledge import images, languages, programs
from rewriter.knowledge.base_trees import base_tree_of
from rewriter.model import (
    bases,
    paths,
    split_again,
    split_c_packages,
    split_elsewhere,
    split_image,
    split_packages,
    split_purpose,
    split_stage,
    split_start,
    split_tree,
    split_whole,
)
from rewriter.model.command import Command
from rewriter.model.context_tree import Tree as Context
from rewriter.model.file import File
from rewriter.model.scope import State
from rewriter.model.split_c_page import CPage
from rewriter.model.split_c_places import DEFAULT
from rewriter.model.split_c_sources import projects
from rewriter.model.split_purpose import KEPT
from rewriter.model.split_stage import Against, Shipped
from rewriter.model.split_traces import of_whole_folders
from rewriter.model.split_tree import Tree
from rewriter.model.split_whole import Runtime
from rewriter.rule import Ask, Decline, Finding

#: tags whose packages change under the image: what is linked may be newer than what the image has
_MOVING: Final = frozenset("sid unstable testing experimental edge rolling rc-buggy".split())


def split(file: File, ask: Ask) -> Finding | Decline | None:
    """The split of the shipped stage; why there is none; None where nothing is built, or C is not what the image is for."""
    repository, tag = bases.shipped_base(file)
    if repository in languages.names("c", "others"):
        return None
    if not any(building(command) for run in file.runs if run.stage.ships for command in run.commands):
        return None
    image = file.stages[-1].lineage[-1].image
    elsewhere = _elsewhere(repository, tag, image)
    if elsewhere:
        return split_elsewhere.left_alone(file, "c", building, elsewhere)
    manager = _manager(file)
    seen = _page(split_stage.whole(file), manager)  # as the file's own RUNs are read, which others read too
    try:
        kept = split_elsewhere.kept(seen.stage, "c", seen.of_another)
    except Against as against:
        return Decline(against.step.span, against.why)
    if kept is not None or split_c_packages.gone(seen.stage, seen):
        return kept
    stage = file.stages[-1].steps[0].span
    if file.stages[-1].parent is not None:
        return Decline(stage, "it is built FROM another stage of the file: only one stage is looked at")
    moves = repository not in languages.names("c", "images") or not _MOVING.isdisjoint(tag.split("-"))
    root = images.starts_in_root(image)
    start = State(environment={"PATH": programs.PATH}, workdir="/") if root else State()
    shipped = split_stage.shipped(file, start, "latest" if manager == "apk" else None)
    page = _page(shipped, manager)
    try:
        if not split_c_packages.installs(shipped, page):
            without = _without(shipped, page, repository, image)
            return Decline(stage, without) if without else None
        _compiles(shipped)
        tree = split_tree.tree(shipped, page, ask)
        tree = split_c_packages.with_libraries(_used(tree, page), page, manager, image, moves)
        tree = split_again.with_links(tree, page)
        tree = tree._replace(
            files=[one for one in tree.files if not any(paths.inside(one, top) for top in page.sources)]
        )
        page.left = [one for one in page.left if not any(paths.inside(one, top) for top in tree.tops)]
    except Against as against:
        return Decline(against.step.span, against.why)
    sudo = any(
        word.raw == "sudo"
        for run in shipped.runs.values()
        for one in run.commands
        if one.tool in split_packages.MANAGERS
        for word in one.wrappers
    )
    if not root and (sudo or any(step.name == "USER" for step in shipped.steps)):
        return Decline(stage, f"whom {image} starts as is not known, and USER changes it")
    called = _script_builds(shipped, page, ask)
    if called is not None:
        return called
    _questions(page)
    title = f"Ship what is built on {image}, without the compiler and what only builds"
    return split_whole.finding(tree, page, _runtime(image, repository, manager, page.search), title, [], [], ask)


def _page(stage: Shipped, manager: str) -> CPage:
    traces = of_whole_folders(stage, languages.names("c", "shared"))
    return CPage(traces, stage, manager)


def _without(stage: Shipped, page: CPage, repository: str, image: str) -> str:
    """Why a stage that installs no compiler is left alone, "" where nothing shows that it compiles."""
    if repository not in languages.names("c", "images"):
        return f"no compiler is installed: {image} has it itself, and a split would take next to nothing away"
    called = {command.tool for run in stage.runs.values() for command in run.commands}
    compiles = called & (page.words("compilers") | page.words("configures"))
    return (
        "no package of a compiler is named: it comes with another one, which the program may need" if compiles else ""
    )


def building(command: Command) -> bool:
    """True for a call of what builds C."""
    return split_elsewhere.name_of(command) in languages.names("c", "builders") - {"config", "ld", "ar", "ranlib"}


def _elsewhere(repository: str, tag: str, image: str) -> str:
    """Why an image is not looked at, or ""."""
    if repository in languages.names("c", "compilers_there") and (repository != "nvidia/cuda" or "devel" in tag):
        return f"{image} has the compiler itself: which other image runs what it builds is not known"
    return f"what the triggers of {image} do is not known" if "onbuild" in tag else ""


def _manager(file: File) -> str:
    """What installs packages in the shipped stage."""
    runs = (run for run in file.runs if run.stage is file.stages[-1])
    called = (command.tool for run in runs for command in run.commands)
    found = next((tool for tool in called if tool in split_packages.MANAGERS), "apt-get")
    return "apt-get" if found == "apt" else found


def _used(tree: Tree, page: CPage) -> Tree:
    """The tree, without /usr/local where nothing is put there."""
    there = [*page.traces.folders.made, *(path for path, _ in page.traces.written), *tree.after]
    used = page.asunder or page.piped or page.by_default or any(paths.inside(one, DEFAULT) for one in there)
    return tree if used else tree._replace(tops=[one for one in tree.tops if one != DEFAULT])


def _compiles(stage: Shipped) -> None:
    """No program compiles while it runs.

    Raises:
        Against: a project whose programs do is built.
    """
    for step in stage.steps:
        run = stage.runs.get(step.index)
        named = "" if run is None else next(iter(sorted(projects(run) & languages.names("c", "compiling"))), "")
        if named:
            raise Against(step, f"{named} calls a compiler, or make, while it runs")


def _script_builds(stage: Shipped, page: CPage, ask: Ask) -> Decline | None:
    """Why a script that the context shows, and that the image starts, needs what builds; None where it does not."""
    context = Context(stage.file, stage.stage, ask)
    step, commands = split_purpose.started(stage)
    for command in commands:
        words = [word.value or "" for word in command.simple.words[command.head :] if "/" in (word.value or "")]
        for path in (split_start.resolved(word, stage) for word in words):
            text = context.text(path, stage.steps[-1].index + 1)
            named = "" if text is None else _building(text, page)
            if named:
                return Decline(step.span, f"{KEPT}: {path} calls {named}")
    return None


def _building(text: str, page: CPage) -> str:
    """The first command of a script that builds, or ""."""
    found = split_start.commands_of(text) or []
    return next((one.tool for one in found if one.tool in page.words("toolchain")), "")


def _questions(page: CPage) -> None:
    if page.asunder:
        page.asks.append(
            "does `make install` put everything below /usr/local (or where its options say)? Nothing else goes along"
        )
    for name, value in page.stage.end.environment.items():
        if value and value.split()[0].rpartition("/")[2] in page.words("compilers"):
            page.asks.append(f"does nothing that runs call {value}, which ENV {name} names? It stays in the builder")
    if page.piped:
        page.asks.append(
            "does pip put everything below /usr/local, and does no module of it want a compiler when it runs?"
        )
    if page.left:
        places = " or ".join(dict.fromkeys(page.left))
        page.asks.append(f"does nothing read files of {places} when it runs? The sources stay in the builder")
    if "perl" not in page.traces.packages:
        page.asks.append("does nothing that is installed run on Perl? What builds brings more of it than the image has")
    page.asks.append(
        "do the programs need no library that only a compiler's packages bring (libltdl, libasan, libquadmath)?"
    )


def _runtime(image: str, repository: str, manager: str, search: str) -> Runtime:
    alpine = manager == "apk"
    base = base_tree_of(repository)
    calls = programs.of_base("alpine" if alpine else "debian")
    settles = () if alpine else (search,)
    fact = f"{image} is what it was built on: the C library and all others are the same"
    users = frozenset() if base is None else base.users
    rpm = manager if manager in split_image.RPM else ""
    return Runtime(image, alpine, True, users, calls, (fact,), (), settles, rpm)
