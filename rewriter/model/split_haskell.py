"""Haskell: what Stack, cabal or GHC builds, on the slim image of the same Debian, or on the distribution's that built it."""

from __future__ import annotations

from typing import Final

from rewriter import posixpath
from rewriter.knowledge import dev_packages, languages, programs
from rewriter.model import (
    bases,
    paths,
    served,
    split_built,
    split_cabal,
    split_compilers,
    split_elsewhere,
    split_purpose,
    split_stage,
    split_systems,
    split_tree,
    split_whole,
)
from rewriter.model.command import Command
from rewriter.model.context_tree import Tree as Context
from rewriter.model.file import File
from rewriter.model.scope import State
from rewriter.model.split_haskell_page import HaskellPage, kind
from rewriter.model.split_stage import Against, Shipped
from rewriter.model.split_traces import of_whole_folders
from rewriter.model.split_tree import Tree
from rewriter.model.split_whole import Runtime
from rewriter.rule import Ask, Decline, Finding
from rewriter.text import Span

_STARTS: Final = (
    "it starts {}, which needs the toolchain and every source: {} puts the program where a CMD can name it, and then the stage "
    "could be split"
)
_PUTS: Final = {
    "stack": "stack install --local-bin-path /usr/local/bin",
    "cabal": "cabal install --installdir=/usr/local/bin --install-method=copy",
}
_HIDDEN: Final = (
    "{} leaves programs at a path that only `{}` tells, and what it starts is not seen to be one: {} puts them there"
)
_TELLS: Final = {"stack": "stack path --local-install-root", "cabal": "cabal list-bin"}
#: every library that a package of Stackage links, and an entry point of its own. Source: stackage, automated/dockerfiles
_OF_STACKAGE: Final = (
    "{} has every library that a package of Stackage links, and starts programs by a pid1 of its own: which of these the program "
    "needs is not known; an image of haskell, with the -dev packages of its own, would tell"
)
#: what programs of the GHC of haskell.org link, and what the image has beside: names of protocols and services, certificates.
#: Source: Dockerfiles of github.com/haskell/docker-haskell
_OFFICIAL: Final = ("ca-certificates", "libgmp10", "libnuma1", "netbase")
#: the same of a GHC that Stack or ghcup fetches; netbase is what Stack's script installs. Source: get.haskellstack.org
_FETCHED: Final = ("libgmp10", "libnuma1", "netbase")
#: the line from which on the image has cabal 3.10
_NEWEST: Final = (9, 6)
#: folders of what is compiled, and what goes of them; the same where the image starts a program from there. Programs look for
#: data files in .stack-work/install/SYSTEM/HASH/VERSION/share
_BESIDE: Final = {
    "stack": (".stack-work", ("dist", *(f"install/*/*/*/{one}" for one in ("bin", "doc", "lib", "pkgdb"))), ("dist",)),
    "cabal": ("dist-newstyle", ("",), ("cache", "packagedb", "build/*/*/*/build", "build/*/*/*/x/*/build/*/*-tmp")),
}


def split(file: File, ask: Ask) -> Finding | Decline | None:
    """The split of the shipped stage; why there is none; None where nothing of Haskell is built."""
    image = file.stages[-1].lineage[-1].image
    why = _OF_STACKAGE.format(image) if image.startswith("fpco/stack-build") else ""
    stage = split_elsewhere.begun(file, "haskell", building, why)
    if not isinstance(stage, Span):
        return stage
    repository, tag = bases.shipped_base(file)
    official = repository == "haskell"
    path = ":".join([*_folders(), programs.PATH]) if official else programs.PATH
    shipped = split_stage.shipped(file, State(environment={"PATH": path}, workdir="/"), None)
    release = served.release_of(f"{repository}:{tag}" if tag else repository) or split_systems.of_line(repository, tag)
    if official and tag in ("", "latest", "slim"):
        release = split_systems.of_line(repository, "9")
    version = bases.version_of(tag)
    newest = official and (version is None or (*version, 99)[:2] >= _NEWEST)
    newest = newest or release in languages.names("haskell", "newest") or "get-ghcup" in file.source
    page = HaskellPage(of_whole_folders(shipped), shipped, Context(file, file.stages[-1], ask), release, newest)
    page.same_image = not official
    try:
        return _of_stage(shipped, page, stage, ask)
    except Against as against:
        return Decline(against.step.span, against.why)


def _folders() -> list[str]:
    """Where cabal and Stack put programs, in the order of the image's PATH."""
    return [languages.fact("haskell", one) for one in ("cabal", "local")]


def building(command: Command) -> bool:
    """True for a call that compiles a program."""
    name = split_elsewhere.name_of(command)
    if name == "ghc":
        return any(not word.raw.startswith("-") for word in command.arguments)
    return name in _PUTS and kind(command)[0] in ("build", "install", "copy")


def _of_stage(shipped: Shipped, page: HaskellPage, stage: Span, ask: Ask) -> Finding | Decline | None:
    step, commands = split_purpose.started(shipped)
    for one in commands:
        if one.tool in _PUTS and kind(one)[0] in ("exec", "run"):
            return Decline(step.span, _STARTS.format(f"{one.tool} {kind(one)[0]}", _PUTS[one.tool]))
    kept = split_elsewhere.kept(shipped, "haskell")
    if kept is not None:
        return kept
    if page.same_image and split_elsewhere.gone(shipped, "haskell"):
        return None
    if split_cabal.dynamic("\n".join(run.visible.text for run in shipped.runs.values()), ask):
        return Decline(
            stage, "its programs link Haskell libraries that lie in the folder of GHC (-dynamic), which stays"
        )
    image = shipped.stage.image
    repository, tag = bases.base_of(shipped.stage)
    if "$" in tag:
        return Decline(stage, f"which image {image} is, is not known")
    runtime = (
        split_systems.on_itself(image, repository) if page.same_image else split_systems.on_slim(image, page.system)
    )
    if isinstance(runtime, str):
        return Decline(stage, runtime)
    tree = split_built.tree(split_tree.tree(shipped, page, ask), page, ask)
    hidden = [one for one in sorted(page.by) if one in _PUTS]
    if hidden and not page.programs:
        tool = hidden[0]
        return Decline(step.span, _HIDDEN.format(f"{tool} build", _TELLS[tool], _PUTS[tool]))
    tree = tree._replace(packages=_packages(tree.packages, page, runtime, ask))
    _sets(page)
    _asks(page)
    return split_whole.finding(
        tree,
        page,
        runtime,
        f"Ship what {' and '.join(hidden) or 'GHC'} builds on {runtime.image}",
        _last(page, tree),
        [],
        ask,
    )


def _last(page: HaskellPage, tree: Tree) -> list[str]:
    """The commands that end the builder: links into cabal's store become files where their folder goes along, objects go."""
    inside = [one for one in page.programs if any(paths.inside(one, top) for top in tree.tops)]
    linked = [one for one in inside if one.rpartition("/")[0] in page.linked]
    files = [f"cp -L {one} {one}.file && mv {one}.file {one}" for one in linked]
    beside: list[str] = []
    for call in page.calls:
        work, whole, objects = _BESIDE.get(call.command.tool, ("", (), ()))
        folder = posixpath.join(call.cwd, work)
        started = any(paths.inside(program, folder) for program in page.programs)
        beside += [posixpath.join(folder, name).rstrip("/") for name in (objects if started else whole)]
    return split_built.tidied(tree, page, beside, "", files)


def _sets(page: HaskellPage) -> None:
    """What the image sets and the slim one does not: an encoding, without which GHC's programs refuse to print, and folders."""
    if page.same_image:
        return
    there = [one for one in _folders() if any(paths.inside(program, one) for program in page.programs)]
    page.environment += [] if {"LANG", "LC_ALL"} & {*page.stage.end.environment} else ["ENV LANG=C.UTF-8"]
    page.environment += [f"ENV PATH={':'.join(there)}:$PATH"] if there else []


def _asks(page: HaskellPage) -> None:
    page.asks += [page.question(one) for one in page.programs]
    page.asks.append("does no program interpret or compile Haskell while it runs (hint, the API of GHC)?")
    if not page.opened:
        page.asks.append(
            "does no program look for files that its package, or one that it is made of, installs (data-files)? They stay in the "
            "builder"
        )
    for place in dict.fromkeys(page.doubted):
        other = languages.fact("haskell", "cabal" if page.newest else "local")
        page.asks.append(
            f"does cabal put programs into {place}? Up to 3.8, and where ~/.cabal is there, that is ~/.cabal/bin, from 3.10 on "
            f"~/.local/bin: where {other} has them, COPY does not find them"
        )


def _packages(found: list[str], page: HaskellPage, runtime: Runtime, ask: Ask) -> list[str]:
    """The packages of the final stage, with the libraries that programs of GHC link."""
    wanted: list[str] = list(_OFFICIAL)
    if page.same_image:
        own = not {"ghc", "haskell-platform", "cabal-install", "haskell-stack"}.isdisjoint(page.traces.installed)
        wanted = list(dev_packages.libraries("ghc", page.system)) if own else []
        wanted += _FETCHED if not own or not page.by.isdisjoint(("fetched", "stack")) else ()
        if own and not wanted:
            why = (
                f"on which release {runtime.image} stands is not known: what programs of its GHC link is named after it"
            )
            raise Against(page.stage.stage.steps[0], why)
    called = [] if page.same_image else split_compilers.fetched(page.stage, ask)
    return [*found, *(one for one in dict.fromkeys([*wanted, *called]) if one not in found)]
