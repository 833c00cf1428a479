"""Where the packages of a final stage come from, whether they are still there, and whether they are called so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rewriter.knowledge import dev_packages
from rewriter.model import paths, served, split_image
from rewriter.model.split_final import Refused
from rewriter.model.split_page import Page
from rewriter.model.split_stage import Shipped
from rewriter.model.split_tree import Tree

#: what apt needs for sources of https
_TRANSPORT: Final = ("ca-certificates", "apt-transport-https")
#: beginnings of the names of libraries, and those that each Debian has
_LIBRARY: Final = ("lib", "zlib1g")
_BASIC: Final = frozenset(("libc6", "libstdc++6"))
#: where files say where packages come from
_SOURCES: Final = ("/etc/apt", "/etc/apk/repositories", "/etc/apk/keys", "/etc/yum.repos.d", "/usr/share/keyrings")


def questions(stage: Shipped, page: Page, packages: list[str], image: str) -> Iterator[str]:
    """What a person has to confirm of the packages that apt installs in a final stage on ``image``.

    Raises:
        Refused: they are no longer served.
    """
    release = served.release_of(image)
    why = served.against(stage.file, packages, release)
    if why:
        raise Refused(why)
    fetched = served.question(stage.file, packages, release)
    if fetched:
        yield fetched
    names = [one for one in packages if one.startswith(_LIBRARY) and one not in _BASIC]
    names = [one for one in names if one not in page.traces.installed]
    if names and not dev_packages.asked(release):
        are, they = ("are", "they were") if len(names) > 1 else ("is", "it was")
        yield f"{are} {' and '.join(names)} called so in {release or f'the release below {image}'}? There {they} not looked up"


def sources(tree: Tree, page: Page) -> list[str]:
    """The files and folders that say where packages come from: they go along before any is installed."""
    return page.sources or [one for one in (*tree.tops, *tree.files) if _inside(one, _SOURCES)]


def without(tree: Tree, early: list[str]) -> Tree:
    """The tree without what has gone along before."""
    files = [one for one in tree.files if not _inside(one, early)]
    return tree._replace(files=files, tops=[one for one in tree.tops if not _inside(one, early)])


def early(page: Page, manager: str, stage: Shipped) -> list[str]:
    """The commands that install what apt needs to ask the author's own sources."""
    there = (*page.traces.folders.files, *(one for one, _ in page.traces.written))
    if "/etc/apt/sources.list" in there:
        return []  # the image's own sources are not asked
    wanted: list[str] = [one for one in _TRANSPORT if one in page.traces.installed]
    return split_image.install(wanted, manager, page.traces.recommends, stage)


def _inside(path: str, places: Iterable[str]) -> bool:
    return any(paths.inside(path, one) for one in places)
