"""Every kind of waste, planted in images made from lists of files; and images without any."""

from __future__ import annotations

import os
from pathlib import Path

from dslim.images.image import Image
from dslim.images.source import open_image
from dslim.layers.history import Said, Script, said
from dslim.layers.stack import Stack
from dslim.layers.waste import SMALLEST_DUPLICATE, Waste, waste
from tests.images.made import Made, MadeLayer, directory, file, hardlink, layer, opaque, save, symlink, whiteout


def image_of(folder: Path, *layers: MadeLayer) -> Image:
    return open_image(str(save(folder / "image.tar", layers)))


def found(folder: Path, *layers: MadeLayer) -> list[tuple[object, ...]]:
    """Kind, layer, path, bytes, and the layer that hides it, of all waste that counts."""
    return [
        (one.kind, one.layer, one.path, one.bytes, one.by) for one in all_of(image_of(folder, *layers)) if counts(one)
    ]


def all_of(image: Image) -> list[Waste]:
    spoken = said(image.history)
    by_layer = {step.layer: spoken[at] for at, step in enumerate(image.history)}
    scripts = [Script(by_layer.get(at, Said("", ""))) for at in range(len(image.layers))]
    return waste(Stack(image), scripts)


def counts(one: Waste) -> bool:
    return one.kind not in ("large", "debug", "static", "headers", "docs", "locales")


def run(command: str, *files: Made) -> MadeLayer:
    return layer(*files, created_by=f"RUN /bin/sh -c {command} # buildkit")


def content(size: int) -> bytes:
    return os.urandom(size)


def test_an_image_without_waste(tmp_path: Path) -> None:
    clean = (directory("app"), file("app/a", content(5000)), file("app/b", content(5000)), symlink("app/c", "a"))
    assert found(tmp_path, layer(*clean), run("touch /app/d", directory("app"), file("app/d", content(10)))) == []


def test_a_file_that_is_deleted_later(tmp_path: Path) -> None:
    assert found(tmp_path, layer(file("opt/a", "12345"), file("opt/b", "1")), layer(whiteout("opt/a"))) == [
        ("deleted", 0, "opt/a", 5, 1)
    ]


def test_a_tree_that_is_deleted_later_is_one_waste_of_each_layer(tmp_path: Path) -> None:
    assert found(
        tmp_path,
        layer(directory("opt"), file("opt/t/a", "12345"), file("opt/t/d/b", "123"), file("opt/x", "1")),
        layer(file("opt/t/c", "1234567"), file("e", "1")),
        layer(whiteout("opt/t")),
    ) == [("deleted", 0, "opt/t", 8, 2), ("deleted", 1, "opt/t/c", 7, 2)]


def test_files_that_are_deleted_one_by_one_are_their_directory(tmp_path: Path) -> None:
    assert found(
        tmp_path,
        layer(directory("var/l"), file("var/l/a", "12345"), file("var/l/b", "123"), file("var/x", "1")),
        layer(whiteout("var/l/a"), whiteout("var/l/b")),
    ) == [("deleted", 0, "var/l", 8, 1)]


def test_an_opaque_directory(tmp_path: Path) -> None:
    assert found(
        tmp_path,
        layer(directory("d"), file("d/a", "12345"), file("d/b", "123"), file("e", "1")),
        layer(directory("d"), opaque("d"), file("d/a", "1")),
    ) == [("deleted", 0, "d", 8, 1)]


def test_a_directory_that_becomes_a_file(tmp_path: Path) -> None:
    assert found(tmp_path, layer(directory("d"), file("d/a", "12345"), file("e", "1")), layer(file("d", "1"))) == [
        ("deleted", 0, "d/a", 5, 1)
    ]


def test_a_file_that_is_written_again(tmp_path: Path) -> None:
    assert found(tmp_path, layer(file("a", "12345")), layer(file("a", "123")), layer(file("a", "1"))) == [
        ("overwritten", 0, "a", 5, 1),
        ("overwritten", 1, "a", 3, 2),
    ]


def test_a_file_that_changes_only_mode_owner_or_time(tmp_path: Path) -> None:
    for change in ({"mode": 0o755}, {"uid": 5}, {"gid": 5}, {"mtime": 5}):
        again = file("a", "12345", **change)
        assert found(tmp_path, layer(file("a", "12345")), layer(again)) == [("metadata", 0, "a", 5, 1)]


def test_a_file_that_becomes_a_link(tmp_path: Path) -> None:
    assert found(tmp_path, layer(file("a", "12345"), file("b", "1")), layer(symlink("a", "b"))) == [
        ("overwritten", 0, "a", 5, 1)
    ]


def test_a_file_with_hard_links_is_waste_when_the_last_is_gone(tmp_path: Path) -> None:
    below = layer(file("a", "12345"), hardlink("b", "a"), hardlink("c", "a"))
    assert found(tmp_path, below, layer(whiteout("a"), whiteout("c"))) == []
    assert found(tmp_path, below, layer(whiteout("a"), whiteout("c")), layer(whiteout("b"))) == [
        ("deleted", 0, "a", 5, 2)
    ]


def test_what_is_twice_in_one_layer_is_no_waste(tmp_path: Path) -> None:
    assert found(tmp_path, layer(file("a", "12345"), file("a", "123"))) == []


def test_directories_and_empty_files_are_no_waste(tmp_path: Path) -> None:
    assert (
        found(tmp_path, layer(directory("d"), file("d/a")), layer(directory("d", mode=0o700)), layer(whiteout("d")))
        == []
    )


def test_a_copy_of_a_file(tmp_path: Path) -> None:
    same = content(SMALLEST_DUPLICATE)
    assert found(
        tmp_path, layer(file("a", same)), layer(file("b", same), hardlink("c", "b"), file("d", same[:-1]))
    ) == [("duplicate", 1, "b", SMALLEST_DUPLICATE, None)]


def test_a_small_copy_is_none(tmp_path: Path) -> None:
    same = content(SMALLEST_DUPLICATE - 1)
    assert found(tmp_path, layer(file("a", same), file("b", same))) == []


def test_a_copy_of_a_tree_is_one_waste(tmp_path: Path) -> None:
    one, two = content(5000), content(6000)
    assert found(tmp_path, layer(file("a/x", one), file("a/y", two)), layer(file("b/x", one), file("b/y", two))) == [
        ("duplicate", 1, "b", 11000, None)
    ]


def test_package_indexes_and_caches(tmp_path: Path) -> None:
    assert found(
        tmp_path,
        run(
            "apt-get update && pip install x && npm i",
            file("var/lib/apt/lists/x_Packages", "1" * 90),
            file("var/lib/apt/lists/y_Packages", "2" * 10),
            file("root/.cache/pip/http/a/b", "3" * 80),
            file("home/me/.npm/_cacache/c", "4" * 70),
            file("srv/keep", "5" * 60),
        ),
    ) == [
        ("cache", 0, "var/lib/apt/lists", 100, None),
        ("cache", 0, "root/.cache/pip", 80, None),
        ("cache", 0, "home/me/.npm", 70, None),
    ]


def test_a_place_that_a_tool_was_told_to_use_counts_where_it_ran(tmp_path: Path) -> None:
    packages = file("opt/conda/pkgs/a.conda", "1" * 50)
    assert found(tmp_path, run("conda install a", packages)) == [("cache", 0, "opt/conda/pkgs", 50, None)]
    assert found(tmp_path, run("make", packages)) == []


def test_an_archive_beside_what_came_out_of_it(tmp_path: Path) -> None:
    archive = file("opt/tool.tar.gz", content(500))
    tree = file("opt/tool/bin/x", content(10))
    assert found(tmp_path, run("make", archive, tree)) == [("archive", 0, "opt/tool.tar.gz", 500, None)]
    assert found(tmp_path, run("make", archive)) == []


def test_an_archive_that_an_instruction_unpacks(tmp_path: Path) -> None:
    archive = file("opt/tool-1.2.tar.gz", content(500))
    for command in (
        "tar xzf /opt/tool-1.2.tar.gz -C /srv",
        "cd /opt && tar -xf tool-*.tar.gz",
        'tar -C /srv -xzf "/opt/tool-${VERSION}.tar.gz"',
    ):
        assert found(tmp_path, layer(archive, created_by="COPY x /opt"), run(command, file("srv/x", "1"))) == [
            ("archive", 0, "opt/tool-1.2.tar.gz", 500, None)
        ], command
    for command in ("tar czf /opt/tool-1.2.tar.gz /srv", "tar xzf /opt/other.tar.gz", "echo tool-1.2.tar.gz"):
        assert found(tmp_path, layer(archive, created_by="COPY x /opt"), run(command, file("srv/x", "1"))) == [], (
            command
        )


def test_temporary_files_of_a_run(tmp_path: Path) -> None:
    assert found(tmp_path, run("make", file("tmp/build/a", "1" * 50), file("tmp/build/b", "2" * 50))) == [
        ("temporary", 0, "tmp/build", 100, None)
    ]
    assert found(tmp_path, layer(file("tmp/a", "1" * 50), created_by="COPY a /tmp/")) == []


def test_what_is_hidden_is_no_cache_and_no_copy_too(tmp_path: Path) -> None:
    same = content(5000)
    image = image_of(
        tmp_path,
        run("apt-get update", file("var/lib/apt/lists/x", same), file("a", same)),
        run("rm -r /var/lib/apt/lists", whiteout("var/lib/apt/lists")),
    )
    assert [(one.kind, one.bytes) for one in all_of(image) if counts(one)] == [("deleted", 5000)]


def test_what_is_worth_a_look(tmp_path: Path) -> None:
    image = image_of(
        tmp_path,
        layer(
            file("usr/include/a.h", "1" * 10),
            file("usr/include/sys/b.h", "1" * 11),
            file("usr/lib/libx.a", "1" * 30),
            file("usr/share/doc/x/README", "1" * 40),
            file("usr/share/locale/de/x.mo", "1" * 50),
            file("usr/lib/debug/x", "1" * 60),
            file("usr/lib/x.debug", "1" * 70),
            file("opt/large", content(1 << 20)),
            file("opt/larger", content(2 << 20)),
        ),
    )
    assert {(one.kind, one.path, one.bytes, one.files) for one in all_of(image)} == {
        ("headers", "usr/include", 21, 2),
        ("static", "usr/lib", 30, 1),
        ("docs", "usr/share/doc", 40, 1),
        ("locales", "usr/share/locale", 50, 1),
        ("debug", "usr/lib/debug", 60, 1),
        ("debug", "usr/lib", 70, 1),
        ("large", "opt/large", 1 << 20, 1),
        ("large", "opt/larger", 2 << 20, 1),
    }
    assert [one.path for one in waste(Stack(image), [Script(Said("", ""))], top=1) if one.kind == "large"] == [
        "opt/larger"
    ]
