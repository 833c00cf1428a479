"""Which files and variables Go sources ask for by name, and whether there are others that no source names.

A program that opens files by names that are written in its sources needs these; one that puts names together, or writes,
may need anything that its image has, its folders' owners and modes included.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from rewriter.glob import matches
from rewriter.knowledge import golang
from rewriter.model.go_text import Import, header, tokens


class Access(NamedTuple):
    """``files`` are the names written in calls that read, ``variables`` those of the environment. ``unnamed`` is the first
    call that may open anything, or "". ``environment`` is True where a variable may be asked for by any name."""

    files: frozenset[str]
    variables: frozenset[str]
    unnamed: str = ""
    environment: bool = False


#: what is not seen may do anything
UNSEEN: Final = Access(frozenset(), frozenset(), "a package that is not in the context", True)


def access(texts: Iterable[str]) -> Access:
    """What the sources ask for."""
    files, variables = set[str](), set[str]()
    unnamed, environment = "", False
    for text in texts:
        imports = header(text)[1]
        blind = next((one.path for one in imports if one.name == "." and _watched(one.path)), "")
        unnamed = unnamed or blind or ('import "C"' if any(one.path == "C" for one in imports) else "")
        for name, arguments in _uses(text, imports):
            places = golang.rows("reading").get(name)
            if name in golang.names("opening", "environments"):
                environment = True
            elif places == "variable":
                value = _text(arguments[0]) if arguments else None
                environment = environment or value is None
                variables.add(value or "")
            elif places is not None:
                given = [_text(one) for one in _chosen(arguments, places)]
                unnamed = unnamed or ("" if given and None not in given else name)
                files |= {one for one in given if one is not None}
            elif _opens(name, arguments):
                unnamed = unnamed or name
        if unnamed and environment:
            break
    return Access(frozenset(files), frozenset(variables), unnamed, environment)


def _watched(path: str) -> bool:
    """True for a package of which some functions open files."""
    rows = (*golang.rows("reading"), *golang.names("opening", "names"), *golang.names("opening", "environments"))
    return path in golang.rows("access") or any(row.rpartition(".")[0] == path for row in rows)


def _opens(name: str, arguments: list[list[str]]) -> bool:
    """True for what may open or make a file by a name that is not known here."""
    package, _, member = name.rpartition(".")
    harmless = golang.rows("access").get(package)
    if harmless is not None:
        return not any(matches(member, one) for one in harmless.split())
    if package == "net" and member in ("Listen", "ListenPacket") and arguments:
        network = _text(arguments[0])
        return network is None or network in golang.names("opening", "networks")
    return any(matches(name, one) for one in golang.names("opening", "names"))


def _uses(text: str, imports: list[Import]) -> Iterator[tuple[str, list[list[str]]]]:
    """Each ``package.Name`` and each ``.Name`` of a method that golang.toml knows, with its arguments, if it is called."""
    packages = {one.name: one.path for one in imports}
    found = list(tokens(text))
    for at in range(1, len(found) - 1):
        if found[at] != "." or not found[at + 1][:1].isalpha():
            continue
        left = found[at - 1]
        package = packages.get(left, "") if at < 2 or found[at - 2] != "." else ""
        member = f".{found[at + 1]}"
        methods = golang.rows("reading").keys() | golang.names("opening", "names")
        name = member if member in methods else f"{package}{member}"
        if name[0] != "." or name in methods:
            yield name, _arguments(found, at + 2)


def _arguments(found: list[str], at: int) -> list[list[str]]:
    """The arguments of the call whose ``(`` stands at ``at``, each as its tokens; none where nothing is called."""
    if at >= len(found) or found[at] != "(":
        return []
    depth, parts = 0, [list[str]()]
    for token in found[at:]:
        depth += token in ("(", "[", "{")
        depth -= token in (")", "]", "}")
        if depth == 0:
            return [part for part in parts if part]
        if depth == 1 and token == ",":
            parts.append([])
        elif depth > 1 or token != "(":
            parts[-1].append(token)
    return []


def _chosen(arguments: list[list[str]], places: str) -> list[list[str]]:
    if places == "*":
        return arguments
    wanted = [int(place) for place in places.split()]
    return [arguments[at] for at in wanted] if arguments and max(wanted) < len(arguments) else []


def _text(argument: list[str]) -> str | None:
    """The text of an argument that is one string and nothing else; None for any other."""
    if len(argument) != 1 or argument[0][0] not in '"`' or "\\" in argument[0]:
        return None
    return argument[0][1:-1]
