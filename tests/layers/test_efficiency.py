"""dive's score, against its formula written down once more in the plainest way."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from dslim.images.image import Image
from dslim.images.source import open_image
from dslim.layers.stack import Stack
from tests.images.made import MadeLayer, directory, file, hardlink, layer, save, symlink, whiteout


def dive(image: Image) -> float:
    """The formula of dive/filetree/efficiency.go: a list of sizes for each path, whiteouts of files 0, whiteouts of
    directories the sum of what they hide."""
    sizes: defaultdict[str, list[int]] = defaultdict(list)
    shown: dict[str, tuple[str, int]] = {}
    for one in image.layers:
        paths = {entry.path.replace(".wh.", "") for entry in one.entries}
        after = dict(shown)
        for entry in one.entries:
            path = entry.path.replace(".wh.", "")
            below = [other for other in shown if other.startswith(path + "/")]
            if path != entry.path:
                kind = shown.get(path, ("", 0))[0]
                sizes[path].append(sum(shown[other][1] for other in below) if kind == "directory" else 0)
                for gone in [path, *below]:
                    after.pop(gone, None)
                continue
            if entry.kind != "directory" or not any(other.startswith(path + "/") for other in paths):
                sizes[path].append(entry.size)
            after[path] = (entry.kind, entry.size)
        shown = after
    total = sum(map(sum, sizes.values()))
    return sum(map(min, sizes.values())) / total if total else 1.0


CASES: dict[str, list[MadeLayer]] = {
    "nothing": [],
    "one layer": [layer(file("a", "12345"))],
    "only directories": [layer(directory("a"))],
    "written again": [layer(file("a", "12345"), file("b", "1")), layer(file("a", "123"))],
    "three times": [layer(file("a", "12345")), layer(file("a", "1")), layer(file("a", "123"))],
    "deleted": [layer(file("d/a", "12345"), file("b", "1")), layer(whiteout("d/a"))],
    "a tree deleted": [layer(directory("d"), file("d/a", "12345"), file("d/b", "123")), layer(whiteout("d"))],
    "a tree deleted and made again": [
        layer(directory("d"), file("d/a", "12345"), file("d/b", "123")),
        layer(whiteout("d")),
        layer(directory("d"), file("d/a", "1")),
    ],
    "an empty directory filled and deleted": [
        layer(directory("d")),
        layer(directory("d"), file("d/a", "12345")),
        layer(whiteout("d")),
    ],
    "links": [
        layer(file("a", "12345"), hardlink("b", "a"), symlink("c", "a")),
        layer(file("b", "123"), file("c", "1")),
    ],
    "deleted twice": [layer(file("a", "12345")), layer(whiteout("a")), layer(file("a", "123")), layer(whiteout("a"))],
}


@pytest.mark.parametrize("name", CASES)
def test_the_score(name: str, tmp_path: Path) -> None:
    image = open_image(str(save(tmp_path / "image.tar", CASES[name])))
    assert Stack(image).efficiency == pytest.approx(dive(image), abs=1e-12)


def test_a_known_score(tmp_path: Path) -> None:
    """5 + 3 bytes of one path, of which 3 are the least; 2 of another: (3 + 2) / (8 + 2)."""
    layers = [layer(file("a", "12345"), file("b", "12")), layer(file("a", "123"))]
    assert Stack(open_image(str(save(tmp_path / "image.tar", layers)))).efficiency == 0.5
