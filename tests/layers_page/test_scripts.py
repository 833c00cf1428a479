"""The scripts of the page by themselves, run by a real browser."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser

import dslim.layers.page
from dslim.layers.page.tree import Mark, columns, grown
from dslim.page import percent
from dslim.page.document import asset
from dslim.report import size
from tests.layers_page import made

_FOLDER = os.path.join(os.path.dirname(dslim.layers.page.__file__), "script")


class Scripts:
    """Calls functions of the scripts."""

    def __init__(self, browser: Browser) -> None:
        self._page = browser.new_page()
        for name in ("words", "squarify", "tree", "map"):
            self._page.add_script_tag(content=asset(os.path.join(_FOLDER, f"{name}.js")))

    def __call__(self, expression: str, value: object = None) -> Any:
        return self._page.evaluate(expression, value)


@pytest.fixture(scope="module")
def scripts(browser: Browser) -> Scripts:
    return Scripts(browser)


def _squarified(scripts: Scripts, sizes: list[int], width: float, height: float) -> list[tuple[float, ...]]:
    boxes = scripts("([sizes, width, height]) => squarify(sizes, 10, 20, width, height)", [sizes, width, height])
    return [(box["x"], box["y"], box["width"], box["height"]) for box in boxes]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sizes=st.lists(st.integers(0, 10**12), max_size=60).map(lambda found: sorted(found, reverse=True)),
    width=st.integers(1, 2_000),
    height=st.integers(1, 2_000),
)
def test_boxes_have_the_areas_of_their_sizes_and_fill_the_rectangle(
    scripts: Scripts, sizes: list[int], width: int, height: int
) -> None:
    boxes = _squarified(scripts, sizes, width, height)
    whole = sum(sizes)
    assert len(boxes) == len(sizes)
    for (x, y, wide, high), one in zip(boxes, sizes, strict=True):
        assert wide * high == pytest.approx(width * height * one / whole if whole else 0, abs=1e-3, rel=1e-6)
        assert x >= 10 - 1e-6 and y >= 20 - 1e-6
        assert x + wide <= 10 + width + 1e-6 and y + high <= 20 + height + 1e-6
    solid = [box for box in boxes if box[2] * box[3] > 1e-3]
    for at, (x, y, wide, high) in enumerate(solid):
        for other_x, other_y, other_wide, other_high in solid[at + 1 :]:
            across = min(x + wide, other_x + other_wide) - max(x, other_x)
            down = min(y + high, other_y + other_high) - max(y, other_y)
            assert across <= 1e-6 or down <= 1e-6


def test_the_example_of_the_paper(scripts: Scripts) -> None:
    """Sizes 6 6 4 3 2 2 1 in a rectangle of 6 by 4, Bruls et al. 2000, figure 4."""
    boxes = _squarified(scripts, [6, 6, 4, 3, 2, 2, 1], 6, 4)
    expected = [
        (10, 20, 3, 2),
        (10, 22, 3, 2),
        (13, 20, 12 / 7, 7 / 3),
        (13 + 12 / 7, 20, 9 / 7, 7 / 3),
        (13, 20 + 7 / 3, 1.2, 5 / 3),
        (14.2, 20 + 7 / 3, 1.2, 5 / 3),
        (15.4, 20 + 7 / 3, 0.6, 5 / 3),
    ]
    for box, wanted in zip(boxes, expected, strict=True):
        assert box == pytest.approx(wanted)


def test_many_boxes_are_nearly_square(scripts: Scripts) -> None:
    boxes = _squarified(scripts, [1] * 100, 1_000, 700)
    ratios = [max(wide / high, high / wide) for _, _, wide, high in boxes]
    assert sum(ratios) / len(ratios) < 1.3  # strips across the whole rectangle would have 70
    assert max(ratios) < 3


SIZES = [
    0,
    1,
    999,
    1_000,
    1_049,
    1_050,
    1_250,
    1_350,
    1_750,
    2_250,
    999_949,
    999_950,
    10**6,
    12_345_678,
    10**9,
    7 * 10**12,
]


def test_sizes_and_shares_are_the_words_of_the_report(scripts: Scripts) -> None:
    assert scripts("sizes => sizes.map(sizeOf)", SIZES) == [size(one) for one in SIZES]
    shares = [(0, 5), (5, 0), (1, 10**6), (1, 3), (1, 8), (49, 10**5), (5, 10**4), (1, 1), (1, 16)]
    assert scripts("shares => shares.map(([part, whole]) => shareOf(part, whole))", shares) == [
        percent(part, whole) for part, whole in shares
    ]


def test_the_tree_is_made_again_from_its_columns(scripts: Scripts) -> None:
    image, _ = made.large(3_000)
    marks = [Mark("var", 10**12, 4, True)]
    trees = [grown(layer.entries, layer.bytes, marks if at == 1 else []) for at, layer in enumerate(image.layers)]
    found = scripts(
        """data => {
          const { image, nodes } = readTree(data);
          const top = (node) => [node.bytes, node.files, node.wasted, node.layer];
          const sums = nodes.filter((node) => node.children && node.children.length).every((node) =>
            node.bytes === node.children.reduce((sum, one) => sum + one.bytes, 0)
            && node.files === node.children.reduce((sum, one) => sum + one.files, 0)
            && node.children.every((one) => one.parent === node && one.layer === node.layer));
          const there = nodes.filter((node) => node.name && nodeAt(image, addressOf(node)) !== node).map(pathOf);
          return { image: top(image), layers: image.children.map(top), sums, there };
        }""",
        _json(columns(trees, 60_000)),
    )
    assert found["layers"] == [[tree.bytes, tree.files, tree.wasted, at] for at, tree in enumerate(trees)]
    assert found["image"] == [image.bytes, 3_000, trees[1].wasted, -1]
    assert trees[1].wasted > 0
    assert found["sums"] is True
    assert found["there"] == []


def test_every_name_has_an_address_that_leads_to_it(scripts: Scripts) -> None:
    image, _ = made.hostile()
    found = scripts(
        """data => {
          const { image, nodes } = readTree(data);
          const named = nodes.filter((node) => node.name);
          return [named.length, named.filter((node) => nodeAt(image, addressOf(node)) !== node).map(pathOf)];
        }""",
        _json(columns([grown(layer.entries, layer.bytes) for layer in image.layers])),
    )
    assert found[0] > 60
    assert found[1] == []


def _json(columns_: dict[str, object]) -> dict[str, object]:
    """As it arrives in the page: keys are strings there."""
    return {
        name: {str(key): each for key, each in value.items()} if isinstance(value, dict) else value
        for name, value in columns_.items()
    }
