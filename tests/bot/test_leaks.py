"""A token goes to its own forge and nowhere else, and it is the token that goes: neither a redirect nor .netrc changes that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dslim.bot.database import Database
from dslim.bot.forge import forgejo_client, github_sign_in, gitlab_client, trouble
from dslim.bot.limiter import Limiter
from tests.bot.counterparts.recorded import Recorded

TOKEN = "glpat-0123456789abcdefghij"


Reader = Callable[[str], object]


def of_github(url: str, limiter: Limiter) -> Reader:
    return github_sign_in.with_token(TOKEN, limiter, url).repository


def of_gitlab(url: str, limiter: Limiter) -> Reader:
    client = gitlab_client.Client(TOKEN, limiter, url)
    return lambda repo: client.get(gitlab_client.at(repo))


def of_forgejo(url: str, limiter: Limiter) -> Reader:
    client = forgejo_client.Client(TOKEN, limiter, url)
    return lambda repo: client.get(forgejo_client.at(repo))


FORGES: dict[str, tuple[Callable[[str, Limiter], Reader], str]] = {
    "github": (of_github, "/repos/acme/api"),
    "gitlab": (of_gitlab, "/api/v4/projects/acme%2Fapi"),
    "forgejo": (of_forgejo, "/api/v1/repos/acme/api"),
}


@pytest.fixture
def servers() -> Iterator[tuple[Recorded, Recorded]]:
    """The forge, and somebody else, on another port and under another name."""
    made = Recorded(), Recorded()
    yield made
    for one in made:
        one.close()


@pytest.fixture
def limiter(tmp_path: Path) -> Limiter:
    return Limiter(Database(str(tmp_path / "ledger")), "it", gap=0)


@pytest.mark.parametrize("kind", FORGES)
def test_a_redirect_to_another_host_gets_no_token(
    kind: str, servers: tuple[Recorded, Recorded], limiter: Limiter
) -> None:
    forge, other = servers
    make, path = FORGES[kind]
    line = f"GET {path}"
    there = other.url.replace("127.0.0.1", "localhost")
    forge.answers[line] = (302, {})
    forge.headers[line] = {"location": f"{there}/taken"}
    with pytest.raises(trouble.ForgeTrouble):
        make(forge.url, limiter)("acme/api")
    assert forge.asked[0].token.endswith(TOKEN)
    assert all(TOKEN not in one.token for one in other.asked)


@pytest.mark.parametrize("kind", FORGES)
def test_a_netrc_takes_the_place_of_no_token(
    kind: str, servers: tuple[Recorded, Recorded], limiter: Limiter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is a person's, for git; the bot would act in that person's name."""
    forge, _ = servers
    make, path = FORGES[kind]
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login alice password alices-own\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    forge.answers[f"GET {path}"] = (404, {"message": "no"})
    with pytest.raises(trouble.NotFound):
        make(forge.url, limiter)("acme/api")
    assert forge.asked[0].token.endswith(TOKEN)
