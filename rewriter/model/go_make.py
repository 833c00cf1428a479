"""The commands behind ``make``, where its Makefile is simple: variables, rules with their recipes, and nothing else.

Source: https://www.gnu.org/software/make/manual, 4.4.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from rewriter.knowledge import golang
from rewriter.model.command import Command, command_of
from rewriter.model.walk import Place, Walker, parts
from rewriter.syntax.script import Function, Opaque, Simple
from rewriter.syntax.shell import read_shell

_ASSIGNMENT: Final = re.compile(r"(\w+)\s*(::?=|\?=|=)\s*(.*)")
_RULE: Final = re.compile(r"([\w./ -]+?)\s*:(?![:=])\s*([\w./ -]*)")
_REFERENCE: Final = re.compile(r"\$\((.*?)\)|\$\{(.*?)\}|\$(.)")
#: targets that change how recipes run
_SPECIAL: Final = frozenset((".EXPORT_ALL_VARIABLES", ".ONESHELL", ".IGNORE", ".DEFAULT", ".SECONDEXPANSION"))

NO_ENVIRONMENT: Final[Mapping[str, str | None]] = MappingProxyType({})


class _Unclear(Exception):
    """The Makefile is not simple enough; the text says where."""


def commands(
    text: str,
    targets: list[str],
    given: dict[str, str],
    there: set[str],
    cwd: str,
    environment: Mapping[str, str | None],
) -> list[Command] | str:
    """The commands that ``make`` runs in the folder ``cwd``; why they are not known."""
    lines = recipe(text, targets, given, there, environment)
    if isinstance(lines, str):
        return lines
    told = next((name for name in given if golang.of_the_build(name)), "")
    if told:
        return f"make hands {told} to every command"
    found: list[Command] = []
    for line in lines:
        script = read_shell(line)
        if isinstance(script, Opaque):
            return "a recipe of its Makefile cannot be read"
        if any(node.redirects for node, _ in parts(script.body) if not isinstance(node, (Simple, Function))):
            return "a list of commands in a recipe of its Makefile writes files"
        _Lister(found, cwd).script(script)
    if any(command.tool in ("export", "unset", "set") or not command.simple.words for command in found):
        return "a recipe of its Makefile sets variables of its shell"
    if any(command.tool == "cd" for command in found):
        return "a recipe of its Makefile goes to another folder"
    return found


def recipe(
    text: str,
    targets: list[str],
    given: dict[str, str],
    there: set[str],
    environment: Mapping[str, str | None] = NO_ENVIRONMENT,
) -> list[str] | str:
    """The lines of shell that ``make`` runs for ``targets``, with the variables that are ``given`` to it, and those of its
    ``environment`` (None: not known). ``there`` are the files beside the Makefile."""
    try:
        rules, variables = _read(text, environment)
        plain = [name for name in rules if not name.startswith(".")]
        found: list[str] = []
        done: set[str] = set()
        for target in targets or plain[:1]:
            _make(target, rules, {**variables, **given}, there, done, found)
    except _Unclear as reason:
        return str(reason)
    return found


def _read(
    text: str, environment: Mapping[str, str | None]
) -> tuple[dict[str, tuple[list[str], list[str]]], dict[str, str]]:
    """The rules, each with what it needs and its recipe, and the variables."""
    rules: dict[str, tuple[list[str], list[str]]] = {}
    variables = {name: value for name, value in environment.items() if value is not None}
    current: list[str] | None = None
    # what the environment has is handed on with its new value: CGO_ENABLED is there too, where a split turns cgo off
    handed = {*environment, "CGO_ENABLED"}
    for line in text.replace("\\\r\n", "\\\n").replace("\\\n\t", " ").replace("\\\n", " ").splitlines():
        if line.startswith("\t") and current is not None:
            current.append(line[1:].strip())
            continue
        line = line.partition("#")[0].rstrip()
        if not line:
            continue
        assigned, rule = _ASSIGNMENT.fullmatch(line), _RULE.fullmatch(line)
        if assigned:
            name, how, value = assigned.groups()
            if how == "?=" and name in environment and name not in variables:
                continue  # of unknown value
            if how != "?=" and name in handed:
                raise _Unclear(f"its Makefile sets {name} for every command")
            if how != "?=" or name not in variables:
                variables[name] = value
        elif rule:
            current = []
            for name in rule[1].split():
                if name in _SPECIAL:
                    raise _Unclear(f"its Makefile has {name}")
                if name in rules and name != ".PHONY":
                    raise _Unclear(f"its Makefile has two rules for {name}")
                rules[name] = (rule[2].split(), current)
        else:
            raise _Unclear(f"its Makefile has: {line}")
    return rules, variables


def _make(
    target: str,
    rules: dict[str, tuple[list[str], list[str]]],
    variables: dict[str, str],
    there: set[str],
    done: set[str],
    found: list[str],
) -> None:
    """Add what makes one target, after what it needs."""
    if target in done:
        return
    done.add(target)
    if target not in rules:
        if target not in there:
            raise _Unclear(f"make needs {target}, which nothing makes")
        return
    phony = rules[".PHONY"][0] if ".PHONY" in rules else []
    if target in there and target not in phony:
        raise _Unclear(f"whether make finds {target} made already is not known")
    needs, lines = rules[target]
    for one in needs:
        _make(one, rules, variables, there, done, found)
    for line in lines:
        plain = line.lstrip("@+ ")
        if plain.startswith("-"):
            raise _Unclear("make ignores what fails in a recipe")
        found.append(_expand(plain, {**variables, "@": target}))


def _expand(line: str, variables: dict[str, str], depth: int = 0) -> str:
    def value(match: re.Match[str]) -> str:
        name = match[1] or match[2] or match[3]
        if name == "$":
            return "$"
        if name not in variables or depth > 9:
            raise _Unclear(f"make expands {match[0]}")
        return _expand(variables[name], variables, depth + 1)

    return _REFERENCE.sub(value, line)


class _Lister(Walker):
    def __init__(self, found: list[Command], cwd: str) -> None:
        super().__init__(None)
        self._found, self._cwd = found, cwd

    def met(self, command: Simple, place: Place) -> None:
        self._found.append(command_of(command, place, self._cwd, False))
