"""The hard cases that a pull-request bot meets, by number: what happens, what must come of it, and the files that test it.

Tests are named ``test_case_NUMBER_...``. A case without one, or one in another file than said here, fails this test.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent

CASES = {
    1: ("a secondary limit, with retry-after, with 429, without a header", "nothing before its time; others go on", "limits"),
    2: ("the primary limit is used up", "parked until it is reset", "limits"),
    3: ("5xx on a read, on a write", "read again; looked up before it is written again", "limits"),
    4: ("the pull request was made, the answer lost", "one pull request, adopted", "limits"),
    5: ("kill -9 between commit, branch, pull request, labels", "the next run completes it", "kills"),
    6: ("a token expires, the App is removed, a permission taken away", "renewed once; else a reason", "permissions"),
    7: ("our branch exists: ours, a person's, or a branch called as our folder", "adopted, left alone, other name", "people"),
    8: ("two processes at once", "one pull request", "people"),
    9: ("a person closed it, then edited elsewhere, then here", "silence, silence, a new one", "people"),
    10: ("a person's commit, amend, force-push, base, title, labels", "said once, never overwritten", "people"),
    11: ("the base moved: elsewhere, on the same lines, to what we want", "nothing, made anew, closed", "people"),
    12: ("a file changes, moves, goes while we work", "planned anew; no old path comes back", "files"),
    13: ("protected branches, rules, signatures, merge queues", "fine for the base; else how to let us", "permissions"),
    14: ("archived, disabled, empty, renamed, without issues, gone", "a reason, no retry; memory by number", "permissions"),
    15: ("a tree that is cut, thousands of files, huge files, long texts", "complete, capped, within limits", "files"),
    16: ("line ends, BOM, encodings, modes, symbolic links, odd paths", "no byte changes outside the edit", "files"),
    17: ("webhooks forged, repeated, out of order, huge, missed", "refused, done once, repaired at night", "serve"),
    18: ("commands of strangers, in quotes, of bots", "ignored", "serve"),
    19: ("a sweep killed at 40 %, and a repository that kills it", "each once; that one is parked", "sweep"),
    20: ("texts of Dockerfiles that try to get out of the pull request", "inert", "files"),
    21: ("the configuration is wrong, goes, says no", "said once, defaults, closed", "people"),
    22: ("clocks that differ, times that are past, dates", "at least a second; both forms", "limits"),
}  # fmt: skip


def numbers_in(file: Path) -> set[int]:
    names = [node.name for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)]
    return {int(found[1]) for name in names if (found := re.match(r"test_case_(\d+)_", name))}


@pytest.mark.parametrize("number", CASES)
def test_a_case_has_its_test(number: int) -> None:
    *_, place = CASES[number]
    assert number in numbers_in(HERE / f"test_hard_cases_{place}.py")


def test_there_are_22_and_no_others() -> None:
    tested = {number for file in HERE.glob("test_*.py") for number in numbers_in(file)}
    assert sorted(tested) == sorted(CASES) == list(range(1, 23))
