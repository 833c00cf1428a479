"""Finding Dockerfiles, in a stable order and one at a time: nothing is listed before it is needed.

A file named by hand is always taken. A folder is searched for the names that Dockerfiles have; `.gitignore` files
count (those above it up to the repository, and nested ones), folders that hold other people's files are left out, and
links to folders are not followed.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from dslim.files import Trouble, cause_of, read
from dslim.patterns import Patterns, lenient

SKIPPED = frozenset(
    {
        ".bzr",
        ".cache",
        ".direnv",
        ".eggs",
        ".git",
        ".git-rewrite",
        ".hg",
        ".ipynb_checkpoints",
        ".mypy_cache",
        ".nox",
        ".pants.d",
        ".pyenv",
        ".pytest_cache",
        ".pytype",
        ".ruff_cache",
        ".svn",
        ".terraform",
        ".tox",
        ".venv",
        ".yarn",
        "__pycache__",
        "__pypackages__",
        "bower_components",
        "buck-out",
        "node_modules",
        "site-packages",
        "venv",
    }
)

Excluded = Callable[[str, bool], bool]
Rules = tuple[tuple[str, Patterns], ...]  # what each folder's .gitignore says, the deepest last


class Found(NamedTuple):
    """A file to rewrite, or a folder that could not be searched, with the cause."""

    path: str
    trouble: str = ""


def is_dockerfile(name: str) -> bool:
    """True when a file of this name is a Dockerfile, as far as a name can tell."""
    if name.endswith(".dockerignore"):
        return False
    if name == "Dockerfile" or name.startswith(("Dockerfile.", "Containerfile")):
        return True
    return name.endswith((".Dockerfile", ".dockerfile"))


def discover(paths: Iterable[str], excluded: Excluded = lambda path, folder: False) -> Iterator[Found]:
    """The files that ``paths`` name, each once: files as they are, folders searched by name in alphabetical order.

    ``excluded`` is asked for each file and folder (True) that a search meets.
    """
    seen: set[str] = set()
    for path in paths:
        for found in _search(path, excluded) if _is_folder(path) else (Found(path),):
            whole = os.path.abspath(found.path)
            if whole not in seen:
                seen.add(whole)
                yield found


def _is_folder(path: str) -> bool:
    try:
        return os.path.isdir(path)
    except ValueError:
        return False


def _search(top: str, excluded: Excluded) -> Iterator[Found]:
    prefix = "" if os.path.normpath(top) == os.curdir else top
    todo: list[tuple[str, Rules]] = [(prefix, _above(os.path.abspath(top)))]
    while todo:
        folder, rules = todo.pop()
        try:
            with os.scandir(folder or ".") as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            yield Found(folder or ".", f"this folder cannot be searched: {cause_of(error)}")
            continue
        rules = _with(rules, os.path.abspath(folder or "."), ".gitignore")
        below: list[tuple[str, Rules]] = []
        for entry in entries:
            path = os.path.join(folder, entry.name)
            if _is_real_folder(entry):
                if entry.name not in SKIPPED and not _ignored(rules, path, True) and not excluded(path, True):
                    below.append((path, rules))
                continue
            if not is_dockerfile(entry.name) or _leads_to_folder(entry):
                continue
            if not _ignored(rules, path, False) and not excluded(path, False):
                yield Found(path)
        todo.extend(reversed(below))


def _is_real_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_symlink() and entry.is_dir()
    except OSError:
        return False


def _above(folder: str) -> Rules:
    """The rules of the folders above, from the repository's root down, but for those that leave out ``folder`` itself.

    Whoever names an ignored folder wants it searched. Outside a repository there are none.
    """
    up = [folder]
    while not os.path.lexists(os.path.join(up[-1], ".git")):
        above = os.path.dirname(up[-1])
        if above == up[-1]:
            return ()
        up.append(above)
    rules = _with((), up[-1], os.path.join(".git", "info", "exclude"))
    for place in reversed(up[1:]):
        rules = _with(rules, place, ".gitignore")
    return tuple(rule for rule in rules if not _ignored((rule,), folder, True))


def _with(rules: Rules, folder: str, name: str) -> Rules:
    """``rules`` and those of one more file, when it is there and says something."""
    data = read(os.path.join(folder, name))
    if isinstance(data, Trouble):
        return rules
    spec = lenient(data.decode("utf-8", "surrogateescape").lstrip("\ufeff"))
    return rules if spec is None else (*rules, (folder, spec))


def _ignored(rules: Rules, path: str, folder: bool) -> bool:
    """What the deepest file that has an opinion says."""
    if not rules:
        return False
    whole = os.path.abspath(path)
    for base, spec in reversed(rules):
        name = os.path.relpath(whole, base).replace(os.sep, "/")
        if name == ".":
            continue
        verdict = spec.verdict(name + "/" if folder else name)
        if verdict is not None:
            return verdict
    return False
