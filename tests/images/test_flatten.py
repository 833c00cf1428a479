"""The root file system that layers give together."""

from __future__ import annotations

from pathlib import Path

from dslim.images.entry import Entry
from dslim.images.image import flatten, hides
from dslim.images.source import open_image
from tests.images.made import MadeLayer, directory, file, hardlink, layer, opaque, save, symlink, whiteout


def flat(folder: Path, *layers: MadeLayer) -> dict[str, Entry]:
    return flatten(open_image(str(save(folder / "image.tar", layers))))


def test_a_later_layer_wins(tmp_path: Path) -> None:
    found = flat(tmp_path, layer(file("a", "1"), file("b", "1")), layer(file("a", "22", mode=0o600)))
    assert (found["a"].size, found["a"].mode, found["b"].size) == (2, 0o600, 1)


def test_a_whiteout_hides_a_path_and_what_is_below_it(tmp_path: Path) -> None:
    found = flat(
        tmp_path,
        layer(directory("d"), directory("d/e"), file("d/e/f", "1"), file("d/g", "1"), file("de", "1")),
        layer(whiteout("d/e")),
    )
    assert set(found) == {"d", "d/g", "de"}


def test_an_opaque_directory_hides_what_lower_layers_had_in_it_and_nothing_of_its_own_layer(tmp_path: Path) -> None:
    found = flat(
        tmp_path,
        layer(directory("d"), directory("d/old"), file("d/old/f", "1"), file("d/both", "1")),
        layer(directory("d", mode=0o700), file("d/both", "22"), opaque("d")),
    )
    assert set(found) == {"d", "d/both"}
    assert (found["d"].mode, found["d/both"].size) == (0o700, 2)


def test_an_opaque_root_hides_everything_below(tmp_path: Path) -> None:
    assert set(flat(tmp_path, layer(file("a"), file("b/c")), layer(opaque(""), file("d")))) == {"d"}


def test_what_was_hidden_may_come_again(tmp_path: Path) -> None:
    found = flat(
        tmp_path,
        layer(file("d/a", "1"), file("d/b", "1")),
        layer(whiteout("d")),
        layer(directory("d"), file("d/a", "333")),
    )
    assert {path: entry.size for path, entry in found.items()} == {"d": 0, "d/a": 3}


def test_a_directory_that_becomes_a_link_takes_its_content_along(tmp_path: Path) -> None:
    found = flat(tmp_path, layer(directory("d"), file("d/a", "1")), layer(symlink("d", "e")))
    assert set(found) == {"d"}
    assert found["d"].link == "e"


def test_a_file_that_becomes_a_directory(tmp_path: Path) -> None:
    found = flat(tmp_path, layer(file("d", "1")), layer(directory("d"), file("d/a", "1")))
    assert (found["d"].kind, set(found)) == ("directory", {"d", "d/a"})


def test_a_hard_link_has_the_content_of_its_target_after_the_target_is_gone(tmp_path: Path) -> None:
    found = flat(tmp_path, layer(file("a", "12345"), hardlink("b", "a")), layer(whiteout("a")))
    assert set(found) == {"b"}
    assert (found["b"].kind, found["b"].size, found["b"].link) == ("file", 5, "")


def test_a_hard_link_to_nothing_stays_one(tmp_path: Path) -> None:
    found = flat(tmp_path, layer(hardlink("b", "nowhere")))
    assert (found["b"].kind, found["b"].link) == ("hardlink", "nowhere")


def test_what_whiteouts_hide() -> None:
    assert hides("etc/.wh.passwd") == ("etc/passwd", False)
    assert hides(".wh.tmp") == ("tmp", False)
    assert hides("etc/.wh..wh..opq") == ("etc", True)
    assert hides(".wh..wh.plnk") == ("", False)
    assert hides("etc/x.wh.y") is None
