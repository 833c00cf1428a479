"""Whether the third-party packages that an entry module imports can be imported in both images.

The names are read from the module and from the modules beside it, without running them; then the image's own interpreter
is asked, in a container without network, to import each. Only what worked before and does not work after is wrong.
"""

from __future__ import annotations

import ast
import json
import posixpath
import re
import sys
from collections.abc import Callable, Iterator
from typing import NamedTuple

from dslim.verify.places import Root
from dslim.verify.program import Check, argv

_MOST = 200  #: modules of one program that are read
_LARGEST = 2 << 20  #: bytes of one module

#: asks the interpreter for the imports of its arguments; prints a mark, name, and "ok" or what went wrong, by tabs
_ASK = {
    "python": """
import importlib, os, sys
sys.path.insert(0, os.getcwd())
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
        said = "ok"
    except BaseException as error:
        said = type(error).__name__ + ": " + str(error).split("\\n")[0]
    os.write(1, ("\\ndslim-import\\t" + name + "\\t" + said + "\\n").encode("utf-8", "replace"))
os._exit(0)
""",
    "node": """
(async () => { const fs = require("fs");
for (const name of process.argv.slice(1)) { let said = "ok";
try { await import(name) } catch (error) {
said = String(error.code || error.name) + ": " + String(error.message).split("\\n")[0] }
fs.writeSync(1, "\\ndslim-import\\t" + name + "\\t" + said + "\\n") }
process.exit(0) })()
""",
    "ruby": """
out = IO.for_fd(1)
begin
  require "bundler/setup" if File.exist?("Gemfile")
rescue LoadError, StandardError
end
ARGV.each do |name|
  begin
    require name
    said = "ok"
  rescue LoadError, StandardError => error
    said = error.class.to_s + ": " + error.message.lines.first.to_s.chomp
  end
  out.syswrite("\\ndslim-import\\t" + name + "\\t" + said + "\\n")
end
exit!
""",
}
_RUN = {"python": ("-c",), "node": ("-e",), "ruby": ("-e",)}
_INTERPRETER = re.compile(r"(python|node|ruby)(js)?[\d.]*")
_NODE = re.compile(
    r"""\brequire\(\s*['"]([^'"\s]+)['"]\s*\)|\bimport\s*(?:\(\s*|(?:[\w*${},\s]+?\sfrom\s+)?)['"]([^'"\s]+)['"]"""
)
_RUBY = re.compile(r"""^[ \t]*require\(?[ \t]*['"]([^'"\s]+)['"]""", re.MULTILINE)
_RUBY_BESIDE = re.compile(r"""^[ \t]*require_relative\(?[ \t]*['"]([^'"\s]+)['"]""", re.MULTILINE)
#: `app.main:app`, as application servers are told where an application is
_APPLICATION = re.compile(r"([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*):[A-Za-z_]\w*(\(\))?")


class Program(NamedTuple):
    """An interpreter as its word on the command line, and the packages that its modules import."""

    language: str
    interpreter: str
    folder: str
    packages: tuple[str, ...]


#: starts the interpreter (word, arguments) in a folder of one of the images; the result is what it wrote about each name
Ask = Callable[["tuple[str, ...]", str], "dict[str, str] | str"]


def imports(before: Root, after: Root, ask_before: Ask, ask_after: Ask) -> list[Check]:
    """The check of imports, where the image starts a Python, Node or Ruby program whose modules can be read."""
    old, new = entry_module(before), entry_module(after)
    if old is None or not old.packages:
        return []
    name = f"{old.language} imports"
    words = (*_RUN[old.language], _ASK[old.language], *old.packages)
    was = ask_before((old.interpreter, *words), old.folder)
    if isinstance(was, str):
        return [Check(name, True, f"not known: the interpreter does not run before: {was}")]
    interpreter = new.interpreter if new is not None and new.language == old.language else old.interpreter
    now = ask_after((interpreter, *words), old.folder)
    if isinstance(now, str):
        return [Check(name, False, f"{interpreter} does not run any more: {now}")]
    lost = [one for one in old.packages if was.get(one) == "ok" and now.get(one) != "ok"]
    if lost:
        return [Check(name, False, "; ".join(f"{one}: {now.get(one, 'it did not answer')}" for one in lost))]
    fine = [one for one in old.packages if was.get(one) == "ok"]
    return [Check(name, True, f"{len(fine)} of {len(old.packages)} import before and after: {', '.join(fine[:20])}")]


def answers(said: str) -> dict[str, str]:
    """What the interpreter wrote, by name; what the modules themselves print is passed over."""
    rows = (line.split("\t", 2) for line in said.splitlines())
    return {row[1]: row[2] for row in rows if len(row) == 3 and row[0] == "dslim-import"}


def entry_module(root: Root) -> Program | None:
    """The program in a known language that the image starts; None when there is none."""
    words = [*argv(root.config.get("Entrypoint")), *argv(root.config.get("Cmd"))]
    words = _without_shell(_npm(root, words))
    if not words:
        return None
    language = _language(words[0])
    if language:
        return _started(root, language, words[0], words[1:])
    script = root.program(words[0])
    data = root.contents(script.path) if script is not None and script.size <= _LARGEST else None
    if script is None or data is None or not data.startswith(b"#!"):
        return None
    shebang = data[2:256].split(b"\n")[0].decode("utf-8", "replace").split()
    interpreter = next((word for word in shebang if _language(word)), "")
    if not interpreter:
        return None
    return _started(root, _language(interpreter), interpreter, ["/" + script.path, *words[1:]])


def _without_shell(words: list[str]) -> list[str]:
    """The words of `sh -c "exec python app.py"`, where that is one plain command."""
    if len(words) == 3 and words[0].rpartition("/")[2] in ("sh", "bash", "ash", "dash") and words[1] == "-c":
        plain = words[2].split()
        if plain and not re.search(r"[;&|<>()`'\"$*?\\]", words[2]):
            return plain[1:] if plain[0] == "exec" else plain
    return words


def _npm(root: Root, words: list[str]) -> list[str]:
    """What `npm start` and `npm run NAME` start, by package.json."""
    words = _without_shell(words)
    if not words or words[0] not in ("npm", "yarn", "pnpm"):
        return words
    rest = [word for word in words[1:] if not word.startswith("-") and word != "run"]
    file = root.file(root.absolute("package.json"))
    data = root.contents(file.path) if file is not None else None
    try:
        scripts = json.loads(data or b"{}").get("scripts") or {}
        return str(scripts.get(rest[0] if rest else "start", "")).split() or words
    except (ValueError, AttributeError):
        return words


def _language(word: str) -> str:
    found = _INTERPRETER.fullmatch(word.rpartition("/")[2])
    return found[1] if found else ""


def _started(root: Root, language: str, interpreter: str, arguments: list[str]) -> Program:
    files, folder = _files(root, language, arguments)
    reader = _Reader(root, language, folder)
    for word in arguments if language == "python" else ():
        application = _APPLICATION.fullmatch(word)
        if application:
            files.append(posixpath.join(root.folder, application[1].replace(".", "/")))
    named = [arguments[at + 1].partition(".")[0] for at, word in enumerate(arguments[:-1]) if word == "-m"]
    if language == "python":
        reader.names.update(dict.fromkeys(name for name in named if not reader.local(name)))
        files += [posixpath.join(folder, name) for name in named if reader.local(name)]
    return Program(language, interpreter, folder, tuple(sorted(reader.all(files))))


def _files(root: Root, language: str, arguments: list[str]) -> tuple[list[str], str]:
    """The script among the arguments, and the folder that its imports start in."""
    for at, word in enumerate(arguments):
        if word.startswith("-"):
            continue
        if language == "python" and at and arguments[at - 1] in ("-m", "-c", "-W", "-X"):
            return [], root.folder
        path = root.absolute(word)
        return [path], posixpath.dirname(path)
    return [], root.folder


class _Reader:
    """Reads modules, and those beside them that they import, for the names of packages that come from elsewhere."""

    def __init__(self, root: Root, language: str, folder: str) -> None:
        self.root = root
        self.language = language
        self.folder = folder
        self.names: dict[str, None] = {}

    def all(self, files: list[str]) -> list[str]:
        waiting, seen = list(files), set[str]()
        while waiting and len(seen) < _MOST:
            path = self._found(waiting.pop(0))
            if path is None or path in seen:
                continue
            seen.add(path)
            data = self.root.contents(path)
            if data is not None and len(data) <= _LARGEST:
                waiting += self._read(data.decode("utf-8", "replace"), "/" + posixpath.dirname(path))
        return list(self.names)

    def local(self, name: str) -> bool:
        """True for a Python module that lies beside the program."""
        tried = (f"{self.folder}/{name}.py", f"{self.root.folder}/{name}.py")
        folders = (self.root.real(f"{self.folder}/{name}"), self.root.real(f"{self.root.folder}/{name}"))
        return any(self.root.file(path) for path in tried) or any(
            found and self.root.tree[found].kind == "directory" for found in folders
        )

    def _found(self, path: str) -> str | None:
        endings = {
            "python": ("", ".py", "/__init__.py", "/__main__.py"),
            "node": ("", ".js", ".mjs", ".cjs", "/index.js"),
            "ruby": ("", ".rb"),
        }[self.language]
        return next((one.path for end in endings if (one := self.root.file(path + end)) is not None), None)

    def _read(self, text: str, folder: str) -> Iterator[str]:
        """Note the packages that a module imports, and give the paths of the modules beside it."""
        if self.language == "python":
            yield from self._python(text, folder)
            return
        if self.language == "ruby":
            self.names.update(dict.fromkeys(_RUBY.findall(text)))
            yield from (posixpath.join(folder, name) for name in _RUBY_BESIDE.findall(text))
            return
        for found in _NODE.finditer(text):
            name = found[1] or found[2]
            if name.startswith((".", "/")):
                yield posixpath.join(folder, name)
            elif not name.startswith("node:"):
                self.names[name] = None

    def _python(self, text: str, folder: str) -> Iterator[str]:
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.level:
                above = folder
                for _ in range(node.level - 1):
                    above = posixpath.dirname(above)
                base = posixpath.join(above, (node.module or "").replace(".", "/"))
                yield base
                yield from (posixpath.join(base, alias.name) for alias in node.names)
                continue
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            for name in names:
                top = name.partition(".")[0]
                if self.local(top):
                    yield posixpath.join(self.folder, name.replace(".", "/"))
                    yield posixpath.join(self.root.folder, name.replace(".", "/"))
                elif top not in sys.stdlib_module_names:
                    self.names[top] = None
