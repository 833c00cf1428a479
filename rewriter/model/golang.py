"""What go commands leave behind. Sources: https://pkg.go.dev/cmd/go, https://go.dev/doc/go1.10#build, the official
images."""

from __future__ import annotations

import re
from typing import Final

from rewriter.model import bases
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run

#: a command, a package, an archive or an image of Go
_SIGN: Final = re.compile(
    r"go(?<!\wgo)(?:(?:lang)?\b|[1-9])"
)  # begins with letters, so that other text is passed over at once
_ARCHIVE: Final = re.compile(r"\bgo(1\.\d+)[\d.]*\.(?:linux|src)")


def mentioned(file: File) -> bool:
    """True when the file has a word of Go: without one it neither builds nor ships Go."""
    return _SIGN.search(file.source) is not None


def official(file: File) -> bool:
    """True when the shipped stages are built on an official golang image, whose GOPATH is /go."""
    return bases.shipped_base(file)[0] == "golang"


def older(file: File, version: tuple[int, int]) -> bool:
    """True when the tag of the official image, a variable or the archive that is fetched names an older Go.

    Where nothing names one it is taken to be current.
    """
    known = bases.version_of(bases.shipped_base(file)[1]) if official(file) else fetched(file)
    return known is not None and len(known) > 1 and known < version


def fetched(file: File) -> tuple[int, ...] | None:
    """The version of Go in an archive that is fetched, None when it is not known."""
    found = _ARCHIVE.search(file.source)
    if found is not None:
        return bases.version_of(found[1])
    for run in file.runs:
        for name, value in run.state.environment.items():
            if value and "GO" in name.upper() and "VERSION" in name.upper():
                return bases.version_of(value.removeprefix("go"))
    return None


def has_modules(file: File) -> bool:
    """True when modules are in use: they always are since 1.16, and before that go.mod or GO111MODULE=on says so."""
    version = bases.version_of(bases.shipped_base(file)[1])
    if version is None or len(version) == 1 or version >= (1, 16):
        return True
    return any(sign in file.source for sign in ("go mod ", "go.mod", "GO111MODULE=on"))


def compiles(command: Command) -> bool:
    """True for a call that fills the build cache: ``go get -d`` only downloads, ``-n`` only prints."""
    return _acts(command) and not (command.subcommand == "get" and _flag(command, "-d"))


def downloads(command: Command) -> bool:
    """True for a call that may fill the module cache."""
    return _acts(command) and not any((word.value or "").startswith("-mod=vendor") for word in command.arguments)


def _acts(command: Command) -> bool:
    return not any(_flag(command, flag) for flag in ("-n", "-h", "-help", "--help"))


def _flag(command: Command, flag: str) -> bool:
    """go's options are words: ``-ldflags`` is not ``-l -d``."""
    return any(word.value == flag for word in command.arguments)


def not_root(run: Run) -> str:
    """The module cache is read-only: only root deletes it with rm."""
    return "" if run.state.root else "the module cache is read-only, and this RUN is not root's"
