"""Splits whose final stage gets the author's folders whole, for languages whose programs lie where their sources do.

What is built lies below the folders that the Dockerfile brings or makes. They go along as the builder leaves them, sources
included: a few megabytes too many cost little, and one file too few breaks the program. The toolchain, its caches and what serves
the build alone stay.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.knowledge import base_trees, languages
from rewriter.model import paths, split_follow
from rewriter.model.copied import Copied, copied
from rewriter.model.file import Step
from rewriter.model.split_folders import above, system
from rewriter.model.split_page import Page
from rewriter.model.split_stage import Against, Shipped, unmodelled
from rewriter.rule import Ask

#: data that no slim image, and none of Alpine, is sure to have: what the author installs goes along
_DATA: Final = ("ca-certificates", "tzdata")
#: where certificates lie that a command gathers
_CERTIFICATES: Final = ("/usr/local/share/ca-certificates", "/usr/share/ca-certificates", "/etc/ssl", "/etc/pki")


class Tree(NamedTuple):
    """What goes along. ``at`` is the index, among the steps, of the first one of the final stage. ``tops`` are folders and
    ``files`` single files, ``written`` what commands put elsewhere: each may be either. ``commands`` make folders again that
    have an owner or a mode. ``after`` is what the steps of the final stage bring, ``packages`` are those that it gets."""

    stage: Shipped
    at: int
    tops: list[str]
    files: list[str]
    written: list[str]
    commands: list[str]
    after: list[str]
    packages: list[str]

    @property
    def places(self) -> list[str]:
        """All that is there in the end."""
        return [*self.tops, *self.files, *self.written, *self.after]


def tree(stage: Shipped, page: Page, ask: Ask) -> Tree:
    """Read the stage.

    Raises:
        Against: something in it stands against a split.
    """
    at = max((index + 1 for index, step in enumerate(stage.steps) if step.name == "RUN"), default=0)
    last = max((step.index for step in stage.steps[:at] if step.name in ("COPY", "ADD")), default=-1)
    brought = _brought(stage, page, ask, at)
    page.followed()
    for call in page.calls:
        if page.traces.folders.known(call.cwd) and not _new(call.cwd, page):
            step = next(one for one in stage.steps if one.index == call.run.index)
            raise Against(step, f"it builds in {call.cwd}, which the base image has files in, or another user")
    folders = page.traces.folders
    folders.made = [one for one in folders.made if not page.own_file(one)]  # what builds stays
    tops = _left(_tops(brought, page, stage), page, last, stage)
    files, written = _lone(brought, tops, page), _written(page, [*tops, *page.places], stage)
    gone = [one for one, _, _ in page.traces.gone]
    commands = folders.commands(tops, [*files, *written], gone, True)
    if isinstance(commands, str):
        raise Against(stage.stage.steps[0], commands)
    after = [
        copy.file or copy.target
        for copy in (copied(stage.file, step, ask) for step in stage.steps[at:] if step.name in ("COPY", "ADD"))
    ]
    return Tree(stage, at, tops, list(dict.fromkeys(files)), written, commands, after, _packages(page, stage))


def _tops(brought: list[tuple[str, str]], page: Page, stage: Shipped) -> list[str]:
    """The folders that go along: the topmost ones that the base does not have.

    Raises:
        Against: what the Dockerfile brings or builds in lies in a folder of the system's.
    """
    folders = page.traces.folders
    wanted = [*(folder for folder, _ in brought if folder), *(call.cwd for call in page.calls)]
    found = list(page.installed)
    for place in [*wanted, *folders.made]:
        if any(paths.inside(place, one) for one in (*page.installed, *page.left)):
            continue
        top = next((one for one in (*above(place), place) if one in folders.made), "")
        top = place if place in page.empty or place in page.wholes else top
        if top and (_of_the_author(top, page) or (page.same_image and place in wanted)):
            found.append(top)
        elif place in wanted:
            what = f"what lies in {place}, among files of the base image's own, is not known one by one"
            raise Against(stage.stage.steps[0], what)
    return [one for one in dict.fromkeys(found) if not any(one != top and paths.inside(one, top) for top in found)]


def _of_the_author(top: str, page: Page) -> bool:
    """True for a folder that may go along whole. What packages put into /var/www they put there in the final stage, too."""
    whole = top in page.empty or top in page.wholes or paths.inside(top, "/var/www")
    return whole or not system(top) or base_trees.of_the_author(top)


def _brought(stage: Shipped, page: Page, ask: Ask, at: int) -> list[tuple[str, str]]:
    """Folder and file, one of them "", of each COPY and ADD in front of step ``at``; the RUNs are followed on the way."""
    found: list[tuple[str, str]] = []
    traces = page.traces
    targets = {step.state.workdir for step in stage.steps} | {stage.end.workdir}
    for index, step in enumerate(stage.steps[:at]):
        if step.name in ("ONBUILD", "SHELL"):
            raise Against(step, f"{step.name} is not modelled")
        if step.name == "WORKDIR":
            traces.folders.make(stage.steps[index + 1].state.workdir or "/", step.state.user)
        elif step.name == "RUN":
            refused = split_follow.follow(stage.runs[step.index], traces, lambda command: "", page.leaves)
            if refused is not None:
                raise Against(step, refused.why)
        elif step.name in ("COPY", "ADD"):
            copy = copied(stage.file, step, ask)
            if page.stays(copy):
                continue
            why = _strange(copy, page)
            if why:
                raise Against(step, why)
            folder = not copy.file or traces.folders.known(copy.file) or copy.file in targets
            traces.folders.files |= set() if folder else {copy.file}
            traces.wrote(copy.file)
            where = copy.target if folder else copy.directory
            owner = copy.flag("chown")
            _again(step, copy, page)
            traces.folders.make(where, None if owner is None else _owner(owner.value or ""))
            if folder and not _new(where, page):
                raise Against(
                    step, f"what is copied into {where}, where the base image has files of its own, is not seen"
                )
            found.append((where, "") if folder else ("", copy.file))
            page.copied += [where] if folder else []
    for step in stage.steps[at:]:
        if step.name in ("ONBUILD", "SHELL"):
            raise Against(step, f"{step.name} is not modelled")
    return found


def _again(step: Step, copy: Copied, page: Page) -> None:
    """A COPY over folders that have an owner or a mode may give them another one."""
    for one in page.traces.folders.below(copy.directory, copy.flag("chown") is not None):
        page.traces.asks.append(
            f"has the context a folder for {one}? {step.name} gives it an owner and a mode of its own"
        )


def _new(folder: str, page: Page) -> bool:
    """True for a folder that goes along whole, or may."""
    inside = any(paths.inside(folder, one) for one in page.installed)
    return inside or folder in page.traces.folders.made or folder in page.empty or folder in page.wholes


def _strange(copy: Copied, page: Page) -> str:
    certificates = any(paths.inside(copy.target, one) for one in _CERTIFICATES)
    why = "certificates of the author's own have to be gathered again" if certificates else ""
    return unmodelled(copy, page.from_stages) or why


def _owner(value: str) -> str:
    """Whom a folder belongs to that ``COPY --chown`` makes: a number alone is its group as well."""
    return f"{value}:{value}" if value.isdigit() else value


def _left(tops: list[str], page: Page, last: int, stage: Shipped) -> list[str]:
    """The folders that are there in the end.

    Raises:
        Against: one of them may be deleted.
    """
    found = list(tops)
    for path, index, certain in page.traces.gone:
        folder = path.rstrip("/*") or "/"
        for one in [one for one in found if paths.inside(one, folder)]:
            again = any(paths.inside(each, folder) for each in page.traces.remade)
            if not certain or again or index < last:
                raise Against(stage.stage.steps[0], f"{one} may be deleted")
            found.remove(one)
    return found


def _lone(brought: list[tuple[str, str]], tops: list[str], page: Page) -> list[str]:
    """The files that are copied beside the folders, and not deleted again."""
    deleted = [one.rstrip("/*") for one, _, _ in page.traces.gone]
    gone = {
        file
        for _, file in brought
        if file not in page.traces.remade and any(paths.inside(file, one) for one in deleted)
    }
    files = [file for _, file in brought if file and file not in gone]
    return [one for one in files if not any(paths.inside(one, place) for place in (*tops, *page.left))]


def _written(page: Page, tops: list[str], stage: Shipped) -> list[str]:
    """What commands write beside the folders and a program may read.

    Raises:
        Against: it lies where the base image has files of its own, or may not be there.
    """
    traces = page.traces
    found: list[str] = []
    for path, tool in traces.written:
        temporary = path not in traces.remade and any(paths.inside(path, one.rstrip("/*")) for one, _, _ in traces.gone)
        if temporary or page.own_file(path) or any(paths.inside(path, top) for top in tops):
            continue
        if any(paths.inside(path, one) for one in ("/etc/apt", "/etc/apk", "/var/lib/apt", "/var/cache")):
            continue
        if _can_go(path, page):
            found.append(path)
            continue
        inside = any(path != one and paths.inside(one, path) for one, _ in traces.written)
        if tool in ("cp", "mv", "install") and traces.folders.known(path) and inside:
            continue  # what is put into a folder has its own path
        if any(path != one and paths.inside(path, one) for one, _ in traces.written):
            continue  # where it is not known whether a target is a folder, the command may have made either
        raise Against(stage.stage.steps[0], f"{tool or 'it'} writes {path}, which the program may read")
    return [
        one for one in dict.fromkeys(found) if not any(one != other and paths.inside(one, other) for other in found)
    ]


def _can_go(path: str, page: Page) -> bool:
    """True for what is certainly there, and is no folder of the base image's own."""
    traces = page.traces
    known = traces.folders.known(path) and not (page.same_image and path in traces.folders.made)
    if path in traces.unsure | traces.remade or any(sign in path for sign in "*?[") or known:
        return False
    program = posixpath.dirname(path) in languages.names("every", "programs")
    return program or page.same_image or not system(path) or paths.inside(path, "/etc")


def _packages(page: Page, stage: Shipped) -> list[str]:
    """The packages of the final stage: those that a program may call.

    Raises:
        Against: which they are is not known.
    """
    traces = page.traces
    sources = not page.sources and any(
        paths.inside(path, one)
        for path, _ in traces.written
        for one in ("/etc/apt", "/etc/apk", "/etc/yum", "/etc/yum.repos.d")
    )
    found: list[str] = []
    left = [
        name
        for name in ("git", *languages.listed(page.key, "callable"))
        if name in traces.packages and page.serves_the_build(name)
    ]
    if left:
        traces.asks.append(f"does the program do without {' and '.join(left)}? What only builds stays in the builder")
    for name in traces.packages:
        if page.serves_the_build(name) or (name in languages.names("every", "always") and name not in _DATA):
            found += [one for one in page.instead(name) or () if one not in found]
            continue
        if name in traces.doubted:
            raise Against(stage.stage.steps[0], f"{name} is installed under a condition, and the program may call it")
        if sources or (name in traces.pinned and not page.same_image):
            why = f"{name} is installed, in a version or from a place of its own, and the program may call it"
            raise Against(stage.stage.steps[0], why)
        others = page.instead(name)
        if others is not None:
            found += [one for one in others if one not in found]
            continue
        if name.endswith(("-dev", "-devel")):
            traces.asks.append(
                f"does anything need {name} when it runs? It goes along for its library, which alone may do"
            )
        name = traces.spelled.get(name, name)
        found += [name] if name not in found else []
    deleted = next((one for one, _, _ in traces.gone if found and not page.deletes and _of_a_package(one, page)), "")
    if deleted:
        raise Against(stage.stage.steps[0], f"it deletes {deleted}, which a package may bring to the final stage again")
    return found


def _of_a_package(path: str, page: Page) -> bool:
    """True for settings that no command of the author's is seen to write."""
    written = any(paths.inside(one, path.rstrip("/*")) for one, _ in page.traces.written)
    return paths.inside(path, "/etc") and not paths.inside(path, "/etc/apt") and not written
