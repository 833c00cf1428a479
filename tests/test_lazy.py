"""Lazy attributes: worked out once, and in classes that keep their ``__dict__`` when they are compiled."""

from __future__ import annotations

import ast
from pathlib import Path

from rewriter.lazy import has_lazy, lazy

ROOT = Path(__file__).parent.parent


@has_lazy
class Counting:
    def __init__(self) -> None:
        self.asked = 0

    @lazy
    def answer(self) -> int:
        self.asked += 1
        return 42


def test_it_is_worked_out_once_for_each_instance() -> None:
    one, other = Counting(), Counting()
    assert (one.answer, one.answer, one.asked, other.asked) == (42, 42, 1, 0)


def unmarked(source: str) -> list[str]:
    """The classes that have a lazy attribute and no mark."""
    classes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ClassDef)]
    return [
        one.name
        for one in classes
        if any(
            "lazy" in map(ast.unparse, part.decorator_list) for part in one.body if isinstance(part, ast.FunctionDef)
        )
        and "has_lazy" not in map(ast.unparse, one.decorator_list)
    ]


def test_every_class_with_a_lazy_attribute_is_marked() -> None:
    assert unmarked(
        "class A:\n    @lazy\n    def b(self): ...\n@has_lazy\nclass C:\n    @lazy\n    def d(self): ..."
    ) == ["A"]
    files = [*ROOT.glob("rewriter/**/*.py"), *ROOT.glob("transforms/*.py")]
    assert [name for file in files for name in unmarked(file.read_text("utf-8"))] == []
