"""A fake engine, so that the front is tested on its own: it makes ``big`` small, and refuses what holds ``broken``."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from dslim import cli
from rewriter.model.file import File
from rewriter.report import Declined, Outcome, Report, Status, Told
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, Saving, Transform
from rewriter.text import Edit, Span

ROOT = Path(__file__).resolve().parents[2]
BIG = "FROM debian\nRUN big\n"
SMALL = "FROM debian\nRUN small\n"


def _silent(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    raise AssertionError("the fake engine asks no transform")


def fake(name: str, phase: Phase) -> Transform:
    page = f"Make {name} small.\n\n## What it does\n\nNothing."
    tools: frozenset[str] = frozenset()
    return Transform(
        name, phase, frozenset({"RUN"}), Safety.SAFE, tools, frozenset(), frozenset({"DL3009"}), page, _silent
    )


PIPELINE = (fake("big-things", Phase.LAYERS), fake("broken-things", Phase.COMMANDS))


def run(pipeline: Sequence[Transform], source: str, ask: Ask, kept: object = None) -> Report:
    if "panic" in source:
        raise RuntimeError("a mistake")
    if "broken" in source:
        line = source[: source.index("broken")].count("\n") + 1
        return Report(Status.UNREADABLE, source, source, "not a Dockerfile", line)
    at = source.find("big")
    if at < 0 or PIPELINE[0] not in pipeline:
        return Report(Status.UNCHANGED, source, source)
    edit = Edit(Span(at, at + 3), "small")
    line = source[:at].count("\n") + 1
    applied = Outcome.APPLIED if ask.settings.level <= Safety.REVIEW else Outcome.HELD_BACK
    told = Told(
        "big-things",
        line,
        line,
        "Make it small",
        Safety.REVIEW,
        applied,
        ("it is \x1b[31mbig",),
        Saving(41_000_000, "a"),
        (edit,),
    )
    left = (Declined("broken-things", 1, "it is\u202e fine"),)
    if applied is Outcome.HELD_BACK:
        return Report(Status.UNCHANGED, source, source, findings=(told,), declined=left)
    after = source[:at] + "small" + source[at + 3 :]
    return Report(Status.CHANGED, source, after, findings=(told,), declined=left, notes=("a note",))


@dataclass(frozen=True)
class Ran:
    code: int
    out: bytes
    err: str


Call = Callable[..., Ran]


@pytest.fixture
def dslim(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Call:
    """Call the command line in this process, in an empty folder, on the fake engine."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("rewriter.engine.run", run)
    monkeypatch.setattr("transforms.pipeline", lambda: PIPELINE)
    monkeypatch.setattr("transforms.loaded", lambda: PIPELINE)
    monkeypatch.delenv("FORCE_COLOR", raising=False)

    def call(*words: str, stdin: bytes = b"") -> Ran:
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
        monkeypatch.setattr(sys, "argv", ["dslim", *words])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)
        with pytest.raises(SystemExit) as left:
            cli.main()
        return Ran(int(left.value.code or 0), written(out), written(err).decode())

    return call


def written(stream: io.TextIOWrapper) -> bytes:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue()


def process(*words: str, cwd: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    """Call the real command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "dslim", *words],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        check=False,
        env=environment(),
        timeout=60,
    )


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}
