"""What the pure modules must not contain, since mypyc cannot compile it or makes it slow (ADR 16)."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent
PURE = {*ROOT.glob("rewriter/**/*.py"), *ROOT.glob("transforms/*.py")} - {ROOT / "rewriter/lazy.py"}


def starred_tests(source: str) -> list[int]:
    """The lines with ``x in (a, *b)``. (In a set mypyc takes a star.)"""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Compare)
        and any(
            isinstance(how, (ast.In, ast.NotIn)) and isinstance(part, (ast.Tuple, ast.List)) and _starred(part)
            for how, part in zip(node.ops, node.comparators, strict=True)
        )
    ]


def _starred(part: ast.Tuple | ast.List) -> bool:
    return any(isinstance(one, ast.Starred) for one in part.elts)


def test_no_membership_test_has_a_star() -> None:
    assert starred_tests("a in (1, *b)\nc = [*d]\ne not in [f, *g]\n") == [1, 3]
    assert {str(file): lines for file in PURE if (lines := starred_tests(file.read_text("utf-8")))} == {}


def looked_up(source: str) -> list[str]:
    """The constants that are not ``Final``: compiled code looks them up by name each time."""
    found: list[str] = []
    for node in ast.parse(source).body:
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        final = isinstance(node, ast.AnnAssign) and ast.unparse(node.annotation).split("[")[0] in ("Final", "TypeAlias")
        found += [one.id for one in targets if isinstance(one, ast.Name) and one.id.isupper() and not final]
    return found


def test_constants_are_final() -> None:
    assert looked_up("A = 1\nB: int = 2\nC: Final = 3\n_D: Final[int] = 4\nE = F = 5\nAlias = int\n") == list("ABEF")
    assert {str(file): names for file in PURE if (names := looked_up(file.read_text("utf-8")))} == {}
