"""Every fixture, every variant of it, and what must hold for the whole set."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path

import pytest

import transforms
from dslim.catalogue import catalogue
from rewriter.rule import Transform
from tests.harness import WHOLE, Case, Notes, bless, complaints, load, load_all, variants

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "transforms"
CASES = load_all(ROOT / "fixtures")
VARIED = [variant for case in CASES for variant in variants(case)]
PIPELINE = transforms.loaded()
HEADINGS = ["## What it does", "## Why it saves", "## When it is safe", "## What it leaves alone"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each case and variant. (``parametrize`` would skip, not pass, a set that is still empty.)"""
    for name, cases in (("case", CASES), ("variant", VARIED)):
        if name in metafunc.fixturenames and cases:
            metafunc.parametrize(name, cases, ids=[each.id for each in cases])


@pytest.fixture
def case() -> Case | None:
    return None


@pytest.fixture
def variant() -> Case | None:
    return None


def test_case(case: Case | None, pytestconfig: pytest.Config) -> None:
    if case is None:
        assert not CASES
        return
    if pytestconfig.getoption("--bless"):
        bless(case, PIPELINE)
        case = load(case.folder)
    problems = complaints(case, PIPELINE)
    assert not problems, "\n".join(problems)


def test_variant(variant: Case | None) -> None:
    if variant is None:
        assert not VARIED
        return
    problems = complaints(variant, PIPELINE)
    assert not problems, "\n".join(problems)


def test_every_folder_names_a_transform() -> None:
    folders = {path.name for path in (ROOT / "fixtures").iterdir() if path.is_dir()}
    assert folders - {WHOLE} <= {each.name for each in PIPELINE}


def test_every_case_has_an_input() -> None:
    folders = {path for path in (ROOT / "fixtures").glob("*/*") if path.is_dir()}
    assert folders == {case.folder for case in CASES}


def test_every_transform_has_three_cases_and_leaves_two_fifths_alone() -> None:
    assert not uncovered([each.name for each in PIPELINE], CASES)


def test_pages() -> None:
    wrong = {each.name: problem for each in PIPELINE if (problem := page_problem(each.page))}
    assert not wrong


def test_transforms_import_neither_regular_expressions_nor_each_other_nor_what_is_above_them() -> None:
    wrong = {path.name: bad for path in FOLDER.glob("*.py") if (bad := forbidden(path.read_text("utf-8")))}
    assert not wrong


def test_the_catalogue_is_up_to_date(pytestconfig: pytest.Config) -> None:
    for name, text in (("README.md", catalogue(PIPELINE)), ("index.tsv", transforms.index(PIPELINE))):
        page = FOLDER / name
        if pytestconfig.getoption("--bless"):
            page.write_text(text, "utf-8", newline="\n")
        assert page.read_text("utf-8") == text, "run: make catalogue"


def test_the_index_says_what_the_transforms_say() -> None:
    def said(pipeline: Sequence[Transform]) -> list[tuple[object, ...]]:
        return [(one.name, one.phase, one.touches, one.safety, one.tools, one.images, one.hadolint) for one in pipeline]

    assert said(transforms.pipeline()) == said(PIPELINE)


def uncovered(names: Sequence[str], cases: Sequence[Case]) -> list[str]:
    """Transforms with fewer than three cases, or with fewer than 40 % of them left alone."""
    out = []
    for name in names:
        own = [case for case in cases if case.transform == name]
        alone = sum(case.after is None for case in own)
        if len(own) < 3 or alone < 0.4 * len(own):
            out.append(f"{name}: {alone} of {len(own)} cases are left alone")
    return out


def page_problem(page: str) -> str:
    """What is wrong with a transform's page, or ""."""
    lines = page.strip().splitlines()
    if not lines or not lines[0].endswith(".") or not lines[0][0].isupper():
        return "the first line is not a sentence"
    if [line for line in lines if line.startswith("## ")] != HEADINGS:
        return f"the headings are not {HEADINGS}"
    return ""


def forbidden(code: str) -> list[str]:
    """What a transform imports and must not."""
    names: list[str] = []
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names += [f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names]
    return [name for name in names if name.split(".")[0] in ("re", "regex", "transforms", "dslim", "")]


def test_the_checks_on_the_set_can_fail() -> None:
    page = "Do a thing.\n\n" + "\n".join(HEADINGS)
    assert not page_problem(page)
    assert page_problem("do a thing\n" + "\n".join(HEADINGS))
    assert page_problem(page.replace("## Why it saves\n", ""))
    assert page_problem("")
    assert not forbidden("from rewriter.rule import Finding\nimport itertools")
    assert forbidden("import re") and forbidden("from re import sub") and forbidden("def f():\n    import re")
    assert forbidden("from transforms.other import helper") and forbidden("from . import other")
    assert forbidden("from dslim import config")
    change, alone = (Case("smell", "x", b"", after, Notes(), ROOT) for after in (b"FROM a\n", None))
    assert not uncovered(["smell"], [change, alone, alone])
    assert uncovered(["smell"], [change, alone]) and uncovered(["smell"], [change, change, alone])
