"""The Go sources that a build compiles, as far as the context shows them: imports, cgo, and signs of what a program needs.

Nothing is compiled: the packages are followed import by import from the main package. Build constraints are not judged, so
more files may be taken into account than are compiled, never fewer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from rewriter import posixpath
from rewriter.knowledge import golang
from rewriter.model import paths
from rewriter.model.go_program import Program
from rewriter.model.go_text import header
from rewriter.rule import Ask

_MODULE: Final = re.compile(r"^\s*module\s+\"?([^\s\"]+)", re.MULTILINE)
_REPLACE: Final = re.compile(
    r"^\s*(?:replace\s+)?\"?([^\s()/\"][^\s()\"]*)\"?(?:\s+v\S+)?\s+=>\s+\"?(\.{1,2}(?:/[^\s\"]*)?|/[^\s\"]+)\"?\s*(?://.*)?$",
    re.MULTILINE,
)
#: what cgo compiles beside Go
_NATIVE: Final = (
    ".c",
    ".h",
    ".cc",
    ".cpp",
    ".cxx",
    ".hpp",
    ".hh",
    ".m",
    ".f",
    ".F",
    ".for",
    ".f90",
    ".swig",
    ".swigcxx",
    ".syso",
    ".a",
    ".so",
)
_CONDITION: Final = re.compile(r"^//\s*(?:go:build|\+build)\s", re.MULTILINE)
_IGNORED: Final = re.compile(r"^//\s*(?:go:build|\+build)\s+ignore\b", re.MULTILINE)


class Sources:
    """The files that COPY and ADD brought: their place in the image, and in the context. ``ask`` gives their text.

    ``outside`` is a folder below which go.mod does not count (GOPATH/src before Go 1.13), "/" when it never does, "" when it
    always does.
    """

    def __init__(self, files: Mapping[str, str], ask: Ask, outside: str = "") -> None:
        self._files = files
        self._ask = ask
        self._outside = outside
        self._folders: dict[str, list[str]] = {}
        self._native: dict[str, list[str]] = {}
        for path in files:
            if path.endswith(_NATIVE):
                self._native.setdefault(posixpath.dirname(path), []).append(path)
            if path.endswith(".go") and not path.endswith("_test.go"):
                self._folders.setdefault(posixpath.dirname(path), []).append(path)

    def text(self, path: str) -> str | None:
        """The text of a file of the image, or None."""
        found = self._files.get(path)
        return None if found is None else self._ask.context(found)

    def settings(self) -> list[str]:
        """The texts of what may tell a program where files are."""
        ends = golang.listed("files", "settings")
        found = (self.text(path) for path in self._files if path.endswith(ends) and "/vendor/" not in path)
        return [text for text in found if text is not None]

    @property
    def empty(self) -> bool:
        """True when there is no Go file."""
        return not self._folders

    def holds(self, folder: str) -> bool:
        """True when a file lies below ``folder``."""
        return any(path.startswith(folder + "/") for path in self._files)

    def beside(self, folder: str) -> set[str]:
        """The names of files and folders in ``folder``, and the paths of the files below, seen from there."""
        inner = [path[len(folder) + 1 :] for path in self._files if path.startswith(folder + "/")]
        return {*inner, *(name.partition("/")[0] for name in inner)}

    def module(self, folder: str) -> tuple[str, str]:
        """The root and the path of the module around ``folder``: ("/app", "example.org/shop"); ("", "") without one."""
        at = folder
        if self._outside and paths.inside(folder, self._outside):
            return "", ""
        while True:
            manifest = posixpath.join(at, "go.mod")
            if manifest in self._files:
                found = _MODULE.search(self.text(manifest) or "")
                return at, found[1] if found else ""
            if at in ("/", ""):
                return "", ""
            at = posixpath.dirname(at)

    def mains(self, below: str) -> list[str]:
        """The folders of main packages at or below ``below``: what ``go install ./...`` installs. Modules that lie in one
        are not part of it."""
        inside = [one for one in self._folders if one == below or one.startswith(below.rstrip("/") + "/")]
        inside = [one for one in inside if self.module(one)[0] in (self.module(below)[0], "")]
        return sorted(one for one in inside if _public(one[len(below) :]) and self.is_main(one))

    def conditional(self, folder: str) -> bool:
        """True when each file of the folder's program is compiled under a condition, by its name or in its text."""
        for path in self._folders.get(folder, ()):
            text = self.text(path) or ""
            ends = posixpath.basename(path).removesuffix(".go").split("_")[1:]
            if (
                header(text)[0] == "main"
                and not _CONDITION.search(text)
                and golang.names("files", "systems").isdisjoint(ends)
            ):
                return False
        return True

    def is_main(self, folder: str) -> bool:
        """True when the folder's package is a program."""
        return any(header(text)[0] == "main" for text in self._texts(folder))

    def _texts(self, folder: str) -> Iterator[str]:
        for path in self._folders.get(folder, ()):
            text = self.text(path)
            if text is not None and not _IGNORED.search(text.partition("\npackage ")[0]):
                yield text

    def tests_use_cgo(self) -> bool:
        """True when a test imports "C", or cannot be read."""
        for path in self._files:
            if path.endswith("_test.go"):
                text = self.text(path)
                if text is None or any(one.path == "C" for one in header(text)[1]):
                    return True
        return False

    def program(self, folders: list[str], gopath: str) -> Program:
        """The packages that the main packages in ``folders`` are made of."""
        found = Program({}, [], [], [], [], [], {})
        waiting, seen = list(folders), set[str]()
        while waiting:
            folder = waiting.pop()
            if folder in seen:
                continue
            seen.add(folder)
            root, _ = self.module(folder)
            manifest = self.text(posixpath.join(root, "go.mod")) if root else None
            if manifest is not None and manifest not in found.manifests:
                found.manifests.append(manifest)
            found.native.update({path: self.text(path) or "" for path in self._native.get(folder, ())})
            if any(self.text(path) is None for path in self._folders.get(folder, ())):
                found.unread.append(folder)
            for text in self._texts(folder):
                found.texts.append(text)
                for name in (one.path for one in header(text)[1]):
                    found.imports.setdefault(name, folder)
                    place = self._package(name, folder, gopath)
                    if place:
                        waiting.append(place)
                    elif not golang.standard(name):
                        (found.known if self._looked_up(name, manifest) else found.unseen).append(name)
        return found

    def _looked_up(self, name: str, manifest: str | None) -> bool:
        """True for a package of a module that go_modules.toml has, where go.mod does not put another in its place."""
        module = golang.looked_up(name)
        replaced = any("=>" in line and module in line for line in (manifest or "").split("\n"))
        return bool(module) and manifest is not None and not replaced

    def _package(self, name: str, user: str, gopath: str) -> str:
        """The folder of an imported package, or "" when it is not among the files."""
        if name.startswith("."):
            return posixpath.normpath(posixpath.join(user, name))
        root, _module = self.module(user)
        candidates = []
        at = user
        while at not in ("/", ""):
            candidates.append(posixpath.join(at, "vendor", name))
            at = posixpath.dirname(at)
        if root:
            candidates += [
                one for one in self._in_modules(name, root) if self.module(one)[0] == root or self._workspace(root)
            ]
            for old, new in _REPLACE.findall(self.text(posixpath.join(root, "go.mod")) or ""):
                if name == old or name.startswith(old + "/"):
                    candidates.append(posixpath.normpath(posixpath.join(root, new) + "/" + name[len(old) :]))
        else:
            candidates += [posixpath.join(one, "src", name) for one in gopath.split(":") if one]
        return next((one for one in candidates if one in self._folders), "")

    def _in_modules(self, name: str, root: str) -> list[str]:
        """Where a package of the module at ``root`` lies, or of any module that a go.work may join to it."""
        roots = [root]
        if self._workspace(root):
            roots += [posixpath.dirname(path) for path in self._files if posixpath.basename(path) == "go.mod"]
        found = []
        for one in roots:
            module = self.module(one)[1]
            if module and (name == module or name.startswith(module + "/")):
                found.append(posixpath.normpath(one + "/" + name[len(module) :]))
        return found

    def _workspace(self, root: str) -> bool:
        """True when a go.work lies in the folder or above it."""
        return any(
            posixpath.basename(path) == "go.work" and paths.inside(root, posixpath.dirname(path))
            for path in self._files
        )


def _public(path: str) -> bool:
    """False for what ``...`` leaves out: vendor, testdata, and names with ``_`` or ``.`` in front."""
    return not any(part in ("vendor", "testdata") or part[:1] in ("_", ".") for part in path.split("/") if part)
