"""Tests are skipped for what a machine lacks, and for nothing else."""

from __future__ import annotations

import ast
from pathlib import Path

HERE = Path(__file__).parent
SKIPPING = {"skip", "skipif", "xfail", "importorskip", "skipTest", "SkipTest"}
OF = ("pytest", "pytest.mark", "unittest")


def skips(file: Path) -> list[str]:
    """Where a file asks pytest or unittest to leave a test out."""
    place = file.relative_to(HERE)
    nodes = list(ast.walk(ast.parse(file.read_text("utf-8"))))
    used = [node for node in nodes if isinstance(node, ast.Attribute) and node.attr in SKIPPING]
    found = [ast.unparse(node) for node in used if node.attr == "skipTest" or ast.unparse(node.value) in OF]
    imports = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.module in OF]
    found += [ast.unparse(node) for node in imports if SKIPPING & {one.name for one in node.names}]
    return [f"{place}: {one}" for one in found]


def test_one_place_skips() -> None:
    found = [one for file in sorted(HERE.rglob("*.py")) for one in skips(file)]
    assert found == ["lacking.py: pytest.skip"]
