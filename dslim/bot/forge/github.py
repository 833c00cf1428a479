"""GitHub, GitHub Enterprise Server included, by its API alone: no clone.

Commits are made of trees, so that modes and bytes stay (content that is no UTF-8 travels as a blob of its own), and name no
author, so that GitHub signs them.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from dslim.bot.forge import github_requests as requests
from dslim.bot.forge import github_values as values
from dslim.bot.forge import steps, trouble
from dslim.bot.forge.github_client import Client, at
from dslim.bot.forge.github_refs import Refs
from dslim.bot.forge.protocol import (
    FOLDER,
    Annotate,
    Change,
    Comment,
    Commit,
    DropBranch,
    EditPull,
    Entry,
    Issue,
    NewCommit,
    OpenPull,
    PullRequest,
    Push,
    PutIssue,
    React,
    Repository,
    Say,
    Tree,
    Write,
)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*/(?!\.{1,2}$)[A-Za-z0-9._-]+", re.ASCII)
_WRITERS = ("admin", "maintain", "write")


class GitHub:
    """The forge behind one client. ``login`` is under which name we write, "" to ask; ``otherwise`` where nobody says."""

    def __init__(self, client: Client, host: str = "github.com", login: str = "", otherwise: str = "") -> None:
        self._client = client
        self._host = host
        self._login = login
        self._otherwise = otherwise
        self._refs = Refs(client, self)

    @property
    def host(self) -> str:
        return self._host

    def me(self) -> str:
        self._login = self._login or self._asked_who()
        return self._login

    def _asked_who(self) -> str:
        """The token of an App, or of an action, may not ask for its user; GraphQL tells it all the same."""
        try:
            return str(self._client.get("/user")["login"])
        except trouble.Refused:
            pass
        try:
            return self._client.viewer()
        except (trouble.NotFound, trouble.Refused):
            if not self._otherwise:
                raise
        return self._otherwise

    def repository(self, name: str) -> Repository:
        if not _NAME.fullmatch(name):
            raise trouble.NotFound(f"{name!r} is no repository's name; write it as owner/name")
        said = self._client.get(at(name))
        if said.get("archived") or said.get("disabled"):
            raise trouble.Archived(f"{said['full_name']} is {'archived' if said.get('archived') else 'disabled'}")
        self._refs.nodes[said["full_name"].lower()] = str(said.get("node_id") or "")
        return Repository(
            self._host,
            str(said["id"]),
            said["full_name"],
            said["default_branch"],
            said.get("html_url", ""),
            bool(said.get("private")),
            bool(said.get("fork")),
            (said.get("permissions") or {}).get("push"),
        )

    def head(self, repo: str, branch: str) -> str:
        try:
            return str(self._client.get(at(repo, "git/ref/heads", branch))["object"]["sha"])
        except trouble.NotFound:
            return ""

    def commit(self, repo: str, sha: str) -> Commit:
        return values.commit(self._client.get(at(repo, "git/commits", sha)))

    def tree(self, repo: str, commit: str) -> Tree:
        return Tree(tuple(self._walk(repo, commit, "")))

    def _walk(self, repo: str, sha: str, prefix: str) -> Iterator[Entry]:
        """All below one tree; where GitHub cuts the listing, folder by folder."""
        said = self._client.get(at(repo, "git/trees", sha), recursive=1)
        if not said.get("truncated"):
            yield from values.entries(said, prefix)
            return
        for entry in values.entries(self._client.get(at(repo, "git/trees", sha)), prefix):
            yield entry
            if entry.mode == FOLDER:
                yield from self._walk(repo, entry.sha, entry.path + "/")

    def blob(self, repo: str, sha: str) -> bytes:
        return base64.b64decode(self._client.get(at(repo, "git/blobs", sha))["content"])

    def commits(self, repo: str, base: str, head: str) -> tuple[Commit, ...]:
        found = self._client.pages(at(repo, "compare", f"{base}...{head}"), key="commits")
        return tuple(values.commit({**one["commit"], "sha": one["sha"], "parents": one["parents"]}) for one in found)

    def pulls(self, repo: str, branch: str) -> tuple[PullRequest, ...]:
        head = f"{repo.partition('/')[0]}:{branch}"
        found = self._client.pages(at(repo, "pulls"), state="all", head=head, sort="created", direction="desc")
        return tuple(values.pull(one) for one in found if values.is_own(one, repo))

    def open_pulls(self, repo: str, prefix: str) -> tuple[PullRequest, ...]:
        found = self._client.pages(at(repo, "pulls"), state="open")
        return tuple(
            values.pull(one) for one in found if values.is_own(one, repo) and one["head"]["ref"].startswith(prefix)
        )

    def pull(self, repo: str, number: int) -> PullRequest:
        return values.pull(self._client.get(at(repo, "pulls", number)))

    def comments(self, repo: str, number: int) -> tuple[Comment, ...]:
        return tuple(values.comment(one) for one in self._client.pages(at(repo, "issues", number, "comments")))

    def may_write(self, repo: str, login: str) -> bool:
        try:
            said = self._client.get(at(repo, "collaborators", login, "permission"))
        except trouble.NotFound:
            return False
        return said["permission"] in _WRITERS

    def issues(self, repo: str, author: str) -> tuple[Issue, ...]:
        found = self._client.pages(at(repo, "issues"), state="all", creator=author)
        return tuple(
            Issue(one["number"], one["state"], one["title"], one.get("body") or "", values.login(one))
            for one in found
            if "pull_request" not in one
        )

    def push(self, repo: str, write: Push) -> str:
        head, tree = write.parent, write.parent_tree
        for one in write.commits:
            tree = self._new_tree(repo, tree, one)
            head = self._new_commit(repo, tree, head, one.message)
        if write.tree and tree != write.tree:
            raise trouble.Refused(
                f"{repo}: GitHub made tree {tree} where {write.tree} was expected; nothing was pushed"
            )
        if write.expected:
            self._refs.move(repo, write.branch, write.expected, head)
            return head
        try:
            self._client.write("POST", at(repo, "git/refs"), {"ref": f"refs/heads/{write.branch}", "sha": head})
        except trouble.AlreadyExists as error:
            raise trouble.Conflict(str(error)) from None
        return head

    def _new_tree(self, repo: str, parent: str, commit: NewCommit) -> str:
        entries = [self._new_entry(repo, change) for change in commit.changes]
        return str(self._client.write("POST", at(repo, "git/trees"), {"base_tree": parent, "tree": entries})["sha"])

    def _new_entry(self, repo: str, change: Change) -> dict[str, str]:
        entry = {"path": change.path, "mode": change.mode, "type": "blob"}
        if (text := requests.text(change.content)) is not None:
            return {**entry, "content": text}
        sent = {"content": base64.b64encode(change.content).decode(), "encoding": "base64"}
        return {**entry, "sha": self._client.write("POST", at(repo, "git/blobs"), sent)["sha"]}

    def _new_commit(self, repo: str, tree: str, parent: str, message: str) -> str:
        sent = {"message": message, "tree": tree, "parents": [parent]}
        return str(self._client.write("POST", at(repo, "git/commits"), sent)["sha"])

    def open_pull(self, repo: str, write: OpenPull) -> PullRequest:
        sent = {
            "title": write.title,
            "head": write.branch,
            "base": write.base,
            "body": write.body,
            "draft": write.draft,
        }
        return values.pull(self._client.write("POST", at(repo, "pulls"), sent, content=True))

    def edit_pull(self, repo: str, write: EditPull) -> PullRequest:
        sent = {"title": write.title, "body": write.body, "state": write.state}
        path = at(repo, "pulls", write.number)
        return values.pull(self._client.write("PATCH", path, steps.given(sent)))

    def annotate(self, repo: str, write: Annotate) -> tuple[str, ...]:
        additions = (("POST", path, sent) for path, sent in requests.additions(repo, write))
        return tuple(steps.best_effort(self._client, additions))

    def say(self, repo: str, write: Say) -> Comment:
        path = at(repo, "issues", write.number, "comments")
        return values.comment(self._client.write("POST", path, {"body": write.body}, content=True))

    def react(self, repo: str, write: React) -> None:
        self._client.write("POST", at(repo, "issues/comments", write.comment, "reactions"), {"content": write.content})

    def drop_branch(self, repo: str, write: DropBranch) -> None:
        self._refs.drop(repo, write.branch, write.expected)

    def put_issue(self, repo: str, write: PutIssue) -> int:
        verb, path = ("PATCH", at(repo, "issues", write.number)) if write.number else ("POST", at(repo, "issues"))
        said = self._client.write(verb, path, {"title": write.title, "body": write.body}, content=not write.number)
        return int(said["number"])

    def calls(self, repo: str, write: Write) -> tuple[str, ...]:
        return tuple(requests.requests_of(repo, write))


def host_of(api: str) -> str:
    """The forge's name: ``github.com`` for GitHub itself, else the host of the API."""
    place = urlsplit(api)
    return "github.com" if place.hostname == "api.github.com" else place.netloc
