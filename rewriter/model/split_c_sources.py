"""The sources of C and C++: what RUNs fetch, whether it goes along or stays, and what of it is installed where."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

from rewriter import posixpath
from rewriter.knowledge import languages
from rewriter.model import paths
from rewriter.model.command import Command
from rewriter.model.effect import Effect
from rewriter.model.file import Step
from rewriter.model.run import Run
from rewriter.model.split_c_places import DEFAULT
from rewriter.model.split_folders import shared, system
from rewriter.model.split_page import Call
from rewriter.model.split_stage import Against, Shipped

if TYPE_CHECKING:
    from rewriter.model.split_c_page import CPage

#: what is linked against has its headers there: it may be linked still when they are taken away again
_HEADERS: Final = ("-dev", "-devel")
#: archives of sources, by their names
ARCHIVES: Final = (".tar.gz", ".tgz", ".zip", ".tar.bz2", ".tar.xz", ".tbz2")
#: names of projects in a RUN, without versions
_NAMES: Final = re.compile(r"[a-z][a-z_+]*(?:-[a-z_+]+)*")


class Fetched(NamedTuple):
    """Sources that a RUN fetches: in ``folder``, or with names of their own ``below`` it; None when that is not known. ``there``
    are the folders that were made before."""

    run: Run
    folder: str | None
    below: str | None
    there: frozenset[str] = frozenset()


def fetched(page: CPage, run: Run, command: Command, effect: Effect | None, cwd: str | None) -> str:
    if command.subcommand not in ("clone", "checkout", "co", "export") or (command.tool == "git") != (
        command.subcommand == "clone"
    ):
        return ""
    made = [] if effect is None else [one.path for one in effect.makes]
    known = made and made[0].startswith("/") and "$" not in made[0]
    if not known:
        page.fetched.append(Fetched(run, None, cwd))
        return ""
    page.fetched.append(Fetched(run, made[0], None))
    page.traces.wrote(made[0])
    page.traces.folders.make(made[0], None)
    return ""


def unpacked(page: CPage, run: Run, effect: Effect) -> str | None:
    made = [one.path for one in effect.makes]
    if not made:
        return ""  # it packs, or lists
    where = made[0]
    if not where.startswith("/") or "$" in where:
        page.fetched.append(Fetched(run, None, None))
        return ""
    if page.traces.folders.known(where) and not any(paths.inside(where, one) for one in page.traces.folders.made):
        if paths.inside(where, DEFAULT) and where not in page.words("workshops"):
            return ""  # it goes along whole
        page.fetched.append(Fetched(run, None, where, frozenset(page.traces.folders.made)))
        return ""
    page.fetched.append(Fetched(run, where, None))
    page.traces.folders.make(where, None)
    return ""


def settle(page: CPage) -> None:
    """All RUNs are followed: which folders go along, and which sources stay.

    Raises:
        Against: it is not known where the program lies.
    """
    named = _named(page)
    _placed(page)
    page.sources = _sources(page)
    packages = page.traces.packages
    packages += [one for one in page.traces.removed if one.endswith(_HEADERS) and one not in packages]
    page.traces.users.names |= _owners(page)
    _deleted(page)
    for one in page.fetched:
        _judge(page, one, named)
    page.left += [one for one in page.copied if _passing(page, one, named)]
    for call in page.worked:
        if isinstance(call, Run):
            if not page.put:
                raise Against(
                    _step(page.stage, call), "the folder in which it builds is not known, and nothing is installed"
                )
        elif call.command.tool in page.words("compilers") and shared(call.cwd):
            continue  # its option names what it writes
        elif not any(paths.inside(call.cwd, one) for one in page.left) and not _put_from(page, call.cwd):
            page.calls.append(call)
    made = page.traces.folders.made
    page.traces.folders.made = [one for one in made if not any(paths.inside(one, place) for place in page.left)]
    written = page.traces.written
    page.traces.written = [one for one in written if not _of_the_sources(page, *one, named)]
    page.installed = [one for one in page.installed if not any(paths.inside(one, place) for place in page.left)]


def _owners(page: CPage) -> set[str]:
    """Users and groups that something is given to: a package may have made them, in an order of its own."""
    found: set[str] = set()
    for run in page.stage.runs.values():
        for command in run.commands:
            words = [word for word in command.arguments if not word.raw.startswith("-")]
            if command.tool in ("chown", "chgrp") and words:
                found |= set((paths.symbolic(words[0], run.state) or "").replace(".", ":").split(":"))
    return {one for one in found if one and "$" not in one and not one.isdigit() and one != "root"}


def _passing(page: CPage, place: str, named: list[str]) -> bool:
    """True for what is copied into a folder for passing things, and installed from there."""
    temporary = any(paths.inside(place, one) for one in ("/tmp", "/var/tmp"))
    wanted = any(one == place or paths.inside(one, place) for one in named)
    return temporary and not wanted and bool(page.put)


def _of_the_sources(page: CPage, path: str, tool: str, named: list[str]) -> bool:
    """True for a file that lies among sources that stay, and for an archive that is unpacked or waits to be."""
    fetched = tool in ("curl", "wget") and (
        path.endswith(ARCHIVES) or posixpath.dirname(path) in page.words("workshops")
    )
    archive = path in page.archives or fetched
    return any(paths.inside(path, place) for place in page.left) or (archive and path not in named)


def _placed(page: CPage) -> None:
    """Where calls that name no folder install.

    Raises:
        Against: it is not known, or the project is known to go its own way.
    """
    for run, where in page.asunder:
        step, words = _step(page.stage, run), projects(run)
        own = sorted(words & page.words("elsewhere"))
        if own:
            raise Against(step, f"`make install` of {own[0]} puts files beside {DEFAULT}")
        configured = any(one is None or where is None or _related(one, where) for one in page.told)
        if (
            not configured
            and not words & page.words("plain")
            and not any(paths.inside(one, DEFAULT) for one in _begun(page))
        ):
            raise Against(
                step, "where `make install` puts files is not known: nothing configures it, and no option says"
            )


def _sources(page: CPage) -> list[str]:
    """Where packages come from, where the author says so."""
    files = {*page.traces.folders.files, *(path for path, _ in page.traces.written)}
    own = [one for one in languages.listed("c", "sources") if any(paths.inside(path, one) for path in files)]
    page.traces.folders.files -= {path for path in files if any(paths.inside(path, one) for one in own)}
    return own


def _deleted(page: CPage) -> None:
    """What is deleted stays so.

    Raises:
        Against: a package may bring it again in the final stage.
    """
    own = [*page.traces.folders.made, *page.installed, *page.lies.values(), *(path for path, _ in page.traces.written)]
    for path, index, _ in page.traces.gone:
        folder = path.rstrip("/*") or "/"
        kept = any(paths.inside(folder, one) for one in (*own, *page.words("rubbish"))) or not system(folder)
        if not kept and folder not in page.traces.folders.files:
            step = next((one for one in page.stage.steps if one.index == index), page.stage.stage.steps[0])
            raise Against(step, f"it deletes {path}, which a package may bring again in the final stage")


def _judge(page: CPage, one: Fetched, named: list[str]) -> None:
    """Whether fetched sources go along or stay; in ``left`` are those that stay.

    Raises:
        Against: what is fetched is not known.
    """
    places = [one.folder] if one.folder is not None else _below(page, one)
    for place in places:
        wanted = any(paths.inside(name, place) for name in named)
        deleted = any(paths.inside(place, folder.rstrip("/*") or "/") for folder, _, _ in page.traces.gone)
        if wanted or not (deleted or _put_from(page, place) or _only_read(page, place)):
            if one.folder is None:
                page.traces.folders.make(place, None)
        else:
            page.left.append(place)
    if one.folder is not None or (one.below in page.words("workshops") and page.put):
        return
    unpacked = sum(each.below == one.below for each in page.fetched)
    if places and unpacked <= len(places):
        return
    if one.below is not None and any(paths.inside(one.below, folder.rstrip("/*")) for folder, _, _ in page.traces.gone):
        return
    if None in page.put and unpacked <= sum(each is None for each in page.put):
        page.left += [] if one.below is None else [f"what a RUN unpacks into {one.below}"]
        return
    raise Against(
        _step(page.stage, one.run), f"what it fetches into {one.below or 'a folder'} may be what the program needs"
    )


def _only_read(page: CPage, place: str) -> bool:
    """True for sources that another build takes in: ``--add-module=../x``, and those from which something is copied."""
    return any(paths.inside(one, place) for one in page.inputs)


def _below(page: CPage, one: Fetched) -> list[str]:
    """The folders in which something is built, and that an archive may have brought."""
    folder = one.below
    if folder is None:
        return []
    found = []
    known = {*one.there, *page.copied, *(each.folder for each in page.fetched if each.folder is not None)}
    for path in (*(call.cwd for call in page.worked if isinstance(call, Call)), *page.inputs):
        if path != folder and paths.inside(path, folder):
            place = posixpath.join(folder, path.removeprefix(folder).strip("/").split("/")[0])
            found += [] if place in known or shared(place) else [place]
    return list(dict.fromkeys(found))


def _put_from(page: CPage, place: str) -> bool:
    """True where something is installed from a folder, or one below or above it."""
    known = [one for one in page.put if one is not None]
    return any(paths.inside(one, place) or (not shared(one) and paths.inside(place, one)) for one in known)


def _begun(page: CPage) -> list[str]:
    """The paths that a container starts with."""
    begin = [one for one in page.stage.steps if one.name in ("CMD", "ENTRYPOINT", "HEALTHCHECK", "VOLUME")]
    return _absolutes(step.instruction.body.text for step in begin)


def _named(page: CPage) -> list[str]:
    """The paths that the image names when it runs: in what it starts, in variables, and in what RUNs print."""
    end = page.stage.end
    values = [value or "" for name, value in end.environment.items() if name != "PKG_CONFIG_PATH"]
    printed = [
        command.words_text
        for run in page.stage.runs.values()
        for command in run.commands
        if command.tool in page.words("printing")
    ]
    files = [doc.content.of(run.file.source) for run in page.stage.runs.values() for doc in run.instruction.heredocs]
    texts = [*values, end.workdir or "/", *page.rpaths, *printed, *files]
    return [*_begun(page), *_absolutes(texts), *(one for one in page.linked if one)]


def projects(run: Run) -> frozenset[str]:
    """The names, without versions, that projects may have which a RUN fetches or goes into."""
    texts = [one.words_text for one in run.commands if one.tool in languages.names("c", "fetching_tools")]
    return frozenset(_NAMES.findall(" ".join(texts).lower()))


def _related(one: str, other: str) -> bool:
    return paths.inside(one, other) or paths.inside(other, one)


def _absolutes(texts: Iterable[str]) -> list[str]:
    found = [word for text in texts for word in _words(text) if word.startswith("/") and word != "/"]
    return [posixpath.normpath(word) for word in found]


def _words(text: str) -> list[str]:
    for sign in "[]\"',=:;|<>()`":
        text = text.replace(sign, " ")
    return text.split()


def _step(stage: Shipped, run: Run) -> Step:
    return next(one for one in stage.steps if one.index == run.index)
