"""What tests with traps share: a project is given, and it is looked at whether its base is swapped."""

from __future__ import annotations

from rewriter.engine import run
from rewriter.rule import Ask
from transforms import loaded


def swapped(text: str, files: dict[str, str]) -> str:
    """The Dockerfile after the step to slim by default; ``files`` are the whole context, by path."""
    ask = Ask(context=files.get, files=lambda: tuple(sorted(files)))
    report = run(tuple(one for one in loaded() if one.name == "base-heavier-than-slim"), text, ask)
    assert not report.crashed
    return report.text
