"""The build context, as far as a transform may look into it: the text of a file. Nothing is executed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from fnmatch import fnmatch
from itertools import islice

from dslim.files import Trouble, read
from dslim.patterns import Patterns

LARGEST = 256 * 1024  # bytes of one file
LARGEST_LOCK = 2**20  # bytes of a lock file, which names each package with its files
MOST = 4 * 2**20  # bytes of all files that one Dockerfile may ask for
MANY = 20_000  # files of a context; one that has more is not listed
_LOCKS = frozenset(
    "package-lock.json yarn.lock pnpm-lock.yaml poetry.lock uv.lock Pipfile.lock Gemfile.lock composer.lock".split()
)
#: settings that may name what a container starts
_STARTERS = (
    *("*.yml", "*.yaml", "*.toml", "*.json", "*.mk", "*.sh"),
    *("Makefile", "GNUmakefile", "Jenkinsfile", "Taskfile*", "Tiltfile", "Dockerfile*"),
)
#: those that may lie above the folders that they build
_DEPLOYING = ("*compose*.y*ml", "Procfile", "heroku.yml", "fly.toml", "railway.json", "railway.toml", "render.yaml")
#: files that may build an image, and say with which arguments
_BUILDING = tuple(
    "*.yml *.yaml *.toml *.json *.hcl *.mk *.sh *.bash *.ps1 *.bat *.cmd *.groovy *.gradle *.kts *.tf *.env .env* *.md *.rst "
    "*.cfg *.ini *.star *.bzl BUILD* Makefile GNUmakefile makefile Jenkinsfile* Taskfile* Tiltfile Earthfile [Jj]ustfile build "
    "Rakefile Vagrantfile pom.xml noxfile.py tasks.py fabfile.py".split()
)
#: of these formats, but made by machines and long: no argument of a build is in them
_GENERATED = ("*lock*", "npm-shrinkwrap.json")
#: folders above a context in which such files lie
CI = tuple(
    ".github/workflows .github/actions .circleci .gitlab .buildkite .azure .ci .devcontainer ci scripts hack bin build deploy "
    "deployment docker tools".split()
)


class Context:
    """Gives the text of a file of one folder by its relative path, or None.

    None stands for: no such file, not a regular file, outside the folder (by ``..`` or by a link), left out by
    ``.dockerignore``, not UTF-8, larger than :data:`LARGEST` (a lock file: :data:`LARGEST_LOCK`), or :data:`MOST` bytes were
    given out already.
    """

    def __init__(self, folder: str, dockerfile: str = "") -> None:
        """``dockerfile`` names the file being rewritten: its own ``<name>.dockerignore`` goes before the folder's."""
        self._folder = folder
        self._dockerfile = dockerfile
        self._root = ""
        self._ignored: Patterns | None = None
        self._left = MOST
        self._known: dict[str, str | None] = {}
        self._listed: tuple[str, ...] | None = None
        self._ignored_files: list[str] = []
        self._beside: tuple[tuple[str, str, str], ...] | None = None
        self._building: tuple[tuple[str, str | None], ...] | None = None

    def __call__(self, path: str) -> str | None:
        """The text of the file at ``path``, relative to the context."""
        name = os.path.normpath(path.replace("\\", "/")) if path else ""
        if not name or name.startswith("..") or os.path.isabs(name) or "\0" in name:
            return None
        if name not in self._known:
            self._known[name] = self._text(name)
        return self._known[name]

    def files(self) -> tuple[str, ...] | None:
        """The paths of all files of the context, sorted, each with ``/`` between its parts; None when there are more than
        :data:`MANY`, a folder cannot be read, or something is a link."""
        if self._listed is None:
            self._open()
            found = list(islice(self._walk(), MANY + 1))
            self._listed = tuple(sorted(found))
        return self._listed if len(self._listed) <= MANY and "" not in self._listed else None

    def _walk(self) -> Iterator[str]:
        unread: list[OSError] = []
        for folder, below, names in os.walk(self._root, onerror=unread.append):
            if unread:
                yield ""
                return
            below[:] = [name for name in below if name != ".git"]  # large, and no program reads it
            if any(os.path.islink(os.path.join(folder, name)) for name in below):
                yield ""  # what lies behind a link to a folder is not followed
                return
            for name in names:
                path = self._relative(os.path.join(folder, name))
                if self._ignored is not None and self._ignored.match(path):
                    self._ignored_files.append(path)
                else:  # what a link leads to may be left out where the link is not
                    yield "" if os.path.islink(os.path.join(folder, name)) else path
        if unread:
            yield ""

    def beside(self) -> tuple[tuple[str, str, str], ...]:
        """The files that may start containers of the image and are no part of the context, each as its path relative to the
        context, the path from its folder to the context ("" inside of it) and its text: those that ``.dockerignore`` leaves
        out, and those in the folders above, up to the one that holds ``.git``."""
        if self._beside is None:
            self.files()
            found = [(path, "") for path in self._ignored_files if may_start(path)] + self._above()
            texts = ((path, way, self._read(os.path.realpath(os.path.join(self._root, path)))) for path, way in found)
            self._beside = tuple((path, way, text) for path, way, text in texts if text is not None)
        return self._beside

    def _above(self) -> list[tuple[str, str]]:
        """The files above the context that may start it, and their ways to it; none outside of a repository."""
        found: list[tuple[str, str]] = []
        for folder in self._folders_above() or ():
            up, way = self._relative(folder), os.path.relpath(self._root, folder).replace(os.sep, "/")
            found += [(f"{up}/{name}", way) for name in _in_folder(folder) if deploys(name)]
        return found

    def building(self) -> tuple[tuple[str, str | None], ...] | None:
        """The files that may build the image, of the context, of what ``.dockerignore`` leaves out and of the folders above up to
        the one that holds ``.git``, each as its path relative to the context and its text (None: it cannot be read). None
        where the files of the context are not known, or it lies in no repository."""
        if (
            self._building is None
            and (files := self.files()) is not None
            and (above := self._folders_above()) is not None
        ):
            found = [*files, *self._ignored_files]
            for folder in (os.path.join(one, part) for one in above for part in ("", *CI)):
                found += [f"{self._relative(folder)}/{name}" for name in _in_folder(folder)]
            left = MOST
            texts: list[tuple[str, str | None]] = []
            for path in dict.fromkeys(path for path in found if may_build(path)):
                place = os.path.join(self._root, path)
                data = Trouble("a link") if os.path.islink(place) else read(place, min(LARGEST, left))
                left -= 0 if isinstance(data, Trouble) else len(data)
                texts.append((path, None if isinstance(data, Trouble) else data.decode("utf-8", "replace")))
            self._building = tuple(texts)
        return self._building

    def _folders_above(self) -> list[str] | None:
        """The folders above the context, up to the one that holds ``.git``; None where none does."""
        found: list[str] = []
        folder = self._root
        while not os.path.exists(os.path.join(folder, ".git")):
            if folder == os.path.dirname(folder):
                return None
            folder = os.path.dirname(folder)
            found.append(folder)
        return found

    def _relative(self, path: str) -> str:
        return os.path.relpath(path, self._root).replace(os.sep, "/")

    def _text(self, name: str) -> str | None:
        self._open()
        real = os.path.realpath(os.path.join(self._root, name))
        if os.path.commonpath((real, self._root)) != self._root:
            return None
        if self._ignored is not None and self._ignored.match(name):
            return None
        return self._read(real)

    def _read(self, real: str) -> str | None:
        largest = LARGEST_LOCK if os.path.basename(real) in _LOCKS else LARGEST
        data = read(real, min(largest, self._left))
        if isinstance(data, Trouble):
            return None
        self._left -= len(data)
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return None

    def _open(self) -> None:
        """Find the folder and what it leaves out, at the first question."""
        if self._root:
            return
        self._root = os.path.realpath(self._folder or ".")
        own = [f"{self._dockerfile}.dockerignore"] if self._dockerfile else []  # else it were the working directory's
        for path in (*own, os.path.join(self._root, ".dockerignore")):
            data = read(path, LARGEST)
            if not isinstance(data, Trouble):
                self._ignored = ignored(data.decode("utf-8", "replace"))
                return


def may_start(path: str) -> bool:
    """True for a file of the context that may start containers, or says how."""
    name = os.path.basename(path)
    return any(fnmatch(name, one) for one in _STARTERS)


def deploys(name: str) -> bool:
    """True for the name of a file that starts containers of several folders: it may lie above them."""
    return any(fnmatch(name, one) for one in _DEPLOYING)


def may_build(path: str) -> bool:
    """True for a file that may build images, or says how."""
    name = os.path.basename(path)
    return any(fnmatch(name, one) for one in _BUILDING) and not any(fnmatch(name, one) for one in _GENERATED)


def _in_folder(folder: str) -> list[str]:
    """The names of the files in a folder; none where it cannot be read."""
    names = os.listdir(folder) if os.path.isdir(folder) and os.access(folder, os.R_OK) else []
    return sorted(name for name in names if os.path.isfile(os.path.join(folder, name)))


def ignored(text: str) -> Patterns | None:
    """What a ``.dockerignore`` leaves out; None for nothing.

    As in Docker a pattern starts at the root of the context, the last one that matches decides, and ``!`` brings back
    even what lies in a folder that is left out.
    """
    patterns = [pattern for line in text.split("\n") if (pattern := _anchored(line))]
    if not patterns:
        return None
    return Patterns(patterns, folders=False)


def _anchored(line: str) -> str:
    """A line of ``.dockerignore`` in git's language; empty when it says nothing."""
    pattern = line.strip().lstrip("\ufeff")
    if not pattern or pattern.startswith("#"):
        return ""
    mark = "!" if pattern.startswith("!") else ""
    path = os.path.normpath(pattern[len(mark) :].strip() or ".").lstrip("/")
    return "" if path in ("", ".") or path.startswith("..") else f"{mark}/{path}"
