"""What people do on the forge while the bot works, and what they see there: straight to emulate, past the bot's wire."""

from __future__ import annotations

import base64
import http.client
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from tests.bot.counterparts.emulate import EMAILS, TOKENS
from tests.bot.counterparts.shim import Shim
from tests.bot.counterparts.wire import Request, send

#: what a tree says about a file: its mode and its content. Content None: the path goes.
Files = Mapping[str, bytes | tuple[str, bytes] | None]


class World:
    """GitHub as people have it. ``by`` is a login of ``TOKENS``."""

    def __init__(self, shim: Shim, port: int) -> None:
        self._shim = shim
        self._port = port

    def call(self, method: str, path: str, sent: Any = None, by: str = "alice") -> Any:
        """The JSON of the answer; the answer must be a good one."""
        headers = {"authorization": f"token {TOKENS[by]}", "content-type": "application/json"}
        request = Request(method, path, headers, b"")
        if sent is not None:
            request = request._replace(body=json.dumps(sent).encode())
        answer = send(self._port, request)
        assert answer.status < 300, f"{method} {path}: {answer.status} {answer.body.decode()}"
        return answer.json

    def repository(self, name: str, files: Files, **settings: Any) -> int:
        """A repository with one commit on ``main``. Returns its number."""
        owner, short = name.split("/")
        made = self.call("POST", f"/orgs/{owner}/repos", {"name": short, "auto_init": True})
        first = self.write(name, files, on=None)
        self.call("PATCH", f"/repos/{name}/git/refs/heads/main", {"sha": first, "force": True})
        if settings:
            self.call("PATCH", f"/repos/{name}", settings)
        return int(made["id"])

    def write(
        self,
        name: str,
        files: Files,
        on: str | None,
        message: str = "Some work",
        by: str = "alice",
        **people: Mapping[str, str],
    ) -> str:
        """A commit that no branch knows yet, on the commit ``on``. ``people``: author, committer. Returns its SHA."""
        made: dict[bytes, str] = {}
        entries: list[dict[str, Any]] = []
        for path, file in files.items():
            mode, content = file if isinstance(file, tuple) else ("100644", file)
            entry: dict[str, Any] = {"path": path, "mode": mode, "type": "blob", "sha": None}
            if mode == "160000":  # a submodule: the content is the name of its commit
                entry |= {"type": "commit", "sha": (content or b"").decode()}
            elif content is not None and (text := _text(content)) is not None:
                del entry["sha"]
                entry["content"] = text
            elif content is not None:
                if content not in made:
                    blob = {"content": base64.b64encode(content).decode(), "encoding": "base64"}
                    made[content] = self.call("POST", f"/repos/{name}/git/blobs", blob, by)["sha"]
                entry["sha"] = made[content]
            entries.append(entry)
        tree: dict[str, Any] = {"tree": entries}
        if on is not None:
            tree["base_tree"] = self.call("GET", f"/repos/{name}/git/commits/{on}", by=by)["tree"]["sha"]
        sha = self.call("POST", f"/repos/{name}/git/trees", tree, by)["sha"]
        commit = {"message": message, "tree": sha, "parents": [on] if on else [], **people}
        return str(self.call("POST", f"/repos/{name}/git/commits", commit, by)["sha"])

    def push(self, name: str, branch: str, files: Files, message: str = "Some work", by: str = "alice") -> str:
        """One more commit on a branch."""
        tip = self.tip(name, branch)
        sha = self.write(name, files, tip, message, by)
        self.move(name, branch, sha, by)
        return sha

    def amend(self, name: str, branch: str, files: Files, message: str = "", by: str = "alice") -> str:
        """As ``git commit --amend`` does: the author stays, and the message where none is given; the committer is new."""
        tip = self.tip(name, branch)
        last = self.commit(name, tip)
        (parent,) = (one["sha"] for one in last["parents"])
        theirs = {path: self.file(name, tip, path) for path in self.changed(name, parent, tip)}
        committer = {"name": by, "email": EMAILS[by]}
        words = message or last["message"]
        sha = self.write(name, {**theirs, **files}, parent, words, by, author=last["author"], committer=committer)
        self.move(name, branch, sha, by)
        return sha

    def move(self, name: str, branch: str, sha: str, by: str = "alice") -> None:
        self.call("PATCH", f"/repos/{name}/git/refs/heads/{quote(branch)}", {"sha": sha, "force": True}, by)

    def branch(self, name: str, branch: str, sha: str | None = None, by: str = "alice") -> str:
        """A new branch: of ``main``, or at a commit."""
        sha = sha or self.tip(name, "main")
        self.call("POST", f"/repos/{name}/git/refs", {"ref": f"refs/heads/{branch}", "sha": sha}, by)
        return sha

    def close(self, name: str, number: int, by: str = "alice") -> None:
        self.edit(name, number, {"state": "closed"}, by)

    def merge(self, name: str, number: int, by: str = "alice") -> None:
        """Only what git would merge: emulate takes anything. It also takes the head of when it was opened."""
        pull = self.call("GET", f"/repos/{name}/pulls/{number}")
        head = self.tip(name, pull["head"]["ref"])
        assert pull["head"]["sha"] == head and self._shim.github.merges(name, pull["base"]["ref"], head)
        self.call("PUT", f"/repos/{name}/pulls/{number}/merge", {}, by)

    def edit(self, name: str, number: int, change: Mapping[str, Any], by: str = "alice") -> None:
        """Title, body, state or base of a pull request."""
        self.call("PATCH", f"/repos/{name}/pulls/{number}", change, by)

    def label(self, name: str, number: int, labels: list[str], by: str = "alice") -> None:
        self.call("PUT", f"/repos/{name}/issues/{number}/labels", {"labels": labels}, by)

    def comment(self, name: str, number: int, body: str, by: str = "alice") -> int:
        return int(self.call("POST", f"/repos/{name}/issues/{number}/comments", {"body": body}, by)["id"])

    def protect(self, name: str, branch: str) -> None:
        """Nobody pushes to it, not even administrators."""
        rules: dict[str, Any] = {"required_status_checks": None, "enforce_admins": True, "restrictions": None}
        rules["required_pull_request_reviews"] = {"required_approving_review_count": 1}
        self.call("PUT", f"/repos/{name}/branches/{branch}/protection", rules)

    def rename(self, name: str, to: str) -> None:
        self.call("PATCH", f"/repos/{name}", {"name": to.split("/")[1]})
        self._shim.github.renamed[name.lower()] = to

    def use_up_the_limit(self, by: str) -> None:
        """As many requests as a token has in an hour."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port)
        status = 200
        while status == 200:
            connection.request("GET", "/zen", headers={"authorization": f"token {TOKENS[by]}"})
            answer = connection.getresponse()
            answer.read()
            status = answer.status
        connection.close()

    def transfer(self, name: str, owner: str) -> str:
        """To a person, who lets the bot in. Returns the new name."""
        self.call("POST", f"/repos/{name}/transfer", {"new_owner": owner})
        to = f"{owner}/{name.split('/')[1]}"
        self._shim.github.renamed[name.lower()] = to
        self.call("PUT", f"/repos/{to}/collaborators/bot", {"permission": "admin"}, owner)
        return to

    # what there is

    def tip(self, name: str, branch: str) -> str:
        return str(self.call("GET", f"/repos/{name}/git/ref/heads/{quote(branch)}")["object"]["sha"])

    def commit(self, name: str, sha: str) -> dict[str, Any]:
        found: dict[str, Any] = self.call("GET", f"/repos/{name}/git/commits/{sha}")
        return found

    def branches(self, name: str) -> list[str]:
        return [ref["name"] for ref in self.call("GET", f"/repos/{name}/branches?per_page=100")]

    def pulls(self, name: str, state: str = "all") -> list[dict[str, Any]]:
        """Pull requests, oldest first, with the labels that they have."""
        found: list[dict[str, Any]] = self.call("GET", f"/repos/{name}/pulls?state={state}&per_page=100&direction=asc")
        return found

    def comments(self, name: str, number: int) -> list[str]:
        return [one["body"] for one in self.call("GET", f"/repos/{name}/issues/{number}/comments?per_page=100")]

    def tree(self, name: str, commit: str) -> dict[str, tuple[str, str]]:
        """Path → mode and SHA, of all that is no folder."""
        said = self.call("GET", f"/repos/{name}/git/trees/{commit}?recursive=1")
        return {one["path"]: (one["mode"], one["sha"]) for one in said["tree"] if one["type"] != "tree"}

    def changed(self, name: str, before: str, after: str) -> list[str]:
        """Paths in ``after`` that ``before`` has not, or has otherwise."""
        old = self.tree(name, before)
        return [path for path, entry in self.tree(name, after).items() if old.get(path) != entry]

    def file(self, name: str, commit: str, path: str) -> bytes:
        return self._shim.github.blob(name, self.tree(name, commit)[path][1])


def _text(content: bytes) -> str | None:
    """What goes into the request for a tree as it is; None where bytes have to be sent as a blob before."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None
