"""Source trees that a RUN clones or unpacks, builds and leaves, and how to delete them in the author's own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.knowledge import filetools
from rewriter.knowledge.base_trees import always_there
from rewriter.model import effects, paths, privilege, style
from rewriter.model.caches import span_of
from rewriter.model.command import Command
from rewriter.model.effects import Effect, Effects, Made
from rewriter.model.file import File
from rewriter.model.leftovers import gone, in_volume, keeps_link, shown, wanted_later, works_in, written
from rewriter.model.run import Run
from rewriter.rule import Change, Decline, Finding, Safety

#: variables of make that say where a program is put
_PLACES: Final = frozenset("PREFIX prefix DESTDIR bindir BINDIR".split())


class Tree(NamedTuple):
    """A source tree that a RUN fetched. ``installed`` is the command that put the result of its build elsewhere."""

    made: Made
    installed: Effect | None


def trees(found: Effects) -> Iterator[Tree]:
    """The directories that the RUN clones, or unpacks and then enters."""
    made: dict[str, Made] = {}
    names: dict[str, list[str]] = {}
    for effect in found.each:
        for unpacked in effect.unpacks:
            if unpacked.into is not None:
                names.setdefault(unpacked.into, []).append(posixpath.basename(unpacked.path))
        if effect.command.tool == "tar" and not effect.unpacks:
            for one in effect.makes:
                if one.kind == "below":
                    names.setdefault(one.path, []).append("")
        for one in effect.makes:
            if one.kind == "tree" and one.download and one.path not in made and not always_there(one.path):
                made[one.path] = one
        if effect.command.tool != "cd" or not effect.command.place.certain or len(effect.reads) != 1:
            continue
        top = _top(effect.reads[0], names)
        if top is not None and top not in made and effect.command.arguments:
            word = effect.command.arguments[0].raw
            if top == effect.reads[0]:
                made[top] = Made(top, "tree", word, effect.cwd, effect.command)
    for tree in made.values():
        yield Tree(tree, next((effect for effect in found.each if _installs(effect, tree.path)), None))


def _top(path: str, names: dict[str, list[str]]) -> str | None:
    """``path`` when it is a direct member of a directory that was unpacked to, and is named like the archive."""
    above, name = posixpath.split(path)
    if not name:  # the root itself
        return None
    if above in filetools.TEMPORARY and above in names:
        return path
    for archive in names.get(above, ()):
        stem = archive.partition(".tar")[0].removesuffix(".tgz").removesuffix(".zip").removesuffix(".tbz2")
        if stem and (name.startswith(stem) or stem.startswith(name)):
            return path
    return None


def _installs(effect: Effect, tree: str) -> bool:
    if effect.cwd is None:
        return False
    words = [word.raw for word in effect.command.arguments]
    if effect.command.has("-n", "--dry-run", "--just-print"):
        return False
    at = works_in(effect) or effect.cwd
    if effect.command.tool in ("make", "gmake", "ninja"):
        return paths.inside(at, tree) and any(word.startswith("install") or word == "altinstall" for word in words)
    if effect.command.tool == "cmake":
        return paths.inside(at, tree) and ("--install" in words or words[-2:] == ["--target", "install"])
    if effect.command.tool.startswith("python"):
        return paths.inside(at, tree) and words[:2] == ["setup.py", "install"]
    return False


def _built(found: Effects, tree: Tree, installed: Effect) -> bool:
    """True when something in front of ``make install`` builds in the tree, or configures it. The ``install`` of an application
    that is cloned often gets its packages and no more; what is released in an archive is taken to be installed by it."""
    temporary = any(paths.inside(tree.made.path, directory) for directory in filetools.TEMPORARY)
    if installed.command.tool not in ("make", "gmake", "ninja") or tree.made.command.tool != "git" or temporary:
        return True
    for effect in found.each:
        if effect.command is installed.command:
            break
        if effect.anything and effect.command.tool:
            at = effect.cwd is not None and paths.inside(effect.cwd, tree.made.path)
            if at or effects.reads(effect, tree.made.path):
                return True
    words = [word.raw for word in installed.command.arguments if not word.raw.startswith("-")]
    given = (
        *(word.partition("=")[0] for word in words if "=" in word),
        *(name for name, _ in installed.command.environment),
    )
    return sum("=" not in word for word in words) > 1 or not _PLACES.isdisjoint(given)  # make all install


#: what asks for debug information, which names the sources by their places
_DEBUG: Final = (
    "CMAKE_BUILD_TYPE=Debug",
    "CMAKE_BUILD_TYPE=RelWithDebInfo",
    "--enable-debug ",
    "--buildtype=debug",
    "-ggdb",
)


def _debugged(run: Run, path: str) -> str:
    """Why the sources stay for a debugger, or ""."""
    asked = next((one.strip() for one in _DEBUG if one in run.visible.text), "")
    return f"{shown(path)} stays: {asked} asks for debug information, and a debugger shows the sources" if asked else ""


def trees_deleted(file: File, run: Run, fetched: Iterable[Tree]) -> Iterator[Finding | Decline]:
    """One finding that deletes the trees at the end of the RUN; a decline for each that must stay."""
    found = effects.of(run)
    gone_now: list[Made] = []
    facts: list[str] = []
    for tree in fetched:
        made = tree.made
        if gone(found, made) or run.mounted(made.path) or in_volume(run, made.path):
            continue
        why, unseen = _stays(file, run, tree)
        why = why or _debugged(run, made.path)
        if why:
            yield Decline(span_of(run, made.command), why)
        elif tree.installed is not None:
            gone_now.append(made)
            facts.append(f"{tree.installed.command.words_text[:40]} put the result of the build in its place")
            facts += unseen
    if not gone_now:
        return
    at, names = span_of(run, gone_now[0].command), " ".join(shown(made.path) for made in gone_now)
    raised = privilege.for_deleting(run, *_workers(found, gone_now))
    text = None if isinstance(raised, style.Refusal) else _rm_trees(gone_now, found, raised)
    known = "a variable in its name may have another value" if found.end else "the directory is not known"
    change: Change | style.Refusal = style.Refusal(f"where this RUN ends {known}")
    if isinstance(raised, style.Refusal):
        change = raised
    elif text is not None:
        change = style.append(run, text)
    if isinstance(change, style.Refusal):
        yield Decline(at, f"{names} stays: {change.why}")
        return
    because = tuple(dict.fromkeys((*facts, "nothing later names the sources")))
    yield Finding(at, f"Delete the sources {names}", change, Safety.REVIEW, because)


def _stays(file: File, run: Run, tree: Tree) -> tuple[str, tuple[str, ...]]:
    """Why the tree must stay, or ""; and the programs that are taken not to need it."""
    name = shown(tree.made.path)
    if tree.installed is None:
        return f"that the build put its result outside of {name} is not seen; an install command would show it", ()
    workdir = run.state.workdir
    if workdir and paths.inside(workdir, tree.made.path) and not _left(run):
        return f"{name} is the directory in which the image starts", ()
    wanted = wanted_later(file, run, tree.made.path)
    link = keeps_link(effects.of(run), tree.made.path)
    if link or wanted.why:
        return (f"{link} of the same RUN may depend on {name}" if link else wanted.why), ()
    if not _built(effects.of(run), tree, tree.installed):
        why = (
            f"nothing in front of make install builds in {name}: it may get what the program needs, and leave it there"
        )
        return why, ()
    return "", wanted.unseen


def _left(run: Run) -> bool:
    """True when a later WORKDIR of the stage leads elsewhere."""
    return any(step.name == "WORKDIR" and step.index > run.index for step in run.stage.steps)


def _workers(found: Effects, made: list[Made]) -> list[Command]:
    """The commands that made the trees, and those that worked in them: files there may belong to root."""
    inside = (each for each in found.each if each.cwd and any(paths.inside(each.cwd, one.path) for one in made))
    return [*(one.command for one in made), *(each.command for each in inside)]


def _rm_trees(made: list[Made], found: Effects, raised: str) -> str | None:
    """``rm -rf trees`` for the end of the RUN, after leaving the tree when its shell stands inside one."""
    end, lead = found.end, ""
    inside = next((one for one in made if end is not None and paths.inside(end, one.path)), None)
    if inside is not None:
        if all(one.path.startswith("/") for one in made):
            lead, end = "cd / && ", "/"
        elif end == inside.path and inside.cwd is not None and posixpath.dirname(end) == inside.cwd:
            lead, end = "cd .. && ", inside.cwd
        else:
            return None
    written_all = [written(one.text, one.path, one.cwd, end, found.last) for one in made]
    if None in written_all:
        return None
    return f"{lead}{raised}rm -rf {' '.join(text for text in written_all if text)}"
