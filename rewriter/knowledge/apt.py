"""What is known about apt, its helpers and its packages: a typed view of apt.toml."""

from __future__ import annotations

from functools import cache

from rewriter.knowledge import images
from rewriter.knowledge.tables import table


@cache
def _names(name: str, key: str) -> frozenset[str]:
    return frozenset(table("apt.toml", name)[key].split())


def reading_tools() -> frozenset[str]:
    """Tools other than apt that need the lists."""
    return _names("lists", "reading_tools")


def provisioners() -> frozenset[str]:
    """Tools that install what a file we do not see tells them."""
    return _names("lists", "provisioners")


def scripts() -> frozenset[str]:
    """Published scripts, by a part of their address, that run ``apt-get update`` and leave the lists."""
    return _names("lists", "scripts")


def harmless_scripts() -> frozenset[str]:
    """Published scripts, by a part of their address, that do not install with apt."""
    return _names("lists", "harmless_scripts")


def builds(script: str) -> bool:
    """True for the path of a script that by custom builds a source tree, sets variables or unpacks one program."""
    name = script.rpartition("/")[2].strip("\"'").lower()
    return name in _names("lists", "build_scripts") or any(
        part in script.lower() for part in _names("lists", "build_parts")
    )


def sounds_like_setup(name: str) -> bool:
    """True for the name of a program that may install packages: ``install_deps``, ``setup``."""
    return any(part in name.lower() for part in _names("lists", "setup_names"))


@cache
def recommended(package: str) -> frozenset[str] | None:
    """The recommended packages of ``package``, those of what it depends on included, that may be missed where only what
    was asked for is installed. None when nothing is known of it."""
    known = _recommends()
    return known[package] - {"none"} if package in known else None


def recommends_nothing(package: str) -> bool:
    """True when neither ``package`` nor what it depends on recommends anything."""
    return "none" in _recommends().get(package, ())


@cache
def _recommends() -> dict[str, frozenset[str]]:
    return {
        package: frozenset(wanted.split()) - {"nothing"}
        for wanted, packages in table("apt.toml", "recommends").items()
        for package in packages.split()
    }


@cache
def brought_by(package: str) -> frozenset[str]:
    """The packages that depend on ``package``, so that it comes with them in any case; itself included."""
    return frozenset(table("apt.toml", "brings").get(package, "").split()) | {package}


def official(image: str) -> str:
    """The name of the official image on Debian or Ubuntu that ``image`` is, or ""."""
    name, _ = images.named(image)
    return name if name in _names("images", "official") else ""


def in_base(image: str) -> frozenset[str]:
    """Packages that an official image is known to have, of those that other packages recommend."""
    name = official(image)
    tag = image.partition("@")[0].partition(":")[2]
    if not name or any(word in tag for word in ("slim", "alpine", "scm", "curl", "windows")):
        return frozenset()
    for row in ("full", "scm"):
        if name in _names("images", f"{row}_images"):
            return _names("images", f"{row}_packages")
    return frozenset()
