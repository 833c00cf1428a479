"""A setup.py, read as far as it only says what the project is: one call of setup() with texts. It is never run.

Source: setuptools' reference of the keywords of setup().
"""

from __future__ import annotations

import ast
import warnings
from typing import Any, Final

#: what such a file may import: what reads files and puts texts together
_PLAIN: Final = frozenset(
    "setuptools distutils os io re codecs pathlib sys typing __future__ ast json textwrap itertools glob".split()
)
#: parts of os that read
_OF_OS: Final = frozenset("path environ getcwd sep linesep listdir walk pardir curdir".split())
_RUNS: Final = frozenset(
    "exec eval compile __import__ import_module system popen Popen run call check_call check_output "
    "write writelines write_text write_bytes unlink rename replace_file".split()
)
_COMPILED: Final = frozenset("ext_modules cffi_modules rust_extensions libraries ext_package cython_modules".split())
#: keywords by which setup() runs or fetches more
_MORE: Final = frozenset(
    "cmdclass setup_requires use_scm_version pbr distclass dependency_links command_options".split()
)


class Setup:
    """What a setup.py says; see :class:`python_project.Project`."""

    def __init__(self) -> None:
        self.requirements: list[str] = []
        self.commands: dict[str, str] = {}
        self.compiles = ""
        self.questions: list[str] = []


def read(text: str, extras: tuple[str, ...]) -> Setup:
    """What the text of a setup.py says."""
    found = Setup()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        found.questions.append("setup.py cannot be read as Python 3")
        return found
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    ours = [node for node in calls if _called(node) == "setup"]
    odd = _runs(tree, calls)
    if odd:
        found.questions.append(f"setup.py {odd}, so what it does is not known")
    if len(ours) != 1:
        found.questions.append("setup.py does not call setup() once")
        return found
    values = _assigned(tree)
    for word in ours[0].keywords:
        _keyword(word, values, extras, found)
    return found


def _keyword(word: ast.keyword, values: dict[str, ast.expr], extras: tuple[str, ...], found: Setup) -> None:
    value = word.value
    empty = isinstance(value, (ast.List, ast.Tuple)) and not value.elts
    if word.arg is None:
        found.questions.append("setup.py hands on keywords that are not seen")
    elif word.arg in _COMPILED and not empty:
        found.compiles = f"setup.py has {word.arg}, which are compiled"
    elif word.arg in _MORE:
        found.questions.append(f"setup.py has {word.arg}, which is not judged")
    elif word.arg == "install_requires":
        wanted = _literal(value, values)
        if not _all_texts(wanted):
            found.questions.append("setup.py works out what it wants (install_requires)")
        else:
            found.requirements += wanted if isinstance(wanted, (list, tuple)) else str(wanted).split("\n")
    elif word.arg == "extras_require" and extras:
        table = _literal(value, values)
        for extra in extras:
            wanted = table.get(extra) if isinstance(table, dict) else None
            if wanted is None or not _all_texts(wanted):
                found.questions.append(f"setup.py works out what its extra {extra} wants")
            else:
                found.requirements += [wanted] if isinstance(wanted, str) else wanted
    elif word.arg == "entry_points":
        table = _literal(value, values)
        for row in table.get("console_scripts", ()) if isinstance(table, dict) else ():
            command, _, place = str(row).partition("=")
            found.commands[command.strip()] = place.strip().partition(":")[0]


def _runs(tree: ast.AST, calls: list[ast.Call]) -> str:
    """What the file does beside reading files and putting texts together; "" for nothing."""
    for node in ast.walk(tree):
        if isinstance(node, ast.alias) and node.name.endswith("setup") and node.asname not in (None, node.name):
            return "has another name for setup()"
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name == "setup":
            return "has a setup() of its own"
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        modules += [node.module or "."] if isinstance(node, ast.ImportFrom) else []
        other = next((name for name in modules if name.partition(".")[0] not in _PLAIN), "")
        if other:
            return f"imports {other}"
        of_os = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os"
        if isinstance(node, ast.Attribute) and of_os and node.attr not in _OF_OS:
            return f"calls os.{node.attr}"
    name = next((_called(one) for one in calls if _called(one) in _RUNS), "")
    return f"calls {name}" if name else ""


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        of_module = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
        return "" if of_module else node.func.attr  # re.compile compiles nothing
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _assigned(tree: ast.Module) -> dict[str, ast.expr]:
    """The values of names that are set once, at the top, and used once: nothing else can change what was written down."""
    found: dict[str, ast.expr] = {}
    names = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name)]
    for node in tree.body:
        target = node.targets[0] if isinstance(node, ast.Assign) and len(node.targets) == 1 else None
        if isinstance(node, ast.Assign) and isinstance(target, ast.Name) and names.count(target.id) == 2:
            found[target.id] = node.value
    return found


def _literal(value: ast.expr, values: dict[str, ast.expr]) -> Any:
    """A value that is written down, by itself or behind a name; None for any other."""
    if isinstance(value, ast.Name):
        value = values.get(value.id, value)
    try:
        return ast.literal_eval(value)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        return None


def _all_texts(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, (list, tuple)) and all(isinstance(one, str) for one in value))
