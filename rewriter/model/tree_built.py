"""Whether the builds of a stage make a file: a program of Go or Rust, an archive of Java; and how that is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.knowledge import languages
from rewriter.model import bases, effects, go_build, go_installed, go_stage, paths, split_stage
from rewriter.model.command import Command
from rewriter.model.file import File, Stage
from rewriter.model.go_build import Built
from rewriter.model.go_sources import Sources
from rewriter.model.run import Run
from rewriter.model.split_stage import Shipped

#: what builds, by language; the subcommand that does, where there is one
_BUILDERS: Final = {
    "go": ("go",),
    "java": ("mvn", "mvnw", "gradle", "gradlew", "sbt", "ant", "javac", "jar"),
    "rust": ("cargo",),
    "dotnet": ("dotnet",),
}
_SUBCOMMANDS: Final = {"go": ("build", "install"), "cargo": ("build", "install"), "dotnet": ("build", "publish")}
#: the folder that a build puts archives into, as the last parts of its path. Sources: the manuals of Maven and Gradle
_ARCHIVES: Final = {"mvn": "/target", "mvnw": "/target", "gradle": "/build/libs", "gradlew": "/build/libs"}
#: goals of Maven and tasks of Gradle that make archives
_GOALS: Final = frozenset("package verify install deploy build assemble jar war bootJar bootWar shadowJar".split())
#: where builds leave what they make, and what they make on the way, seen from the folder in which they work
_LEFT: Final = {
    "mvn": ("target",),
    "mvnw": ("target",),
    "gradle": ("build",),
    "gradlew": ("build",),
    "cargo": ("target", "target/release", "target/debug"),
}


class Build(NamedTuple):
    """A command that builds: ``folder`` is where it works."""

    language: str
    run: Run
    command: Command
    folder: str

    def fills(self, folder: str) -> bool:
        """True for a folder that has its sources, or all that it makes on the way."""
        left = (posixpath.join(self.folder, one) for one in _LEFT.get(self.command.tool, ()))
        return paths.inside(self.folder, folder) or folder in left


class Fact(NamedTuple):
    """``why`` the file is made, or, where it is not ``known``, why that is not known. ``program`` is what go built,
    ``others`` the paths of what it builds as well; ``asks`` are questions."""

    known: bool
    why: str
    asks: tuple[str, ...] = ()
    program: Built | None = None
    others: tuple[str, ...] = ()


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
    for other in builds(origin):
        if other.command.tool == "jar" and _written(other) == path:
            return Fact(True, f"line {line(other.run.span.start)} writes {path}")
        if _archived(other, path) if other.language == "java" else _of_cargo(other, path):
            return Fact(True, f"line {line(other.run.span.start)} runs {other.command.tool}, which makes {path}")
    name = languages.fact(build.language, "name")
    return Fact(False, f"no build of {name} is seen to make {path}")


def _archived(build: Build, path: str) -> bool:
    """True for an archive where the build puts them, of the project or of a module of it."""
    folder = _ARCHIVES.get(build.command.tool, "?")
    goals = {(word.value or "").rpartition(":")[2] for word in build.command.arguments}
    made = posixpath.dirname(path).endswith(folder) and path.endswith((".jar", ".war"))
    moved = build.command.has(*languages.names("java", "folders"))
    return made and not moved and not goals.isdisjoint(_GOALS) and paths.inside(path, build.folder)


def _written(build: Build) -> str:
    """The archive that ``jar cfe NAME CLASS`` writes: the operands have the order of the letters."""
    first, *others = build.command.arguments or (None,)
    letters = "" if first is None else (first.value or "")
    files = [letter for letter in letters if letter in "fme"]
    word = others[files.index("f")] if "c" in letters and "f" in files and len(others) >= len(files) else None
    return "" if word is None else paths.literal(word, build.command, build.run.state) or ""


def _of_cargo(build: Build, path: str) -> bool:
    """True for a program where cargo puts them: target/release, or that of a target of its own."""
    target = posixpath.join(build.folder, "target")
    parts = path[len(target) + 1 :].split("/") if paths.inside(path, target) else []
    moved = build.command.has("--target-dir", "--manifest-path")
    return not moved and len(parts) in (2, 3) and parts[-2] in ("release", "debug")


def _by_go(origin: Shipped, path: str, sources: Sources | None) -> Fact:
    version = go_stage.version(origin)
    only_fetches = version is not None and version >= (1, 18)
    programs: list[Built] = []
    unknown = ""
    for build in builds(origin):
        if build.language == "go":
            found = go_build.built(build.run, build.command, sources, only_fetches, go_installed.roots(None))
            unknown = unknown or (found.why if isinstance(found, go_build.Unknown) else "")
            programs += [] if isinstance(found, go_build.Unknown) else found
    program = next((one for one in programs if one.may_be(path)), None)
    if program is None:
        return Fact(False, unknown or f"no go build is seen to make {path}")
    verb, name = program.command.subcommand, posixpath.basename(path)
    asks = () if program.path == path else (f"does go {verb} call the program {name}? Its module says how",)
    others = tuple(one.path for one in programs if not one.may_be(path))
    return Fact(True, f"line {origin.file.line(program.run.span.start)} builds {path}", asks, program, others)
