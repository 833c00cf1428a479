"""Pairs of which the truth is known, built by a real engine, and what is left behind: nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.verify import verified
from benchmarks.verify_pairs import ALIKE, DIFFERING, Pair
from dslim.images.engine import Engine


def left(engine: Engine) -> str:
    """Tags and containers with our name."""
    tags = engine.run("image", "ls", "--format", "{{.Repository}}:{{.Tag}}", "--filter", "reference=dslim-verify").out
    return tags + engine.run("ps", "-a", "--format", "{{.Names}}", "--filter", "name=dslim-verify").out


@pytest.mark.parametrize("pair", [*ALIKE, *DIFFERING], ids=lambda pair: pair.name)
def test_pairs(engine: Engine, tmp_path: Path, pair: Pair) -> None:
    found = verified(pair, tmp_path)
    assert found.verdict == pair.verdict, found.because


def test_there_are_enough_pairs() -> None:
    assert len(ALIKE) >= 25 and len(DIFFERING) >= 25
    assert len({pair.name for pair in (*ALIKE, *DIFFERING)}) == len(ALIKE) + len(DIFFERING)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_build_leaves_nothing_behind(engine: Engine, tmp_path: Path, sign: signal.Signals) -> None:
    (tmp_path / "Dockerfile").write_text("FROM alpine:3.23\nRUN echo a > /a\nRUN sleep 77\n", "utf-8")
    words = [sys.executable, "-m", "dslim", "verify", "Dockerfile", "--save", "logs", "--keep-free", "0"]
    process = subprocess.Popen(words, cwd=tmp_path, start_new_session=True, env={**os.environ, "TMPDIR": str(tmp_path)})
    deadline = time.monotonic() + 60
    while not any("RUN sleep" in log.read_text("utf-8") for log in tmp_path.glob("dslim-verify-*/before/log")):
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.1)
    os.killpg(process.pid, sign)
    assert process.wait(60) == 130
    assert str(process.pid) not in left(engine)
    assert not list(tmp_path.glob("dslim-verify-*"))


REMOVES = """FROM alpine:3.23
RUN apk add curl
RUN find / -xdev -name "APKINDEX*" | grep -q .
RUN echo a > /a
"""


def _dslim(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dslim", *words], cwd=folder, capture_output=True, text=True, check=False
    )


def test_rewrite_drops_what_does_not_hold_and_says_so(engine: Engine, tmp_path: Path) -> None:
    file = tmp_path / "Dockerfile"
    file.write_text(REMOVES, "utf-8")
    words = [sys.executable, "-m", "dslim", "rewrite", "--verify", "--network", "host", "--in-place", "Dockerfile"]
    process = subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    out, err = process.communicate(timeout=600)
    assert process.returncode == 0, err
    assert str(process.pid) not in left(engine)
    written = file.read_text("utf-8")
    assert "--no-cache" not in written, "the build looks for the index that --no-cache leaves out"
    assert written.count("RUN") == 1
    assert "(apk-cache-kept, safe)" in out
    assert "dropped, it does not hold when it is built: the original builds, and the rewrite does not" in out
    assert "verified, both images were built: equivalent" in out


def test_missing_base_image(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM localhost:1/no/such:image\nRUN true\n", "utf-8")
    done = _dslim(tmp_path, "verify", "Dockerfile")
    assert done.returncode == 2
    lines = done.stdout.splitlines()
    assert lines[0] == "Dockerfile: not built"
    assert "a base image cannot be pulled" in lines[1] and "docker pull" in lines[1]


def test_time_limit(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM alpine:3.23\nRUN sleep 78\n", "utf-8")
    done = _dslim(tmp_path, "verify", "Dockerfile", "--timeout", "1")
    assert done.returncode == 2
    assert "took longer than 1 s; allow more with --timeout" in done.stdout
