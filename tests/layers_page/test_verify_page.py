"""The page of `dslim verify`, which has the same frame and look, in the same browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from dslim.verify.compare import Difference
from dslim.verify.page import render
from dslim.verify.program import Check
from dslim.verify.sizes import Side, Weighed
from dslim.verify.verdict import Verified
from tests.layers_page.conftest import PHONE, Open
from tests.layers_page.made import HOSTILE

BEFORE = Side(True, 12.3, 3_000_000, 900_000, 2, (Weighed("RUN a", 2_500_000), Weighed("RUN b", 500_000)))
AFTER = Side(True, 10.0, 2_000_000, 600_000, 1, (Weighed("RUN a && b", 2_000_000),))
DIFFERENT = Verified(
    "different",
    (f"srv/{HOSTILE} is missing",),
    BEFORE,
    AFTER,
    {"Env": (["A=1"], None)},
    tuple(Difference(f"{number}/{HOSTILE}/{'long' * 30}", "changed", "mode 0644 -> 0600") for number in range(40)),
    {"log": 2},
    (Check("entry point", False, HOSTILE), Check("libraries", True, "all found")),
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1280, 900), PHONE], ids=["desk", "phone"])
def test_it_is_inert_and_fits(
    scheme: str, size: tuple[int, int], opened: Open, keep: Callable[[Page, str], Path]
) -> None:
    found = opened(render(DIFFERENT, "Dockerfile"), size=size, color_scheme=scheme)
    expect(found.page.get_by_text("different", exact=True)).to_be_visible()
    keep(found.page, f"verify-{'phone' if size == PHONE else 'desk'}-{scheme}")
    assert found.page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert found.page.evaluate("window.hacked === undefined")
    assert found.page.locator("img").count() == 0


def test_its_policy_holds(opened: Open) -> None:
    found = opened(render(DIFFERENT, "Dockerfile"))
    back = found.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert back == "rgb(248, 247, 244)"  # the style passed; `opened` looks at the console for what did not
