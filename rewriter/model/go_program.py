"""What a program is compiled of, and the signs in its sources of what it needs to run."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from rewriter.knowledge import golang
from rewriter.model.go_access import UNSEEN, Access, access
from rewriter.model.go_text import header, last_part, strings

_CGO: Final = re.compile(r"#cgo\b([^\n]*?)(?:\*/|$)", re.MULTILINE)
_CONSTRAINT: Final = re.compile(r"^//\s*(?:go:build|\+build)\b[^\n]*\bcgo\b", re.MULTILINE)
#: "host:name" and ":name"
_PORT: Final = re.compile(r"[\"`][\w.-]*:([a-z][a-z0-9-]*)[\"`]")
#: needs the loader of the C library, also without cgo. Libraries of Linux have a number.
_DYNAMIC: Final = re.compile(r"^//go:cgo_import_dynamic\b.*\.so\.\d", re.MULTILINE)

#: a line of go.mod with a module and its version
_REQUIRED: Final = re.compile(r"^\s*(?:require\s+)?([^\s/]+\.[^\s/]+/\S+)\s+v(\S+)", re.MULTILINE)


class Program(NamedTuple):
    """What a program is compiled of. ``imports`` gives a folder that imports each package, ``unseen`` are packages whose
    sources the context does not hold, ``known`` those of modules that were looked at elsewhere, ``unread`` folders with a file
    that could not be read, ``manifests`` the texts of go.mod. ``native`` are the sources beside them that are no Go, with
    their texts: cgo compiles them."""

    imports: dict[str, str]
    texts: list[str]
    unseen: list[str]
    unread: list[str]
    manifests: list[str]
    known: list[str]
    native: dict[str, str]

    @property
    def cgo(self) -> bool:
        """True when a package imports "C", a file depends on whether cgo is on, or libraries are loaded without it."""
        signs = (_CONSTRAINT, _DYNAMIC)
        return "C" in self.imports or any(sign.search(text) for text in self.texts for sign in signs)

    @property
    def strings(self) -> list[str]:
        """The string literals of its sources, each with its quotes."""
        return [one for text in self.texts for one in strings(text)]

    @property
    def access(self) -> Access:
        """Which files and variables the sources ask for; anything, where a source is not seen."""
        if self.unseen or self.unread:
            return UNSEEN
        found = access(self.texts)
        return found._replace(unnamed=found.unnamed or self.known[0], environment=True) if self.known else found

    @property
    def version_unread(self) -> str:
        """A module that go.mod requires at another version than the one that was looked at, with its version, or ""."""
        for manifest in self.manifests:
            for module, version in _REQUIRED.findall(manifest):
                if golang.version_read(module) != version.removesuffix("+incompatible"):
                    return f"{module} v{version}"
        return ""

    @property
    def port(self) -> str:
        """An address whose port is a name that Go does not know by itself, or ""."""
        known = golang.names("imports", "ports")
        found = (match[1] for match in map(_PORT.fullmatch, self.strings) if match)
        return next((port for port in found if port not in known), "")

    def foreign_call(self) -> str:
        """What its own C does that another system may not: a call, or a source of another language; or ""."""
        if any(_DYNAMIC.search(text) for text in self.texts):
            return "//go:cgo_import_dynamic"
        other = next((path for path in self.native if not path.endswith((".c", ".h", ".s", ".S"))), "")
        texts = [*self.texts, *self.native.values()]
        return other or next(
            (one for one in golang.listed("imports", "native") if any(one in text for text in texts)), ""
        )

    @property
    def libraries(self) -> list[str]:
        """What its own cgo lines ask the linker for, beside what every image has; ``pkg-config`` included."""
        found: list[str] = []
        for text in self.texts:
            for line in _CGO.findall(text):
                name, _, value = line.partition(":")
                if "pkg-config" in name:
                    found.append(f"pkg-config {value.strip()}")
                elif "LDFLAGS" in name:
                    found += [word for word in value.split() if word not in golang.names("imports", "libraries")]
        return found

    def imported(self, key: str) -> str:
        """The first import that golang.toml lists under ``key``, or ""."""
        return next((name for name in golang.listed("imports", key) if name in self.imports), "")

    def says(self, key: str) -> str:
        """The first text that golang.toml lists under ``key`` and the sources have, or ""; modules that were looked at may ask
        for time zones and types."""
        if self.known and key in ("zones", "types"):
            return self.known[0]
        return next(
            (sign for sign in golang.listed("imports", key) if any(_says(text, sign) for text in self.texts)), ""
        )


def _says(text: str, sign: str) -> bool:
    """True when a source has ``package.Name``, by another name of the package too."""
    package, dot, name = sign.partition(".")
    if sign in text:
        return True
    if not dot or name not in text:
        return False
    renamed = [one.name for one in header(text)[1] if last_part(one.path) == package and one.name != package]
    return any(one == "." or f"{one}.{name}" in text for one in renamed)
