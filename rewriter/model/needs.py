"""What a stage needs of its base image, beside the language that the image is named for."""

from __future__ import annotations

from typing import Final, NamedTuple


def shortly(facts: list[str]) -> str:
    """The first of some facts, and how many more there are."""
    more = len(facts) - 1
    return facts[0] + (f" (and {more} more such facts)" if more else "")


_FETCHING: Final = frozenset(("git", "curl", "wget", "mercurial", "subversion"))


class Missing(NamedTuple):
    """A Debian package that a slim variant lacks, why it is needed, and the place of the first instruction that needs it
    while building (None: only the running program does)."""

    package: str
    why: str
    at: int | None


class Compiled(NamedTuple):
    """What is compiled while building: the language, its name there, the instruction that does so, and why as a sentence."""

    language: str
    name: str
    at: int
    why: str


class Needs:
    """What was found, filled by those who read the file and its context. All texts are sentences.

    ``blocks`` are facts against any other base. ``asks`` say what is not seen, or not known: a person who looks can confirm
    that it needs nothing of the full variant. ``alpine`` stands against musl and busybox only.
    ``folders`` is True where the slim variant has the folders of manual pages.
    ``missing`` are packages to install, ``kept`` those of them that the user asked for, ``lacking`` those that Debian's base
    has and Alpine's has not (bash). ``pages`` are packages that put links among manual pages, whose folders slim lacks.
    ``facts`` is what a swap relies on. ``installed`` are commands that packages bring which the
    file installs, ``packages`` are these packages. ``users`` are users and groups that the file makes in a way that Alpine can
    follow. ``doubted`` are packages of the language of which a question asks whether they need something: that goes for the
    commands of their names too. ``compiled`` is what slim variants can install with a compiler for that RUN.
    """

    __slots__ = (
        "alpine",
        "asks",
        "blocks",
        "compiled",
        "doubted",
        "facts",
        "folders",
        "installed",
        "kept",
        "lacking",
        "missing",
        "packages",
        "pages",
        "users",
    )

    def __init__(self, folders: bool = False) -> None:
        self.folders = folders
        self.blocks: list[str] = []
        self.asks: list[str] = []
        self.alpine: list[str] = []
        self.compiled: list[Compiled] = []
        self.missing: dict[str, Missing] = {}
        self.facts: list[str] = []
        self.installed: set[str] = set()
        self.kept: set[str] = set()
        self.users: set[str] = set()
        self.lacking: dict[str, Missing] = {}
        self.packages: set[str] = set()
        self.pages: set[str] = set()
        self.doubted: set[str] = set()

    def copy(self) -> Needs:
        """Another one with the same content, for one who adds what concerns one swap only."""
        other = Needs(self.folders)
        for name in ("blocks", "asks", "alpine", "facts", "compiled"):
            getattr(other, name).extend(getattr(self, name))
        for name in ("doubted", "installed", "kept", "lacking", "missing", "packages", "pages", "users"):
            getattr(other, name).update(getattr(self, name))
        return other

    @property
    def compiler(self) -> bool:
        """True where the file installs a compiler of its own."""
        return not self.packages.isdisjoint(("gcc", "g++", "build-essential", "clang"))

    def brought(self) -> set[str]:
        """The packages that the file installs, with those that compilers bring along in any case."""
        more = ("gcc", "libc6-dev") if not self.packages.isdisjoint(("g++", "build-essential")) else ()
        return {*self.packages, *more, *(("make",) if "build-essential" in self.packages else ())}

    def knows(self, owner: str) -> bool:
        """True where an owner, ``user:group``, is root, a number, the user of the image, or one that the file makes."""
        return all(part in ("root", "node", "") or part.isdigit() or part in self.users for part in owner.split(":"))

    def block(self, why: str) -> None:
        if why not in self.blocks:
            self.blocks.append(why)

    def ask(self, what: str) -> None:
        if what not in self.asks:
            self.asks.append(what)

    def compile(self, what: Compiled) -> None:
        """A package that is compiled: with musl it is not judged."""
        self.not_alpine(what.why)
        if what not in self.compiled:
            self.compiled.append(what)

    def without_compiler(self) -> None:
        """For another base than a slim variant: what is compiled stands against it."""
        for one in self.compiled:
            self.block(one.why)

    def not_alpine(self, why: str) -> None:
        if why not in self.alpine:
            self.alpine.append(why)

    def fact(self, text: str) -> None:
        if text not in self.facts:
            self.facts.append(text)

    def links_pages(self, package: str, where: str) -> None:
        """A package that is installed only where the folders of manual pages are: they have to be made."""
        self.pages.add(package)
        self.ask(f"{where} puts links among the manual pages in no other folders than man1 and man7, which slim lacks")

    def need(self, package: str, why: str, at: int | None) -> None:
        """A package that slim variants lack. What fetches over https only recommends the certificates that it wants."""
        _add(self.missing, package, why, at)
        if package in _FETCHING:
            _add(self.missing, "ca-certificates", f"{why}, which wants certificates", at)

    def need_on_alpine(self, package: str, why: str, at: int | None) -> None:
        """A package that slim variants have, and Alpine's base has not."""
        _add(self.lacking, package, why, at)


def _add(found: dict[str, Missing], package: str, why: str, at: int | None) -> None:
    known = found.get(package)
    first = at if known is None or known.at is None or (at is not None and at < known.at) else known.at
    found[package] = Missing(package, why if known is None else known.why, first)
