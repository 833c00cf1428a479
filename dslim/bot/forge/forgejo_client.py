"""Requests to the API of Forgejo (and Gitea, of which it was forked), by requests, the library.

Nothing that writes is sent twice by itself: the first may have been done although its answer was lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from dslim.bot.forge import trouble
from dslim.bot.forge.answers import meaning
from dslim.bot.limiter import Limiter
from dslim.bot.names import within
from dslim.bot.secrets import keep, secret

if TYPE_CHECKING:
    from requests import PreparedRequest, Response

URL = "https://codeberg.org"
TOKENS = ("DSLIM_FORGEJO_TOKEN", "FORGEJO_TOKEN", "GITEA_TOKEN")
_PAGE = 50  # the most that it gives at once, where nobody changed that
_PAGES = 200
_SECONDS = 30


class Client:
    """One token on one server; ``url`` is where people see it."""

    def __init__(self, token: str, limiter: Limiter, url: str = URL) -> None:
        from requests import Session

        self._limiter = limiter
        self._base = f"{url.rstrip('/')}/api/v1"
        self._session = Session()
        self._session.headers["User-Agent"] = "dslim-bot"
        self._token = keep(token)
        self._session.auth = self._signed  # a header of ours would give way to what .netrc has for this host

    def _signed(self, request: PreparedRequest) -> PreparedRequest:
        request.headers["Authorization"] = f"token {self._token}"
        return request

    def get(self, path: str, **parameters: str | int) -> Any:
        """The JSON of one answer."""
        return self._answer("GET", path, parameters, None).json()

    def pages(self, path: str, **parameters: str | int) -> Iterator[Any]:
        """The items of all pages, until one is empty: a server may give fewer than it is asked for."""
        for page in range(1, _PAGES + 1):
            answer = self._answer("GET", path, {**parameters, "limit": _PAGE, "page": page}, None)
            items = answer.json()
            yield from items
            if not items or 'rel="next"' not in answer.headers.get("link", ""):
                return

    def write(self, verb: str, path: str, sent: Mapping[str, Any] | None = None, content: bool = False) -> Any:
        """The JSON of the answer. ``content`` counts as something that people are notified of."""
        self._limiter.pass_(True, content)
        answer = self._answer(verb, path, {}, sent)
        return answer.json() if answer.content else None

    def _answer(self, verb: str, path: str, parameters: Mapping[str, Any], sent: Mapping[str, Any] | None) -> Response:
        from requests.exceptions import RequestException

        if verb == "GET":
            self._limiter.pass_()
        try:
            answer = self._session.request(
                verb,
                self._base + path,
                params=dict(parameters),
                json=sent,
                timeout=_SECONDS,
                allow_redirects=verb == "GET",
            )
        except RequestException as error:
            raise trouble.Unavailable(f"{verb} {path}: no answer ({type(error).__name__})") from None
        if answer.status_code >= 300:
            raise meaning(f"{verb} {path}", answer.status_code, _said(answer), answer.headers, self._limiter)
        self._limiter.accepted()
        return answer


def _said(answer: Response) -> str:
    try:
        return str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        return str(answer.reason or "")


def at(repo: str, *parts: str | int) -> str:
    """``/repos/OWNER/NAME/...``; each part in one piece, whatever is in it."""
    return within("/".join(["/repos", quote(repo), *(quote(str(part), safe="") for part in parts)]))


def from_environment(url: str, limiter: Limiter) -> Client:
    """Raises NoSecret where the environment has no token."""
    return Client(secret(*TOKENS), limiter, url or URL)
