"""The systems that programs run on which a compiler links with the C library of its image."""

from __future__ import annotations

from rewriter.knowledge import dev_packages, programs, variants
from rewriter.knowledge.base_trees import base_tree_of
from rewriter.model import bases
from rewriter.model.split_whole import Runtime


def of_line(repository: str, tag: str) -> str:
    """The release below a tag of an official image, by that of its line for one of a patch; "" where it is not known."""
    version = bases.version_of(tag)
    kind = "-alpine" if "alpine" in tag else ""
    return variants.built_on(repository, ".".join(str(one) for one in version[:2]) + kind) if version else ""


def on_slim(image: str, release: str) -> Runtime | str:
    """The slim image of the release of Debian that an image is built on; why there is none."""
    if not dev_packages.linked("crates", release):
        return f"on which release of Debian {image} is built is not known: its C library must not be newer than what runs it"
    slim = f"debian:{release}-slim"
    fact = f"{slim} is the same Debian: the C library is the same"
    return Runtime(slim, False, True, frozenset(), programs.of_base("debian"), (fact,))


def on_itself(image: str, repository: str) -> Runtime:
    """The very image, of a distribution, that built."""
    base, alpine = base_tree_of(repository), repository == "alpine"
    calls = programs.of_base("alpine" if alpine else "debian")
    fact = f"{image} is what it was built on: all libraries are the same"
    return Runtime(image, alpine, True, frozenset() if base is None else base.users, calls, (fact,))
