"""`dslim layers` from its words to its exit code, on archives and layouts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from dslim.record import schema
from tests.images.made import file, layer, layout, save, step, whiteout
from tests.layers.called import call

DOCKERFILE = """\
FROM debian
COPY . /app
RUN curl -fLo /opt/a http://x/a
ENV A=b
RUN rm /opt/a
"""
LAYERS = [
    layer(file("etc/x", "1" * 1000), comment="Imported from -"),
    layer(file("app/main", "2" * 2_000_000), file("app/other", "3" * 10), created_by="COPY . /app # buildkit"),
    layer(file("opt/a", "4" * 1_000_000), created_by="RUN /bin/sh -c curl -fLo /opt/a http://x/a # buildkit"),
    step("ENV A=b"),
    layer(whiteout("opt/a"), created_by="RUN /bin/sh -c rm /opt/a # buildkit"),
]


@pytest.fixture
def archive(tmp_path: Path) -> str:
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    return str(save(tmp_path / "image.tar", LAYERS))


def report(*words: str, stdin: bytes = b"") -> Any:
    called = call("layers", *words, "--format", "json", stdin=stdin)
    assert (called.code, called.err) == (0, "")
    found = json.loads(called.out)
    jsonschema.Draft202012Validator(json.loads(schema("layers-1"))).validate(found)
    return found


def test_the_report(archive: str, tmp_path: Path) -> None:
    found = report(archive, "--dockerfile", str(tmp_path / "Dockerfile"))
    assert found["version"] == 1
    assert found["image"] == archive
    assert found["total_bytes"] == 3_001_010
    assert found["wasted_bytes"] == 1_000_000
    assert found["efficiency"] == pytest.approx(2_001_010 / 3_001_010)
    path = str(tmp_path / "Dockerfile")
    assert [(one["file"], one["line"], one["bytes"], one["files"]) for one in found["layers"]] == [
        (None, None, 1000, 1),
        (path, 2, 2_000_010, 2),
        (path, 3, 1_000_000, 1),
        (path, 5, 0, 0),
    ]
    counted = [one for one in found["waste"] if one["counted"]]
    assert counted == [
        {
            "kind": "deleted",
            "layer": 2,
            "path": "opt/a",
            "bytes": 1_000_000,
            "files": 1,
            "instruction": "RUN curl -fLo /opt/a http://x/a",
            "by": 3,
            "counted": True,
            "cure": None,
        }
    ]


def test_every_source_gives_the_same_report(archive: str, tmp_path: Path) -> None:
    expected = {**report(archive), "image": ""}
    assert {**report("-", stdin=Path(archive).read_bytes()), "image": ""} == expected
    plain = layout(tmp_path / "plain", LAYERS, compression="")
    assert {**report(str(plain)), "image": ""} == expected
    for compression in ("gzip", "zstd"):
        packed = report(str(layout(tmp_path / compression, LAYERS, compression=compression)))
        assert all(one.pop("compressed_bytes") > 0 for one in packed["layers"])
        assert [{**one, "compressed_bytes": None} for one in packed["layers"]] == expected["layers"]
        assert packed["waste"] == expected["waste"]


def test_the_text(archive: str, tmp_path: Path) -> None:
    called = call("layers", archive, "--dockerfile", str(tmp_path / "Dockerfile"))
    assert called.code == 0
    lines = called.out.splitlines()
    assert lines[0] == f"{archive}: 3.0 MB in 4 layers, 1.0 MB wasted (33.3%), efficiency 66.7%"
    assert any("2.0 MB" in line and "█" * 20 in line and "Dockerfile:2 COPY . /app" in line for line in lines)
    assert any("1.0 MB" in line and "█" * 10 + " " in line and "Dockerfile:3 RUN curl" in line for line in lines)
    at = next(at for at, line in enumerate(lines) if line.endswith("/opt/a") and "1.0 MB" in line)
    assert "layer 2:" in lines[at + 1] and "hidden by layer 3:" in lines[at + 1]
    assert lines[at + 2].strip() == "no transform cures it"


def test_names_of_files_cannot_drive_a_terminal(tmp_path: Path) -> None:
    evil = save(tmp_path / "image.tar", [layer(file("a\x1b[31m\nb", "1" * 10)), layer(whiteout("a\x1b[31m\nb"))])
    called = call("layers", str(evil))
    assert "\x1b" not in called.out
    assert "/a\\x1b[31m\\nb" in called.out


def test_the_page(archive: str) -> None:
    called = call("layers", archive, "--format", "html")
    assert (called.code, called.err) == (0, "")
    assert called.out.lower().startswith("<!doctype html>")
    assert "opt/a" in called.out


@pytest.mark.parametrize(
    ("limit", "code"), [("1MB", 0), ("999999", 1), ("999.9kB", 1), ("0", 1), ("34%", 0), ("33%", 1), ("1GB", 0)]
)
def test_a_limit(archive: str, limit: str, code: int) -> None:
    called = call("layers", archive, "--fail-above", limit)
    assert called.code == code
    assert ("1,000,000 bytes are wasted" in called.err) == bool(code)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["x", "--fail-above", "lots"], "'lots' is neither"),
        (["x", "y"], "one image expected, 2 given"),
        (["x", "--compare"], "two images expected, 1 given"),
        (["x", "y", "--compare", "--format", "html"], "text or json"),
        (["x", "y", "--compare", "--fail-above", "5%"], "no waste"),
        (["-", "-", "--compare"], "read once"),
        (["x", "--dockerfile", "nowhere"], "is not a file"),
        (["x", "--context", "nowhere"], "is not a folder"),
        (["x", "--format", "pdf"], "pdf"),
    ],
)
def test_words_that_make_no_sense(words: list[str], said: str) -> None:
    called = call("layers", *words)
    assert called.code == 2
    assert said in called.err


def test_what_cannot_be_read_costs_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "broken.tar").write_bytes(save(tmp_path / "image.tar", LAYERS).read_bytes()[:5000])
    (tmp_path / "empty").write_bytes(b"")
    monkeypatch.setenv("PATH", str(tmp_path))  # no docker
    for name in (str(tmp_path / "broken.tar"), str(tmp_path / "empty"), "no/such:image"):
        called = call("layers", name)
        assert (called.code, called.out) == (2, "")
        assert len(called.err.splitlines()) == 1, called.err


def test_a_dockerfile_that_is_not_the_images(archive: str, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(DOCKERFILE + "RUN make\n")
    called = call("layers", archive, "--dockerfile", str(tmp_path / "Dockerfile"))
    assert called.code == 0
    assert "Dockerfile:6 is not in the history of this image" in called.err


def test_the_schema_is_printed() -> None:
    called = call("layers", "--schema")
    assert json.loads(called.out) == json.loads(schema("layers-1"))
    jsonschema.Draft202012Validator.check_schema(json.loads(called.out))
