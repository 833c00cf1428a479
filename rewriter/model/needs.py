"""What a stage needs of its base image, beside the language that the image is named for."""

from __future__ import annotations

from typing import NamedTuple


def shortly(facts: list[str]) -> str:
    """The first of some facts, and how many more there are."""
    more = len(facts) - 1
    return facts[0] + (f" (and {more} more such facts)" if more else "")


class Missing(NamedTuple):
    """A Debian package that a slim variant lacks, why it is needed, and the place of the first instruction that needs it
    while building (None: only the running program does)."""

    package: str
    why: str
    at: int | None


class Needs:
    """What was found, filled by those who read the file and its context.

    ``blocks`` are facts that stand against any other base, ``alpine`` those against musl and busybox only, as sentences.
    ``missing`` are packages to install. ``facts`` is what a swap relies on. ``installed`` are commands that packages bring
    which the file installs, ``packages`` are these packages.
    """

    __slots__ = ("alpine", "blocks", "facts", "installed", "missing", "packages")

    def __init__(self) -> None:
        self.blocks: list[str] = []
        self.alpine: list[str] = []
        self.missing: dict[str, Missing] = {}
        self.facts: list[str] = []
        self.installed: set[str] = set()
        self.packages: set[str] = set()

    def block(self, why: str) -> None:
        if why not in self.blocks:
            self.blocks.append(why)

    def not_alpine(self, why: str) -> None:
        if why not in self.alpine:
            self.alpine.append(why)

    def fact(self, text: str) -> None:
        if text not in self.facts:
            self.facts.append(text)

    def need(self, package: str, why: str, at: int | None) -> None:
        known = self.missing.get(package)
        first = at if known is None or known.at is None or (at is not None and at < known.at) else known.at
        self.missing[package] = Missing(package, why if known is None else known.why, first)
        self.not_alpine(why)
