"""pnpm-lock.yaml, as far as it says which packages run a script when they are installed, and where packages come from.

Source: the lock files that pnpm 6 to 10 writes (versions 5.4, 6.0 and 9.0). pnpm writes one key a line, two blanks deeper each.
"""

from __future__ import annotations

from typing import NamedTuple


class Lock(NamedTuple):
    """Packages with a script, with True for those that are for development only; packages from elsewhere than the registry;
    ``scripts`` is False for a version of the file that does not say which have one."""

    building: tuple[tuple[str, bool], ...]
    elsewhere: tuple[str, ...]
    scripts: bool


def read(text: str) -> Lock | None:
    """The text of a lock file; None for one that is of no version that is known."""
    lines = text.replace("\r\n", "\n").split("\n")
    version = next((line.partition(":")[2].strip(" '\"") for line in lines if line.startswith("lockfileVersion:")), "")
    if version not in ("5.3", "5.4", "6.0", "6.1", "9.0") or any(
        line.startswith(("<<<<<<<", ">>>>>>>")) for line in lines
    ):
        return None
    building: list[tuple[str, bool]] = []
    elsewhere: list[str] = []
    section = name = ""
    builds = development = False
    for line in [*lines, "end:"]:
        depth = len(line) - len(line.lstrip())
        key, _, value = line.strip().partition(":")
        if depth <= 2 and line.strip():  # the next package begins
            if builds:
                building.append((name, development))
            builds = development = False
        if depth == 0 and line.strip():
            section, name = key, ""
        elif section == "packages" and depth == 2:
            name = _name(line.strip().rstrip(":").strip("'\""))
        elif section == "packages" and depth == 4:
            builds = builds or (key == "requiresBuild" and value.strip() == "true")
            development = development or (key == "dev" and value.strip() == "true")
            if key == "resolution" and "integrity" not in value:
                elsewhere.append(name)
            if key == "resolution" and "tarball" in value and "registry.npmjs.org" not in value:
                elsewhere.append(name)
    return Lock(tuple(building), tuple(dict.fromkeys(elsewhere)), version != "9.0")


def _name(key: str) -> str:
    """``@scope/name`` of ``/@scope/name@1.0.0(peer@2)`` and of ``/@scope/name/1.0.0_peer@2``."""
    key = key.lstrip("/")
    scope, _, rest = key.partition("/") if key.startswith("@") else ("", "", key)
    name = rest.partition("(")[0].partition("@")[0].partition("/")[0]
    return f"{scope}/{name}" if scope else name
