"""Compares the tree of ``read_shell`` with the one of ``shfmt``, which reads bash independently."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from rewriter.syntax.script import (
    AndOr,
    Arithmetic,
    Assignment,
    Case,
    Command,
    For,
    Function,
    Group,
    If,
    Loop,
    Opaque,
    Pipeline,
    Redirect,
    Script,
    Sequence,
    Simple,
    Statement,
    Subshell,
    Test,
    Word,
)
from rewriter.syntax.shell import read_shell

SHFMT = shutil.which("shfmt", path=str(Path(sys.executable).parent)) or "shfmt"

Node = dict[str, Any]


def differences(text: str) -> list[str]:
    """What the two trees disagree on; an ``Opaque`` agrees with everything."""
    return compare(text, read_shell(text), shfmt(text))


def shfmt(text: str) -> Node | str:
    """The tree of ``shfmt``, or its error message."""
    command = [SHFMT, "--to-json", "--language-dialect", "bash"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, check=False)
    return json.loads(done.stdout) if done.returncode == 0 else done.stderr.decode().strip() or "failed"


def shfmt_all(texts: Iterable[str]) -> Iterator[Node | str]:
    """The trees of many texts, in their order."""
    with ThreadPoolExecutor(2) as pool:
        yield from pool.map(shfmt, texts)


def compare(text: str, ours: Script | Opaque, theirs: Node | str) -> list[str]:
    """What the two readings of ``text`` disagree on."""
    if isinstance(ours, Opaque):
        return []
    if isinstance(theirs, str):
        return [f"shfmt refuses it: {theirs}"]
    comparison = _Comparison(text)
    comparison.sequence(ours.body, theirs.get("Stmts", []))
    comparison.comments(ours, theirs)
    return comparison.found


class _Comparison:
    """Walks both trees side by side and notes what differs."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[str] = []
        self.positions = True
        self.offsets: list[int] | None = None
        if not text.isascii():
            self.offsets = [at for at, character in enumerate(text) for _ in character.encode()] + [len(text)]

    def at(self, position: Node) -> int:
        """The offset in characters of a position of shfmt."""
        offset: int = position["Offset"]
        return self.offsets[offset] if self.offsets else offset

    def same(self, what: str, ours: object, theirs: object) -> bool:
        """Note a difference, if there is one."""
        if ours != theirs:
            self.found.append(f"{what}: {ours!r} here, {theirs!r} in shfmt")
        return ours == theirs

    def place(self, what: str, ours: int, theirs: Node | None) -> None:
        """Compare an offset, where shfmt's offsets can be used."""
        if self.positions:
            self.same(what, ours, self.at(theirs) if theirs else None)

    def ending(self, start: int, end: int, theirs: Node) -> None:
        """Compare where a word ends; shfmt adds a line continuation to it, and takes the sign off an empty ``a+=``."""
        if not self.positions:
            return
        expected = self.at(theirs["End"])
        if self.text.endswith("+=", start, end):
            expected = max(expected, end)
        if expected < end or self.text[end:expected].replace("\\\n", "").strip("\\"):
            self.same("the end of a word", end, expected)

    def comments(self, ours: Script, theirs: Node) -> None:
        """Compare where the comments begin."""
        expected = sorted(self.at(node["Hash"]) for node in _nodes(theirs, inside_escapes=False) if "Hash" in node)
        if "\\`" not in self.text and "\\$" not in self.text and '\\"' not in self.text:
            self.same("comments", [start for start, _ in ours.comments], expected)

    def sequence(self, ours: Sequence, theirs: list[Node]) -> None:
        """Compare lists of commands."""
        if not self.same("statements", len(ours.statements), len(theirs)):
            return
        for statement, node in zip(ours.statements, theirs, strict=True):
            self.statement(statement, node)

    def statement(self, ours: Statement, theirs: Node) -> None:
        """Compare two statements and what ends them."""
        self.same("in the background", ours.ended_by == "&", theirs.get("Background", False))
        semicolon = theirs.get("Semicolon")
        if self.same("ended by a sign", ours.ended_by in (";", "&"), semicolon is not None) and semicolon:
            self.place("the end of a statement", ours.ended_at, semicolon)
        self.and_or(ours.list, theirs)

    def and_or(self, ours: AndOr, theirs: Node) -> None:
        """Compare the operators and the pipelines between them."""
        nodes, operators = _flat(theirs, ("&&", "||"))
        self.same("and-or operators", [sign for sign, _ in ours.operators], [node["Op"] for node in operators])
        for (_, at), node in zip(ours.operators, operators, strict=False):
            self.place("an operator", at, node["OpPos"])
        if self.same("pipelines", len(ours.pipelines), len(nodes)):
            for pipeline, node in zip(ours.pipelines, nodes, strict=True):
                self.pipeline(pipeline, node)

    def pipeline(self, ours: Pipeline, theirs: Node) -> None:
        """Compare two pipelines."""
        self.same("negated", ours.negated, theirs.get("Negated", False))
        self.place("a pipeline", ours.start, theirs["Position"])
        nodes, operators = _flat(theirs, ("|", "|&"), ignore_negation=True)
        self.same("pipes", list(ours.operators), [node["Op"] for node in operators])
        if not self.same("commands", len(ours.commands), len(nodes)):
            return
        for command, node in zip(ours.commands, nodes, strict=True):
            self.command(command, node)

    def command(self, ours: Command, theirs: Node) -> None:
        """Compare two commands."""
        timed = theirs.get("Timed", False)
        node = theirs.get("Cmd") or {"Type": "CallExpr"}
        expected = _KINDS.get(node["Type"], node["Type"])
        if not self.same("kind of command", type(ours).__name__, expected):
            return
        if isinstance(ours, Function):
            self.same("name", ours.name, node["Name"]["Value"])
            self.command(ours.body, node["Body"])
            return
        self.redirects(ours.redirects, theirs.get("Redirs", []))
        if "Pos" in node and not timed and node["Type"] != "CallExpr":
            self.place("start", ours.start, node["Pos"])
            if not ours.redirects:
                self.ending(ours.start, ours.end, node)
        match ours:
            case Simple():
                self.simple(ours, node, timed)
            case Subshell() | Group():
                self.sequence(ours.body, node["Stmts"])
            case If():
                self.branches(ours, node)
            case Loop():
                self.same("keyword", ours.keyword, "until" if node.get("Until") else "while")
                self.sequence(ours.condition, node["Cond"])
                self.sequence(ours.body, node["Do"])
            case For():
                self.loop(ours, node)
            case Case():
                self.case(ours, node)
            case Test():
                self.test(ours, node)
            case Arithmetic():
                self.expansions("arithmetic", ours.expression, node.get("X", {}), arithmetic=True)

    def simple(self, ours: Simple, theirs: Node, timed: bool) -> None:
        """Compare two simple commands, ``declare`` and its like among them; ``time`` is no word to shfmt."""
        if theirs["Type"] == "DeclClause":
            self.same("assignments", len(ours.assignments), 0)
            self.same("declaration", ours.words[0].raw, theirs["Variant"]["Value"])
            nodes = [theirs["Variant"], *theirs.get("Args", [])]
        else:
            self.assignments(ours.assignments, theirs.get("Assigns", []))
            nodes = theirs.get("Args", [])
        words = ours.words[timed:]
        if not self.same("words", len(words), len(nodes)):
            return
        for word, node in zip(words, nodes, strict=True):
            if "Naked" in node and "Value" in node:
                self.word(word, node["Value"])
            elif "Parts" in node:
                self.word(word, node)
            else:
                self.place("a word", word.start, node["Pos"])
                self.ending(word.start, word.end, node)
                self.expansions(word.raw, word, node)

    def assignments(self, ours: tuple[Assignment, ...], theirs: list[Node]) -> None:
        """Compare the assignments of a command."""
        if not self.same("assignments", [item.name for item in ours], [node["Name"]["Value"] for node in theirs]):
            return
        for assignment, node in zip(ours, theirs, strict=True):
            self.place("an assignment", assignment.start, node["Pos"])
            self.ending(assignment.start, assignment.end, node)
            if self.same("value", assignment.value is not None, "Value" in node) and assignment.value:
                self.word(assignment.value, node["Value"])
            elements = node.get("Array", {}).get("Elems", [])
            self.words(assignment.elements or (), [element["Value"] for element in elements])

    def redirects(self, ours: tuple[Redirect, ...], theirs: list[Node]) -> None:
        """Compare the redirects of a command."""
        if not self.same("redirects", [item.operator for item in ours], [node["Op"] for node in theirs]):
            return
        for redirect, node in zip(ours, theirs, strict=True):
            self.place("a redirect", redirect.start, node["Pos"])
            self.same("descriptor", redirect.fd, node.get("N", {}).get("Value", ""))
            self.word(redirect.target, node["Word"])
            lines = node.get("Hdoc")
            if redirect.content and lines:
                begun = self.text[redirect.content.start : self.at(lines["Pos"])] if self.positions else ""
                self.same("a here-document", begun.replace("\\\n", "").strip("\\"), "")
                self.expansions("here-document", redirect.content, lines)
                if not redirect.content.parameters and not redirect.content.substitutions:
                    expected = "".join(part["Value"] for part in lines["Parts"])
                    raw = redirect.content.raw
                    if redirect.operator == "<<-":  # where shfmt adds the tabs before the last line
                        expected, raw = expected.rstrip("\t"), raw.rstrip("\t")
                    self.same("lines", raw if redirect.target.quoted else raw.replace("\\\n", ""), expected)

    def branches(self, ours: If, theirs: Node) -> None:
        """Compare the branches of an ``if``."""
        node: Node | None = theirs
        for condition, body in ours.branches:
            if not self.same("a branch", True, node is not None and "Cond" in node) or node is None:
                return
            self.sequence(condition, node["Cond"])
            self.sequence(body, node["Then"])
            node = node.get("Else")
        if self.same("else", ours.otherwise is not None, node is not None) and ours.otherwise and node:
            self.same("else without condition", False, "Cond" in node)
            self.sequence(ours.otherwise, node["Then"])

    def loop(self, ours: For, theirs: Node) -> None:
        """Compare two ``for`` loops."""
        loop = theirs["Loop"]
        self.same("a loop with braces", False, theirs.get("Braces", False))
        if loop["Type"] == "CStyleLoop":
            self.same("name", ours.name, "")
            expected = [name for key in ("Init", "Cond", "Post") for name in _parameters(loop.get(key, {}), True)]
            self.same("variables", [name for word in ours.words or () for name in word.parameters], expected)
        else:
            self.same("name", ours.name, loop["Name"]["Value"])
            self.same("in", ours.words is not None, "InPos" in loop)
            self.words(ours.words or (), loop.get("Items", []))
        self.sequence(ours.body, theirs["Do"])

    def case(self, ours: Case, theirs: Node) -> None:
        """Compare two ``case`` commands."""
        self.word(ours.word, theirs["Word"])
        items = theirs.get("Items", [])
        if self.same("items", len(ours.items), len(items)):
            for (patterns, body), node in zip(ours.items, items, strict=True):
                self.words(patterns, node["Patterns"])
                self.sequence(body, node.get("Stmts", []))

    def test(self, ours: Test, theirs: Node) -> None:
        """Compare where the words and operators of two conditions begin."""
        places: list[int] = []
        for node in _nodes(theirs["X"], inside_words=False):
            if node.get("Type") == "Word":
                places.append(self.at(node["Pos"]))
            elif node.get("Type") == "ParenTest":
                places += (self.at(node["Lparen"]), self.at(node["Rparen"]))
            elif "OpPos" in node:
                places.append(self.at(node["OpPos"]))
        if self.positions:
            self.same("condition", [word.start for word in ours.words], sorted(places))

    def words(self, ours: tuple[Word, ...], theirs: list[Node]) -> None:
        """Compare lists of words."""
        if self.same("words", len(ours), len(theirs)):
            for word, node in zip(ours, theirs, strict=True):
                self.word(word, node)

    def word(self, ours: Word, theirs: Node) -> None:
        """Compare two words: place, value and what they expand."""
        if "Value" in theirs and "Parts" not in theirs:
            self.place("a word", ours.start, theirs["ValuePos"])
            return
        self.place("a word", ours.start, theirs["Pos"])
        self.ending(ours.start, ours.end, theirs)
        value = _value(theirs["Parts"])
        if (value is not None and ours.value is not None) or (
            (value is None) is not (ours.value is None) and "~" not in ours.raw and "$'" not in ours.raw
        ):
            self.same("value", ours.value, value)
        self.expansions(ours.raw, ours, theirs)

    def expansions(self, what: str, ours: Word, theirs: Node, arithmetic: bool = False) -> None:
        """Compare the variables and the commands inside a word."""
        self.same(f"variables of {what}", list(ours.parameters), _parameters(theirs, arithmetic))
        nodes = [node for node in _nodes(theirs) if node.get("Type") in ("CmdSubst", "ProcSubst")]
        if not self.same(f"substitutions of {what}", len(ours.substitutions), len(nodes)):
            return
        for substitution, node in zip(ours.substitutions, nodes, strict=True):
            kept = self.positions
            if node.get("Backquotes"):
                self.positions = False
            self.sequence(substitution, node.get("Stmts", []))
            self.positions = kept


_KINDS = {
    "CallExpr": "Simple",
    "DeclClause": "Simple",
    "Block": "Group",
    "IfClause": "If",
    "WhileClause": "Loop",
    "ForClause": "For",
    "CaseClause": "Case",
    "FuncDecl": "Function",
    "TestClause": "Test",
    "ArithmCmd": "Arithmetic",
}


def _flat(node: Node, signs: tuple[str, ...], ignore_negation: bool = False) -> tuple[list[Node], list[Node]]:
    """The operands and the operators of a chain of binary commands."""
    node = _hoisted(node)
    command = node.get("Cmd") or {}
    if command.get("Type") == "TimeClause" and "|" in signs:
        nodes, operators = _flat(command["Stmt"], signs)
        return [{**nodes[0], "Timed": True}, *nodes[1:]], operators
    plain = not node.get("Redirs") and (ignore_negation or not node.get("Negated"))
    if command.get("Type") != "BinaryCmd" or command["Op"] not in signs or not plain:
        return [node], []
    left, left_operators = _flat(command["X"], signs)
    right, right_operators = _flat(command["Y"], signs)
    return left + right, [*left_operators, command, *right_operators]


def _hoisted(node: Node) -> Node:
    """shfmt takes the ``&& b`` of ``f() { a; } && b`` for a part of the function; the shells do not."""
    function = node.get("Cmd") or {}
    if function.get("Type") != "FuncDecl" or function["Body"]["Cmd"]["Type"] != "BinaryCmd":
        return node
    binary = function["Body"]["Cmd"]
    return {**node, "Cmd": {**binary, "X": {**node, "Cmd": {**function, "Body": binary["X"]}}}}


def _nodes(node: Any, inside_words: bool = True, inside_escapes: bool = True) -> Iterator[Node]:
    """All the nodes below one, in their order; substitutions are yielded, not entered."""
    if isinstance(node, list):
        for item in node:
            yield from _nodes(item, inside_words, inside_escapes)
    if not isinstance(node, dict):
        return
    yield node
    if inside_escapes and node.get("Type") in ("CmdSubst", "ProcSubst"):
        return
    if not inside_words and node.get("Type") == "Word":
        return
    for value in node.values():
        yield from _nodes(value, inside_words, inside_escapes)


def _parameters(node: Node, arithmetic: bool = False) -> list[str]:
    """The names of the variables that a word expands, in their order."""
    found: list[str] = []
    if node.get("Type") in ("CmdSubst", "ProcSubst"):
        return found
    if node.get("Type") == "ParamExp":
        found.append(node["Param"]["Value"])
    if arithmetic and node.get("Type") == "Word" and len(node["Parts"]) == 1:
        name = node["Parts"][0].get("Value")
        if isinstance(name, str) and name.isidentifier() and node["Parts"][0]["Type"] == "Lit":
            found.append(name)
    inside = node.get("Type") in ("ArithmExp", "UnaryArithm", "BinaryArithm", "ParenArithm", "CStyleLoop")
    for key, value in node.items():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                deeper = (inside or arithmetic or key == "Slice") and node.get("Type") not in ("Word", "ParamExp")
                found += _parameters(item, deeper or key == "Slice")
    return found


def _value(parts: list[Node], double: bool = False) -> str | None:
    """What a word amounts to after quote removal, None when that takes an expansion."""
    values: list[str] = []
    for part in parts:
        kind = part["Type"]
        inner: str | None
        if part.get("Dollar"):
            return None
        if kind == "Lit":
            inner = _unescaped(part["Value"], double)
        elif kind == "SglQuoted":
            inner = part.get("Value", "")
        elif kind == "DblQuoted":
            inner = _value(part.get("Parts", []), double=True)
        else:
            return None
        if inner is None:
            return None
        values.append(inner)
    return "".join(values)


def _unescaped(text: str, double: bool) -> str:
    """A literal without its escapes."""
    result: list[str] = []
    characters = iter(text)
    for character in characters:
        if character != "\\":
            result.append(character)
            continue
        following = next(characters, "")
        if following == "\n":
            continue
        result.append(following if not double or following in '$`"\\' else "\\" + following)
    return "".join(result)
