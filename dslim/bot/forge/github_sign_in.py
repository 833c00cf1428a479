"""Who we are on GitHub: a person's or machine's token, or an App that asks for a token of an installation."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from dslim.bot.forge.github import GitHub, host_of
from dslim.bot.forge.github_client import API, Client
from dslim.bot.forge.trouble import NotFound
from dslim.bot.limiter import Limiter
from dslim.bot.secrets import NoSecret, keep, secret

if TYPE_CHECKING:
    from github.Auth import Auth

#: all that the bot does; a token that could do more is not asked for
PERMISSIONS = {"contents": "write", "pull_requests": "write", "issues": "write", "metadata": "read"}
TOKENS = ("DSLIM_GITHUB_TOKEN", "GITHUB_TOKEN")
APP_ID, APP_KEY = "DSLIM_GITHUB_APP_ID", "DSLIM_GITHUB_APP_KEY"


class App(NamedTuple):
    """A GitHub App: its number and its private key (PEM)."""

    id: str
    key: str


def from_environment(api: str, limiter: Callable[[str], Limiter], repo: str = "") -> GitHub:
    """GitHub as the environment says: an App where there is one, else a token. ``limiter`` makes one for a name.

    Raises:
        NoSecret: there is neither, or an App without its key.
    """
    api = api or API
    try:
        number = secret(APP_ID)
    except NoSecret:
        # whose a token is decides which pull requests are ours, so it is only assumed where nobody says
        otherwise = "github-actions[bot]" if os.environ.get("GITHUB_ACTIONS") else ""
        return GitHub(Client(_token, limiter(f"{host_of(api)}/token"), api), host_of(api), otherwise=otherwise)
    return as_app(
        App(number, keep(secret(APP_KEY))), api, limiter, repo
    )  # never as somebody else, when its key is lost


def with_token(token: str, limiter: Limiter, api: str = API) -> GitHub:
    """GitHub for one token."""
    from github import Auth

    keep(token)
    return GitHub(Client(lambda: Auth.Token(token), limiter, api), host_of(api))


def as_app(app: App, api: str, limiter: Callable[[str], Limiter], repo: str) -> GitHub:
    """GitHub as the installation of an App that may write to ``repo``; its tokens are renewed as they expire.

    Raises:
        NotFound: the App is not installed there.
        NoSecret: its key is none.
    """
    from github import Auth, GithubException, GithubIntegration
    from jwt.exceptions import InvalidKeyError

    signed = Auth.AppAuth(app.id, app.key)  # issued a minute ago, so that our clock may be a little fast
    try:
        signed.create_jwt()
    except (ValueError, InvalidKeyError):
        raise NoSecret(f"{APP_KEY} is no private key (PEM, as GitHub gives it to the App's owner)") from None
    integration = GithubIntegration(auth=signed, base_url=api, seconds_between_requests=None)
    owner, _, name = repo.partition("/")
    try:
        installation = integration.get_repo_installation(owner, name)
        login = f"{integration.get_app().slug}[bot]"
    except GithubException as error:
        raise NotFound(
            f"{repo}: the App is not installed there ({error.status}); install it, or leave it out"
        ) from None

    def sign_in() -> Auth.Auth:
        return signed.get_installation_auth(installation.id, PERMISSIONS)

    host = host_of(api)
    return GitHub(Client(sign_in, limiter(f"{host}/installation/{installation.id}"), api), host, login)


def _token() -> Auth:
    """Read anew whenever the old one is refused: a file may hold a newer one by then."""
    from github import Auth

    return Auth.Token(secret(*TOKENS))
