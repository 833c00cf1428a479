"""`dslim verify` and `dslim rewrite --verify` as they are called, without an engine: usage, exit codes, one clear line."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from dslim.asked import Usage
from dslim.verify.command import Words, amount, settings_of
from dslim.verify.running import Where, address

DOCKERFILE = "FROM debian\nRUN apt-get update && apt-get install -y curl\n"


def dslim(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Call dslim where no engine answers."""
    return subprocess.run(
        [sys.executable, "-m", "dslim", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"DOCKER_HOST": "unix:///no/such.sock", "PATH": "/usr/local/bin:/usr/bin:/bin", "NO_COLOR": "1"},
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "Dockerfile").write_text(DOCKERFILE, "utf-8")
    return tmp_path


def test_without_an_engine_it_cannot_be_told(folder: Path) -> None:
    done = dslim("verify", "Dockerfile", folder=folder)
    assert done.returncode == 2
    lines = done.stdout.splitlines()
    assert lines[0] == "Dockerfile: not built"
    assert len(lines) == 2 and "; " in lines[1]
    assert "Traceback" not in done.stderr


def test_json_without_an_engine(folder: Path) -> None:
    done = dslim("verify", "Dockerfile", "--format", "json", "--save", "logs", folder=folder)
    said = json.loads(done.stdout)
    assert (done.returncode, said["verdict"], said["before"]["built"]) == (2, "not built", False)
    assert json.loads((folder / "logs" / "verify.json").read_text("ascii")) == said


def test_rewrite_writes_nothing_that_was_not_built(folder: Path) -> None:
    done = dslim("rewrite", "--verify", "--in-place", "Dockerfile", folder=folder)
    assert done.returncode == 2
    assert (folder / "Dockerfile").read_text("utf-8") == DOCKERFILE
    assert "not verified, so left as it is" in done.stderr
    assert "1 left alone" in done.stderr


def test_rewrite_as_a_filter_gives_back_what_was_not_built(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dslim", "rewrite", "--verify", "-"],
        cwd=folder,
        input=DOCKERFILE,
        capture_output=True,
        text=True,
        check=False,
        env={"DOCKER_HOST": "unix:///no/such.sock", "PATH": "/usr/bin:/bin"},
    )
    assert (done.returncode, done.stdout) == (2, DOCKERFILE)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["verify", "nowhere"], "nowhere: no such file"),
        (["verify", "Dockerfile", "--against", "nowhere"], "nowhere: no such file"),
        (["verify", "Dockerfile", "--context", "nowhere"], "'nowhere' is not a folder"),
        (["verify", "Dockerfile", "--expect-http", "8080"], "write it as :8080/path"),
        (["verify", "Dockerfile", "--keep-free", "much"], "write it as 500MB or 2GB"),
        (["verify", "Dockerfile", "--timeout", "0"], "more than 0 seconds"),
        (["verify", "Dockerfile", "--save", "Dockerfile"], "'Dockerfile' is not a folder"),
        (["verify", "Dockerfile", "--level", "none"], "--level"),
        (["verify"], "DOCKERFILE"),
        (["rewrite", "--network", "host"], "add --verify"),
    ],
)
def test_wrong_usage(folder: Path, words: list[str], said: str) -> None:
    done = dslim(*words, folder=folder)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr


def test_help_and_schema(folder: Path) -> None:
    helped = dslim("verify", "--help", folder=folder)
    assert helped.returncode == 0 and "--expect-http" in helped.stdout
    assert json.loads(dslim("verify", "--schema", folder=folder).stdout)["$id"] == "urn:dslim:schema:verify-1"


@pytest.mark.parametrize(
    ("text", "count"),
    [("0", 0), ("500MB", 500_000_000), ("1gb", 10**9), ("2GiB", 2 << 30), ("1.5k", 1500), ("10 B", 10)],
)
def test_amounts(text: str, count: int) -> None:
    assert amount(text) == count


@pytest.mark.parametrize("text", ["", "-1", "1TB", "GB", "1 2"])
def test_wrong_amounts(text: str) -> None:
    with pytest.raises(Usage):
        amount(text)


@pytest.mark.parametrize(
    ("text", "where"),
    [(":8080", Where(8080, "/")), (":80/a?b=c", Where(80, "/a?b=c")), ("http://localhost:81/x", Where(81, "/x"))],
)
def test_addresses(text: str, where: Where) -> None:
    assert address(text) == where


@pytest.mark.parametrize("text", ["", "8080", ":0/", ":70000/", "http://example.com:80/", ":80x"])
def test_wrong_addresses(text: str) -> None:
    with pytest.raises(ValueError, match="write it as"):
        address(text)


def test_the_context_is_the_folder_of_the_file(folder: Path) -> None:
    assert settings_of(Words(str(folder / "Dockerfile"))).context == str(folder)
    assert settings_of(Words("Dockerfile")).context == "."
    assert settings_of(Words("Dockerfile", context=str(folder))).context == str(folder)


def test_rewrite_loads_nothing_of_this(folder: Path) -> None:
    code = "import sys\nfrom dslim.cli import plain\nplain(['rewrite', 'Dockerfile']).run()\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=True)
    loaded = done.stdout.splitlines()[-1].split()
    assert not [name for name in loaded if name.startswith(("dslim.verify", "dslim.images", "elftools", "zstandard"))]
