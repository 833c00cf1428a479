"""What a program for Node.js calls beside it: read from the modules that it is seen to load, never executed."""

from __future__ import annotations

import json
import re
from typing import Final

from rewriter import posixpath
from rewriter.knowledge import libraries
from rewriter.model.context_tree import Tree
from rewriter.model.needs import Needs

MOST: Final = 300  # files of one program
_LOADED: Final = re.compile(
    r"""\brequire\s*\(\s*(['"`])([^'"`$\n]+)\1\s*\)|\bfrom\s*(['"])([^'"\n]+)\3|\bimport\s*(['"])([^'"\n]+)\5"""
    r"""|\bimport\s*\(\s*(['"`])([^'"`$\n]+)\7\s*\)|\brequire\.resolve\s*\(\s*(['"])([^'"\n]+)\9\s*\)"""
)
#: loading or starting what is not written down
_HIDDEN: Final = re.compile(
    r"""\bcreateRequire\b|\b(?:process|global|globalThis|module)\s*\[|\bmodule\s*\.\s*constructor\b|\b_load\b"""
    r"""|\bprocess\s*\.\s*(?:binding|dlopen)\b|\beval\b|\bFunction\s*\(|\bWorker\s*\(|\bmainModule\b|\bcommandDir\b"""
    r"""|\btarget\s*:\s*['"`](?!https?:|wss?:|tcp:|redis:)|\.\s*command\s*\(\s*['"`][^'"`\n]*['"`]\s*,\s*['"`]"""
    r"""|getBuiltinModule|['"]require['"]|=\s*require\s*$|\brequire\s*[;,)\]\[.]|\bimport\s*\(|\brequire\s*\(""",
    re.MULTILINE,
)
#: asking the system for users, of which Alpine has others
_USERS: Final = re.compile(r"\bset(?:e?[ug]id|groups)\b|\binitgroups\b")
#: paths of packages that the full variant has
_PLACES: Final = (
    "/usr/share/",
    "/usr/lib/",
    "/usr/bin/",
    "/usr/sbin/",
    "/usr/include",
    "/etc/mime",
    "/etc/ssl",
    "linux-gnu",
)
#: a path below /usr that is not the program's own
_USR: Final = re.compile(r"""['"`]/usr(?!/local/|/src/)""")
_BUILT_IN: Final = frozenset(
    "assert async_hooks buffer cluster console constants crypto dgram diagnostics_channel dns domain events fs http http2 "
    "https inspector module net os path perf_hooks process punycode querystring readline repl stream string_decoder sys test "
    "timers tls trace_events tty url util v8 vm wasi worker_threads zlib child_process".split()
)
_BLOCKING: Final = {
    "child_process": "starts programs",
    "module": "loads modules by name",
    "vm": "runs code that is not seen",
    "cluster": "starts itself by a name that may be set",
    "worker_threads": "may start other files",
}


class NodeProgram:
    """Follows a program through the files of the context."""

    def __init__(self, tree: Tree, needs: Needs, index: int | None, line: int) -> None:
        self.tree = tree
        self.needs = needs
        self.index = index
        self.line = line
        self.seen: set[str] = set()

    def script(self, path: str) -> None:
        """A script and what it loads."""
        if not self._file(path):
            self.needs.ask(f"line {self.line} runs {path}, which is not seen in the context")

    def code(self, text: str, root: str | None) -> None:
        """The text behind ``node -e``."""
        self._read(posixpath.join(root or "/", "the code behind -e"), text)

    def _file(self, path: str) -> bool:
        path = posixpath.normpath(path)
        main = self._main(path)
        of_main = (main, f"{main}.js", f"{main}.json", f"{main}/index.js") if main else ()
        for candidate in (path, f"{path}.js", f"{path}.json", f"{path}.mjs", f"{path}.cjs", *of_main, f"{path}/index.js",
                          f"{path}/index.json"):  # fmt: skip
            if candidate in self.seen:
                return True
            text = self.tree.text(candidate, self.index)
            if text is not None:
                self._read(candidate, text)
                return True
        return False

    def _main(self, folder: str) -> str:
        """What the package.json of a folder of the program names as its file; "" for none."""
        text = self.tree.text(f"{folder}/package.json", self.index)
        try:
            found = None if text is None else json.loads(text)
        except ValueError:
            return ""
        main = found.get("main") if isinstance(found, dict) else None
        return posixpath.normpath(posixpath.join(folder, main)) if isinstance(main, str) else ""

    def _read(self, path: str, text: str) -> None:
        self.seen.add(path)
        name = posixpath.basename(path)
        if name.endswith(".json"):
            return
        if len(self.seen) > MOST:
            self.needs.ask(f"line {self.line} runs a program of more than {MOST} files")
            return
        if name.endswith((".ts", ".tsx", ".jsx", ".node", ".coffee")):
            self.needs.ask(f"{name} is not read as JavaScript")
            return
        plain = {match.start() for match in _LOADED.finditer(text)}
        hidden = next((match for match in _HIDDEN.finditer(text) if match.start() not in plain), None)
        if hidden is not None:
            self.needs.ask(f"{name} loads or runs what is not written down: {hidden[0].strip()[:40]}")
        place = next((place for place in _PLACES if place in text), "/usr" if _USR.search(text) else "")
        if place:
            self.needs.ask(f"{name} names a path of the base image ({place})")
        if "lookupService" in text:
            self.needs.ask(f"{name} asks for names of services, which /etc/services of the full variant has")
        if _USERS.search(text):
            self.needs.not_alpine(f"{name} changes to another user, whom Alpine may not have")
        if "child_process" in text:
            self.needs.ask(f"{name} starts programs (child_process)")
        for match in _LOADED.finditer(text):
            self._load(next(match[at] for at in (2, 4, 6, 8, 10) if match[at]), path, name)

    def _load(self, module: str, path: str, name: str) -> None:
        if module.startswith((".", "/")):
            if not self._file(posixpath.join(posixpath.dirname(path), module)):
                self.needs.ask(f"{name} loads {module}, which is not seen in the context")
            return
        plain = module.removeprefix("node:")
        parts = plain.split("/")
        package = "/".join(parts[:2]) if plain.startswith("@") else parts[0]
        if package in _BUILT_IN:
            if package in _BLOCKING:
                self.needs.ask(f"{name} {_BLOCKING[package]} ({package})")
        elif not libraries.npm_pure(package):
            self.needs.ask(f"{name} loads {package}, of which nothing is known")
