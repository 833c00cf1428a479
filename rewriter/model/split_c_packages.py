"""The packages of a C or C++ build: whether a compiler ships at all, and the libraries that come with it."""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge import images, languages
from rewriter.model import effects, split_elsewhere, split_packages
from rewriter.model.run import Run
from rewriter.model.split_c_page import CPage
from rewriter.model.split_stage import Against, Shipped
from rewriter.model.split_traces import Traces
from rewriter.model.split_tree import Tree


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


def installs(stage: Shipped, page: CPage) -> bool:
    """True where a RUN may install a compiler."""
    return any(
        not known or any(page.heavy(one) for one in traces.installed) for _, traces, known in _each_run(stage, page)
    )


def gone(stage: Shipped, page: CPage) -> bool:
    """True where the RUNs that bring what builds take it away again: nothing is said of such a stage."""
    found = False
    for run, traces, known in _each_run(stage, page):
        taken = any(command.tool == "apt-mark" and command.subcommand == "auto" for command in run.commands)
        taken = taken or any(page.heavy(one) for one in traces.removed)
        taken = taken or (not known and (split_elsewhere.taken_away(run, "c") or _same_words(run)))
        if not taken and any(page.heavy(one) for one in traces.packages):
            return False
        found = found or taken
    return found


def _same_words(run: Run) -> bool:
    """True where a RUN takes away what it installs by the same word: a variable, or a group."""
    words: dict[bool, set[str]] = {True: set(), False: set()}
    for command in run.commands:
        if command.tool in split_packages.MANAGERS:
            gone = command.subcommand in ("del", "purge", "remove", "erase", "autoremove")
            words[gone] |= {word.raw for word in command.arguments if not word.raw.startswith("-")}
    return bool({word for word in words[True] & words[False] if "$" in word or "build" in word})


def with_libraries(tree: Tree, page: CPage, manager: str, image: str, moves: bool) -> Tree:
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
