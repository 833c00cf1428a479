"""A real git server over HTTP: ``git http-backend``, which is git's own CGI program, behind the standard library's server."""

from __future__ import annotations

import os
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests import lacking


class GitServer:
    """Bare repositories under ``folder``, at ``url``/NAME.git. ``asked`` is its log: method and path with query."""

    def __init__(self, folder: Path) -> None:
        program = Path(git("--exec-path", cwd=folder).strip()) / "git-http-backend"
        if not program.exists():
            lacking.skip(lacking.Lacking.GIT_SERVER)
        self.folder = folder
        self.asked: list[str] = []
        #: as servers that know only the first protocol: nothing by its name but what branches point at,
        #: and nothing in part
        self.old = False
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.root, self._server.program, self._server.asked = folder, program, self.asked
        self._server.git_server = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def repository(self, name: str, files: dict[str, bytes]) -> str:
        """A bare repository with one commit on ``main``. Returns its URL."""
        bare = self.bare(name)
        git("init", "--quiet", "--bare", "--initial-branch=main", str(bare), cwd=self.folder)
        with open(bare / "config", "a", encoding="utf-8") as file:
            file.write("[http]\n\treceivepack = true\n[uploadpack]\n\tallowFilter = true\n")
        self.push(name, "main", files)
        return f"{self.url}/{name}.git"

    def push(self, name: str, branch: str, files: dict[str, bytes]) -> str:
        """Somebody's commit on a branch (made of ``main`` where there is none). Returns its SHA."""
        bare = self.bare(name)
        there = self.branches(name)
        parent = branch if branch in there else "main"
        who = f"{_WHO['NAME']} <{_WHO['EMAIL']}> now"
        said = f"commit refs/heads/{branch}\nauthor {who}\ncommitter {who}\ndata 9\nSome work\n".encode()
        said += f"from refs/heads/{parent}^0\n".encode() if there else b""
        for path, content in files.items():
            said += f"M 100644 inline {path}\ndata {len(content)}\n".encode() + content + b"\n"
        git("fast-import", "--quiet", "--date-format=now", cwd=bare, given=said)
        return self.tip(name, branch)

    def bare(self, name: str) -> Path:
        return self.folder / f"{name}.git"

    def branches(self, name: str) -> list[str]:
        return git("for-each-ref", "--format=%(refname:short)", "refs/heads", cwd=self.bare(name)).split()

    def tip(self, name: str, branch: str) -> str:
        return git("rev-parse", f"refs/heads/{branch}", cwd=self.bare(name)).strip()

    def file(self, name: str, branch: str, path: str) -> bytes:
        command = ["git", "cat-file", "blob", f"refs/heads/{branch}:{path}"]
        return subprocess.run(command, cwd=self.bare(name), capture_output=True, check=True).stdout


def git(*arguments: str, cwd: Path, given: bytes = b"") -> str:
    """As a person who has no configuration of their own."""
    who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in _WHO.items()}
    environment = {**os.environ, **who, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    options = ["-c", "core.autocrlf=false"]
    done = subprocess.run(
        ["git", *options, *arguments], cwd=cwd, env=environment, input=given, capture_output=True, check=False
    )
    assert not done.returncode, f"git {' '.join(arguments)}: {done.stderr.decode()}"
    return done.stdout.decode()


_WHO = {"NAME": "Alice", "EMAIL": "alice@example.com"}


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    root: Path
    program: Path
    asked: list[str]
    git_server: GitServer


class _Handler(BaseHTTPRequestHandler):
    def _serve(self) -> None:
        assert isinstance(self.server, _Server)
        self.server.asked.append(f"{self.command} {self.path}")
        path, _, query = self.path.partition("?")
        environment = {
            **os.environ,
            "GIT_PROJECT_ROOT": str(self.server.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "REQUEST_METHOD": self.command,
            "CONTENT_TYPE": self.headers.get("content-type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("content-encoding", ""),
            "GIT_PROTOCOL": self.headers.get("git-protocol", ""),
            "REMOTE_USER": "somebody",
            "REMOTE_ADDR": "127.0.0.1",
        }
        if self.server.git_server.old:
            filters = {"GIT_CONFIG_KEY_0": "uploadpack.allowFilter", "GIT_CONFIG_VALUE_0": "false"}
            environment |= {"GIT_PROTOCOL": "", "GIT_CONFIG_COUNT": "1", **filters}
        said = subprocess.run(
            [self.server.program], input=self._body(), env=environment, capture_output=True, check=False
        ).stdout
        head, _, body = said.partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n") if line)
        self.send_response(int(headers.pop("Status", "200").split()[0]))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _body(self) -> bytes:
        """git sends what is long in chunks, which the standard library's server does not put together."""
        if self.headers.get("transfer-encoding", "") != "chunked":
            return self.rfile.read(int(self.headers.get("content-length") or 0))
        whole = b""
        while size := int(self.rfile.readline(), 16):
            whole += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return whole

    do_GET = do_POST = _serve

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name is the standard library's)
        pass
