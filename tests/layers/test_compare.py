"""What grew and what shrank between two images."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema

from dslim.record import schema
from tests.images.made import MadeLayer, file, layer, save, whiteout
from tests.layers.called import call

BASE = layer(file("etc/x", "1" * 1000), comment="Imported from -")


def compared(folder: Path, before: list[MadeLayer], after: list[MadeLayer]) -> Any:
    paths = [str(save(folder / name, layers)) for name, layers in (("a.tar", before), ("b.tar", after))]
    called = call("layers", "--compare", *paths, "--format", "json")
    assert (called.code, called.err) == (0, "")
    found = json.loads(called.out)
    jsonschema.Draft202012Validator(json.loads(schema("layers-compare-1"))).validate(found)
    text = call("layers", "--compare", *paths)
    assert text.code == 0 and text.out.startswith(paths[0])
    return found


def rows(found: Any, name: str) -> list[tuple[object, ...]]:
    return [tuple(row.values()) for row in found[name]]


def test_two_equal_images(tmp_path: Path) -> None:
    found = compared(tmp_path, [BASE], [BASE])
    assert found["before"]["total_bytes"] == found["after"]["total_bytes"] == 1000
    assert rows(found, "layers") == [("Imported from -", 1000, 1000)]
    assert found["directories"] == []


def test_a_layer_that_grew_one_that_went_and_one_that_came(tmp_path: Path) -> None:
    before = [
        BASE,
        layer(file("app/a", "1" * 10), created_by="RUN /bin/sh -c make # buildkit"),
        layer(whiteout("app/a"), created_by="RUN /bin/sh -c rm /app/a # buildkit"),
    ]
    after = [
        BASE,
        layer(file("app/a", "1" * 25), created_by="RUN /bin/sh -c make # buildkit"),
        layer(file("app/d/b", "1" * 7), created_by="COPY b /app/d/ # buildkit"),
    ]
    found = compared(tmp_path, before, after)
    assert (found["before"]["layers"], found["after"]["total_bytes"]) == (3, 1032)
    assert rows(found, "layers") == [
        ("Imported from -", 1000, 1000),
        ("RUN make", 10, 25),
        ("RUN rm /app/a", 0, None),
        ("COPY b /app/d/", None, 7),
    ]
    assert rows(found, "directories") == [("", 1000, 1032), ("app", 0, 32), ("app/d", 0, 7)]


def test_a_person_is_shown_the_deepest_directory_that_says_it_all(tmp_path: Path) -> None:
    paths = [
        str(save(tmp_path / name, [BASE, layer(file("a/b/c/d", "1" * size))])) for name, size in (("x", 10), ("y", 30))
    ]
    text = call("layers", "--compare", *paths).out
    assert [line.split()[-1] for line in text.split("by directory\n")[1].splitlines()] == ["/a/b/c"]
    assert "+20 B" in text
