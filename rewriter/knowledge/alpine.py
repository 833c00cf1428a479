"""What Debian's packages are called on Alpine, and what busybox lacks: a typed view of alpine.toml."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from functools import cache
from typing import NamedTuple

from rewriter.knowledge.tables import table
from rewriter.knowledge.unknown import Unknown

#: applets that, without options, do what POSIX says of the tool
_PLAIN = frozenset("cat touch pwd true false sleep uname whoami id basename dirname rmdir tee wc ls".split())


class Gap(NamedTuple):
    """An applet: the package with the full tool ("" for none), and the options that it refuses or reads otherwise."""

    package: str
    options: frozenset[str]


def names(package: str, release: str) -> tuple[str, ...] | Unknown:
    """The Alpine packages for a Debian package, all of them seen in that release of Alpine (``3.22``), or between two
    releases in which they were seen. Empty for a package that has no use there."""
    if package in _needless():
        return ()
    row = _packages().get(package)
    if row is None:
        return Unknown(f"what {package} is called on Alpine")
    apk, seen = row
    spans = [one.partition(":")[2].rstrip("+v") for one in seen.split()]
    if len(spans) != len(apk.split()) or not all(_within(release, span) for span in spans):
        return Unknown(f"whether Alpine {release or 'of this image'} has {apk}, for {package}")
    return tuple(apk.split())


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
