"""Builds that write what runs into folders of its own: these go along, and the sources that they lie among stay."""

from __future__ import annotations

from rewriter import posixpath
from rewriter.model import paths
from rewriter.model.split_page import Page
from rewriter.model.split_stage import Against
from rewriter.model.split_tree import Tree


def without_sources(
    found: Tree, page: Page, outputs: list[str], read: list[str], files: tuple[str, ...] | list[str] = ()
) -> Tree:
    """The same with the ``outputs``, and without folders that a build works in and nothing is ``read`` from when it runs.
    ``files`` are single ones among the sources that go along by themselves.

    Raises:
        Against: whom a folder belongs to is not known.
    """
    own = [*outputs, *files]
    read = [*(path for path, _ in page.traces.written), *read]
    tops: list[str] = []
    for top in found.tops:
        inside = [one for one in outputs if paths.inside(one, top)]
        builds = any(paths.inside(call.cwd, top) or paths.inside(top, call.cwd) for call in page.calls)
        if (
            top in inside
            or not (builds or inside)
            or any(paths.inside(path, top) and not within(path, own) for path in read)
        ):
            tops.append(top)
        else:
            page.left.append(top)
            tops += inside
    beside = [one for one in outputs if not within(one, [*found.tops, *found.written])]
    if page.left:
        page.asks.append(
            f"does nothing read files of {' or '.join(page.left)} when it runs? The sources stay in the builder"
        )
    tops = [one for one in dict.fromkeys([*tops, *beside]) if not within(one, [top for top in tops if top != one])]
    lone = [one for one in found.files if not within(one, page.left)]
    lone += [one for one in files if within(one, page.left) and not within(one, tops)]
    return found._replace(tops=tops, files=lone, commands=folders_again(found, page, tops, lone))


def folders_again(found: Tree, page: Page, tops: list[str], files: list[str]) -> list[str]:
    """What makes folders again, now that those of sources stay.

    Raises:
        Against: whom one belongs to is not known.
    """
    folders, workdir = page.traces.folders, found.stage.end.workdir or "/"
    folders.made = [one for one in folders.made if not within(one, page.left) or paths.inside(workdir, one)]
    again = folders.commands(tops, [*files, *found.written], [one for one, _, _ in page.traces.gone], True)
    if isinstance(again, str):
        raise Against(found.stage.stage.steps[0], again)
    return again


def within(path: str, folders: list[str]) -> bool:
    """True for a path in one of the folders."""
    return any(paths.inside(posixpath.normpath(path), one) for one in folders)
