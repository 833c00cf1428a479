"""Whether a new `apt-get install` can work: one rule for another base and for the final stage of a split.

A file that fetches lists itself builds where these are served, or names an archive; one more installation works there too. One
that never does may be on a release that left the mirrors: then nothing is installed, or a person is asked.

What compiles around pip (compiled.py), and a base of another release (one_runtime.py), ask for SERVED whatever the file
fetches: names of packages are known there alone.
"""

from __future__ import annotations

from typing import Final

from rewriter.knowledge import images, variants
from rewriter.model import apt
from rewriter.model.file import File

#: releases of Debian whose package lists are served where apt looks by default; the oldest one may be moved away any day
SERVED: Final = ("bullseye", "bookworm", "trixie")
#: releases that were: of Debian before the oldest one, of Ubuntu without long support. Indexes asked on 2026-11-28 that are gone:
#: buster, stretch, jessie, precise, vivid, eoan, groovy; there: xenial, bionic, focal, jammy, noble, plucky. Others by age.
_MOVED: Final = frozenset(
    "squeeze wheezy jessie stretch buster lucid precise quantal raring saucy utopic vivid wily yakkety zesty artful cosmic disco "
    "eoan groovy hirsute impish kinetic lunar mantic".split()
)
#: releases of which nobody has to be asked; "current" is what a moving tag of Debian or Ubuntu is
_SURE: Final = frozenset("bookworm trixie xenial bionic focal jammy noble current".split())


def release_of(image: str) -> str:
    """The release of Debian or Ubuntu below an image, "current" for one that moves along; "" where none is certain."""
    named = images.named_release(image)
    if named:
        return named
    listed = images.release(image)
    if listed in ("jessie", "current"):  # "stretch" means stretch or later there
        return listed
    repository, tag = images.named(image)
    built = variants.built_on(repository, tag.removesuffix("-slim"))
    return built if built in images.RELEASES else ""


def fetches(file: File) -> bool:
    """True where a RUN certainly fetches lists: a build has a way to the mirror."""
    return any(apt.is_apt(command, "update") and command.place.certain for run in file.runs for command in run.commands)


def against(file: File, packages: list[str], release: str) -> str:
    """Why these cannot be installed anew, or ""."""
    if not packages or fetches(file):
        return ""
    if release == "sid":
        gone = "Debian sid has moved on since the image was built, so that apt would replace much of it"
    elif release in _MOVED:
        gone = f"{release} is no longer served where apt looks: a tag on a newer one would do"
    else:
        return ""
    return f"{', '.join(packages)} would be installed, and {gone}"


def question(file: File, packages: list[str], release: str) -> str:
    """What a person has to confirm of an installation, or "". A build that never fetched lists may have no way to the mirror."""
    if not packages or fetches(file):
        return ""
    there = "" if release in _SURE else f" Whether {release or 'its release'} is still served there is not known."
    return f"can the build fetch {', '.join(packages)} from the mirror? It fetched nothing from there before.{there}"
