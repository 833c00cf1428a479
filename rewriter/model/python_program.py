"""What a Python program calls beside Python: read from the modules that it is seen to import, never executed."""

from __future__ import annotations

import ast
import sys
import warnings
from typing import Final

from rewriter import posixpath
from rewriter.knowledge import libraries
from rewriter.knowledge import python_modules as known
from rewriter.model.context_tree import Tree
from rewriter.model.needs import Needs

MOST: Final = 200  # files of one program


class PythonProgram:
    """Follows a program through the modules of the context. ``programs`` are the words that it starts others with."""

    def __init__(self, tree: Tree, needs: Needs, index: int | None, line: int) -> None:
        self.tree = tree
        self.needs = needs
        self.index = index
        self.line = line
        self.seen: set[str] = set()
        self.programs: set[tuple[str, ...]] = set()

    def script(self, path: str) -> None:
        """A script and what it imports, from its own folder on."""
        text = self.tree.text(path, self.index)
        if text is None:
            self.needs.ask(f"line {self.line} runs {path}, which is not seen in the context")
            return
        self._read(path, text, posixpath.dirname(path))

    def module(self, name: str, root: str | None) -> None:
        """A module and what it imports, found from a working directory on."""
        if root is None:
            self.needs.ask(f"line {self.line}: in which folder {name} is looked for is not known")
        elif self._import(f"{name}.__main__", root):
            pass  # the package was read on the way
        elif not self._import(name, root):
            self.needs.ask(f"line {self.line} runs the module {name}, which is not seen in the context")

    def code(self, text: str, root: str | None) -> None:
        """The text behind ``python -c``."""
        self._read("the code behind -c", text, root or "/")

    def _import(self, name: str, root: str, package: str = "") -> bool:
        """True when the module was found: in the program, the standard library, or a package that is known. ``root`` is where
        absolute imports look, ``package`` where this one does if it is a relative one."""
        path = (package or root).rstrip("/") + "/" + name.replace(".", "/")
        for candidate in (f"{path}.py", f"{path}/__init__.py", f"{path}/__main__.py"):
            if candidate in self.seen:
                return True
            text = self.tree.text(candidate, self.index)
            if text is not None:
                parts = name.split(".")
                for depth in range(1, len(parts)):
                    self._import(".".join(parts[:depth]), root, package)
                self._read(candidate, text, root)
                return True
        if package:
            return False
        top = name.partition(".")[0]
        reason = known.BLOCKING.get(name) or known.BLOCKING.get(top)
        if reason:
            self.needs.ask(f"line {self.line} runs a program that {reason}")
            return True
        if top in known.TK:
            self.needs.block(f"line {self.line} runs a program that needs Tk, which only the full variant has")
        if name in known.GUESSING or top in known.GUESSING:
            self.types(f"line {self.line} runs a program that guesses types of files")
        if top in sys.stdlib_module_names:
            if top in known.OF_LIBC:
                self.needs.not_alpine(
                    f"line {self.line} runs a program that asks for {known.OF_LIBC[top]}, other than with musl"
                )
            return True
        library = libraries.modules().get(top, "")
        if library == "flask" and any("static/" in path for path in self.tree.ask.files() or ()):
            self.types("flask serves the files of a folder named static")
        if library and libraries.loads_by_name(library):
            self.needs.ask(f"line {self.line} runs a program of {library}, which loads what only a text names")
        return bool(library)

    def _read(self, path: str, text: str, root: str) -> None:
        if path in self.seen:
            return
        self.seen.add(path)
        name = posixpath.basename(path)
        if len(self.seen) > MOST:
            self.needs.ask(f"line {self.line} runs a program of more than {MOST} files")
            return
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            self.needs.ask(f"{name} cannot be read as Python {sys.version_info.major}")
            return
        self._started_otherwise(tree, name)
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                self._constant(node.value, root, name)
            elif isinstance(node, ast.Import):
                for alias in node.names:
                    if alias.name in ("subprocess", "os", "asyncio") and alias.asname not in (None, "sp"):
                        self.needs.ask(f"{name} calls {alias.name} {alias.asname}, which is not followed")
                    self._found(alias.name, root, name)
            elif isinstance(node, ast.ImportFrom):
                self._from(node, path, root, name)
            elif isinstance(node, ast.Call):
                self._call(node, name)
            elif isinstance(node, (ast.Name, ast.Attribute)):
                called = node.id if isinstance(node, ast.Name) else node.attr
                self._odd(called, name)
                if called == "path" and isinstance(node, ast.Attribute) and _named(node.value) == "sys":
                    self.needs.ask(f"{name} looks for modules in folders of its own")
                if called in known.SENDS_FILES:
                    self.types(f"{name} uses {called}")

    def _odd(self, called: str, name: str) -> None:
        if called in known.OF_THREADS:
            self.needs.not_alpine(f"{name} uses {called}, whose limits or answers are others with musl")
        if called in known.ODD:
            self.needs.ask(f"{name} {known.ODD[called]}")

    def types(self, why: str) -> None:
        """Types of files come from /etc/mime.types where that is there, else from a shorter list."""
        self.needs.need("media-types", f"{why}, which reads /etc/mime.types", None)

    def _constant(self, text: str, root: str, name: str) -> None:
        """A text of the program: a path of the base image, a format of time, or the name of a module."""
        place = next((place for place in known.PLACES if place in text), "")
        if text in known.ROOTS:
            place = text
        if text in known.SENDS_FILES or text == "files" or text.startswith("file:"):
            self.types(f"{name} uses {text}")
        if not place and text.startswith("/usr") and not f"{text}/".startswith(known.OWN):
            place = text[:40]
        if place:
            self.needs.ask(f"{name} names a path of the base image ({place})")
        if known.OF_STRFTIME.search(text):
            self.needs.not_alpine(f"{name} formats a time with what musl writes otherwise ({text[:30]!r})")
        module = text.partition(":")[0].removesuffix(".py").replace("/", ".")
        if module and all(part.isidentifier() for part in module.split(".")):
            parts = module.split(".")
            for depth in range(1, len(parts) + 1):
                self._submodule(".".join(parts[:depth]), root)

    def _started_otherwise(self, tree: ast.AST, name: str) -> None:
        """What starts programs and is handed on instead of being called."""
        called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        owners = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id in ("subprocess", "os", "sp") and id(node) not in owners:
                self.needs.ask(f"{name} hands {node.id} on, which may start programs")
            elif isinstance(node, ast.Attribute) and node.attr in known.STARTS and id(node) not in called:
                owner = node.value.id if isinstance(node.value, ast.Name) else ""
                if owner in known.STARTERS:
                    self.needs.ask(f"{name} hands {owner}.{node.attr} on, which starts programs")

    def _found(self, module: str, root: str, name: str) -> None:
        if not self._import(module, root):
            self.needs.ask(f"{name} imports {module}, of which nothing is known")

    def _from(self, node: ast.ImportFrom, path: str, root: str, name: str) -> None:
        module = node.module or ""
        if node.level:
            if not path.startswith("/"):
                self.needs.ask(f"{name} has a relative import")
                return
            folder = path
            for _ in range(node.level):
                folder = posixpath.dirname(folder)
            found = [self._import(module, root, folder)] if module else []
            found += [self._import(f"{module}.{alias.name}".lstrip("."), root, folder) for alias in node.names]
            if not any(found) and module:
                self.needs.ask(f"{name} imports {'.' * node.level}{module}, which is not seen in the context")
            return
        if module in ("subprocess", "os", "asyncio") and any(
            alias.name in known.STARTS | {"*"} for alias in node.names
        ):
            self.needs.ask(f"{name} imports what starts programs from {module}, which is not followed")
        self._found(module, root, name)
        for alias in node.names:
            self._odd(alias.name, name)
            if f"{module}.{alias.name}" in known.BLOCKING or f"{module}.{alias.name}" in known.GUESSING:
                self._found(f"{module}.{alias.name}", root, name)
        if module.partition(".")[0] not in sys.stdlib_module_names:
            for alias in node.names:
                if alias.name != "*":
                    self._submodule(f"{module}.{alias.name}", root)

    def _submodule(self, name: str, root: str) -> None:
        path = root.rstrip("/") + "/" + name.replace(".", "/")
        if any(self.tree.text(one, self.index) is not None for one in (f"{path}.py", f"{path}/__init__.py")):
            self._import(name, root)

    def _call(self, node: ast.Call, name: str) -> None:
        called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        if called in known.DYNAMIC and not (called == "compile" and isinstance(node.func, ast.Attribute)):
            self.needs.ask(f"{name} calls {called}, so what it runs is not known")
        if (
            called == "load"
            and isinstance(node.func, ast.Attribute)
            and _named(node.func.value) == "yaml"
            and not any(
                _named(one).endswith("SafeLoader") for one in (*node.args, *(word.value for word in node.keywords))
            )
        ):
            self.needs.ask(f"{name} calls yaml.load, which may load what its data names")
        if called in known.NAMED and isinstance(node.func, ast.Attribute) and not _written(node):
            self.needs.ask(f"{name} calls {called} with what is only known later")
        if called == "strftime" and not any(isinstance(one, ast.Constant) for one in node.args):
            self.needs.not_alpine(f"{name} formats a time in a way that is only known later")
        option = next((word.arg for word in node.keywords if word.arg in known.SENDS_FILES | {"files"}), "")
        if option:
            self.types(f"{name} uses {option}")
        if len(node.args) > known.SERVES_FOLDER.get(called, len(node.args)):
            self.types(f"{called} serves files of a folder")
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        starts = isinstance(node.func, ast.Name) and called in known.STARTS - {"run", "call"}
        if owner is not None:
            starts = called in known.STARTS and (_named(owner) in known.STARTERS or called in known.STARTS_ONLY)
        if any(word.arg in ("executable", "preexec_fn", "allow_pickle") for word in node.keywords):
            self.needs.ask(f"{name} starts or loads something in a way that is not followed")
        if starts:
            words = _program(node)
            if words:
                self.programs.add(words)
            else:
                self.needs.ask(f"{name} starts a program whose name is not known")


def _written(node: ast.Call) -> bool:
    """False where the first argument is put together, or comes from the environment."""
    if node.args and _named(node.func) == "from_object":
        named = _named(node.args[0])
        return isinstance(node.args[0], ast.Constant) or named[:1].isupper() or named == "__name__"
    return not node.args or not isinstance(node.args[0], (ast.JoinedStr, ast.BinOp, ast.Subscript))


def _named(node: ast.expr) -> str:
    """``a`` of ``a`` and of ``x.a``; "" for anything else."""
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _program(node: ast.Call) -> tuple[str, ...]:
    """The words of the program that a call starts, those that are written down; empty where the first one is not, or a text
    for the shell is more than one plain command."""
    first = node.args[0] if node.args else None
    if isinstance(first, (ast.List, ast.Tuple)):
        values = [one.value if isinstance(one, ast.Constant) else None for one in first.elts]
        words = [value for value in values if isinstance(value, str)]
        return tuple(words) if values and isinstance(values[0], str) else ()
    if (
        isinstance(first, ast.Constant)
        and isinstance(first.value, str)
        and not set(first.value) & set("|&;<>()$`*?\n'\"")
    ):
        return tuple(first.value.split())
    return ()
