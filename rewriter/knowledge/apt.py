"""What is known about apt, its helpers and its packages: a typed view of apt.toml."""

from __future__ import annotations

import sys
from functools import cache
from importlib import resources

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@cache
def _table() -> dict[str, dict[str, str]]:
    return tomllib.loads(resources.files("rewriter.knowledge").joinpath("apt.toml").read_text("utf-8"))


@cache
def _names(table: str, key: str) -> frozenset[str]:
    return frozenset(_table()[table][key].split())


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
    return name in _names("lists", "build_scripts") or any(part in script.lower() for part in _names("lists", "build_parts"))


def sounds_like_setup(name: str) -> bool:
    """True for the name of a program that may install packages: ``install_deps``, ``setup``."""
    return any(part in name.lower() for part in _names("lists", "setup_names"))


@cache
def recommended(package: str) -> frozenset[str] | None:
    """The recommended packages of ``package``, those of what it depends on included, that may be missed where only what
    was asked for is installed. None when nothing is known of it."""
    return _recommends().get(package)


@cache
def _recommends() -> dict[str, frozenset[str]]:
    return {
        package: frozenset(wanted.split()) - {"nothing"}
        for wanted, packages in _table()["recommends"].items()
        for package in packages.split()
    }


@cache
def brought_by(package: str) -> frozenset[str]:
    """The packages that depend on ``package``, so that it comes with them in any case; itself included."""
    return frozenset(_table()["brings"].get(package, "").split()) | {package}


def debian_images() -> frozenset[str]:
    """Official images built on Debian or Ubuntu, whose apt keeps no downloaded packages."""
    return _names("images", "official")
