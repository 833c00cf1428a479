"""Requests to GitHub's API, and what its answers mean. PyGithub signs in, keeps connections and renews tokens of an App.

Each request is written out here instead of left to PyGithub's objects, which fetch what they lack when they please: how many
requests a repository costs is part of what we promise. Nothing that writes is ever sent twice by itself, as the first may
have been done although its answer was lost; whoever asked looks again first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from dslim.bot.forge import trouble
from dslim.bot.limiter import Limiter
from dslim.bot.names import within
from dslim.bot.secrets import redacted

if TYPE_CHECKING:
    from github.Auth import Auth
    from github.GithubException import GithubException
    from github.Requester import Requester

API = "https://api.github.com"
_PAGE = 100  # the most that GitHub gives at once
_PAGES = 100
_SECONDS = 30  # without an answer


class Client:
    """One token on one GitHub. ``sign_in`` is called again when the token was refused."""

    def __init__(self, sign_in: Callable[[], Auth], limiter: Limiter, api: str = API) -> None:
        self._sign_in = sign_in
        self._limiter = limiter
        self._api = api.rstrip("/")
        self._requester = self._fresh()

    def get(self, path: str, **parameters: str | int) -> Any:
        """The JSON of one answer."""
        return self._answer("GET", path, parameters, None)

    def viewer(self) -> str:
        """The login that this token writes under, as GraphQL says."""
        said = self._answer("POST", self._requester.graphql_url, {}, {"query": "{viewer{login}}"})
        try:
            return str(said["data"]["viewer"]["login"])
        except (KeyError, TypeError):
            raise trouble.Refused("GraphQL does not say whose this token is; use one that may ask for /user") from None

    def pages(self, path: str, key: str = "", **parameters: str | int) -> Iterator[Any]:
        """The items of all pages; ``key`` is where an answer that is no list has them."""
        for page in range(1, _PAGES + 1):
            said = self.get(path, **parameters, per_page=_PAGE, page=page)
            items = said[key] if key else said
            yield from items
            if len(items) < _PAGE:
                return

    def write(self, verb: str, path: str, sent: Mapping[str, Any] | None = None, content: bool = False) -> Any:
        """The JSON of the answer. ``content`` counts as something that people are notified of."""
        self._limiter.pass_(True, content)
        return self._answer(verb, path, {}, sent)

    def graphql(self, mutation: str, variables: Mapping[str, Any]) -> str:
        """What went wrong with a mutation, in one line; "" for nothing.

        Raises:
            RateLimited: GraphQL says that with 200.
        """
        self._limiter.pass_(True)
        said = self._answer("POST", self._requester.graphql_url, {}, {"query": mutation, "variables": dict(variables)})
        errors = said.get("errors") or []
        line = redacted(" ".join(" ".join(str(one.get("message", "")) for one in errors).split()))
        if any(one.get("type") == "RATE_LIMITED" for one in errors):
            raise trouble.RateLimited(line, self._limiter.refused({}))
        return line if said.get("data") else line or "GraphQL gave neither data nor a reason"

    def _answer(self, verb: str, path: str, parameters: Mapping[str, Any], sent: Mapping[str, Any] | None) -> Any:
        from github import GithubException
        from requests.exceptions import RequestException

        for again in (True, False):
            if verb == "GET":
                self._limiter.pass_()
            try:
                headers, said = self._requester.requestJsonAndCheck(verb, path, dict(parameters) or None, input=sent)
            except GithubException as error:
                if error.status == 401 and again:
                    self._requester = self._fresh()
                    continue
                raise self._trouble(error, f"{verb} {path}") from None
            except RequestException as error:
                cause = redacted(type(error).__name__)
                raise trouble.Unavailable(f"{verb} {path}: no answer ({cause})") from None
            except RuntimeError as error:  # how PyGithub refuses to be led to another host
                raise trouble.Refused(
                    f"{verb} {path}: {redacted(str(error))}; is {self._api} the right --api?"
                ) from None
            if said is not None and "json" not in headers.get("content-type", ""):
                raise trouble.Unavailable(f"{verb} {path}: the answer is no JSON; is {self._api} the right --api?")
            if verb == "GET" and "location" in headers:  # a proxy that wants somebody to sign in
                raise trouble.Refused(f"{verb} {path}: it leads elsewhere; is {self._api} the right --api?")
            self._limiter.accepted()
            return said
        raise AssertionError("the loop above returns or raises")

    def _trouble(self, error: GithubException, asked: str) -> trouble.ForgeTrouble:
        headers = error.headers or {}
        said = _message(error)
        low = said.lower()
        line = redacted(f"{asked}: {error.status} {said}")
        match error.status:
            case 403 | 429 | 503 if _limits(error.status, low, headers):
                return trouble.RateLimited(line, self._limiter.refused(headers))
            case 401:
                return trouble.Unauthorized(f"{line}; give a token that is valid")
            case 404:
                return trouble.NotFound(f"{line}; it is not there, or the token may not see or write it")
            case 409 if "empty" in low:
                return trouble.Empty(line)
            case 403 | 451 if (
                any(word in low for word in ("archived", "disabled", "locked", "dmca")) or error.status == 451
            ):
                return trouble.Archived(line)
            case 409 if "/git/refs" not in asked:
                return trouble.Conflict(line)
            case 422 if "already exists" in low:
                return trouble.AlreadyExists(line)
            case 422 if "reference update failed" in low or "failed to create reference" in low:
                return trouble.NameTaken(line)
            case 422 if "does not exist" in low or "fast forward" in low or "no commits between" in low:
                return trouble.Conflict(line)
            case status if status >= 500:
                return trouble.Unavailable(line)
            case _ if "/git/refs" in asked:  # a rule, a ruleset, the merge queue: GitHub has many words for it
                return trouble.Refused(f"{line}; allow the bot to push to its own branches (dslim/**)")
        return trouble.Refused(f"{line}; see which permissions the bot needs")

    def _fresh(self) -> Requester:
        from github import Github
        from urllib3 import Retry

        # 503 may name a time before which it wants no request, so it is not among those that are tried again at once
        retry = Retry(
            total=2, allowed_methods={"GET"}, status_forcelist=(500, 502, 504), backoff_factor=0.2,
            respect_retry_after_header=False, raise_on_status=False,
        )  # fmt: skip
        return Github(
            auth=self._sign_in(), base_url=self._api, timeout=_SECONDS, retry=retry, user_agent="dslim-bot",
            seconds_between_requests=None, seconds_between_writes=None,
        ).requester  # fmt: skip


def at(repo: str, *parts: str | int) -> str:
    """``/repos/OWNER/NAME/...``; a slash in a part stays one."""
    return within("/".join(["/repos", quote(repo), *(quote(str(part)) for part in parts)]))


def _limits(status: int, message: str, headers: Mapping[str, str]) -> bool:
    said = {name.lower(): value for name, value in headers.items()}
    if status == 503:
        return "retry-after" in said
    return (
        status == 429
        or "retry-after" in said
        or said.get("x-ratelimit-remaining") == "0"
        or "rate limit" in message
        or "abuse detection" in message
    )


def _message(error: GithubException) -> str:
    """What GitHub says went wrong, in one line."""
    said = error.data if isinstance(error.data, dict) else {}
    more = [one.get("message", "") if isinstance(one, dict) else str(one) for one in said.get("errors") or ()]
    return " ".join(" ".join([str(said.get("message") or error.message or ""), *filter(None, more)]).split())
