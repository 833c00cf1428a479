"""What packages of Debian and of RPMs are called on Alpine, and what busybox lacks: a typed view of alpine.toml and rpm.toml."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from functools import cache
from typing import Final, NamedTuple

from rewriter.knowledge.tables import table
from rewriter.knowledge.unknown import Unknown

#: the last release of Alpine of which the table has a package list, by repository
_LAST: Final = {"main": "3.22", "community": "3.15"}
#: applets that, without options, do what POSIX says of the tool
_PLAIN: Final = frozenset(
    "cat touch pwd true false sleep uname whoami id basename dirname rmdir tee wc ls nproc yes".split()
)


#: where a package was seen that each known list of Alpine has, so that no release is without it
_ALWAYS: Final = "main:3.0-3.22"


class Gap(NamedTuple):
    """An applet: the package with the full tool ("" for none), and the options that it refuses or reads otherwise."""

    package: str
    options: frozenset[str]


class Names(NamedTuple):
    """Alpine packages for a package of another distribution; none for one that has no use there. ``last`` is the release of the
    last list that is known of them, where the one that is asked for comes later; else ""."""

    names: tuple[str, ...]
    last: str = ""


class Absent(NamedTuple):
    """A package without a counterpart. ``why`` is a sentence."""

    why: str


def names(package: str, release: str, rpm: bool = False) -> Names | Absent | Unknown:
    """What a package of Debian, or an RPM, is called on a release of Alpine (``3.22``): seen in its list, between two in which it
    was, or, in the last one that is known, of an earlier release; of no release ("") where all lists have it. Absent where it is
    known that there is no such package."""
    if package in _needless(rpm):
        return Names(())
    known = _pairs(rpm).get(package, ())
    why = _none(rpm).get(package)
    absent_ = None if why is None else Absent(f"Alpine has nothing for {package}: {why or 'no equivalent is known'}")
    if not known:
        return absent_ or Unknown(f"what {package} is called on Alpine")
    for apk, seen in known:
        spans = [one.rstrip("v") for one in seen.split()]
        apks = tuple(apk.split())
        if len(spans) == len(apks) and all(_within(release, one.partition(":")[2].rstrip("+")) for one in spans):
            return Names(apks)
        if not release and len(spans) == len(apks) and all(one == _ALWAYS for one in spans):
            return Names(apks)
    for apk, seen in known:
        spans = [one.rstrip("v") for one in seen.split()]
        apks = tuple(apk.split())
        gone = any(one.startswith(tuple(table("libraries.toml", "alpine")["gone"].split())) for one in apks)
        if len(spans) == len(apks) and not gone and all(_later(release, one) for one in spans):
            last = min((one.partition(":")[2].rstrip("+").rpartition("-")[2] for one in spans), key=_number)
            return Names(apks, last)
    return absent_ or Unknown(f"whether Alpine {release or 'of this image'} has {known[0][0]}, for {package}")


def paired(package: str) -> bool:
    """True where some release of Alpine has what a Debian package has, or needs nothing in its place."""
    return package in _needless(False) or package in _pairs(False)


def all_paired() -> frozenset[str]:
    """The Debian packages with a name on some release of Alpine."""
    return frozenset(_pairs(False))


def rows(package: str) -> tuple[tuple[str, str], ...]:
    """Alpine names of a Debian package, and where each was seen: repository, first and last release."""
    return _pairs(False).get(package, ())


def missing(package: str) -> bool:
    """True where it is known, and said why, that a Debian package has no counterpart."""
    return not paired(package) and package in _none(False)


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


def _later(release: str, seen: str) -> bool:
    """True where the release comes after all lists of the repository, and the package was in the last one (``+``: its recipe
    was seen later)."""
    repository, _, span = seen.partition(":")
    last = span.rstrip("+").rpartition("-")[2]
    end = _LAST.get(repository, "")
    return bool(release and end) and _number(release) > _number(end) and (last == end or span.endswith("+"))


def _number(release: str) -> tuple[int, ...]:
    return tuple(int(part) for part in release.split("."))


@cache
def _pairs(rpm: bool) -> dict[str, tuple[tuple[str, str], ...]]:
    """By package: Alpine packages and where they were seen; several where releases differ."""
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for text in _texts(rpm, "packages", "rows", "pairs"):
        for row in text.split("\n"):
            deb, apk, seen = row.split("|")
            found[deb] = (*found.get(deb, ()), (apk, seen))
    return found


@cache
def _none(rpm: bool) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in _texts(rpm, "none", "rows", "none"):
        for row in text.split("\n"):
            deb, _, why = row.partition("|")
            found[deb] = why
    return found


@cache
def _needless(rpm: bool) -> frozenset[str]:
    return frozenset(" ".join(_texts(rpm, "needless", "packages", "needless")).split())


def _texts(rpm: bool, name: str, column: str, own: str) -> tuple[str, ...]:
    """A column of the table that is made; for Debian, what was looked up beside it too."""
    if rpm:
        return (table("rpm.toml", name)[column],)
    return table("alpine.toml", name)[column], table("libraries.toml", "alpine")[own]


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
