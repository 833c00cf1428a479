"""What the pure modules must not contain, since mypyc cannot compile it (ADR 16)."""

from __future__ import annotations

import ast
from pathlib import Path

ROOT = Path(__file__).parent.parent


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
    files = [*ROOT.glob("rewriter/**/*.py"), *ROOT.glob("transforms/*.py")]
    assert {str(file): lines for file in files if (lines := starred_tests(file.read_text("utf-8")))} == {}
