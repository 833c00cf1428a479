"""The folders that a stage makes beside the toolchain's: which go along whole, and whom they belong to.

COPY takes what lies in a folder as it is, owners and modes included, but not those of the folder itself: these are set again
by the commands that set them before.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.glob import matches
from rewriter.knowledge import languages
from rewriter.knowledge.base_trees import always_there, base_tree_of
from rewriter.model import paths
from rewriter.model.command import Command
from rewriter.model.run import Run
from rewriter.model.split_stage import Shipped

#: modes that a folder has anyway, and files may get
_USUAL: Final = frozenset(("+x", "a+x", "u+x", "755", "0755"))


class Given(NamedTuple):
    """A ``chown``, ``chgrp`` or ``chmod`` of a path, which may have wildcards. ``words`` are the command without it, ``deep``
    is True for what lies below as well. ``certain`` is False under a condition. ``made`` are the folders that were there then."""

    words: str
    path: str
    deep: bool
    certain: bool
    made: frozenset[str]

    def means(self, folder: str) -> bool:
        """True when the owner or mode of ``folder`` itself is set."""
        reached = matches(folder, self.path) or (self.deep and paths.inside(folder, self.path))
        return reached and (folder in self.made or folder == self.path)


class Toolchain(NamedTuple):
    """What an image has beside its system. ``home`` is the folder that its toolchain works in and everybody may write to
    (GOPATH), "" without one; ``sources`` the one below in which many programs lie beside each other. ``there`` are all
    folders that it has, ``trees`` those that are the toolchain's own. ``public`` is False where the file makes ``home``."""

    home: str = ""
    sources: str = ""
    there: frozenset[str] = frozenset()
    trees: tuple[str, ...] = ()
    public: bool = True


class Folders:
    """``made`` are folders in the order in which they are made, ``given`` whom they are given to, the toolchain's home
    included: the image lets everybody write there."""

    def __init__(self, stage: Shipped, image: Toolchain) -> None:
        self._stage = stage
        self._image = image
        self.made: list[str] = []
        home = image.home
        self.given = [Given("chmod 1777", home, False, True, frozenset())] if home and image.public else []
        self._asked: set[str] = set()
        #: while the context is not seen: what is certainly a file, and what a COPY made that may be one
        self.blind = False
        self.files: set[str] = set()
        self.unsure: set[str] = set()
        self.asks: list[str] = []

    def make(self, path: str, user: str | None, asked: bool = False) -> None:
        """``path`` and the folders above it are made, by ``user``; None and "root" own what root makes. ``asked`` is True
        for a folder that is wanted for itself, and not for what comes into it."""
        if asked:
            self._asked.add(path)
        new = [one for one in (*above(path), path) if not self.known(one)]
        self.made += new
        if user not in (None, "root", "0", "root:root", "0:0"):
            # a name alone has its group with it: "app:" is the group of the user's entry; a number alone has not
            who = user if not user or ":" in user or user.isdigit() else f"{user}:"
            self.given += [Given(f"chown {who}", one, False, bool(user), frozenset()) for one in new]

    def below(self, target: str, owned: bool) -> list[str]:
        """The folders that are there below the ``target`` of a COPY and have an owner or a mode, which what it brings may
        change: its own folders have theirs. All of them where COPY says who owns what it brings."""
        inside = (one for one in self.made if one != target and paths.inside(one, target))
        return [one for one in inside if owned or any(given.means(one) for given in self.given)]

    def doubt(self, folder: str) -> None:
        """It is not known whom ``folder`` belongs to from here on."""
        self.given.append(Given("chown", folder, False, False, frozenset()))

    def ask(self, path: str) -> None:
        """A program looks for ``path``: where that is a folder that is made, it is wanted for itself."""
        if posixpath.normpath(path) in self.made:
            self._asked.add(posixpath.normpath(path))

    def mkdir(self, run: Run, command: Command) -> str:
        """The folders that ``mkdir`` makes; why they are not known, or ""."""
        option = command.option("-m", "--mode")
        mode = option if isinstance(option, str) or option is None else option.value
        for word in command.operands:
            path = paths.literal(word, command, run.state)
            if path is None:
                return "which folder it makes is not known"
            for one in paths.brace_expansions(path):
                place = one.rstrip("/")
                self.make(place, run.state.user, asked=True)
                if option is not None:
                    if mode is None or not command.place.certain:
                        return "which mode a folder gets is not known"
                    self.given.append(Given(f"chmod {mode}", place, False, True, frozenset()))
        return ""

    def give(self, run: Run, command: Command) -> str:
        """What ``chown`` and ``chmod`` change; why that is not known, or ""."""
        words = [word for word in command.arguments if word.raw in ("-x", "-r", "-w") or not word.raw.startswith("-")]
        if len(words) < 2 or command.has("--reference", "--from"):
            return f"what {command.tool} changes is not known"
        what, *places = words
        deep = command.has("-R", "--recursive")
        if command.tool == "chmod" and what.value in _USUAL and not deep:
            return ""  # modes of files go along, and a folder has these
        value = what.value if what.value is not None else paths.symbolic(what, run.state)
        found = [paths.literal(word, command, run.state) for word in places]
        if value is None or None in found:
            return f"what {command.tool} changes is not known"
        given, there, sure = f"{command.tool} {value}", frozenset(self.made), command.place.certain
        self.given += [Given(given, str(path).rstrip("/") or "/", deep, sure, there) for path in found]
        return ""

    def known(self, path: str) -> bool:
        """True for a folder of the base, and for one that was made."""
        return path in self.made or self._base(path)

    def _base(self, path: str) -> bool:
        return always_there(path) or path in self._image.there

    def of_the_toolchain(self, path: str) -> bool:
        """True for what lies in the toolchain's home, or in its own folders, and not in the working directory."""
        workdir, home = self._stage.end.workdir or "/", self._image.home
        if home and workdir != home and paths.inside(workdir, home) and paths.inside(path, workdir):
            return False
        return any(paths.inside(path, one) for one in (home, *self._image.trees) if one)

    def tops(self, places: list[str]) -> list[str]:
        """The folders that go along whole for ``places``: the topmost ones that the base does not have. Below the toolchain's
        sources it is the place itself, since others lie beside it."""
        found: list[str] = []
        for place in places:
            inside = bool(self._image.sources) and paths.inside(place, self._image.sources)
            top = place if inside else next((one for one in (*above(place), place) if not self._base(one)), "")
            if top and not self._base(top) and not system(top):
                found.append(top)
        return [one for one in dict.fromkeys(found) if not any(one != top and paths.inside(one, top) for top in found)]

    def commands(self, folders: list[str], others: list[str], gone: list[str], whole: bool) -> list[str] | str:
        """What makes folders again, with their owners and modes: those that ``mkdir`` made and nothing brings, and those whose
        owner or mode is set. Or why that is not known. ``folders`` and ``others`` (files) go along anyway, ``gone`` were
        deleted; ``whole`` is True when a program may use any folder of those that were made."""
        workdir = self._stage.end.workdir or "/"
        there = [workdir, *folders, *others]
        ours = self._ours([workdir, *folders], folders, gone)
        lines: list[tuple[str, list[str]]] = []
        for given in self.given:
            reached = [one for one in ours if given.means(one) and one not in self.files]
            kind = next(
                (one for one in reached if one == given.path and one in folders and self._may_be_a_file(one)), ""
            )
            if kind and not given.deep:
                self.asks.append(
                    f"is {kind} a folder? It is made again, with its owner and mode, and a file must not be"
                )
            if reached and (not given.certain or "$" in given.words):
                return f"who owns {reached[0]} is not certain"
            if self._foreign(given, [*there, *ours]):
                return f"who owns {given.path} is not repeated here"
            if reached and lines and lines[-1][0] == given.words:
                lines[-1][1].extend(one for one in reached if one not in lines[-1][1])
            elif reached:
                lines.append((given.words, reached))
        changed = {folder for _, reached in lines for folder in reached}
        wanted = [one for one in ours if one in self._asked or (whole and system(one))]
        missing = [one for one in wanted if not any(paths.inside(place, one) for place in there)]
        made = [one for one in ours if one in changed or one in missing]
        return [f"mkdir -p {' '.join(made)}", *(f"{words} {' '.join(one)}" for words, one in lines)] if made else []

    def _may_be_a_file(self, path: str) -> bool:
        return self.blind and (path in self.unsure or path not in self.made)

    def _ours(self, others: list[str], folders: list[str], gone: list[str]) -> list[str]:
        """The folders that may have to be made again: not those in what goes along whole, nor what was deleted."""
        found = [one for one in self.made if not self.of_the_toolchain(one)]
        rooted = self._image.home if self._stage.end.root else ""  # root may write there, whatever its mode is
        found += [one for one in dict.fromkeys(others) if one not in found and one != rooted]
        return [
            one
            for one in found
            if not any(one != top and paths.inside(one, top) for top in folders)
            and not any(paths.inside(one, top.rstrip("/*")) for top in gone)
        ]

    def _foreign(self, given: Given, ours: list[str]) -> bool:
        """True for a place that the base brings, whose owner or mode would be another one."""
        path = given.path.partition("*")[0].rstrip("/") or "/"
        if any(paths.inside(path, one) for one in ours) or self.of_the_toolchain(path):
            return False
        return self._base(path) or system(path)


def system(folder: str) -> bool:
    """True for a folder in which an image has files of its own: ``/usr/lib``, and not ``/usr/src/app``."""
    tree = base_tree_of("debian")
    if tree is not None and tree.holds_nothing_in(folder):
        return False
    return any(paths.inside(folder, one) for one in ("/etc", "/usr", "/bin", "/sbin", "/lib", "/lib64", "/var"))


def shared(folder: str) -> bool:
    """True for a folder of the system's that many programs have files in."""
    return folder in languages.names("c", "shared")


def above(path: str) -> list[str]:
    """The folders above a path, from the top, without ``/``."""
    parts = path.strip("/").split("/")
    return ["/" + "/".join(parts[:count]) for count in range(1, len(parts))]
