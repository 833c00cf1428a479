"""The command line around `rewrite`: the plain way in says what Typer says, pages, names, signals and pipes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner

import dslim as library
from dslim import cli
from dslim.asked import Asked
from dslim.commands import app
from rewriter.report import Report, Status
from tests.front.conftest import BIG, PIPELINE, SMALL, Call, environment, process, run


def test_the_plain_way_in_knows_typers_options() -> None:
    command = typer.main.get_group(app).commands["rewrite"]
    names = {name for param in command.params for name in param.opts if name.startswith("-")}
    plain = {*cli.FLAGS, *cli.WORDS, *cli.LISTS, *cli.NUMBERS}
    assert names - plain == {"--schema", "--help"} - ({"--help"} - names)
    assert plain <= names


@pytest.mark.parametrize(
    "words",
    [
        ["a", "-", "b"],
        ["--diff", "-i", "--check", "a"],
        ["--select", "a,b", "--select=c", "--ignore", "d"],
        ["--level", "safe", "--format=jsonl", "-j", "4", "--jobs=2"],
        ["--context", "/", "--stdin-filename", "x", "-"],
    ],
)
def test_both_ways_understand_the_same(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Asked] = []

    def remember(self: Asked) -> int:
        asked.append(self)
        return 0

    monkeypatch.setattr(Asked, "run", remember)
    assert CliRunner().invoke(app, ["rewrite", *words]).exit_code == 0
    assert [vars(one) for one in asked] == [vars(cli.plain(["rewrite", *words]) or Asked())]


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["list"],
        ["--version"],
        *(["rewrite", word] for word in ["--help", "--", "-ij4", "--dif", "--jobs=x", "--level"]),
    ],
)
def test_what_is_not_certain_is_left_to_typer(words: list[str]) -> None:
    assert cli.plain(words) is None


def test_help_tells_a_story(dslim: Call) -> None:
    for words in (["--help"], ["rewrite", "--help"], ["explain", "--help"], ["list", "--help"]):
        ran = dslim(*words)
        assert ran.code == 0
        assert b"dslim" in ran.out
    assert b"  dslim rewrite --diff | git apply        or let git do it\n" in dslim("rewrite", "--help").out


def test_version(dslim: Call) -> None:
    assert dslim("--version").out.decode() == f"dslim {library.__version__}\n"


def test_list_and_explain(dslim: Call) -> None:
    assert dslim("list").out.decode().splitlines() == [
        "big-things     layers    safe  Make big-things small.",
        "broken-things  commands  safe  Make broken-things small.",
    ]
    ran = dslim("explain", "big-things")
    assert ran.out.decode().startswith(
        "big-things (phase layers; safe; hadolint DL3009)\n\nMake big-things small.\n\n## What"
    )
    ran = dslim("explain", "big-thing")
    assert (ran.code, ran.out) == (2, b"")
    assert "did you mean 'big-things'?" in ran.err


def test_completion_is_typers(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dslim"],
        check=True,
        env=environment(_DSLIM_COMPLETE="complete_bash", COMP_WORDS="dslim rew", COMP_CWORD="1"),
        capture_output=True,
        cwd=tmp_path,
    )
    assert done.stdout in (b"rewrite\n", b"rewrite"), done


def test_a_small_file_waits_for_nothing_slow(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM debian:12-slim\n")
    program = (
        "import sys; from dslim.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "slow = {'typer', 'rich', 'pathspec', 'concurrent.futures', 'asyncio'}\n"
        "print(sorted(slow & set(sys.modules)), sys.argv)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "rewrite", "--diff", "Dockerfile"],
        check=True,
        env=environment(),
        capture_output=True,
        cwd=tmp_path,
    )
    assert done.stdout.startswith(b"[] "), done


def test_many_files_in_several_processes_come_in_order(tmp_path: Path) -> None:
    names = [f"{n:03}/Dockerfile" for n in range(120)]
    for name in names:
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("FROM debian:12\n")
    (tmp_path / "060/Dockerfile").write_bytes(b"\0")
    one = process("rewrite", "--format", "jsonl", "--jobs", "1", cwd=tmp_path)
    two = process("rewrite", "--format", "jsonl", "--jobs", "2", cwd=tmp_path)
    assert one.stdout == two.stdout
    assert [line.split(b'"')[5].decode() for line in one.stdout.splitlines()] == names
    assert two.returncode == 2
    assert two.stderr.startswith(b"060/Dockerfile: NUL at byte 0")


def test_whoever_stops_reading_hears_no_more(tmp_path: Path) -> None:
    for n in range(2_000):
        (tmp_path / f"Dockerfile.{n}").write_text("FROM debian:12\n")
    words = [sys.executable, "-m", "dslim", "rewrite", "--format", "jsonl", "--jobs", "1"]
    with subprocess.Popen(
        words, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.readline()
        running.stdout.close()
        assert (running.wait(60), running.stderr.read()) == (141, b"")


def test_an_output_that_is_full_is_said(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_bytes(b"FROM debian:12\n")
    words = [sys.executable, "-m", "dslim", "rewrite", "--format", "jsonl"]
    with open("/dev/full", "wb") as full:
        done = subprocess.run(words, check=False, cwd=tmp_path, env=environment(), stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (2, b"dslim: No space left on device\n")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_interrupt_is_quiet(tmp_path: Path, jobs: str) -> None:
    for n in range(20_000):
        (tmp_path / f"Dockerfile.{n}").symlink_to("Dockerfile")
    (tmp_path / "Dockerfile").write_text("FROM debian:12\n")
    words = [sys.executable, "-m", "dslim", "rewrite", "--format", "jsonl", "--jobs", jobs]
    with subprocess.Popen(
        words, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as running:
        assert running.stdout is not None
        running.stdout.readline()
        os.killpg(running.pid, signal.SIGINT)
        _, said = running.communicate(timeout=60)
        assert (running.returncode, said) == (130, b"")


def test_a_process_that_dies_costs_its_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from dslim import pool
    from dslim.config import Options

    for n in range(60):
        (tmp_path / f"{n}").write_text("FROM debian:12\n")
    (tmp_path / "30").write_text("die")
    monkeypatch.setattr("rewriter.engine.run", _deadly)
    done = list(pool.handled((pool.Job(str(tmp_path / f"{n}"), Options()) for n in range(60)), 2))
    assert [each.path for each in done] == [str(tmp_path / f"{n}") for n in range(60)]
    refused = [each.report.reason for each in done if each.report.status is Status.UNREADABLE]
    assert refused == ["the process that worked on it died; is there enough memory?"]


def _deadly(pipeline: object, source: str, ask: object, kept: object = None) -> Report:
    if source == "die":
        os.kill(os.getpid(), signal.SIGKILL)
    return Report(Status.UNCHANGED, source, source)


def test_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rewriter.engine.run", run)
    monkeypatch.setattr("transforms.pipeline", lambda: PIPELINE)
    report = library.rewrite(BIG)
    assert (report.text, report.changed, len(report.findings), len(report.declined)) == (SMALL, True, 1, 1)
    assert library.rewrite(BIG.encode()).text == SMALL
    assert not library.rewrite(BIG, level="safe").changed
    assert not library.rewrite(BIG, ignore=["layers"]).changed
    assert not library.rewrite(BIG, select=["broken-things"]).changed
    bad = library.rewrite(b"caf\xe9\n")
    assert bad.status is Status.UNREADABLE
    assert bad.text.encode("utf-8", "surrogateescape") == b"caf\xe9\n"
    with pytest.raises(ValueError, match="did you mean 'safe'"):
        library.rewrite(BIG, level="saef")
    with pytest.raises(ValueError, match="did you mean 'shipped'"):
        library.rewrite(BIG, join_runs="shiped")
    with pytest.raises(ValueError, match="did you mean 'big-things'"):
        library.rewrite(BIG, select=["big-thing"])


def test_progress_waits_and_is_for_terminals(monkeypatch: pytest.MonkeyPatch) -> None:
    from dslim import progress

    monkeypatch.setattr(progress, "PATIENCE", 0.0)
    with progress.Progress(wanted=False) as silent:
        silent.tick()
        assert silent._bar is None
    with progress.Progress(wanted=True) as shown:
        time.sleep(0.01)
        shown.tick()
        assert shown._bar is not None
