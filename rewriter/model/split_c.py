"""C and C++: what make, cmake and their like build and install, on the image that built it, without the compiler."""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge import images, languages, programs
from rewriter.knowledge.base_trees import base_tree_of
from rewriter.model import (
    bases,
    effects,
    paths,
    split_elsewhere,
    split_image,
    split_packages,
    split_stage,
    split_tree,
    split_whole,
)
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.model.scope import State
from rewriter.model.split_c_page import CPage, projects
from rewriter.model.split_c_places import DEFAULT
from rewriter.model.split_folders import Folders, Toolchain
from rewriter.model.split_stage import Against, Shipped
from rewriter.model.split_traces import Traces
from rewriter.model.split_tree import Tree
from rewriter.model.split_whole import Runtime
from rewriter.rule import Ask, Decline, Finding

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#: tags whose packages change under the image: what is linked may be newer than what the image has
_MOVING = frozenset("sid unstable testing experimental edge rolling rc-buggy".split())


def split(file: File, ask: Ask) -> Finding | Decline | None:
    """The split of the shipped stage; why there is none; None where nothing is built."""
    if not any(building(command) for run in file.runs if run.stage.ships for command in run.commands):
        return None
    repository, tag = bases.shipped_base(file)
    image = file.stages[-1].lineage[-1].image
    elsewhere = _elsewhere(repository, tag, image)
    if elsewhere:
        return split_elsewhere.left_alone(file, "c", building, elsewhere)
    stage = file.stages[-1].steps[0].span
    if file.stages[-1].parent is not None:
        return Decline(stage, "it is built FROM another stage of the file: only one stage is looked at")
    manager = _manager(file)
    moves = repository not in languages.names("c", "images") or not _MOVING.isdisjoint(tag.split("-"))
    root = images.starts_in_root(image)
    start = State(environment={"PATH": _PATH}, workdir="/") if root else State()
    shipped = split_stage.shipped(file, start, "latest" if manager == "apk" else None)
    traces = Traces(Folders(shipped, Toolchain(there=languages.names("c", "shared"))))
    traces.blind = traces.folders.blind = True
    page = CPage(traces, shipped, manager)
    try:
        kept = split_elsewhere.kept(shipped, page) or _gone(shipped, page)
        if kept is not None:
            return kept
        if not _installs(shipped, page):
            return Decline(stage, _without(repository, image))
        _compiles(shipped)
        tree = split_tree.tree(shipped, page, ask)
        tree = _with_libraries(_used(tree, page), page, manager, image, moves)
        page.links = [
            command for command, path in page.lies.items() if not any(paths.inside(path, top) for top in tree.tops)
        ]
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
    _questions(page)
    title = f"Ship what is built on {image}, without the compiler and what only builds"
    return split_whole.finding(tree, page, _runtime(image, repository, manager), title, [], [], ask)


def _each_run(stage: Shipped, page: CPage) -> Iterator[tuple[Run, Traces, bool]]:
    """Each RUN with what it installs and takes away by itself, and whether all of that is known."""
    for run in stage.runs.values():
        traces, known = Traces(page.traces.folders), True
        state = {id(effect.command.simple): effect.state for effect in effects.of(run).each}
        for command in run.commands:
            if command.tool in split_packages.MANAGERS:
                moved = Run(run.instruction, run.index, state.get(id(command.simple), run.state), run.stage, run.file)
                known = not split_packages.installed(moved, command, traces) and known
        yield run, traces, known


def _installs(stage: Shipped, page: CPage) -> bool:
    """True where a RUN may install a compiler."""
    return any(
        not known or any(page.heavy(one) for one in traces.installed) for _, traces, known in _each_run(stage, page)
    )


def _without(repository: str, image: str) -> str:
    """Why a stage that installs no compiler is left alone."""
    if repository in languages.names("c", "images"):
        return f"C and C++ is one tool of several: no compiler is installed on {image}, and make is told other work"
    return f"no compiler is installed: {image} has it itself, and a split would take next to nothing away"


def _gone(stage: Shipped, page: CPage) -> Decline | None:
    """Why there is nothing to take from a stage whose RUNs take away what builds; None where one leaves it."""
    last = None
    for run, traces, known in _each_run(stage, page):
        taken = any(command.tool == "apt-mark" and command.subcommand == "auto" for command in run.commands)
        taken = taken or any(page.heavy(one) for one in traces.removed)
        taken = taken or (not known and (split_elsewhere.taken_away(run, "c") or _same_words(run)))
        if not taken and any(page.heavy(one) for one in traces.packages):
            return None
        last = run if taken else last
    why = "C and C++ is gone again at the end of the RUN that brings it: the image does not ship it"
    return None if last is None else Decline(last.span, why)


def _same_words(run: Run) -> bool:
    """True where a RUN takes away what it installs by the same word: a variable, or a group."""
    words: dict[bool, set[str]] = {True: set(), False: set()}
    for command in run.commands:
        if command.tool in split_packages.MANAGERS:
            gone = command.subcommand in ("del", "purge", "remove", "erase", "autoremove")
            words[gone] |= {word.raw for word in command.arguments if not word.raw.startswith("-")}
    return bool({word for word in words[True] & words[False] if "$" in word or "build" in word})


def building(command: Command) -> bool:
    """True for a call of what builds C."""
    return split_elsewhere.name_of(command) in languages.names("c", "builders") - {"config", "ld", "ar", "ranlib"}


def _elsewhere(repository: str, tag: str, image: str) -> str:
    """Why an image is not looked at, or ""."""
    if repository in languages.names("c", "others"):
        return f"C and C++ is one tool of several: {image} brings another language"
    if repository in languages.names("c", "compilers_there") and (repository != "nvidia/cuda" or "devel" in tag):
        return f"{image} has the compiler itself: which other image runs what it builds is not known"
    return f"what the triggers of {image} do is not known" if "onbuild" in tag else ""


def _manager(file: File) -> str:
    """What installs packages in the shipped stage."""
    found = [one for one in ("apk", *split_image.RPM) if one in file.tools]
    return found[0] if found else "apt-get"


def _used(tree: Tree, page: CPage) -> Tree:
    """The tree, without /usr/local where nothing is put there."""
    there = [*page.traces.folders.made, *(path for path, _ in page.traces.written), *tree.after]
    used = page.put or page.piped or any(paths.inside(one, DEFAULT) for one in there)
    return tree if used else tree._replace(tops=[one for one in tree.tops if one != DEFAULT])


def _with_libraries(tree: Tree, page: CPage, manager: str, image: str, moves: bool) -> Tree:
    """The tree, with the libraries that every compiled program may need and that come with the compiler.

    Where packages are newer than the image (``moves``, or sources of the author's own), the C library and that of C++ come anew.
    Alpine's own image has neither libstdc++ nor libgcc; every Debian has both, since apt needs them. libgomp comes with gcc.

    Raises:
        Against: what the library of Fortran is called on this release is not known.
    """
    wanted = list(languages.listed("c", manager if manager in ("apk", "apt-get") else "rpm"))
    if moves or page.sources:
        wanted += languages.listed("c", f"newer-{manager if manager in ('apk', 'apt-get') else 'rpm'}")
    if any("gfortran" in one for one in page.traces.installed):
        wanted.append(_fortran(image, page) if manager == "apt-get" else "libgfortran")
    return tree._replace(packages=[*tree.packages, *(one for one in wanted if one not in tree.packages)])


def _fortran(image: str, page: CPage) -> str:
    release = images.release(image)
    if not release:
        raise Against(page.stage.stage.steps[0], "what the library of Fortran is called on this release is not known")
    if images.older(image, "artful"):
        return "libgfortran3"
    return "libgfortran4" if images.older(image, "cosmic") else "libgfortran5"


def _compiles(stage: Shipped) -> None:
    """No program compiles while it runs.

    Raises:
        Against: a project whose programs do is built.
    """
    for step in stage.steps:
        named = next(iter(sorted(projects(step.instruction.body.text) & languages.names("c", "compiling"))), "")
        if step.name == "RUN" and named:
            raise Against(step, f"{named} calls a compiler, or make, while it runs")


def _questions(page: CPage) -> None:
    if page.asunder:
        page.asks.append(
            "does `make install` put everything below /usr/local (or where its options say)? Nothing else goes along"
        )
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


def _runtime(image: str, repository: str, manager: str) -> Runtime:
    alpine = manager == "apk"
    base = base_tree_of(repository)
    calls = programs.of_base("alpine" if alpine else "debian")
    settles = () if alpine else ("ldconfig",)
    fact = f"{image} is what it was built on: the C library and all others are the same"
    users = frozenset() if base is None else base.users
    rpm = manager if manager in split_image.RPM else ""
    return Runtime(image, alpine, True, users, tuple(sorted(calls)), (fact,), (), settles, rpm)
