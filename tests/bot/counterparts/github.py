"""Where emulate differs from GitHub, mended: each function is one difference, with what GitHub does.

Sources: GitHub's documentation of its REST API, and reports of its answers in public issue threads. Nothing here keeps state
of its own but ``renamed``, and what a test switches (``truncate``, ``swaps``, ``refuses``).
"""

from __future__ import annotations

import base64
import json
import re
import subprocess
import tempfile
import textwrap
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.bot.counterparts.emulate import TOKENS
from tests.bot.counterparts.wire import Answer, Request, refusal, send

#: the longest text of an issue, a pull request or a comment that GitHub takes, in characters
LONGEST = 65536


class GitHub:
    """Answers as GitHub would, by way of emulate on ``port``."""

    def __init__(self, url: str, port: int = 0, proxy: int | None = None) -> None:
        self._url = url
        self._port = port
        #: where clients' requests go: emulate itself, or a proxy before it
        self.front = proxy or port
        #: old full name → the one of now
        self.renamed: dict[str, str] = {}
        #: a recursive tree has no more entries than this, as GitHub's has no more than 100,000
        self.truncate = 100_000
        #: whether GraphQL has updateRefs: an old Enterprise Server has not
        self.swaps = True
        #: what it says against a move, where there is a rule against it
        self.refuses = ""
        self._swapping = threading.Lock()

    def get(self, path: str) -> Any:
        """What emulate knows itself, or None."""
        headers = {"authorization": f"token {TOKENS['alice']}"}
        answer = send(self._port, Request("GET", path, headers))
        return answer.json if answer.status == 200 else None

    def answer(self, request: Request) -> Answer:
        if "x-inner" in request.headers:  # a proxy in front hands it on
            return send(self._port, request._replace(target=request.headers["x-inner"]))
        if request.path == "/graphql":
            return self._swapped(request) or refusal(404, "Not Found")
        request = self._by_number(request)
        moved = self._moved(request)
        if moved or (moved := self._too_long(request) or self._refused(request)):
            return moved
        answer = self._forwarded(request)
        if answer.headers.get("content-type", "").startswith("application/json"):
            answer = answer._replace(body=_seconds(answer.body))
        return self._mended(request, answer)

    def _forwarded(self, request: Request) -> Answer:
        """By way of the proxy, if there is one. In a description a parameter is one segment of a path: ``heads%2Fmain``."""
        if self.front == self._port:
            return send(self._port, request)
        path, mark, query = request.target.partition("?")
        long = re.match(r"(/repos/[^/]+/[^/]+/(?:git/(?:refs?|matching-refs)|contents|compare)/)(.+)", path)
        path = long[1] + quote(long[2], safe="%.") if long else path
        headers = {**request.headers, "x-inner": request.target}
        return _violations(send(self.front, request._replace(target=path + mark + query, headers=headers)))

    # before emulate is asked

    def _swapped(self, request: Request) -> Answer | None:
        """GraphQL's ``updateRefs``: a ref moves from where it was said to be, or an error comes with 200. emulate: no GraphQL."""
        sent = request.json
        if "updateRefs(" not in str(sent.get("query")):
            return None
        if not self.swaps:
            return _said({"errors": [{"message": "Field 'updateRefs' doesn't exist on type 'Mutation'"}]})
        asked = sent["variables"]["input"]
        node = asked["repositoryId"]
        number = base64.b64decode(node + "=" * (-len(node) % 4)).decode().removeprefix("0:Repository")
        name = self.get(f"/repositories/{number}")["full_name"]
        (update,) = asked["refUpdates"]
        path = f"/repos/{name}/git/{update['name']}"
        with self._swapping:
            now = self.tip(name, update["name"].removeprefix("refs/heads/")) or "0" * 40
            if now != update["beforeOid"]:
                why = f"{update['name']} is at {now} but expected {update['beforeOid']}"
                return _said({"data": {"updateRefs": None}, "errors": [{"type": "UNPROCESSABLE", "message": why}]})
            if self.refuses:
                return _said({"data": {"updateRefs": None}, "errors": [{"type": "FORBIDDEN", "message": self.refuses}]})
            method, body = "PATCH", {"sha": update["afterOid"], "force": update["force"]}
            if update["afterOid"] == "0" * 40:
                method, body = "DELETE", {}
            headers = {"authorization": request.headers.get("authorization", ""), "content-type": "application/json"}
            answer = send(self._port, Request(method, path, headers, json.dumps(body).encode()))
        if answer.status >= 300:
            return _said({"data": {"updateRefs": None}, "errors": [{"message": answer.json["message"]}]})
        return _said({"data": {"updateRefs": {"clientMutationId": None}}})

    def _by_number(self, request: Request) -> Request:
        """``/repositories/ID/...``: what a redirect of GitHub points at. emulate knows only the repository itself."""
        found = re.match(r"/repositories/(\d+)(.*)", request.target)
        known = self.get(f"/repositories/{found[1]}") if found else None
        return request._replace(target=f"/repos/{known['full_name']}{found[2]}") if found and known else request

    def _moved(self, request: Request) -> Answer | None:
        """A renamed or transferred repository: 301 to its number (307 for what is not a GET). emulate: 404."""
        found = re.match(r"/repos/([^/]+/[^/?]+)(.*)", request.target)
        if not found or found[1].lower() not in self.renamed:
            return None
        number = self.get(f"/repos/{self.renamed[found[1].lower()]}")["id"]
        place = f"{self._url}/repositories/{number}{found[2]}"
        answer = refusal(301 if request.method == "GET" else 307, "Moved Permanently", url=place)
        return answer._replace(headers={**answer.headers, "location": place})

    def _too_long(self, request: Request) -> Answer | None:
        if request.method not in ("POST", "PATCH") or not re.search(r"/(pulls|issues)(/|$)", request.path):
            return None
        sent = request.json
        if not isinstance(sent, dict) or len(sent.get("body") or "") <= LONGEST:
            return None
        error = {
            "resource": "Issue",
            "code": "custom",
            "field": "body",
            "message": "body is too long (maximum is 65536 characters)",
        }
        return refusal(422, "Validation Failed", errors=[error])

    def _refused(self, request: Request) -> Answer | None:
        found = re.fullmatch(r"/repos/([^/]+/[^/]+)/(pulls|git/refs)(?:/(.+))?", request.path)
        if not found:
            return None
        name, kind, rest = found.groups()
        if kind == "pulls":
            return self._no_pull(name, request.json) if request.method == "POST" and rest is None else None
        if request.method == "POST":
            return self._no_ref(name, request.json)
        if (
            request.method in ("PATCH", "DELETE")
            and self.get(f"/repos/{name}/git/ref/{rest}") is None
            and self.get(f"/repos/{name}")
        ):
            return refusal(422, "Reference does not exist")  # emulate: 404
        return None

    def _no_pull(self, name: str, sent: Mapping[str, Any]) -> Answer | None:
        """A second pull request for a branch, one without a branch or without a commit: 422. emulate makes it."""
        owner, branch = name.split("/")[0], str(sent.get("head"))
        if ":" in branch:
            owner, branch = branch.split(":", 1)
        if owner != name.split("/")[0]:
            return None
        base = str(sent.get("base"))
        head_now, base_now = self.tip(name, branch), self.tip(name, base)
        if head_now is None or base_now is None:
            field = "base" if head_now else "head"
            return _invalid({"resource": "PullRequest", "field": field, "code": "invalid"})
        if self.get(f"/repos/{name}/pulls?state=open&head={quote(f'{owner}:{branch}')}&base={quote(base)}"):
            return _invalid(_custom(f"A pull request already exists for {owner}:{branch}."))
        between = self.get(f"/repos/{name}/compare/{base_now}...{head_now}")
        if between and not between["ahead_by"]:
            return _invalid(_custom(f"No commits between {base} and {branch}"))
        return None

    def _no_ref(self, name: str, sent: Mapping[str, Any]) -> Answer | None:
        """git keeps branches as files: ``a`` and ``a/b`` exclude each other. GitHub says no more. emulate makes both."""
        wanted = str(sent.get("ref"))
        for ref in self.get(f"/repos/{name}/git/matching-refs/heads") or ():
            if ref["ref"].startswith(f"{wanted}/") or wanted.startswith(f"{ref['ref']}/"):
                return refusal(422, "Reference update failed")
        return None

    # after emulate answered

    def _mended(self, request: Request, answer: Answer) -> Answer:
        found = re.fullmatch(r"/repos/([^/]+/[^/]+)(?:/(.*))?", request.path)
        if not found:
            return answer
        name, rest = found[1], found[2] or ""
        if answer.status == 404:
            return self._not_found(name, rest, answer)
        if answer.status not in (200, 201):
            return answer
        if rest.startswith("git/ref"):
            return answer._replace(body=answer.body.replace(b"/git/ref/", b"/git/refs/"))
        if re.fullmatch(r"git/blobs/\w+", rest):
            return _wrapped(answer)
        if rest.startswith("git/trees/") and "recursive" in request.target:
            return self._truncated(answer)
        if re.fullmatch(r"pulls|pulls/\d+", rest):
            said = answer.json
            lone = isinstance(said, dict)
            live = [self._live(name, pull, lone and request.method == "GET") for pull in ([said] if lone else said)]
            return answer.with_json(live[0] if lone else live)
        if of := re.fullmatch(r"pulls/(\d+)/(commits|files)", rest):
            return answer.with_json(self._compared(name, int(of[1]))[of[2]])
        return answer

    def _not_found(self, name: str, rest: str, answer: Answer) -> Answer:
        """Empty: 409. Issues switched off: 410. A person without a role in a public repository may read. emulate: 404."""
        known = self.get(f"/repos/{name}")
        if known is None:
            return answer
        if rest.startswith(("git/", "contents", "commits")) and not self.get(f"/repos/{name}/branches"):
            return refusal(409, "Git Repository is empty.")
        if rest.startswith("issues") and not known["has_issues"]:
            return refusal(410, "Issues are disabled for this repo")
        if of := re.fullmatch(r"collaborators/([^/]+)/permission", rest):
            user = self.get(f"/users/{of[1]}")
            if user and not known["private"]:
                return Answer(200, answer.headers, b"").with_json(
                    {"permission": "read", "role_name": "read", "user": user}
                )
        return answer

    def tip(self, name: str, branch: str) -> str | None:
        ref = self.get(f"/repos/{name}/git/ref/heads/{quote(branch)}")
        return str(ref["object"]["sha"]) if ref else None

    def _live(self, name: str, pull: dict[str, Any], with_merge: bool) -> dict[str, Any]:
        """The head of an open pull request is its branch as it is now. emulate freezes it when the request opens."""
        if pull["state"] != "open":
            return pull
        home = (pull["head"]["repo"] or {}).get("full_name", name)
        pull["head"]["sha"] = self.tip(home, pull["head"]["ref"]) or pull["head"]["sha"]
        if with_merge:
            clean = self.merges(name, pull["base"]["ref"], pull["head"]["sha"])
            pull["mergeable"], pull["mergeable_state"] = clean, "clean" if clean else "dirty"
        return pull

    def _compared(self, name: str, number: int) -> dict[str, Any]:
        pull = self._live(name, self.get(f"/repos/{name}/pulls/{number}"), False)
        compared: dict[str, Any] = self.get(
            f"/repos/{name}/compare/{quote(pull['base']['ref'])}...{pull['head']['sha']}"
        )
        return compared

    def _truncated(self, answer: Answer) -> Answer:
        said = answer.json
        if len(said["tree"]) <= self.truncate:
            return answer
        return answer.with_json({**said, "tree": said["tree"][: self.truncate], "truncated": True})

    # merging

    def merges(self, name: str, base: str, head: str) -> bool:
        """Whether git merges ``head`` into ``base``: file by file with ``git merge-file``. emulate merges over everything."""
        tip = self.tip(name, base)
        compared = self.get(f"/repos/{name}/compare/{tip}...{head}")
        if compared is None or compared["merge_base_commit"]["sha"] == tip:
            return True
        ancestor, ours, theirs = (self.tree(name, sha) for sha in (compared["merge_base_commit"]["sha"], tip, head))
        for path in ancestor.keys() | ours.keys() | theirs.keys():
            old, mine, other = ancestor.get(path), ours.get(path), theirs.get(path)
            if mine == other or old in (mine, other):
                continue
            if old is None or mine is None or other is None:
                return False
            if not _merge_file(*(self.blob(name, sha) for sha in (mine, old, other))):
                return False
        return True

    def tree(self, name: str, commit: str | None) -> dict[str, str]:
        """Path → SHA of its blob."""
        said = self.get(f"/repos/{name}/git/trees/{commit}?recursive=1")
        return {entry["path"]: entry["sha"] for entry in said["tree"] if entry["type"] == "blob"}

    def blob(self, name: str, sha: str) -> bytes:
        return base64.b64decode(self.get(f"/repos/{name}/git/blobs/{sha}")["content"])


def _merge_file(mine: bytes, old: bytes, other: bytes) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        names = [Path(folder, name) for name in ("mine", "old", "other")]
        for name, content in zip(names, (mine, old, other), strict=True):
            name.write_bytes(content)
        done = subprocess.run(["git", "merge-file", "-p", "-q", *map(str, names)], capture_output=True, check=False)
        return done.returncode == 0


def _said(value: Any) -> Answer:
    return Answer(200, {"content-type": "application/json; charset=utf-8"}, b"").with_json(value)


def _invalid(error: Mapping[str, str]) -> Answer:
    return refusal(422, "Validation Failed", errors=[error])


def _custom(message: str) -> dict[str, str]:
    return {"resource": "PullRequest", "code": "custom", "message": message}


def _seconds(body: bytes) -> bytes:
    """GitHub's times have no fractions. emulate's have, and clients that trust GitHub's description trip over them."""
    return re.sub(rb'"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.\d+Z"', rb'"\1Z"', body)


def _wrapped(answer: Answer) -> Answer:
    """GitHub breaks base64 into lines of 60 characters. emulate does not."""
    said = answer.json
    return answer.with_json({**said, "content": "\n".join(textwrap.wrap(said["content"], 60)) + "\n"})


def _violations(answer: Answer) -> Answer:
    """Of what Prism found, that which is about the request: GitHub's own examples break its descriptions of answers."""
    found = json.loads(answer.headers.get("sl-violations", "[]"))
    said = [
        f"{'.'.join(map(str, one['location']))}: {one['message']}" for one in found if one["location"][0] == "request"
    ]
    headers = {name: value for name, value in answer.headers.items() if name != "sl-violations"}
    return answer._replace(headers={**headers, "x-violations": "\n".join(said)} if said else headers)
