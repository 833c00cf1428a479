"""Python: what pip compiles, on the image that compiles it, without the compilers."""

from __future__ import annotations

from typing import Final

from rewriter.knowledge import languages, programs
from rewriter.model import (
    bases,
    split_compilers,
    split_elsewhere,
    split_python_calls,
    split_stage,
    split_tree,
    split_whole,
)
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.model.scope import State
from rewriter.model.split_python_page import PythonPage
from rewriter.model.split_stage import Against, whole
from rewriter.model.split_traces import of_whole_folders
from rewriter.model.split_tree import Tree
from rewriter.model.split_whole import Runtime
from rewriter.rule import Ask, Decline, Finding

_BY_NAME: Final = (
    "does nothing look for a library by its name (ctypes.util.find_library, as Shapely does)? On Alpine it asks gcc"
)
_LINK: Final = (
    "does nothing load a library by a name without a version (libgeos_c.so)? Only its -dev package has such a link"
)
#: the first Python whose moving tag was last built on one of them. Source: hub.docker.com/_/python/tags
_FIRST: Final = (3, 6)


def split(file: File, ask: Ask) -> Finding | Decline | None:
    """The split of the shipped stage; why there is none; None where nothing compiles for Python."""
    first, _ = split_compilers.compiling(file, "python")
    if first is None:  # or the RUN that brings a compiler takes it away again
        return None
    runs = [run for run in file.runs if run.stage.ships]
    seen = any(split_python_calls.installing(command) for run in runs for command in run.commands)
    hidden = None if seen else split_python_calls.hidden(runs)
    if not seen and hidden is None:
        return None
    try:
        kept = split_elsewhere.kept(whole(file), "python")
    except Against as against:
        return Decline(against.step.span, against.why)
    if kept is not None:
        return kept
    if hidden is not None:
        return Decline(hidden.span, "pip is called by another tool, and where it installs is not known")
    return _of_stage(file, ask, first)


def _of_stage(file: File, ask: Ask, first: Run) -> Finding | Decline:
    stage = split_elsewhere.lone(file)
    if isinstance(stage, Decline):
        return stage
    repository, tag = bases.shipped_base(file)
    why = _base(repository, tag)
    if why:
        return Decline(stage, why)
    alpine, distribution = "alpine" in tag, repository != "python"
    start = State(environment={"PATH": programs.PATH}, workdir="/")
    shipped = split_stage.shipped(file, start, "latest" if alpine else None)
    traces = of_whole_folders(shipped)
    table = "alpine" if alpine else "debian" if split_compilers.named_release(repository, tag, "python", _FIRST) else ""
    page = PythonPage(traces, shipped, distribution, table)
    page.places = _places(repository, tag)
    try:
        against = split_compilers.called_by_a_script(shipped, page, ask, split_python_calls.installing)
        if against is not None:
            return against
        tree = split_tree.tree(shipped, page, ask)
    except Against as error:
        return Decline(error.step.span, error.why)
    why = _compiles_later(page, ask)
    if why:
        return Decline(first.span, why)
    return _finding(split_compilers.with_places(tree, page.places), page, alpine, ask)


def _finding(tree: Tree, page: PythonPage, alpine: bool, ask: Ask) -> Finding | Decline:
    image = tree.stage.stage.image
    left = [name for name in page.traces.packages if name in page.dropped]
    gone = ", ".join(left or page.dropped) or "what a RUN deletes"
    where = ", ".join(page.places)
    page.asks += [
        f"does nothing that runs call a compiler, pip or another of {gone}? They stay in the builder",
        "does every compiled module load? `find / -name '*.so' | xargs ldd | grep 'not found'` in a container of the new image "
        "names a library that is missing",
        f"does pip put nothing that is needed outside of {where} (a package by -e git+..., data files)?",
        *([_BY_NAME] if alpine else []),
        *([_LINK] if any(name.startswith("lib") and name not in page.words("own") for name in left) else []),
        *(f"does {one} leave nothing outside of the folder that it runs in?" for one in dict.fromkeys(page.lone)),
    ]
    other = next(
        (name for name in left if name.startswith(("python", "py-", "py2", "py3")) and not page.distribution), ""
    )
    if other:
        page.asks.append(f"does nothing start /usr/bin/python or python3? That is another Python, which {other} brings")
    fact = f"{image} is the same image: the same Python, at the same place, finds what pip installed in {where}"
    runtime = Runtime(image, alpine, because=(fact, f"what only compiles stays in the builder: {gone}"))
    return split_whole.finding(tree, page, runtime, "Ship what pip compiled, without the compilers", [], [], ask)


def _base(repository: str, tag: str) -> str:
    """Why what an image brings is not known well enough, or ""."""
    if repository not in languages.names("python", "images"):
        if repository == "alpine":
            return "pip installs among the files of Alpine's own Python: on python:alpine it could be split"
        return f"which Python compiles on {repository or 'an image'} is not known: only python, debian and ubuntu are split"
    if "$" in tag or any(one in tag for one in ("windows", "nanoserver", "onbuild")):
        return f"which image {repository}:{tag} is, or what its triggers do, is not known"
    if repository == "python" and not any(one in tag for one in ("slim", "alpine")):
        return f"compilers come with {repository}:{tag or 'latest'} itself: its slim variant has none"
    return ""


def _places(repository: str, tag: str) -> list[str]:
    """Where pip puts what it installs for the image's own Python."""
    version = bases.version_of(tag)
    if repository != "python" or version is None or len(version) < 2:
        return ["/usr/local"]
    return [f"/usr/local/lib/python{version[0]}.{version[1]}/site-packages", "/usr/local/bin", "/usr/local/share"]


def _compiles_later(page: PythonPage, ask: Ask) -> str:
    """What calls a compiler when the program runs, as far as the file and the context show; or ""."""
    compiling = page.words("compiling")
    files = ask.files() or ()
    texts = [
        (path, ask.context(path) or "") for path in files if path.endswith((".py", ".txt", ".in", "Pipfile", ".toml"))
    ]
    lines = [line for path, text in texts if not path.endswith(".py") for line in text.lower().split("\n")]
    for line in [*page.named, *lines]:
        name = line.strip().strip("\"'").partition("[")[0]
        name = next((name[:at] for at, sign in enumerate(name) if sign in "=<>~! ;\"'"), name).replace("_", "-")
        if name in compiling:
            return f"{name} is installed, which compiles when it runs"
    for path, text in texts:
        sign = (
            next((one for one in languages.listed("python", "signs") if one in text), "")
            if path.endswith(".py")
            else ""
        )
        if sign:
            return f"{path} names {sign.strip('(.')}, which compiles when it runs"
    return ""
