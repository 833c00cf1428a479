"""What libraries need beside their language: a typed view of libraries.toml. What it does not name is not known."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from rewriter.knowledge.tables import table

#: parts of addresses of what was made for Linux
_BINARY: Final = re.compile(r"linux|x86[_-]64|amd64|\.deb\b|\.so\b|lin64", re.IGNORECASE)
_NUMBERS: Final = re.compile(r"\d+(?:\.\d+)*")
_SEPARATORS: Final = re.compile(r"[-_.]+")


class Wheels(NamedTuple):
    """For one Python: the first version with wheels for glibc, for musl too ("-" for none), and the last one known."""

    glibc: str
    musl: str
    last: str


def normal(name: str) -> str:
    """A name as the index compares it (PEP 503)."""
    return _SEPARATORS.sub("-", name).lower()


def pure(name: str) -> bool:
    """True for a Python package that needs neither compiler nor anything of the system, at any version."""
    return name in _set("python", "pure")


def soft(name: str) -> bool:
    """True for one whose accelerator is left out where it cannot be built."""
    return name in _set("python", "soft")


def floor(name: str) -> str:
    """The first version of a pure package that is one; "" where all are."""
    return _rows("python", "floors").get(name, "")


def brought(name: str) -> tuple[str, ...]:
    """The packages that must come as wheels with this one."""
    return tuple(_rows("python", "brings").get(name, "").split())


def wheels(name: str, python: str) -> Wheels | None:
    """Which versions have wheels for a Python (``3.9``); None when nothing is known of it."""
    return _wheels().get(name, {}).get(python)


def known(name: str) -> bool:
    """True for a Python package that the tables name at all."""
    return pure(name) or soft(name) or name in _wheels()


def compiled(name: str) -> bool:
    """True for a Python package that comes as source only for Linux, at any version, and is compiled with a compiler,
    headers or a program of the system."""
    return name in _set("python", "compiled")


@cache
def modules() -> dict[str, str]:
    """The package by the name under which it is imported."""
    names = (*_set("python", "pure"), *_set("python", "soft"), *_wheels())
    imports = _rows("python", "imports")
    return {module: name for name in names for module in imports.get(name, name.replace("-", "_")).split()}


def builder(name: str) -> bool:
    """True for a package that builds projects of Python, and needs nothing of the system for it."""
    return name in _set("python", "builders")


def builds_compiled(name: str) -> bool:
    """True for a package with which projects are built that have parts in C, C++, Fortran or Rust."""
    return name in _set("python", "building_compiled")


def asks_git(name: str) -> bool:
    """True for one with which a project asks git for its version while it is built."""
    return name in _set("python", "asking_git")


def brings_command(command: str) -> str:
    """The Python package that brings a command, "" for none that is known."""
    if known(command):
        return command
    return next((name for name, commands in _rows("python", "commands").items() if command in commands.split()), "")


def loads_by_name(name: str) -> bool:
    """True for a package whose programs load modules that a file of settings names."""
    return name in _set("python", "loaders")


def at_least(version: str, floor: str) -> bool:
    """True when a version, in plain numbers, is not below another."""
    return _numbers(version) >= _numbers(floor)


def npm_pure(name: str) -> bool:
    """True for a package of npm that needs nothing but Node.js, at any version."""
    return name in _set("node", "pure") or name.startswith("@types/")


def npm_command(command: str) -> bool:
    """True for a command of such a package that runs nothing but itself."""
    return command in _set("node", "commands")


def harmless_script(name: str) -> bool:
    """True for a package of npm whose install script needs nothing but Node.js."""
    return name in _set("node", "harmless_scripts")


def brings_glibc(language: str, name: str) -> bool:
    """True for a package of a language that brings a program for Linux which is linked to glibc."""
    return name in _set("brings_glibc", language)


def tool_package(command: str) -> str:
    """The Debian package that people mean by a command with which they look around; "" for any other."""
    return _rows("tools", "packages").get(command, "")


def gem_pure(name: str) -> bool:
    """True for a gem that is Ruby only, with all that it brings."""
    return name.partition(":")[0] in _set("ruby", "pure")


def gem_compiled(name: str) -> bool:
    """True for a gem that is written in C, or brings one that is."""
    return name.partition(":")[0] in _set("ruby", "compiled")


def gem_plain(name: str) -> bool:
    """True for a gem that is Ruby only by itself; what it brings is judged by itself, where a lock file names it."""
    return name in _set("ruby", "plain")


class Recipe(NamedTuple):
    """Debian packages: what compiles something, and what the result is linked to."""

    build: tuple[str, ...]
    stays: tuple[str, ...]


def recipe(language: str, name: str) -> Recipe | None:
    """What has to be installed to compile a package of a language ("python", "ruby"); None where that is not known."""
    row = _rows("compiling", language).get(name)
    if row is None:
        return None
    build, _, stays = row.partition(">")
    return Recipe(
        (*table("libraries.toml", "compiling")[f"{language}_always"].split(), *build.split()), tuple(stays.split())
    )


def compiled_otherwise(name: str) -> tuple[str, ...]:
    """What such a package leaves out where it does not find the headers of the full variant, as a question."""
    found = _rows("compiling", "questions").get(name)
    return () if found is None else (found,)


def needs_no_compiler(package: str) -> bool:
    """True for a Debian package that neither is nor depends on a compiler, make or headers: to remove these leaves it there."""
    return package in _set("compiling", "beside")


def breaks_on_slim(package: str) -> bool:
    """True for a Debian package whose installation fails where the folders of manual pages are missing, or that brings one."""
    begins = package.startswith(tuple(_set("apt", "breaks_on_slim")))
    return begins or package.endswith("-java") or package in _set("apt", "brings_such")


def plain_download(address: str) -> bool:
    """True for the address of a program that needs nothing of the system but libc."""
    return any(part.lower() in address.lower() for part in _set("downloads", "plain"))


def successor(image: str) -> str:
    """What took the place of an official image that is gone or frozen; "" when nothing did, or it is not known."""
    return _rows("successors", "rows").get(image, "")


def renamed(image: str) -> str:
    """The new name of an official image that kept its tags; "" for one that was not renamed."""
    return _rows("renamed", "names").get(image, "")


def all_frozen() -> frozenset[str]:
    """The official images that have no general releases any more."""
    return frozenset(_rows("renamed", "frozen"))


def frozen(image: str) -> str:
    """Since when an official image has no general releases; "" for one that has."""
    return _rows("renamed", "frozen").get(image, "")


def complete_since(image: str, kind: str, line: str = "") -> str:
    """The line, ``3.5``, from which on each release has the variant, or of one line, or of a major, the first patch or line; one
    that never comes where that is not known."""
    return _rows("lines", "complete").get(f"{image} {kind} {line}".strip(), "999")


def unjudged(image: str, tag: str) -> str:
    """Why the slimmer variant of an image is not proposed, whatever the file does with it."""
    rows = table("libraries.toml", "unjudged")
    for key, images in rows.items():
        if key.endswith("_of") and image in images.split():
            kind = "fpm" if key == "apache_of" and "fpm" in tag else key.removesuffix("_of")
            return str(rows[kind])
    return "what its slimmer variants lack is in no table"


def names_glibc(address: str) -> bool:
    """True where an address says that a program for Linux is behind it, which is one for glibc unless it says musl."""
    return _BINARY.search(address) is not None and "musl" not in address and "alpine" not in address


def seen(image: str) -> bool:
    """True for a slim tag on an old release of Debian that was listed or built before the library dropped it."""
    return image in table("libraries.toml", "lines")["seen"].split()


def node_line(name: str) -> str:
    """The major version of Node.js by the code name of its long-term support, "" for any other word."""
    return _rows("lines", "node_names").get(name, "")


def _numbers(version: str) -> tuple[int, ...]:
    found = _NUMBERS.match(version)
    return tuple(int(part) for part in found[0].split(".")) if found else ()


@cache
def _set(name: str, key: str) -> frozenset[str]:
    return frozenset(table("libraries.toml", name)[key].split())


@cache
def _rows(name: str, key: str) -> dict[str, str]:
    rows = (row.partition(": ") for row in table("libraries.toml", name)[key].split("\n"))
    return {one: rest for one, _, rest in rows if one}


@cache
def _wheels() -> dict[str, dict[str, Wheels]]:
    found: dict[str, dict[str, Wheels]] = {}
    for row in table("libraries.toml", "wheels")["rows"].strip().split("\n"):
        name, *cells = row.split()
        split = [cell.split(":") for cell in cells]
        found[name] = {python: Wheels(glibc, musl, last) for python, glibc, musl, last in split}
    return found
