"""The transform that each waste names: with the Dockerfile, one that proposes a change there; else the likely one."""

from __future__ import annotations

import os
from pathlib import Path

from dslim.images.source import open_image
from dslim.layers.analysis import analyse
from dslim.layers.blame import Written
from tests.images.made import Made, MadeLayer, file, layer, save, step, whiteout

BIG = os.urandom(1 << 16)


def run(command: str, *files: Made) -> MadeLayer:
    return layer(*files, created_by=f"RUN /bin/sh -c {command} # buildkit")


def cures(folder: Path, layers: list[MadeLayer], dockerfile: str = "") -> list[tuple[str, str | None]]:
    image = open_image(str(save(folder / "image.tar", [layer(file("etc/x", "1"), comment="Imported from -"), *layers])))
    written = Written(str(folder / "Dockerfile"), dockerfile) if dockerfile else None
    return [(one["kind"], one["cure"]) for one in analyse(image, written).record["waste"] if one["counted"]]


def test_a_cache_names_its_transform(tmp_path: Path) -> None:
    layers = [run("apt-get update && apt-get install -y file", file("var/lib/apt/lists/x", BIG))]
    assert cures(tmp_path, layers) == [("cache", "apt-lists-left-behind")]
    text = "FROM debian\nRUN apt-get update && apt-get install -y file\n"
    assert cures(tmp_path, layers, text) == [("cache", "apt-lists-left-behind")]


def test_a_cache_that_a_copy_brought_has_no_cure(tmp_path: Path) -> None:
    assert cures(tmp_path, [layer(file("root/.cache/pip/x", BIG), created_by="COPY . /root")]) == [("cache", None)]


def test_what_the_dockerfile_keeps_on_purpose_has_no_cure(tmp_path: Path) -> None:
    text = "FROM debian\n# dslim: keep-file\nRUN pip install x\n"
    assert cures(tmp_path, [run("pip install x", file("root/.cache/pip/x", BIG))], text) == [("cache", None)]


def test_deleted_in_the_next_run(tmp_path: Path) -> None:
    layers = [run("curl -fLo /a http://x/a", file("a", BIG)), run("rm /a", whiteout("a"))]
    text = "FROM debian\nRUN curl -fLo /a http://x/a\nRUN rm /a\n"
    assert cures(tmp_path, layers, text) == [("deleted", "consecutive-runs")]
    assert cures(tmp_path, layers) == [("deleted", "consecutive-runs")]


def test_deleted_behind_a_copy(tmp_path: Path) -> None:
    layers = [
        run(
            "wget -O /tmp/a.tar.gz http://x/a && tar xf /tmp/a.tar.gz -C /opt",
            file("tmp/a.tar.gz", BIG),
            file("opt/a", "1"),
        ),
        layer(file("app/x", "1"), created_by="COPY . /app # buildkit"),
        run("rm /tmp/a.tar.gz", whiteout("tmp/a.tar.gz")),
    ]
    text = (
        "FROM debian\nRUN wget -O /tmp/a.tar.gz http://x/a && tar xf /tmp/a.tar.gz -C /opt\n"
        "COPY . /app\nRUN rm /tmp/a.tar.gz\n"
    )
    assert cures(tmp_path, layers, text) == [("deleted", "cleanup-in-later-layer")]


def test_what_the_base_or_a_copy_brought_and_a_run_deletes_has_no_cure(tmp_path: Path) -> None:
    layers = [layer(file("a", BIG), created_by="COPY a /a"), run("rm /a /etc/x", whiteout("a"), whiteout("etc/x"))]
    assert cures(tmp_path, layers) == [("deleted", None), ("deleted", None)]


def test_an_owner_that_is_set_later(tmp_path: Path) -> None:
    layers = [
        layer(file("app/a", BIG), created_by="COPY . /app # buildkit"),
        run("chown -R 5:5 /app", file("app/a", BIG, uid=5, gid=5)),
    ]
    text = "FROM debian\nCOPY . /app\nRUN chown -R 5:5 /app\n"
    assert cures(tmp_path, layers, text) == [("metadata", "ownership-changed-later")]
    assert cures(tmp_path, layers) == [("metadata", "ownership-changed-later")]


def test_a_mode_that_is_set_later(tmp_path: Path) -> None:
    layers = [
        layer(file("app/a", BIG), created_by="COPY . /app # buildkit"),
        run("chmod -R 755 /app", file("app/a", BIG, mode=0o755)),
    ]
    assert cures(tmp_path, layers) == [("metadata", "mode-changed-later")]


def test_packages_that_are_removed_later(tmp_path: Path) -> None:
    layers = [
        run("apk add --virtual .build gcc", file("usr/bin/gcc", BIG)),
        layer(file("app/x", "1"), created_by="COPY . /app # buildkit"),
        run("apk del .build", whiteout("usr/bin/gcc")),
    ]
    assert cures(tmp_path, layers) == [("deleted", "apk-virtual-deleted-later")]


def test_an_archive_from_the_network(tmp_path: Path) -> None:
    layers = [
        layer(file("tmp/a.tar.gz", BIG), created_by="ADD http://x/a.tar.gz /tmp/ # buildkit"),
        run("tar xf /tmp/a.tar.gz -C /opt", file("opt/a", "1")),
    ]
    assert cures(tmp_path, layers) == [("archive", "archive-added-from-url")]


def test_an_archive_that_its_own_run_unpacked(tmp_path: Path) -> None:
    command = "curl -fLo /opt/a.tar.gz http://x/a.tar.gz && tar xf /opt/a.tar.gz -C /opt"
    layers = [run(command, file("opt/a.tar.gz", BIG), file("opt/a/x", "1"))]
    assert cures(tmp_path, layers, f"FROM debian\nRUN {command}\n") == [("archive", "archive-kept")]


def test_copies_have_no_cure(tmp_path: Path) -> None:
    assert cures(tmp_path, [run("cp a b", file("a", BIG), file("b", BIG)), step("CMD a")]) == [("duplicate", None)]
