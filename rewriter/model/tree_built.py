"""Whether the builds of a stage make a file: a program of Go or Rust, an archive of Java; and how that is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.knowledge import languages
from rewriter.model import bases, effects, go_build, go_stage, paths, split_stage
from rewriter.model.command import Command
from rewriter.model.file import File, Stage
from rewriter.model.go_build import Built
from rewriter.model.go_sources import Sources
from rewriter.model.run import Run
from rewriter.model.split_stage import Shipped

#: what builds, by language; the subcommand that does, where there is one
_BUILDERS: Final = {
    "go": ("go",),
    "java": ("mvn", "mvnw", "gradle", "gradlew", "sbt", "ant"),
    "rust": ("cargo",),
    "dotnet": ("dotnet",),
}
_SUBCOMMANDS: Final = {"go": ("build", "install"), "cargo": ("build", "install"), "dotnet": ("build", "publish")}
#: where the builders of Java put archives, seen from the folder that they work in. Sources: the manual of each
_ARCHIVES: Final = {"mvn": "target", "mvnw": "target", "gradle": "build/libs", "gradlew": "build/libs"}
_TOLD: Final = (".jar", ".war")


class Build(NamedTuple):
    """A command that builds among sources: ``folder`` is where it works."""

    language: str
    run: Run
    command: Command
    folder: str


class Fact(NamedTuple):
    """``why`` the file is made, or, where it is not ``known``, why that is not known. ``program`` is what go built; ``asks`` are
    questions."""

    known: bool
    why: str
    asks: tuple[str, ...] = ()
    program: Built | None = None


def origin(file: File, stage: Stage) -> Shipped:
    """The stage with what its image sets."""
    on_golang = bases.base_of(stage)[0] == "golang"
    first = go_stage.initial() if on_golang else stage.lineage[-1].steps[0].state
    return split_stage.shipped(file, first, None, stage)


def builds(origin: Shipped) -> Iterator[Build]:
    """The commands of the stage that build, with the folder in which each works, where that is known."""
    for run in origin.runs.values():
        for command in run.commands:
            language = next((one for one, tools in _BUILDERS.items() if command.tool in tools), "")
            wanted = _SUBCOMMANDS.get(command.tool)
            if not language or (wanted is not None and command.subcommand not in wanted):
                continue
            folder = go_build.folder_of(run, command) or command.cwd
            if folder is not None:
                yield Build(language, run, command, folder)


def made(origin: Shipped, build: Build, path: str, sources: Sources | None) -> Fact:
    """Whether the stage, which builds as ``build`` says, makes the file at ``path``. ``sources`` are those of Go, None while they
    are not seen."""
    line = origin.file.line
    for run in origin.runs.values():
        for one in effects.of(run).makes:
            if one.path == path and one.kind == "file" and one.command.tool in ("cp", "mv", "install"):
                return Fact(True, f"line {line(run.span.start)} puts {path} there")
    if build.language == "go":
        return _by_go(origin, path, sources)
    if build.language == "dotnet":
        return Fact(
            False, "dotnet writes what a program needs among its sources: give -o a folder of its own, and copy that"
        )
    for other in builds(origin):
        where = _archives(other) if other.language == "java" else _of_cargo(other, path)
        if where and posixpath.dirname(path) == where and (other.language == "rust" or path.endswith(_TOLD)):
            return Fact(True, f"line {line(other.run.span.start)} runs {other.command.tool}, which builds into {where}")
    name = languages.fact(build.language, "name")
    return Fact(False, f"no build of {name} is seen to make {path}")


def _archives(build: Build) -> str:
    below = _ARCHIVES.get(build.command.tool, "")
    moved = build.command.has(*languages.names("java", "folders"))
    return posixpath.join(build.folder, below) if below and not moved else ""


def _of_cargo(build: Build, path: str) -> str:
    """The folder of programs that cargo builds into, where ``path`` lies in it."""
    target = posixpath.join(build.folder, "target")
    if not paths.inside(path, target) or build.command.has("--target-dir", "--manifest-path"):
        return ""
    parts = path[len(target) + 1 :].split("/")
    return posixpath.dirname(path) if len(parts) in (2, 3) and parts[-2] in ("release", "debug") else ""


def _by_go(origin: Shipped, path: str, sources: Sources | None) -> Fact:
    version = go_stage.version(origin)
    only_fetches = version is not None and version >= (1, 18)
    unknown = ""
    for build in builds(origin):
        if build.language != "go":
            continue
        found = go_build.built(build.run, build.command, sources, only_fetches)
        if isinstance(found, go_build.Unknown):
            unknown = unknown or found.why
            continue
        one = next((one for one in found if one.may_be(path)), None)
        if one is not None:
            name = posixpath.basename(path)
            asks = (
                ()
                if one.path == path
                else (f"does go {build.command.subcommand} call the program {name}? Its module says how",)
            )
            return Fact(True, f"line {origin.file.line(build.run.span.start)} builds {path}", asks, one)
    return Fact(False, unknown or f"no go build is seen to make {path}")
