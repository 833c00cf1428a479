"""What the map is drawn from: sums by directory, marks of waste, and what fits into a page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dslim.images.entry import Entry
from dslim.layers.page import render
from dslim.layers.page.tree import DEEPEST, Mark, Node, columns, grown
from tests.layers_page import made

FILES = [
    Entry("usr", "directory"),
    Entry("usr/lib/a.so", "file", size=600),
    Entry("usr/lib/b.so", "file", size=300),
    Entry("usr/bin/tool", "file", size=100),
    Entry("usr/bin/alias", "symlink", link="tool"),
    Entry("usr/bin/.wh.gone", "file"),
    Entry("usr/share/.wh..wh..opq", "file"),
    Entry("var/cache/x", "file", size=50),
]


def at(top: Node, path: str) -> Node:
    node = top
    for name in path.split("/"):
        node = (node.children or {})[name]
    return node


def walked(top: Node) -> Iterator[Node]:
    yield top
    for child in (top.children or {}).values():
        yield from walked(child)


def test_directories_add_up_and_whiteouts_are_no_content() -> None:
    top = grown(FILES, 1050)
    assert (top.bytes, top.files) == (1050, 5)
    assert (at(top, "usr/lib").bytes, at(top, "usr/lib").files) == (900, 2)
    assert list(at(top, "usr").children or {}) == ["lib", "bin"]


def test_targets_of_links_count_where_docker_counts_them() -> None:
    assert at(grown(FILES, 1050), "usr/bin/alias").bytes == 0
    top = grown(FILES, 1054)
    assert at(top, "usr/bin/alias").bytes == 4
    assert top.bytes == 1054


@pytest.mark.parametrize(
    ("entries", "total"),
    [
        ([Entry("a", "file", size=5), Entry("a", "file", size=7)], 7),
        ([Entry("a", "file", size=5), Entry("a/b", "file", size=7)], 7),
        ([Entry("a/b", "file", size=7), Entry("a", "file", size=5)], 5),
        ([Entry("a/b", "file", size=7), Entry("a", "directory")], 7),
        ([Entry("", "directory"), Entry("a//b", "file", size=7), Entry("/", "file", size=1)], 8),
    ],
)
def test_a_path_that_is_written_twice_counts_as_it_was_left(entries: list[Entry], total: int) -> None:
    assert grown(entries, total).bytes == total


def test_a_path_of_any_depth_is_a_tree_of_bounded_depth() -> None:
    top = grown([Entry("/".join(["d"] * 5_000), "file", size=9)], 9)
    nodes = list(walked(top))
    assert len(nodes) == DEEPEST + 2
    assert nodes[-1].bytes == top.bytes == 9


def test_waste_of_files_and_directories_adds_up() -> None:
    top = grown(FILES, 1050, [Mark("usr/lib/b.so", 300, 0, True), Mark("var/cache", 50, 1, True)])
    assert [at(top, path).wasted for path in ("usr/lib", "usr", "var", "var/cache/x")] == [300, 300, 50, 50]
    assert top.wasted == 350
    assert at(top, "usr/lib/b.so").reasons == (0,)
    assert at(top, "var/cache/x").reasons == (1,)  # all of the directory is meant, so this file is
    assert at(top, "usr/lib").reasons == ()


def test_a_part_of_a_directory_marks_no_file_and_joins_marks_below() -> None:
    top = grown(FILES, 1050, [Mark("usr", 100, 0, True), Mark("usr/lib/b.so", 300, 1, True)])
    assert at(top, "usr").wasted == 400
    assert at(top, "usr/bin/tool").wasted == 0
    assert at(top, "usr").reasons == (0,)


def test_a_hint_is_a_reason_but_no_waste() -> None:
    top = grown(FILES, 1050, [Mark("usr/lib/a.so", 600, 0, False)])
    assert at(top, "usr/lib/a.so").reasons == (0,)
    assert top.wasted == 0


def test_waste_is_never_more_than_there_is_and_an_unknown_path_is_passed_over() -> None:
    top = grown(FILES, 1050, [Mark("usr/lib/a.so", 10**9, 0, True), Mark("no/such", 5, 0, True)])
    assert top.wasted == 600


def test_columns_are_in_the_order_of_a_walk_largest_first() -> None:
    found = columns([grown(FILES, 1050, [Mark("var/cache", 50, 3, True)])])
    assert found == {
        "names": ["", "usr", "lib", "a.so", "b.so", "bin", "tool", "alias", "var", "cache", "x"],
        "bytes": [1050, 1000, 900, 600, 300, 100, 100, 0, 50, 50, 50],
        "depths": [0, 1, 2, 3, 3, 2, 3, 3, 1, 2, 3],
        "files": {0: 5, 1: 4, 2: 2, 5: 2, 8: 1, 9: 1},
        "wasted": {0: 50, 8: 50, 9: 50, 10: 50},
        "reasons": {9: (3,), 10: (3,)},
        "hidden": 0,
        "smallest": 0,
    }


@pytest.mark.parametrize("budget", [0, 200, 2_000, 20_000])
def test_what_is_too_small_is_counted_in_its_directory(budget: int) -> None:
    image, _ = made.large(2_000)
    trees = [grown(layer.entries, layer.bytes) for layer in image.layers]
    found = columns(trees, budget)
    names, sizes, depths, files = (found[name] for name in ("names", "bytes", "depths", "files"))
    assert isinstance(names, list) and isinstance(sizes, list) and isinstance(depths, list) and isinstance(files, dict)
    assert [size for size, depth in zip(sizes, depths, strict=True) if depth == 0] == [tree.bytes for tree in trees]
    leaves = [place for place, depth in enumerate(depths) if place + 1 == len(depths) or depths[place + 1] <= depth]
    assert sum(sizes[place] for place in leaves) == image.bytes
    assert sum(files.get(place, 1) for place in leaves) == 2_000
    small = [place for place in leaves if not names[place]]
    assert sum(files[place] for place in small) == found["hidden"]
    assert (found["hidden"] == 0) == (not small)
    assert sum(len(name) for name in names) <= budget + 100


def test_a_page_of_many_files_is_small_enough_to_send() -> None:
    image, record = made.large(100_000)
    assert len(render(image, record).encode()) < 3_000_000


def test_a_small_image_has_all_its_files_in_the_page() -> None:
    image, record = made.large(5_000)
    page = render(image, record)
    assert all(entry.path.rpartition("/")[2] in page for layer in image.layers for entry in layer.entries)
