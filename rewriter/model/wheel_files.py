"""For what a wheel is made, by its name in a lock file.

Sources: https://packaging.python.org/en/latest/specifications/binary-distribution-format/ (names of files),
https://packaging.python.org/en/latest/specifications/platform-compatibility-tags/ (tags).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

_MACHINES: Final = ("x86_64", "aarch64")


class Made(NamedTuple):
    """What the wheels of one release cover on amd64 and arm64: any system, glibc, musl."""

    anywhere: bool
    glibc: bool
    musl: bool


def made(names: Iterable[str], python: str) -> Made:
    """What the wheels among some files cover for a Python (``3.12``, "" where it is not known)."""
    glibc: set[str] = set()
    musl: set[str] = set()
    for name in names:
        if not name.endswith(".whl"):
            continue
        tags = name.removesuffix(".whl").split("-")[-3:]
        if len(tags) < 3 or not _runs(tags[0], tags[1], python):
            continue
        for platform in tags[2].split("."):
            if platform == "any":
                return Made(True, True, True)
            for machine in _MACHINES:
                if platform.endswith(machine) and platform.startswith("manylinux"):
                    glibc.add(machine)
                elif platform.endswith(machine) and platform.startswith("musllinux"):
                    musl.add(machine)
    return Made(False, len(glibc) == len(_MACHINES), len(musl) == len(_MACHINES))


def _runs(interpreters: str, abi: str, python: str) -> bool:
    """True for tags that this Python takes."""
    minor = python.partition(".")[2]
    for one in interpreters.split("."):
        if one in ("py3", "py2.py3") and abi == "none":
            return True
        if not one.startswith("cp3") or not minor.isdigit():
            continue
        theirs = one.removeprefix("cp3")
        stable = abi == "abi3" and theirs.isdigit() and int(theirs) <= int(minor)
        if stable or (theirs == minor and abi in ("none", one, f"{one}m")):
            return True
    return False
