"""The project that an archive of Java is built from: its build file, libraries and sources, found from where the archive lies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.knowledge import java
from rewriter.model.context_tree import Tree
from rewriter.model.file import File, Stage
from rewriter.model.java_build import artifact, pom, read
from rewriter.rule import Ask

#: the folders below a project in which its archives are made, and the files that say how
_MADE_IN: Final = {"/target/": ("pom.xml",), "/build/libs/": ("build.gradle.kts", "build.gradle")}
_BUILDERS: Final = frozenset("mvn mvnw gradle gradlew".split())
_SOURCES: Final = (".java", ".kt", ".scala", ".groovy", ".jsp")
_ABOVE: Final = ("build.gradle", "build.gradle.kts")
_PARENTS: Final = 5  # above one pom.xml


class Project(NamedTuple):
    """``file`` is the build file in the context; ``libraries`` are ``group:artifact``, with those of parents; ``unseen`` are
    words for questions about what else may be in the program; ``built`` is False where no RUN builds it; ``sources`` are its
    files in the context."""

    file: str
    libraries: tuple[str, ...]
    unseen: tuple[str, ...]
    built: bool
    sources: tuple[str, ...]


def of_archive(file: File, tree: Tree, path: str) -> Project | None:
    """The project of the archive at an absolute path of a stage; None where that is not known."""
    if any(mark in path for mark in _MADE_IN):
        return _in_stage(file, tree, path)
    origin, source = tree.brought(path)
    if not source:
        return None
    if not origin:
        return _in_context(tree.ask, f"/{source}")
    stage = _stage(file, origin)
    return None if stage is None else _in_stage(file, Tree(file, stage, tree.ask), source)


def any_of(ask: Ask) -> bool:
    """True where the context has a build file of Java at all."""
    names = [name for names in _MADE_IN.values() for name in names]
    return any(posixpath.basename(path) in names for path in ask.files() or ())


def named_only_in_jdk(ask: Ask, project: Project) -> str:
    """What the project has that only a JDK answers to, as a sentence; "" for nothing."""
    for one in project.libraries:
        if java.library(one) == "jdk":
            return f"{project.file} names {one}, which only a JDK has"
    for path in project.sources:
        name = java.named_in(ask.context(path) or "")
        if name:
            return f"{path} names {name}, which only a JDK has"
    return ""


def _stage(file: File, name: str) -> Stage | None:
    """The stage before the last one that a COPY --from of it names: of those of one name the later one."""
    wanted = name.lower()
    return next((one for one in reversed(file.stages[:-1]) if wanted in (one.name, str(one.index))), None)


def _in_stage(file: File, tree: Tree, path: str) -> Project | None:
    """Of an archive that a RUN of a stage builds."""
    runs = [run for run in file.runs if run.stage in tree.stage.lineage]
    if tree.altered(path) or not any(command.tool in _BUILDERS for run in runs for command in run.commands):
        return None
    found = next(filter(None, map(tree.named, _build_files(path))), None)
    return None if found is None else _read(tree.ask, found, True)


def _in_context(ask: Ask, path: str) -> Project | None:
    """Of an archive that comes from the context, built before."""
    names = (name.lstrip("/") for name in _build_files(path))
    found = next((name for name in names if ask.context(name) is not None), None)
    return None if found is None else _read(ask, found, False)


def _build_files(path: str) -> Iterator[str]:
    """Where the build file of an archive at an absolute path may lie, the likeliest place first."""
    for mark, names in _MADE_IN.items():
        if mark in path:
            yield from (posixpath.join(path.partition(mark)[0] or "/", name) for name in names)


def _lies_above(path: str, folder: str) -> bool:
    """True for a build file of Gradle in a folder above another one, whose projects it may say more of."""
    place = posixpath.dirname(path)
    below = folder.startswith(f"{place}/") if place else folder != ""
    return below and posixpath.basename(path) in _ABOVE


def _read(ask: Ask, name: str, built: bool) -> Project | None:
    build = read(name, ask.context(name) or "")
    if build is None:
        return None
    own, folder = name, posixpath.dirname(name)
    below = f"{folder}/src/main/" if folder else "src/main/"
    listed = ask.files()
    sources = tuple(path for path in listed or () if path.startswith(below) and path.endswith(_SOURCES))
    libraries, unseen = list(build.libraries), list(build.unseen)
    if not sources:
        unseen.append("the sources of the program")
    inside = f"{folder}/" if folder else ""
    if any(
        path.startswith(inside)
        and path.endswith(".jar")
        and "/wrapper/" not in path
        and not any(mark in f"/{path}" for mark in _MADE_IN)
        for path in listed or ()
    ):
        unseen.append("what is in the archives beside it")
    if not own.endswith(".xml") and any(_lies_above(path, folder) for path in listed or ()):
        unseen.append("what the build file above it brings")
    for _ in range(_PARENTS):
        if not build.parent or java.brings_nothing(build.parent):
            break
        name = (
            posixpath.normpath(posixpath.join(posixpath.dirname(name), build.parent_file)) if build.parent_file else ""
        )
        text = None if not name or name.startswith("..") else ask.context(name)
        above = None if text is None or artifact(text) != build.parent.partition(":")[2] else pom(text)
        if above is None:
            unseen.append(f"what its parent {build.parent} brings")
            break
        libraries += above.libraries
        unseen += above.unseen
        build = above
    else:
        unseen.append("what its parents bring")
    return Project(own, tuple(dict.fromkeys(libraries)), tuple(unseen), built, sources)
