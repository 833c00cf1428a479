"""Builds with a docker command that only says what a real one would: limits, interrupts, and what is left behind."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from dslim.images.engine import Engine
from dslim.verify.build import Settings, Workshop
from dslim.verify.command import run, stoppable
from dslim.verify.verify import Asked

FAKE = Engine((sys.executable, str(Path(__file__).with_name("fake_docker.py"))))
DOCKERFILE = b"FROM alpine\n"


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The file in which the fake command notes its calls."""
    monkeypatch.setenv("FAKE_LOG", str(tmp_path / "calls"))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    yield tmp_path / "calls"
    assert not list(tmp_path.glob("dslim-verify-*")), "a folder was left behind"


def removed(calls: Path) -> list[str]:
    """The tags that were removed."""
    return [line for line in calls.read_text("utf-8").splitlines() if line.startswith("image rm -f dslim-verify:")]


def test_a_build_is_called_as_a_user_would(calls: Path, tmp_path: Path) -> None:
    settings = Settings(
        context=str(tmp_path), network="host", build_args=("A=1",), target="final", platform="linux/arm64", keep_free=0
    )
    with Workshop(settings, FAKE) as workshop:
        built = workshop.build(DOCKERFILE, "before")
        assert built.failure is None
        assert built.tag.startswith("dslim-verify:") and built.tag.endswith("-before")
    line = next(line for line in calls.read_text("utf-8").splitlines() if line.startswith("buildx build"))
    words = line.split()
    assert {"--load", "--no-cache", "--network=host", "--build-arg=A=1", "--target=final"} <= set(words)
    assert "--platform=linux/arm64" in words
    assert not any(word.startswith(("--secret", "--ssh", "--build-context")) for word in words)
    assert words[-2:] == ["--", str(tmp_path)]
    assert len(removed(calls)) == 1


def test_what_is_not_needed_any_more_is_removed_at_once(calls: Path) -> None:
    with Workshop(Settings(keep_free=0), FAKE) as workshop:
        tags = [workshop.build(DOCKERFILE, name).tag for name in ("before", "after")]
        names = [workshop.container(tag) for tag in tags]
        workshop.discard(tags[1])
        lines = calls.read_text("utf-8").splitlines()
        assert lines[-2:] == [f"rm -f -v {names[1]}", f"image rm -f {tags[1]}"]
        assert workshop.container(tags[0]) not in names
    lines = calls.read_text("utf-8").splitlines()
    assert lines[-1] == f"image rm -f {tags[0]}"
    assert names[0] in lines[-2] and names[1] not in lines[-2]


def test_the_cache_is_used_when_it_is_asked_for_but_never_for_noise(calls: Path) -> None:
    with Workshop(Settings(cache=True, keep_free=0), FAKE) as workshop:
        workshop.build(DOCKERFILE, "before")
        workshop.build(DOCKERFILE, "again", fresh=True)
    builds = [line for line in calls.read_text("utf-8").splitlines() if line.startswith("buildx build")]
    assert ["--no-cache" in line for line in builds] == [False, True]


def test_a_dockerfile_keeps_its_own_dockerignore(calls: Path, tmp_path: Path) -> None:
    (tmp_path / "x.Dockerfile.dockerignore").write_text("secret\n", "utf-8")
    settings = Settings(dockerfile=str(tmp_path / "x.Dockerfile"), keep_free=0)
    with Workshop(settings, FAKE) as workshop:
        workshop.build(DOCKERFILE, "before")
        beside = next(tmp_path.glob("dslim-verify-*/before/Dockerfile.dockerignore"))
        assert beside.read_text("utf-8") == "secret\n"


def test_a_time_limit(calls: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE", "slow")
    with Workshop(Settings(seconds=1, keep_free=0), FAKE) as workshop:
        failure = workshop.build(DOCKERFILE, "before").failure
    assert failure is not None
    assert failure.line == "the build took longer than 1 s; allow more with --timeout"
    assert "interrupted" in calls.read_text("utf-8").splitlines(), "BuildKit must hear that it has to stop"
    assert len(removed(calls)) == 1


def test_a_full_disk_stops_the_build(calls: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE", "slow")
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    with Workshop(Settings(keep_free=1 << 60), FAKE) as workshop:
        failure = workshop.build(DOCKERFILE, "before").failure
    assert failure is not None and failure.kind == "disk"
    assert failure.do == "free some (docker system df, docker builder prune), or lower --keep-free"


def test_the_disk_of_another_machine_is_not_looked_at(calls: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://elsewhere:2375")
    with Workshop(Settings(keep_free=1 << 60), FAKE) as workshop:
        assert workshop.build(DOCKERFILE, "before").failure is None


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_an_interrupt_leaves_nothing_behind(calls: Path, monkeypatch: pytest.MonkeyPatch, sign: signal.Signals) -> None:
    monkeypatch.setenv("FAKE", "slow")
    timer = threading.Timer(1.0, os.kill, (os.getpid(), sign))
    timer.start()
    with pytest.raises(KeyboardInterrupt), stoppable(), Workshop(Settings(keep_free=0), FAKE) as workshop:
        workshop.build(DOCKERFILE, "before")
    timer.join()
    assert "interrupted" in calls.read_text("utf-8").splitlines()
    assert len(removed(calls)) == 1


def test_logs_are_kept_where_the_user_said(calls: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "said").write_text("ERROR: failed to solve: oh no", "utf-8")
    monkeypatch.setenv("FAKE", str(tmp_path / "said"))
    with Workshop(Settings(save=str(tmp_path / "logs" / "deep"), keep_free=0), FAKE) as workshop:
        failure = workshop.build(DOCKERFILE, "before").failure
    assert failure is not None and failure.line == "oh no"
    assert "oh no" in (tmp_path / "logs" / "deep" / "before.log").read_text("utf-8")


def test_no_docker_command() -> None:
    with Workshop(Settings(), Engine(("no-such-docker",))) as workshop:
        silent = workshop.silence()
    assert silent is not None
    assert silent.kind == "engine"
    assert "no-such-docker: there is no such command" in silent.line
    assert "install the Docker command line" in silent.line


def test_no_buildx(calls: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAKE", "no buildx")
    with Workshop(Settings(), FAKE) as workshop:
        silent = workshop.silence()
    assert silent is not None and silent.do == "install the buildx plugin"


def test_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///no/such.sock")
    found = run(DOCKERFILE, DOCKERFILE, Settings(), Asked(), lambda doing: None)
    assert found.verdict == "not built"
    assert len(found.because) == 1
    assert not (found.before.built or found.after.built)
