"""Go that a file puts on an image without it: a package, an archive of go.dev, or a COPY from an image that has it.

What brings it stays in the builder, so it is found first: the commands that fetch, unpack, move and link it, the folder that it
lies in, and which Go it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rewriter import posixpath
from rewriter.glob import matches
from rewriter.knowledge import golang, images
from rewriter.model import bases, effects, paths
from rewriter.model.copied import Copied, copied
from rewriter.model.effect import Effect
from rewriter.model.file import Step
from rewriter.model.golang import fetched
from rewriter.model.run import Run
from rewriter.model.split_packages import MANAGERS, words
from rewriter.model.split_stage import Installed, Shipped
from rewriter.rule import Ask

#: an archive of Go, by its name or the host that has it
ARCHIVE: Final = re.compile(
    r"\bgo(?:1[.\d]*|\$\{?\w+\}?)\.(?:linux|src|\$)|golang\.org/dl/|go\.dev/dl/|dl\.google\.com/go/|golang/go1"
)
_NAMED: Final = re.compile(r"\bgo(1(?:\.\d+)+)")
_VARIABLE: Final = re.compile(r"\$\{?(\w+)\}?")
_SET: Final = re.compile(r"\b(\w+)[= ]\"?([^\s\";&]+)")
_PACKAGE: Final = re.compile(r"(?:golang|go)(?:-go|-src|-bin|-(\d[\d.]*)(?:-go|-src)?)?")
#: where official images, and the packages of Debian, Alpine and Red Hat, have it
OFFICIAL: Final = "/usr/local/go"
_PACKAGED: Final = ("/usr/lib/go", "/usr/share/go", "/usr/lib/golang", "/usr/share/golang")
#: folders into which a folder is moved: `mv go /usr/local`
_PLACES: Final = frozenset(("/", "/usr/local", "/opt", "/usr/lib", "/usr/share", "/usr/src", "/root", "/home"))
#: compile Go itself, from an archive of its sources
_BOOTSTRAP: Final = frozenset(("make.bash", "all.bash"))
_PACKED: Final = (".tar.gz", ".tgz", ".tar.xz", ".tar")
#: how deep a variable is filled in with others
_DEEP: Final = 4


def roots(toolchain: Installed | None) -> tuple[str, ...]:
    """The folders that Go lies in: those of the one that a file installs, or of an official image."""
    return (OFFICIAL,) if toolchain is None else toolchain.trees


def is_package(name: str) -> bool:
    """True for a package of Go's toolchain."""
    return _PACKAGE.fullmatch(name.partition("=")[0]) is not None


def serves(name: str) -> bool:
    """True for a package that only builds Go: the toolchain, its sources, a tool around it."""
    return is_package(name) or name.startswith("golang-")


def installed(stage: Shipped) -> Installed | str | None:
    """How a stage gets Go; None where it does not, as far as can be seen; why it is not known where Go lies."""
    found = _Search(stage)
    for step in stage.steps:
        if step.name in ("COPY", "ADD"):
            found.step(step)
        elif step.name == "RUN":
            found.run(stage.runs[step.index])
    return found.result()


class _Search:
    """What is found, from step to step. ``root`` is where Go was unpacked last, ``piped`` is True behind a command that prints an
    archive of it, ``elsewhere`` where its packages come from another place than the release."""

    def __init__(self, stage: Shipped) -> None:
        self.file = stage.file
        self.stage = stage
        self.ask = Ask()
        self.how = ""
        self.root = ""
        self.why = ""
        self.version: tuple[int, ...] | None = None
        self.steps: set[int] = set()
        self.commands: set[tuple[int, int]] = set()
        self.files: set[str] = set()
        self.variables: set[str] = set()
        self.piped = False
        self.elsewhere = False
        self.known = dict(_definitions(stage))

    def result(self) -> Installed | str | None:
        if not self.how:
            return self.why or None
        if self.how != "package" and not self.root:
            return self.why or "where its archive of Go is unpacked is not seen"
        if self.root in _PLACES:
            return f"Go is unpacked into {self.root}, beside other files"
        trees = [self.root] if self.root else []
        if self.how == "package":
            series = ".".join(str(one) for one in (self.version or ())[:2])
            trees = [*_PACKAGED, *(f"{one}-{series}" for one in _PACKAGED[:2] if series)]
        parts = (frozenset(self.steps), frozenset(self.commands), frozenset(self.files), frozenset(self.variables))
        return Installed(self.how, self.version, tuple(trees), *parts)

    def step(self, step: Step) -> None:
        """A COPY or ADD."""
        copy = copied(self.file, step, self.ask)
        if len(copy.sources) != 1:
            return
        source = copy.sources[0]
        origin = copy.flag("from")
        if origin is not None:
            if source.rstrip("/") == OFFICIAL and copy.target.startswith("/") and "$" not in copy.target:
                self._brought("copy", copy.target.rstrip("/"), step.index)
                self.version = self._of_image(origin.value or "")
        elif ARCHIVE.search(self._spelled(source)) and source.endswith(_PACKED):
            self._archive(copy, source, step)

    def _archive(self, copy: Copied, source: str, step: Step) -> None:
        """An archive that ADD fetches or unpacks, or that COPY brings as it is."""
        text = self._spelled(source)
        self._tells(text)
        self.steps.add(step.index)
        if copy.unpacks:
            self._brought("archive", posixpath.join(copy.target, "go"), step.index)
        else:
            name = posixpath.basename(source)
            self.files.add(posixpath.join(copy.target, name) if copy.into else copy.target)
            self.how = self.how or "archive"

    def _brought(self, how: str, root: str, index: int) -> None:
        self.how, self.root = how, root
        self.steps.add(index)

    def _of_image(self, image: str) -> tuple[int, ...] | None:
        """The version of Go in an official image that COPY names, by itself or as a stage of the file."""
        named = next((one.image for one in self.file.stages if one.name == image), image)
        repository, tag = images.named(named)
        return bases.version_of(tag) if repository == "golang" else None

    def run(self, run: Run) -> None:
        """The commands of a RUN."""
        self.piped = False
        for command in run.commands:
            for assigned in command.simple.assignments if not command.simple.words else ():
                self.known.setdefault(assigned.name, assigned.value.raw if assigned.value is not None else "")
        for effect in effects.of(run).each:
            if self._brings(run, effect):
                self.commands.add((run.index, effect.command.start))
                self._uses(run.visible.text)

    def _brings(self, run: Run, effect: Effect) -> bool:
        """True for a command that only brings Go, or takes away what was needed for that."""
        command, tool = effect.command, effect.command.tool
        if tool in ("curl", "wget"):
            return self._fetches(effect)
        if tool in ("tar", "bsdtar"):
            return self._unpacks(effect)
        if tool in MANAGERS and command.subcommand in ("install", "add"):
            return self._packages(run, effect)
        if tool == "add-apt-repository":
            self.elsewhere = any(word.value in golang.listed("packages", "archives") for word in command.arguments)
            return self.elsewhere
        if tool in ("dpkg", "apk"):
            return command.has("--print-architecture", "--print-arch")
        if tool == "update-alternatives":
            return any(self._own(word.raw) for word in command.arguments)
        if tool in _BOOTSTRAP or tool in ("bash", "sh"):
            scripts = [tool, *(posixpath.basename(word.raw) for word in command.arguments[:1])]
            return bool(self.root) and not _BOOTSTRAP.isdisjoint(scripts) and paths.inside(effect.cwd or "", self.root)
        if tool == "mv":
            return self._moves(effect)
        if tool == "ln":
            return any(self._own(one) for one in effect.reads)
        return tool == "rm" and self._tidies(effect)

    def _fetches(self, effect: Effect) -> bool:
        """An archive that is downloaded, into a file or into a pipe."""
        self.piped = False
        texts = [self._spelled(word.raw) for word in effect.command.arguments]
        text = next((one for one in texts if ARCHIVE.search(one)), "")
        if not text or sum("://" in one for one in texts) > 1:
            self.files -= {made.path for made in effect.makes}  # another archive of the same name
            return False
        self._tells(text)
        self.how = "archive"
        self.files |= {made.path for made in effect.makes}
        self.piped = not effect.makes
        return True

    def _unpacks(self, effect: Effect) -> bool:
        """An archive of Go that tar unpacks."""
        extracts, archive, directory = effect.extracts()
        piped = archive is None or archive.raw == "-"
        own = any(one.path in self.files for one in effect.unpacks) or (piped and self.piped)
        if not extracts or not own:
            return False
        into = effect.cwd if directory is None else effect.path(directory)
        command = effect.command
        if into is None or not into.startswith("/") or "$" in into:
            self.why = "where Go is unpacked is not known"
            return True
        strip = next((word.raw for word in command.arguments if word.raw.startswith("--strip")), "")
        if strip and any("bin/" in word.raw for word in command.operands):
            return False  # one program of it
        self.root, self.piped = posixpath.normpath(into if strip else posixpath.join(into, "go")), False
        return True

    def _packages(self, run: Run, effect: Effect) -> bool:
        """Packages: what brings nothing else stays, and so do these where others come with them."""
        names = [word or "" for word in words(run, effect.command)]
        own = [one for one in names if is_package(one)]
        if not own:
            return False
        if self.how != "archive":
            self.how = "package"
        series = next((found[1] for one in own if (found := _PACKAGE.fullmatch(one)) is not None and found[1]), "")
        if self.how == "package":
            image = self.stage.stage.image
            release = self.stage.alpine or images.release(image)
            if self.elsewhere or effect.command.has("-t", "--target-release", "--repository", "-X"):
                release = ""
            self.version = bases.version_of(series) if series else golang.packaged(release)
        return len(own) == len(names)

    def _moves(self, effect: Effect) -> bool:
        """The folder of Go that is moved, or its archive."""
        if any(one in self.files for one in effect.deletes):
            self.files |= {made.path for made in effect.makes}
            return True
        if not self.root or self.root not in effect.deletes:
            return False
        word = effect.command.operands[-1]
        target = effect.path(word)
        if target is None or "$" in target:
            self.why, self.root = "where Go is moved to is not known", ""
            return True
        self.root = posixpath.join(target, "go") if target in _PLACES or word.raw.endswith("/") else target
        return True

    def _tidies(self, effect: Effect) -> bool:
        """An archive that is deleted, or an older Go in front of the one that comes."""
        gone = list(effect.deletes)
        older = [] if self.root else [OFFICIAL]
        return bool(gone) and all(
            any(matches(path, one) and one.endswith(("gz", "*")) for path in self.files) or one.rstrip("/*") in older
            for one in gone
        )

    def _own(self, path: str) -> bool:
        """True for a file of the toolchain."""
        packaged = self.how == "package" and path.startswith(
            tuple(f"{one}{sign}" for one in _PACKAGED for sign in "/-")
        )
        return packaged or (bool(self.root) and paths.inside(path, self.root))

    def _uses(self, text: str) -> None:
        """The variables of Go that a text asks for, and those behind them: they tell which one to fetch."""
        for name in _VARIABLE.findall(text):
            if "GO" in name.upper() and name not in self.variables:
                self.variables.add(name)
                self._uses(self.known.get(name, ""))

    def _tells(self, text: str) -> None:
        """The version that the name of an archive says."""
        found = _NAMED.search(text)
        self.version = bases.version_of(found[1]) if found is not None else fetched(self.file)

    def _spelled(self, text: str) -> str:
        """A text, with the variables that the stage sets filled in as they are written."""
        for _ in range(_DEEP):
            filled = _VARIABLE.sub(lambda found: self.known.get(found[1], found[0]), text)
            if filled == text:
                break
            text = filled
        return text


def _definitions(stage: Shipped) -> Iterator[tuple[str, str]]:
    """What ENV and ARG set, as it is written."""
    for step in stage.steps:
        if step.name in ("ENV", "ARG"):
            yield from _SET.findall(step.instruction.body.text)
