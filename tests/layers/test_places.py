"""Caches are found by the table that the transforms use."""

from __future__ import annotations

from pathlib import Path

import pytest

import transforms
from dslim.layers import places
from rewriter.knowledge.caches import Cache, all_caches

NONE: frozenset[str] = frozenset()


@pytest.mark.parametrize("row", all_caches(), ids=lambda row: row.name)
def test_each_row_names_the_transform_that_uses_it(row: Cache) -> None:
    assert row.transform in {one.name for one in transforms.pipeline()}
    source = Path(transforms.__file__).with_name(row.transform.replace("-", "_") + ".py").read_text("utf-8")
    assert row.name in source or any(tool in source for tool in row.tools)


@pytest.mark.parametrize("row", all_caches(), ids=lambda row: row.name)
def test_each_directory_of_a_row_is_found(row: Cache) -> None:
    for directory in row.directories:
        for home in ("/root", "/home/me") if directory.startswith("~") else ("",):
            path = (home + directory.removeprefix("~")).lstrip("/")
            for name in ("a", "b/c/d"):
                found = places.cache(f"{path}/{name}", NONE)
                assert found is not None and found.directory in (path, path.rpartition("/")[0]), path


@pytest.mark.parametrize(
    "path",
    ["app/main", "var/lib/apt/listsx/a", "root/.cache/pipx/a", "srv/pip/a", "pkgs/a", "usr/cache/a", "pnpm/pnpm", ""],
)
def test_what_is_no_cache(path: str) -> None:
    assert places.cache(path, NONE) is None


@pytest.mark.parametrize(
    ("path", "stem"),
    [("a/b.tar.gz", "b"), ("b.tgz", "b"), ("b-1.2.zip", "b-1.2"), ("b.deb", "b"), ("b.whl", ""), ("b.gz", "b"), (".zip", ""),
     ("a/tar.gz/b", "")],
)  # fmt: skip
def test_archives_by_their_names(path: str, stem: str) -> None:
    assert places.archive_stem(path) == stem
