"""Looks Go modules up in Debian's packages, and prints what a program that is built of them may need.

    python -m benchmarks.go_modules FOLDER

FOLDER holds ``golang-*-dev`` packages (``apt-get download``), with all that each one depends on. Printed are the rows of
rewriter/knowledge/go_modules.toml: a module, the package and version that were looked at, and behind ``except`` those of its
packages that import "C", start a program, ask for sources or toolchain, name a file of the base system, or import such a
package or one that is in no package. A module whose root is such a package comes as a comment, with the reason.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from rewriter.knowledge import golang
from rewriter.model import go_foreign
from rewriter.model.go_text import header, strings

_MAJOR = re.compile(r"/v\d+(?=/|$)")
_OTHERS = re.compile(
    r"_(windows|darwin|freebsd|netbsd|openbsd|dragonfly|solaris|plan9|js|wasm|aix|illumos|ios|android|wasip1|zos|hurd)\b"
)
_CONSTRAINT = re.compile(r"^//\s*go:build (.*)$", re.MULTILINE)
_WORD = re.compile(r"\(|\)|&&|\|\||!|[\w.]+")
_HELD = frozenset("linux unix amd64 arm64 gc cgo".split())
#: offer a function that starts a program, and call it nowhere themselves: golang.toml has its name under ``calls``
_OFFERED = frozenset(("golang.org/x/sys/unix", "github.com/joho/godotenv"))
#: named, and not in the golang image either (looked for in it, 2026-11-27), or named in a help text: nothing is lost
_ABSENT = ("/etc/krb5.conf", "/var/run/postgresql", "/etc/bash_completion.d", "/etc/machine-id", "/usr/local/var/krb5")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        sources: dict[str, str] = {}
        for package in sorted(asked.folder.glob("*.deb")):
            subprocess.run(["dpkg", "-x", package, temporary], check=True)
            form = ["-W", "--showformat=${Package} ${Version}"]
            named = subprocess.check_output(["dpkg-deb", *form, package], text=True)
            listed = subprocess.check_output(["dpkg", "-c", package], text=True)
            found = {_module(path) for path in re.findall(r"\./usr/share/gocode/src/(\S+)\.go\b", listed)}
            sources |= dict.fromkeys(found, named)
        look = Look(Path(temporary, "usr/share/gocode/src"))
        for module in sorted(sources):
            print(look.row(module, sources[module]))
    return 0


def _module(path: str) -> str:
    """The module of a file, by the rules of its host."""
    parts = path.split("/")
    host = parts[0]
    depth = 3 if host == "github.com" or parts[:2] == ["golang.org", "x"] else 1 if host == "go.opencensus.io" else 2
    if host == "gopkg.in" and "." not in parts[1]:
        depth = 3
    return "/".join(parts[:depth])


class Look:
    """The packages of a folder, each looked at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._reasons: dict[str, str] = {}

    def row(self, module: str, source: str) -> str:
        """What is written down of a module."""
        place = self._folder / module
        folders = sorted({path.parent for path in place.rglob("*.go") if "testdata" not in path.parts})
        names = [str(one.relative_to(self._folder)) for one in folders]
        names = [name for name in names if self._texts(name) and not self.program(name)]
        if module in names and self.reason(module):
            return f"# {module}: {self.reason(module)}"
        bad = [name for name in names if self.reason(name)]
        tops = [name for name in bad if not any(name.startswith(one + "/") for one in bad if one != name)]
        manifest = place / "go.mod"
        found = (
            re.search(r"^module\s+\"?([^\s\"]+)", manifest.read_text("utf-8"), re.MULTILINE)
            if manifest.exists()
            else None
        )
        left = " except " + " ".join(name[len(module) + 1 :] for name in tops) if tops else ""
        return f'"{found[1] if found else module}" = "{source}{left}"'

    def program(self, name: str) -> bool:
        """True for a main package: nobody imports it."""
        return any(header(text)[0] == "main" for text in self._texts(name))

    def reason(self, name: str) -> str:
        """Why a package may need more, or ""."""
        if name not in self._reasons:
            self._reasons[name] = ""  # while it is asked for: packages do not import themselves
            self._reasons[name] = self._reason(name)
        return self._reasons[name]

    def _reason(self, name: str) -> str:
        texts = self._texts(name)
        if not texts:
            return f"{name} is not there"
        for text in texts:
            paths = [one.path for one in header(text)[1]]
            for key in ("programs", "toolchain"):
                hit = next((one for one in golang.listed("imports", key) if one in paths), "")
                if hit and name not in _OFFERED:
                    return f"{name} imports {hit}"
            if "C" in paths:
                return f"{name} imports C"
            for key in ("calls", "places", "lookups"):
                hit = next((one for one in golang.listed("imports", key) if one in text), "")
                if hit and name not in _OFFERED:
                    return f"{name} says {hit}"
            named = go_foreign.system((one for one in strings(text)), [])
            if named and not named.startswith(_ABSENT):
                return f"{name} names {named}"
            for path in paths:
                inner = "" if golang.standard(path) else self.reason(path)
                if inner:
                    return inner
        return ""

    @cache  # noqa: B019 - one Look, one run
    def _texts(self, name: str) -> list[str]:
        """The sources of a package that a Linux builds, with or without cgo."""
        for one in (name, _MAJOR.sub("", name)):
            found = [path for path in sorted((self._folder / one).glob("*.go")) if not _skipped(path)]
            texts = [path.read_text("utf-8", "replace") for path in found]
            kept = [text for text in texts if _built(text)]
            if kept:
                return kept
        return []


def _skipped(path: Path) -> bool:
    return path.name.endswith("_test.go") or bool(_OTHERS.search(path.stem))


def _built(text: str) -> bool:
    """True when the constraint of a file may hold on Linux."""
    found = _CONSTRAINT.search(text.partition("\npackage ")[0])
    if found is None:
        return "+build ignore" not in text
    words = _WORD.findall(found[1])
    return _holds(words, True) or _holds(list(words), False)


def _holds(words: list[str], cgo: bool) -> bool:
    rest = list(words)

    def either() -> bool:
        value = both()
        while rest[:1] == ["||"]:
            rest.pop(0)
            value = both() or value
        return value

    def both() -> bool:
        value = one()
        while rest[:1] == ["&&"]:
            rest.pop(0)
            value = one() and value
        return value

    def one() -> bool:
        word = rest.pop(0)
        if word == "!":
            return not one()
        if word == "(":
            value = either()
            rest.pop(0)
            return value
        return word.startswith("go1.") or (word in _HELD and (cgo or word != "cgo"))

    return either()


if __name__ == "__main__":
    sys.exit(main())
