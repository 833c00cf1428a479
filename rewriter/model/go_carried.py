"""The files that COPY and ADD bring in front of a build, and which of them the program may read when it runs."""

from __future__ import annotations

from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.glob import matches
from rewriter.knowledge import golang
from rewriter.model import effects, go_stage, paths
from rewriter.model.copied import Copied, copied
from rewriter.model.file import Step
from rewriter.model.split_folders import Folders, system
from rewriter.model.split_stage import Shipped, unmodelled
from rewriter.rule import Ask

#: where certificates lie that a command gathers
_CERTIFICATES: Final = ("/usr/local/share/ca-certificates", "/usr/share/ca-certificates", "/etc/ssl", "/etc/pki")


class Brought(NamedTuple):
    """``files`` are places in the image with the places in the context, as far as the context shows them. ``named`` are the
    targets that the words of COPY show to be no Go sources, ``hidden`` those that may hold anything. ``why`` says why
    nothing is known, or is ""; ``missing`` is True when that is a source that the context does not have."""

    files: dict[str, str]
    named: list[str]
    hidden: list[str]
    why: str = ""
    step: Step | None = None
    missing: bool = False

    @property
    def folders(self) -> list[str]:
        """The folders that were copied to."""
        return [*(posixpath.dirname(path) for path in self.files), *self.named, *self.hidden]


def brought(stage: Shipped, steps: list[Step], ask: Ask, seen: tuple[str, ...] | None) -> Brought:
    """What the COPY and ADD among ``steps`` bring. ``seen`` are the files of the context, None when it cannot be seen."""
    found = Brought({}, [], [])
    folders = _folders(stage)
    for step in steps:
        if step.name not in ("COPY", "ADD") or go_stage.brings(stage, step):
            continue
        copy = copied(stage.file, step, ask)
        why = _strange(copy, seen is None)
        if why:
            return found._replace(why=why, step=step)
        for source in copy.sources:
            if seen is None:
                _by_name(copy, source, found)
            elif not _by_context(copy, source, seen, found.files):
                return found._replace(why=f"the context has no {source}", step=step, missing=True)
        lone = copy.file == copy.target or copy.target in found.files
        if lone and not copy.into and folders.known(copy.target):
            return found._replace(why="whether it copies to a file or into a folder is not known", step=step)
    if any(paths.inside(path, one) for path in (*found.files, *found.named) for one in _CERTIFICATES):
        return found._replace(why="certificates of the author's own have to be gathered again", step=steps[0])
    return found


def _folders(stage: Shipped) -> Folders:
    """The folders that there may be when something is copied to them."""
    found = go_stage.folders(stage)
    for step in (*stage.steps, stage.stage.steps[-1]):
        found.make(step.state.workdir or "/", None)
    for run in stage.runs.values():
        for made in effects.of(run).makes:
            if made.kind != "file" and "$" not in made.path:
                found.make(made.path, None)
    return found


def _strange(copy: Copied, blind: bool) -> str:
    why = unmodelled(copy)
    if why:
        return why
    pattern = blind and all(source.endswith("*") for source in copy.sources)
    if any("://" in source or source.startswith("git@") for source in copy.sources) or (copy.unpacks and not pattern):
        return "what ADD downloads or unpacks may be what the program needs"
    if any("$" in source for source in copy.sources):
        return "what it copies is not known"
    return ""


def _by_name(copy: Copied, source: str, found: Brought) -> None:
    """Without the context: judge a source by its name."""
    name = posixpath.basename(source.rstrip("/"))
    if name in ("", ".", ".."):
        found.hidden.append(copy.target)
    elif golang.only_for_the_build(name) and not source.endswith("/"):
        return
    elif golang.folder_of_sources(source):
        found.hidden.append(copy.target)
    elif copy.file:
        found.named.append(copy.file)
    elif len(copy.sources) == 1 and copy.target not in ("/",) and not any(sign in source for sign in "*?["):
        found.named.append(copy.path_of(source) if copy.file and copy.into else copy.target)
    else:
        found.hidden.append(copy.target)


def _by_context(copy: Copied, source: str, seen: tuple[str, ...], files: dict[str, str]) -> bool:
    """Add what one source brings; False when the context does not have it."""
    top = posixpath.normpath(source.lstrip("/") or ".")
    pattern = any(sign in top for sign in "*?[")
    matched = False
    for path in seen:
        if pattern:
            parts = path.split("/")
            depth = top.count("/") + 1
            if len(parts) < depth or not matches("/".join(parts[:depth]), top) or "**" in top:
                continue
            if any(not matches(a, b) for a, b in zip(parts, top.split("/"), strict=False)):
                continue
            head = "/".join(parts[:depth])
        elif top != "." and not paths.inside(path, top):
            continue
        else:
            head = top
        matched = True
        if path == head:
            into = copy.into or (pattern and len(copy.sources) > 1)
            target = posixpath.join(copy.target, posixpath.basename(path)) if into else copy.target
        else:
            target = posixpath.join(copy.target, path if head == "." else path[len(head) + 1 :])
        files[posixpath.normpath(target)] = path
    return matched


def named(files: dict[str, str], texts: list[str], written: frozenset[str], workdir: str) -> list[str]:
    """The places that may be read at run time by a program that opens nothing but what its sources name: files that are no Go
    sources, and whole folders that hold nothing else. ``texts`` are sources and instructions: a file whose name stands in one
    of them is read, whatever it usually is for. ``written`` are the names in calls that read, seen from ``workdir``."""
    vendored = {
        path.partition("/vendor/")[0] + "/vendor"
        for path in files
        if path.endswith(".go") and "/vendor/" in path and _root(path.partition("/vendor/")[0], files)
    }
    asked = [posixpath.normpath(posixpath.join(workdir, name)) for name in written]
    wanted = [
        path
        for path, source in files.items()
        if (not golang.only_for_the_build(source) and not any(paths.inside(path, one) for one in vendored))
        or _named(source, texts)
        or any(_reached(path, one) for one in asked)
    ]
    mixed: set[str] = set()
    for path in files.keys() - set(wanted):
        folder = posixpath.dirname(path)
        while folder not in mixed and folder != "/":
            mixed.add(folder)
            folder = posixpath.dirname(folder)
    tops = {posixpath.dirname(path) for path in files}
    shallow = min((folder.count("/") for folder in tops if folder != "/"), default=1)
    found: list[str] = []
    for path in sorted(wanted):
        best, folder = path, posixpath.dirname(path)
        while folder not in mixed and folder.count("/") > shallow and not system(folder):
            best, folder = folder, posixpath.dirname(folder)
        if best not in found:
            found.append(best)
    return found


def _reached(path: str, asked: str) -> bool:
    """True when a name of a file, a folder or a pattern leads to ``path``."""
    depth = asked.count("/")
    return matches("/".join(path.split("/")[: depth + 1]), asked)


def _named(source: str, texts: list[str]) -> bool:
    """True when a text names the file, or the folder that is usually for the build alone."""
    *folders, name = source.split("/")
    names = [name, *(folder for folder in folders if folder in golang.names("files", "folders"))]
    return any(
        f'{one}"' in text or f"{one}`" in text or f"{one}/" in text or f" {one}" in text
        for text in texts
        for one in names
    )


def _root(folder: str, files: dict[str, str]) -> bool:
    """True for a folder with a go.mod, or with Go files of its own."""
    return posixpath.join(folder, "go.mod") in files or any(
        posixpath.dirname(path) == folder and path.endswith(".go") for path in files
    )


def left(places: list[str], gone: list[tuple[str, bool]], whole: list[str]) -> list[str] | str:
    """``places`` without those that were deleted: what is gone is in no image. The first one that is deleted in part, or
    perhaps, when there is one; the folders in ``whole`` go along as they are then. ``gone`` are paths with whether they are
    certainly deleted after all files came."""
    found = list(places)
    for path, certain in gone:
        folder = path.rstrip("/")
        while folder.endswith("/*"):
            folder = folder[:-2]
        if any(sign in folder for sign in "*?["):
            above = posixpath.dirname(folder[: min(folder.find(sign) for sign in "*?[" if sign in folder)])
            hit = next(
                (one for one in found if one not in whole and (paths.inside(one, above) or paths.inside(above, one))),
                "",
            )
            if hit and not folder.endswith(".go"):
                return hit
            continue
        for one in list(found):
            if paths.inside(one, folder):
                if not certain:
                    return one
                found.remove(one)
            elif paths.inside(folder, one) and one not in whole:
                return one
    return found
