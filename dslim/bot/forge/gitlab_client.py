"""Requests to GitLab's API. python-gitlab signs in and turns pages; what is asked is written out in `gitlab.py`.

Nothing that writes is sent twice by itself: the first may have been done although its answer was lost.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urljoin, urlsplit

from dslim.bot.forge import trouble
from dslim.bot.forge.answers import meaning
from dslim.bot.limiter import Limiter
from dslim.bot.names import within
from dslim.bot.secrets import keep, secret

if TYPE_CHECKING:
    from requests import Response

URL = "https://gitlab.com"
TOKENS = ("DSLIM_GITLAB_TOKEN", "GITLAB_TOKEN")
_PAGE = 100
_SECONDS = 30


class Client:
    """One token on one GitLab; ``token`` is that of a person, a project or a group."""

    def __init__(self, token: str, limiter: Limiter, url: str = URL) -> None:
        from gitlab import Gitlab

        self._limiter = limiter
        self._gitlab = Gitlab(
            url, private_token=keep(token), timeout=_SECONDS, user_agent="dslim-bot", retry_transient_errors=False,
            keep_base_url=True,
        )  # fmt: skip
        self._headers: Mapping[str, str] = {}
        self._gitlab.session.hooks["response"].append(self._seen)

    def _seen(self, response: Response, *_: object, **__: object) -> None:
        """The library's errors do not have the headers, in which it stands how long to wait. And what leads to another host is
        not followed: only a header called Authorization would be taken off before."""
        self._headers = response.headers
        there = urlsplit(urljoin(response.url, response.headers.get("location", "")))
        if response.is_redirect and there[:2] != urlsplit(response.url)[:2]:
            raise trouble.Refused(f"{response.request.path_url}: it leads to {there.netloc}; is that the right --api?")

    def get(self, path: str, **parameters: str | int | bool) -> Any:
        """The JSON of one answer."""
        return self._answer("GET", path, parameters, None).json()

    def raw(self, path: str) -> bytes:
        """The bytes of one answer."""
        return self._answer("GET", path, {}, None).content

    def pages(self, path: str, **parameters: str | int | bool) -> Iterator[Any]:
        """The items of all pages."""
        page = "1"
        while page:
            answer = self._answer("GET", path, {**parameters, "per_page": _PAGE, "page": page}, None)
            yield from answer.json()
            page = answer.headers.get("x-next-page", "")

    def write(self, verb: str, path: str, sent: Mapping[str, Any] | None = None, content: bool = False) -> Any:
        """The JSON of the answer. ``content`` counts as something that people are notified of."""
        self._limiter.pass_(True, content)
        answer = self._answer(verb, path, {}, sent)
        return answer.json() if answer.content else None

    def _answer(self, verb: str, path: str, parameters: Mapping[str, Any], sent: Mapping[str, Any] | None) -> Response:
        from gitlab.exceptions import GitlabError
        from requests.exceptions import RequestException

        if verb == "GET":
            self._limiter.pass_()
        try:
            answer = self._gitlab.http_request(
                verb.lower(), path, query_data=dict(parameters), post_data=None if sent is None else dict(sent),
                obey_rate_limit=False, max_retries=0,
            )  # fmt: skip
        except GitlabError as error:
            said = str(error.error_message)
            raise meaning(f"{verb} {path}", error.response_code or 0, said, self._headers, self._limiter) from None
        except RequestException as error:
            raise trouble.Unavailable(f"{verb} {path}: no answer ({type(error).__name__})") from None
        self._limiter.accepted()
        return answer


def at(repo: str, *parts: str | int) -> str:
    """``/projects/GROUP%2FNAME/...``; each part in one piece, whatever is in it."""
    return within("/".join(["/projects", quote(repo, safe=""), *(quote(str(part), safe="") for part in parts)]))


def from_environment(url: str, limiter: Limiter) -> Client:
    """Raises NoSecret where the environment has no token."""
    return Client(secret(*TOKENS), limiter, url or URL)
