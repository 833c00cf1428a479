"""What Debian's packages are called on Alpine, and what busybox lacks: a typed view of alpine.toml."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from functools import cache
from typing import NamedTuple

from rewriter.knowledge.tables import table
from rewriter.knowledge.unknown import Unknown

#: the last release of Alpine of which a package list is in the table
_LAST = "3.22"
#: applets that, without options, do what POSIX says of the tool
_PLAIN = frozenset("cat touch pwd true false sleep uname whoami id basename dirname rmdir tee wc ls".split())


class Gap(NamedTuple):
    """An applet: the package with the full tool ("" for none), and the options that it refuses or reads otherwise."""

    package: str
    options: frozenset[str]


class Names(NamedTuple):
    """Alpine packages for a Debian package; none for one that has no use there. ``doubt`` says what no list shows, or ""."""

    names: tuple[str, ...]
    doubt: str = ""


def names(package: str, release: str) -> Names | Unknown:
    """What a Debian package is called on a release of Alpine (``3.22``): seen in its list, between two in which it was, or,
    with a doubt, in the last one that is known of an earlier release."""
    if package in _needless():
        return Names(())
    row = _packages().get(package)
    if row is None:
        return Unknown(f"what {package} is called on Alpine")
    apk, seen = row
    ends = [one.partition(":")[2].rstrip("v") for one in seen.split()]
    apks = tuple(apk.split())
    if len(ends) == len(apks) and all(_within(release, end.rstrip("+")) for end in ends):
        return Names(apks)
    if len(ends) == len(apks) and all(_later(release, end) for end in ends):
        return Names(
            apks, f"the package lists that are known end with Alpine {_LAST}, and the image is built on {release}"
        )
    return Unknown(f"whether Alpine {release or 'of this image'} has {apk}, for {package}")


def gap(applet: str) -> Gap:
    """What is known to be missing of an applet; nothing for one that was not tried."""
    return _gaps().get(applet, Gap("", frozenset()))


def alike(applet: str, options: AbstractSet[str]) -> bool:
    """True when the applet was seen to read all of these options, short ones one by one, as GNU's tool does."""
    known = _alike().get(applet, frozenset())
    if applet not in _PLAIN and applet not in _alike():
        return False
    return all(
        option in known
        or (len(option) > 2 and option[1] != "-" and all(f"-{letter}" in known for letter in option[1:]))
        for option in options
    )


def absent(command: str) -> bool:
    """True for a usual command that was tried and is not in the base image."""
    return command in _absent()


def _within(release: str, span: str) -> bool:
    first, _, last = span.partition("-")
    try:
        return bool(release) and _number(first) <= _number(release) <= _number(last or first)
    except ValueError:
        return False


def _later(release: str, span: str) -> bool:
    """True where the release comes after all lists, and the package was in the last one (``+``: seen in a later recipe)."""
    last = span.rstrip("+").rpartition("-")[2]
    return bool(release) and _number(release) > _number(_LAST) and (last == _LAST or span.endswith("+"))


def _number(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.split("."))


@cache
def _packages() -> dict[str, tuple[str, str]]:
    rows = (row.split("|") for row in table("alpine.toml", "packages")["rows"].split("\n"))
    return {deb: (apk, seen) for deb, apk, seen in rows}


@cache
def _needless() -> frozenset[str]:
    return frozenset(table("alpine.toml", "needless")["packages"].split())


@cache
def _absent() -> frozenset[str]:
    return frozenset(table("alpine.toml", "absent")["commands"].split())


@cache
def _gaps() -> dict[str, Gap]:
    rows = (row.split("|") for row in table("alpine.toml", "gaps")["rows"].split("\n"))
    return {name: Gap(package, frozenset(options.split())) for name, package, options in rows}


@cache
def _alike() -> dict[str, frozenset[str]]:
    rows = (row.split("|") for row in table("alpine.toml", "alike")["rows"].split("\n"))
    return {name: frozenset(options.split()) for name, options in rows}
