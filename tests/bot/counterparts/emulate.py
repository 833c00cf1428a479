"""npm ``emulate``: a GitHub with state (repositories, git data, pull requests, Apps, tokens, webhooks, a primary limit)."""

from __future__ import annotations

import contextlib
import functools
import json
import random
import socket
import subprocess
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.bot.counterparts.npm import HERE, installed, node

Seed = Mapping[str, Any]

#: who there is: the bot's account, a maintainer of ``acme``, somebody else; and a token of each
TOKENS = {"bot": "token-of-the-bot", "alice": "token-of-alice", "mallory": "token-of-mallory"}
EMAILS = {login: f"{login}@example.com" for login in TOKENS}


def seed(repositories: int = 0, **github: Any) -> Seed:
    """People, the organization ``acme`` and, where asked, ``acme/r0``, ``acme/r1``... with a README each."""
    return {
        "tokens": {token: {"login": login, "scopes": ["repo", "user", "admin:org"]} for login, token in TOKENS.items()},
        "github": {
            "users": [{"login": login, "email": EMAILS[login]} for login in TOKENS],
            "orgs": [
                {
                    "login": "acme",
                    "members": [{"login": "alice", "role": "admin"}, {"login": "bot", "role": "admin"}],
                }
            ],
            "repos": [{"owner": "acme", "name": f"r{number}"} for number in range(repositories)],
            **github,
        },
    }


APP = 4711
ALL_PERMISSIONS = {
    "contents": "write",
    "pull_requests": "write",
    "issues": "write",
    "checks": "write",
    "metadata": "read",
}


@functools.cache
def app_key() -> str:
    """The private key of the App, as GitHub gives it to its owner."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PrivateFormat.TraditionalOpenSSL
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


def app(permissions: Mapping[str, str] = ALL_PERMISSIONS, **more: Any) -> dict[str, Any]:
    """The App ``dslim``, installed on all of ``acme`` with these permissions; for ``seed(apps=[...])``."""
    installation = {"installation_id": 100, "account": "acme", "permissions": dict(permissions)}
    about = {"app_id": APP, "slug": "dslim", "name": "dslim", "private_key": app_key(), "events": ["*"]}
    return {**about, "permissions": dict(ALL_PERMISSIONS), "installations": [installation], **more}


def free_port() -> int:
    """A port that nobody listens on, below those that systems give to outgoing connections: one of these may take a port
    between our question and its use."""
    while True:
        port = random.SystemRandom().randrange(20_000, 32_000)
        with socket.socket() as one:
            try:
                one.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


class Emulate:
    """The process. ``start`` begins anew from a seed, in a few milliseconds, and forgets what was there before."""

    def __init__(self) -> None:
        self._process = self._begun()
        self.port = 0

    def _begun(self) -> subprocess.Popen[str]:
        program = installed("emulate") / "emulate" / "dist" / "api.js"
        return subprocess.Popen(
            [node(), str(HERE / "emulate" / "host.mjs"), str(program)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, base_url: str, start_from: Seed) -> None:
        """``base_url`` is what the URLs in its answers begin with: where the client thinks that it is."""
        for _ in range(3):
            self.port = free_port()
            if self._started(base_url, start_from):
                return
            self.close()  # somebody else took the port at that moment, which ends it
            self._process = self._begun()
        raise AssertionError("emulate did not start: see its message above")

    def _started(self, base_url: str, start_from: Seed) -> bool:
        assert self._process.stdin is not None and self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps({"port": self.port, "baseUrl": base_url, "seed": start_from}) + "\n")
            self._process.stdin.flush()
            if self._process.stdout.readline().strip() != str(self.port):
                return False
            socket.create_connection(("127.0.0.1", self.port), 10).close()
        except (BrokenPipeError, ConnectionRefusedError):
            return False
        return True

    def close(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.stdout.close()
        self._process.kill()
        self._process.wait()
