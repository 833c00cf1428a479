"""Packages of npm that play the other side in the bot's tests: installed once, outside the repository, from a lock file.

The folder of a package next to this file holds its ``package.json`` and ``package-lock.json``; what is installed lies in the
user's cache, named after the digest of the lock file. Tests that need one are skipped, with the reason, where there is none.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests import lacking
from tests.lacking import Lacking

HERE = Path(__file__).parent


def cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "dslim-tests"


@functools.cache
def has_node() -> bool:
    """Whether packages of npm run here."""
    if not shutil.which("npm") or not shutil.which("node"):
        return False
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    major = said.strip().lstrip("v").split(".")[0]
    return major.isdigit() and int(major) >= 20


@functools.cache
def node() -> str:
    """The program itself: ``node`` on PATH may only start it, and would not take it along when it is killed."""
    said = subprocess.run(["node", "-p", "process.execPath"], capture_output=True, text=True, check=True)
    return said.stdout.strip()


@functools.cache
def installed(name: str) -> Path:
    """The ``node_modules`` of the folder ``name`` next to this file; skips the test where it cannot be had."""
    if not has_node():
        lacking.skip(Lacking.NODE)
    lock = (HERE / name / "package-lock.json").read_bytes()
    place = cache() / f"{name}-{hashlib.sha256(lock).hexdigest()[:12]}"
    place.parent.mkdir(parents=True, exist_ok=True)
    with open(place.with_suffix(".lock"), "w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        if not place.exists():
            _install(name, place)
    return place / "node_modules"


def _install(name: str, place: Path) -> None:
    """Into a folder beside it, moved when it is whole: a killed test leaves no half of an installation."""
    scratch = tempfile.mkdtemp(dir=place.parent)
    for file in ("package.json", "package-lock.json"):
        shutil.copy(HERE / name / file, scratch)
    command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
    done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, check=False)
    if done.returncode:
        shutil.rmtree(scratch)
        print(done.stderr)
        lacking.skip(Lacking.PACKAGES)
    os.rename(scratch, place)
