"""`dslim layers` with a real engine: figures that Docker gives too, and builds that leave nothing behind."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from dslim.images.engine import Engine
from dslim.images.source import open_image
from dslim.images.trouble import ImageTrouble
from tests.engine import engine as engine
from tests.layers.called import call

DOCKERFILE = """\
FROM alpine:3.23
RUN yes a | head -c 200000 > /opt/a && ln /opt/a /opt/b && ln -s /some/where /opt/c
COPY Dockerfile /app/
RUN rm /opt/a /opt/b
"""


def tags(engine: Engine) -> str:
    """The throw-away tags of this process."""
    return engine.run("image", "ls", "--format", "{{.Repository}}:{{.Tag}}", f"dslim-verify:{os.getpid()}-*").out


def test_a_dockerfile_is_built_and_nothing_stays(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    called = call("layers", str(tmp_path), "--format", "json")
    assert called.code == 0, called.err
    assert tags(engine) == ""
    found = json.loads(called.out)
    path = str(tmp_path / "Dockerfile")
    assert found["image"] == path
    assert [(one["file"], one["line"]) for one in found["layers"][1:]] == [(path, 2), (path, 3), (path, 4)]
    assert [one["bytes"] for one in found["layers"][1:]] == [200_000, len(DOCKERFILE), 0]
    deleted = [one for one in found["waste"] if one["kind"] == "deleted"]
    assert [(one["path"], one["bytes"], one["layer"], one["by"]) for one in deleted] == [("opt/a", 200_000, 1, 3)]


def test_the_same_bytes_as_docker_says(engine: Engine) -> None:
    image = open_image("alpine:3.23", engine)
    assert image.bytes == engine.inspect("alpine:3.23")["Size"]
    assert image.name == "alpine:3.23"


def test_a_dockerfile_that_does_not_build(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM alpine:3.23\nRUN exit 3\n")
    called = call("layers", str(tmp_path / "Dockerfile"))
    assert (called.code, called.out) == (2, "")
    assert len(called.err.splitlines()) == 1
    assert "3" in called.err


def test_no_such_image(engine: Engine) -> None:
    for name in ("no-such-image:0", "--help", "not a name"):
        with pytest.raises(ImageTrouble) as trouble:
            open_image(name, engine)
        assert str(trouble.value).startswith(f"{name}: ")
        assert "\n" not in str(trouble.value)


def test_an_engine_that_is_not_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    with pytest.raises(ImageTrouble, match="give an image archive"):
        open_image("alpine:3.23")
    assert Engine().silence()
