"""Each way in which another tool was seen to break a Dockerfile is a case of ours."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from tests.harness import WHOLE, load_all

CASES = load_all(Path(__file__).parent.parent / "fixtures")
BREAKAGES = range(1, 66)
MARK = "peers "


def numbers(why: str) -> list[int]:
    """The breakages that a case says it is about: ``peers 21: ...`` or ``peers 21, 22: ...``."""
    head, colon, _ = why.partition(":")
    if not colon or not head.startswith(MARK):
        return []
    return [int(number) for number in head.removeprefix(MARK).split(",")]


def missing(whys: Iterable[str]) -> list[int]:
    """The breakages that no case is about."""
    named = {number for why in whys for number in numbers(why)}
    return [number for number in BREAKAGES if number not in named]


def test_each_breakage_is_a_case() -> None:
    assert not missing(case.notes.why for case in CASES)


def test_the_folder_says_the_number_first() -> None:
    wrong = [
        case.name
        for case in CASES
        if case.transform == WHOLE and numbers(case.notes.why) and int(case.name[:2]) not in numbers(case.notes.why)
    ]
    assert not wrong


def test_the_checks_can_fail() -> None:
    assert numbers("peers 7: a comment") == [7]
    assert numbers("peers 21, 22: a list") == [21, 22]
    assert numbers("No peers 7: a comment") == [] == numbers("peers")
    assert missing(f"peers {number}: x" for number in BREAKAGES if number != 40) == [40]
