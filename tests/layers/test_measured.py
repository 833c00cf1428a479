"""`dslim rewrite --measured`: what an image showed is what a finding saves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.images.made import MadeLayer, file, layer, save, whiteout
from tests.layers.called import call

DOCKERFILE = """\
FROM debian
RUN apt-get update && \\
    apt-get install -y --no-install-recommends file
COPY . /app
RUN pip install x
RUN touch /opt/a && make
RUN rm /opt/a
"""
LAYERS = [
    layer(file("etc/x", "1" * 1000), comment="Imported from -"),
    layer(
        file("var/lib/apt/lists/x", "1" * 5000),
        created_by="RUN /bin/sh -c apt-get update &&     apt-get install -y --no-install-recommends file # buildkit",
    ),
    layer(file("app/a", "1"), created_by="COPY . /app # buildkit"),
    layer(
        file("root/.cache/pip/a", "2" * 300), file("root/.cache/pip/b", "3" * 30),
        created_by="RUN /bin/sh -c pip install x # buildkit",
    ),
    layer(file("opt/a", "4" * 7000), created_by="RUN /bin/sh -c touch /opt/a && make # buildkit"),
    layer(whiteout("opt/a"), created_by="RUN /bin/sh -c rm /opt/a # buildkit"),
]  # fmt: skip


def measure(folder: Path, layers: list[MadeLayer] = LAYERS, text: str = DOCKERFILE) -> str:
    (folder / "Dockerfile").write_text(text)
    archive = save(folder / "image.tar", layers)
    called = call("layers", str(archive), "--dockerfile", str(folder / "Dockerfile"), "--format", "json")
    assert called.code == 0
    (folder / "measured.json").write_text(called.out)
    return str(folder / "measured.json")


def savings(path: Path, measured: str, *words: str) -> dict[str, tuple[int, Any]]:
    called = call("rewrite", str(path), "--format", "json", "--measured", measured, *words)
    assert called.code == 0, called.err
    return {one["transform"]: (one["line"], one["saves"]) for one in json.loads(called.out)[0]["findings"]}


def test_findings_have_the_bytes_that_were_measured(tmp_path: Path) -> None:
    found = savings(tmp_path / "Dockerfile", measure(tmp_path))
    source = f"measured in {tmp_path / 'image.tar'}"
    assert found["apt-lists-left-behind"][1] == {"bytes": 5000, "source": source}
    assert found["pip-cache-kept"][1] == {"bytes": 330, "source": source}
    assert found["consecutive-runs"][1] == {"bytes": 7000, "source": source}


def test_the_text_tells_them(tmp_path: Path) -> None:
    measured = measure(tmp_path)
    text = call("rewrite", str(tmp_path / "Dockerfile"), "--measured", measured).out
    assert f"saves 5.0 kB (measured in {tmp_path / 'image.tar'})" in text
    assert "saves 12.3 kB" in text


def test_without_a_measurement_nothing_is_told(tmp_path: Path) -> None:
    measure(tmp_path)
    called = call("rewrite", str(tmp_path / "Dockerfile"), "--format", "json")
    assert [one["saves"] for one in json.loads(called.out)[0]["findings"]].count(None) >= 3


def test_an_instruction_that_changed_meanwhile_is_not_credited(tmp_path: Path) -> None:
    measured = measure(tmp_path)
    (tmp_path / "Dockerfile").write_text(DOCKERFILE.replace("install x", "install y"))
    found = savings(tmp_path / "Dockerfile", measured)
    assert found["pip-cache-kept"][1] is None
    assert found["apt-lists-left-behind"][1]["bytes"] == 5000


def test_another_file_learns_nothing(tmp_path: Path) -> None:
    measured = measure(tmp_path)
    (tmp_path / "Other").write_text(DOCKERFILE)
    assert {saves for _, saves in savings(tmp_path / "Other", measured).values()} == {None}


def test_standard_input_has_the_name_that_it_is_given(tmp_path: Path) -> None:
    measured = measure(tmp_path)
    words = (
        "rewrite",
        "-",
        "--stdin-filename",
        str(tmp_path / "Dockerfile"),
        "--format",
        "json",
        "--measured",
        measured,
    )
    called = call(*words, stdin=DOCKERFILE.encode())
    saves = [one["saves"]["bytes"] for one in json.loads(called.out)[0]["findings"] if one["saves"]]
    assert sorted(saves) == [330, 5000, 7000]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file"),
        ("no json", "no JSON"),
        ("[]", "no report of an image"),
        ('{"version": 1}', "no report of an image"),
        ('{"version": 2, "layers": [], "waste": []}', "version 2"),
        ('{"version": 1, "image": "x", "layers": [{"file": null}], "waste": []}', "names no lines"),
    ],
)
def test_what_is_no_measurement(tmp_path: Path, content: str | None, said: str) -> None:
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    if content is not None:
        (tmp_path / "measured.json").write_text(content)
    called = call("rewrite", str(tmp_path / "Dockerfile"), "--measured", str(tmp_path / "measured.json"))
    assert called.code == 2
    assert said in " ".join(called.err.split())
