"""Where it all began: a file is downloaded, and perhaps deleted again. Layers shows it, rewrite cures it, verify proves it."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dslim.images.engine import Engine

SIZE = 3_000_000  #: bytes of the download
NETWORK = ("--network", "host")


class _Download(http.server.BaseHTTPRequestHandler):
    """Answers each request with the same bytes, which do not compress."""

    content = os.urandom(SIZE)

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(SIZE))
        self.end_headers()
        self.wfile.write(self.content)

    def log_message(self, *args: object) -> None:
        """Nobody listens."""


@pytest.fixture
def url() -> Iterator[str]:
    """The address of the download on a server of this machine."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Download) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/download"
        server.shutdown()
        thread.join()


def dslim(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dslim", *words], cwd=folder, capture_output=True, text=True, check=False
    )


def layers(folder: Path, name: str) -> Any:
    """What `dslim layers` says of the image that the Dockerfile builds."""
    done = dslim(folder, "layers", name, "--format", "json", *NETWORK)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def verified(folder: Path, name: str, *words: str) -> Any:
    """What `dslim verify` says, with its exit code."""
    done = dslim(folder, "verify", name, "--format", "json", *NETWORK, *words)
    assert done.stdout, done.stderr
    return {**json.loads(done.stdout), "code": done.returncode}


def deleted(said: Any) -> list[tuple[str, int]]:
    return [(one["path"], one["bytes"]) for one in said["waste"] if one["kind"] == "deleted"]


def test_download_and_delete(engine: Engine, tmp_path: Path, url: str) -> None:
    files = {
        "kept": f"FROM alpine:3.23\nRUN wget -q -O /download {url}\n",
        "later": f"FROM alpine:3.23\nRUN wget -q -O /download {url}\nRUN rm /download\n",
        "at-once": f"FROM alpine:3.23\nRUN wget -q -O /download {url} && rm /download\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, "utf-8")

    # layers: the three images, and the waste of the second one, with the line to blame and the cure
    shown = {name: layers(tmp_path, name) for name in files}
    base = shown["at-once"]["total_bytes"]
    assert {name: said["total_bytes"] - base for name, said in shown.items()} == {
        "kept": SIZE,
        "later": SIZE,
        "at-once": 0,
    }
    assert deleted(shown["kept"]) == deleted(shown["at-once"]) == []
    assert deleted(shown["later"]) == [("download", SIZE)]
    waste = next(one for one in shown["later"]["waste"] if one["kind"] == "deleted")
    assert waste["instruction"].startswith("RUN wget")
    assert waste["cure"] == "consecutive-runs"
    assert shown["later"]["layers"][waste["layer"]]["line"] == 2
    assert shown["later"]["wasted_bytes"] - shown["at-once"]["wasted_bytes"] == SIZE

    # verify: what rewrite would do to the second one is the same image, smaller by the download
    proof = verified(tmp_path, "later")
    assert (proof["verdict"], proof["code"]) == ("equivalent", 0)
    assert proof["before"]["bytes"] - proof["after"]["bytes"] == SIZE
    assert proof["before"]["compressed_bytes"] - proof["after"]["compressed_bytes"] >= SIZE
    assert proof["before"]["layers"] - proof["after"]["layers"] == 1

    # rewrite: cured, and proven before it is written; the two others are left alone
    done = dslim(tmp_path, "rewrite", "--verify", "--in-place", *NETWORK, *files)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "kept").read_text("utf-8") == files["kept"]
    assert (tmp_path / "at-once").read_text("utf-8") == files["at-once"]
    assert (tmp_path / "later").read_text("utf-8") == files["later"].replace("\nRUN rm", " \\\n    && rm")
    cured = layers(tmp_path, "later")
    assert (cured["total_bytes"], deleted(cured)) == (base, [])

    # and the first one, which keeps the download, is not the same as the other two
    (tmp_path / "later").write_text(files["later"], "utf-8")
    lost = verified(tmp_path, "kept", "--against", "later")
    assert (lost["verdict"], lost["code"]) == ("different", 1)
    assert [(one["path"], one["kind"]) for one in lost["differences"]] == [("download", "missing")]
    assert verified(tmp_path, "later", "--against", "at-once")["verdict"] == "equivalent"
