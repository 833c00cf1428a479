"""The libraries that a -dev package stands for: a typed view of dev_packages.toml."""

from __future__ import annotations

from functools import cache

from rewriter.knowledge.tables import text


def libraries(system: str, package: str) -> tuple[str, ...]:
    """The packages that bring the libraries of a -dev package alone; () where it is not known. ``system`` is debian or alpine, or
    ``compilers`` for what compilers of Debian and Ubuntu bring."""
    return _rows(system).get(package, ())


def of_php(package: str, release: str) -> tuple[str, ...]:
    """The libraries of a -dev package that extensions of PHP are compiled with, as they are called in a release of Debian; ()
    where that is not known."""
    columns = text("dev_packages.toml", "php", "columns").split()
    if release not in columns:
        return ()
    named = dict(zip(columns, _rows("php").get(package, ("-",) * len(columns)), strict=True))[release]
    return tuple(named.split("+")) if named != "-" else libraries("debian", package)


def named_in(release: str) -> bool:
    """True for a release of Debian in which they are so named."""
    return release in text("dev_packages.toml", "debian", "releases").split()


def asked(release: str) -> bool:
    """True for a release of Debian or Ubuntu in whose index these names were asked, and for the newest ("current")."""
    known = f"{text('dev_packages.toml', 'asked', 'debian')} {text('dev_packages.toml', 'asked', 'ubuntu')}"
    return release == "current" or release in known.split()


def changes(package: str) -> bool:
    """True for a -dev package of the table "ruby" whose library is called otherwise in the newest releases."""
    return package in text("dev_packages.toml", "ruby", "changed").split()


def linked(kind: str, release: str) -> dict[str, str]:
    """The package of the library that each crate of Rust ("crates") or each gem ("gems") links, in a release of Debian; {} for
    another one."""
    if release not in ("jessie", "stretch", "buster", "bullseye", "bookworm", "trixie"):
        return {}
    columns = text("dev_packages.toml", "linked", "columns").split()
    packages = dict(zip(columns, text("dev_packages.toml", "linked", release).split(), strict=True))
    return {name: packages[row[0]] for name, row in _rows(kind).items()}


def library(package: str, release: str) -> str:
    """The library that a -dev package stands for, in a release of Debian; "" for another one."""
    return linked("headers", release).get(package, "")


def others() -> frozenset[str]:
    """Gems that link or load a library whose package is not known."""
    return frozenset(text("dev_packages.toml", "gems", "others").split())


@cache
def _rows(system: str) -> dict[str, tuple[str, ...]]:
    lines = (line.partition(":") for line in text("dev_packages.toml", system, "rows").split("\n") if line)
    return {name: tuple(libraries.split()) for name, _, libraries in lines}
