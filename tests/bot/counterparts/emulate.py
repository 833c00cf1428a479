"""npm ``emulate``: a GitHub with state (repositories, git data, pull requests, Apps, tokens, webhooks, a primary limit)."""

from __future__ import annotations

import functools
import json
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
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


class Emulate:
    """The process. ``start`` begins anew from a seed, in a few milliseconds, and forgets what was there before."""

    def __init__(self) -> None:
        program = installed("emulate") / "emulate" / "dist" / "api.js"
        self._process = subprocess.Popen(
            [node(), str(HERE / "emulate" / "host.mjs"), str(program)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.port = 0

    def start(self, base_url: str, start_from: Seed) -> None:
        """``base_url`` is what the URLs in its answers begin with: where the client thinks that it is."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self.port = free_port()
        self._process.stdin.write(json.dumps({"port": self.port, "baseUrl": base_url, "seed": start_from}) + "\n")
        self._process.stdin.flush()
        said = self._process.stdout.readline().strip()
        assert said == str(self.port), f"emulate did not start: {said or 'see its message above'}"

    def close(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.kill()
        self._process.wait()
