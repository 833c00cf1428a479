"""``base``, ``keep-tools`` and ``final``, from the library, the command line and the configuration."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import dslim

DEBIAN = "FROM debian:12\n"
PROGRAM = 'FROM python:3.12\nCOPY main.py /\nCMD ["python", "/main.py"]\n'


@pytest.mark.parametrize(
    ("base", "first"), [("auto", "debian:12-slim"), ("slim", "debian:12-slim"), ("keep", "debian:12")]
)
def test_the_library_asks_for_a_base(base: str, first: str) -> None:
    assert dslim.rewrite(DEBIAN, base=base).text == f"FROM {first}\n"


def test_an_unknown_base_is_named() -> None:
    with pytest.raises(ValueError, match="base"):
        dslim.rewrite(DEBIAN, base="scratch")


def test_tools_are_kept() -> None:
    report = dslim.rewrite(PROGRAM, keep_tools=["curl"], context={"main.py": "print(1)\n"}.get)
    assert "RUN apt-get update && apt-get install -y --no-install-recommends curl &&" in report.text


def called(folder: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "dslim", "rewrite", "--diff", *words],
        cwd=folder,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def test_the_command_line_and_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(PROGRAM)
    (tmp_path / "main.py").write_text("print(1)\n")
    assert "+FROM python:3.12-slim" in called(tmp_path)
    assert "--no-install-recommends curl iputils-ping" in called(tmp_path, "--keep-tools", "curl,ping")
    assert "+FROM python:3.12-alpine" in called(tmp_path, "--base=alpine")
    assert not called(tmp_path, "--base", "keep")
    (tmp_path / ".dslim.toml").write_text('base = "keep"\n')
    assert not called(tmp_path)
    (tmp_path / ".dslim.toml").write_text('keep-tools = ["git"]\n')
    assert "--no-install-recommends git " in called(tmp_path)


def test_a_mirror_of_ones_own(tmp_path: Path) -> None:
    text = PROGRAM.replace("FROM ", "FROM registry.corp/hub/")
    (tmp_path / "Dockerfile").write_text(text)
    (tmp_path / "main.py").write_text("print(1)\n")
    assert not called(tmp_path)
    (tmp_path / ".dslim.toml").write_text('mirrors = ["registry.corp/hub"]\n')
    assert "+FROM registry.corp/hub/python:3.12-slim" in called(tmp_path)
    report = dslim.rewrite(text, mirrors=["registry.corp/hub/library"], context={"main.py": "print(1)\n"}.get)
    assert "FROM registry.corp/hub/python:3.12-slim" in report.text


GO = (
    "FROM golang:1.24 AS builder\nCOPY . .\nRUN CGO_ENABLED=0 go build -o /app .\n\n"
    'FROM alpine:3.22\nCOPY --from=builder /app /app\nENTRYPOINT ["/app"]\n'
)


def test_a_last_stage_without_a_shell_only_on_demand(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(GO)
    assert "scratch" not in called(tmp_path, "--level", "show")
    assert "+FROM scratch" in called(tmp_path, "--level", "show", "--final", "scratch")
    assert not called(tmp_path, "--final", "scratch"), "a person decides"
    (tmp_path / ".dslim.toml").write_text('final = "distroless"\nlevel = "show"\n')
    assert "+FROM gcr.io/distroless/static-debian12" in called(tmp_path)
    with pytest.raises(ValueError, match="final"):
        dslim.rewrite(GO, final="alpine")
