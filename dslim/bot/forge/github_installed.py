"""Which repositories an App may write to: all of all its installations. For the sweep that nobody gave a list to."""

from __future__ import annotations

from collections.abc import Iterator

from dslim.bot.forge import trouble
from dslim.bot.forge.github_client import API
from dslim.bot.forge.github_sign_in import APP_ID, APP_KEY
from dslim.bot.secrets import NoSecret, keep, secret


def installed(api: str) -> Iterator[str]:
    """The full names. None where we are no App.

    Raises:
        Unavailable: GitHub does not say.
    """
    from github import Auth, GithubException, GithubIntegration
    from requests.exceptions import RequestException

    try:
        signed = Auth.AppAuth(secret(APP_ID), keep(secret(APP_KEY)))
    except NoSecret:
        return
    integration = GithubIntegration(auth=signed, base_url=api or API, seconds_between_requests=None)
    try:
        for installation in integration.get_installations():
            if not installation.raw_data.get("suspended_at"):
                yield from (repository.full_name for repository in installation.get_repos())
    except (GithubException, RequestException) as error:
        raise trouble.Unavailable(f"GitHub does not list the installations: {type(error).__name__}") from None
