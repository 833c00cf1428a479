"""Forgejo and Gitea by their REST API alone.

A commit of many files is one request, but only on a branch, not on a commit. So a branch of our own is put on the commit first
(`scaffold.py`), the last commit is made from there onto the real branch, and the first goes away. Facts from Forgejo's
description of its API (16.0).
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping
from contextlib import suppress
from urllib.parse import urlsplit

from dslim.bot.forge import scaffold, steps, trouble
from dslim.bot.forge.forgejo_client import Client, at
from dslim.bot.forge.forgejo_values import DRAFT, annotations_of, comment_of, commit_of, files_of, is_own, pull_of
from dslim.bot.forge.protocol import (
    Annotate,
    Comment,
    Commit,
    DropBranch,
    EditPull,
    Entry,
    Issue,
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

_WRITERS = ("owner", "admin", "write")
_PAGE = 1000  # entries of a tree


class Forgejo:
    """The forge behind one client."""

    def __init__(self, client: Client, url: str) -> None:
        self._client = client
        self._host = urlsplit(url).netloc
        self._login = ""

    @property
    def host(self) -> str:
        return self._host

    def me(self) -> str:
        self._login = self._login or str(self._client.get("/user")["login"])
        return self._login

    def repository(self, name: str) -> Repository:
        said = self._client.get(at(name))
        if said.get("archived"):
            raise trouble.Archived(f"{said['full_name']} is archived")
        if said.get("empty"):
            raise trouble.Empty(f"{said['full_name']} has no commit yet")
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
            return str(self._client.get(at(repo, "branches", branch))["commit"]["id"])
        except trouble.NotFound:
            return ""

    def commit(self, repo: str, sha: str) -> Commit:
        return commit_of(self._client.get(at(repo, "git", "commits", sha)))

    def tree(self, repo: str, commit: str) -> Tree:
        entries: list[Entry] = []
        page = 1
        while True:
            said = self._client.get(at(repo, "git", "trees", commit), recursive="true", per_page=_PAGE, page=page)
            found = said.get("tree") or ()
            entries += [Entry(one["path"], one["mode"], one["sha"], one.get("size", -1)) for one in found]
            if not said.get("truncated") or not found or len(entries) >= said["total_count"]:
                return Tree(tuple(entries))
            page += 1

    def blob(self, repo: str, sha: str) -> bytes:
        return base64.b64decode(self._client.get(at(repo, "git", "blobs", sha))["content"])

    def commits(self, repo: str, base: str, head: str) -> tuple[Commit, ...]:
        said = self._client.get(at(repo, "compare", f"{base}...{head}"))
        return tuple(commit_of(one) for one in reversed(said.get("commits") or ()))

    def pulls(self, repo: str, branch: str) -> tuple[PullRequest, ...]:
        """Lists cannot be asked for a branch: all open ones, and of those that are not, our own."""
        found = [
            *self._client.pages(at(repo, "pulls"), state="open"),
            *self._client.pages(at(repo, "pulls"), state="closed", poster=self.me()),
        ]
        ours = [pull_of(one) for one in found if is_own(one) and one["head"]["ref"] == branch]
        return tuple(sorted(ours, key=lambda pull: -pull.number))

    def open_pulls(self, repo: str, prefix: str) -> tuple[PullRequest, ...]:
        found = self._client.pages(at(repo, "pulls"), state="open")
        return tuple(pull_of(one) for one in found if is_own(one) and one["head"]["ref"].startswith(prefix))

    def pull(self, repo: str, number: int) -> PullRequest:
        return pull_of(self._client.get(at(repo, "pulls", number)))

    def comments(self, repo: str, number: int) -> tuple[Comment, ...]:
        return tuple(comment_of(one) for one in self._client.get(at(repo, "issues", number, "comments")))

    def may_write(self, repo: str, login: str) -> bool:
        try:
            said = self._client.get(at(repo, "collaborators", login, "permission"))
        except (trouble.NotFound, trouble.Refused):
            return False
        return said["permission"] in _WRITERS

    def issues(self, repo: str, author: str) -> tuple[Issue, ...]:
        found = self._client.pages(at(repo, "issues"), state="all", type="issues", created_by=author)
        return tuple(
            Issue(one["number"], one["state"], one["title"], one.get("body") or "", one["user"]["login"])
            for one in found
        )

    def push(self, repo: str, write: Push) -> str:
        steps.expect(self, repo, write.branch, write.expected)
        there = scaffold.left(self, repo, write)
        shas = {entry.path: entry.sha for entry in self.tree(repo, write.parent).entries}
        self._start(repo, write, there)
        try:
            beside, head = self._committed(repo, write, shas)
        except trouble.AlreadyExists as error:
            raise trouble.Conflict(str(error)) from None
        with suppress(trouble.NotFound, trouble.Refused, trouble.Conflict):
            self.drop_branch(repo, DropBranch(scaffold.name(write), beside))
        made = self.commit(repo, head).tree
        if write.tree and made != write.tree:
            raise trouble.Refused(f"{repo}: Forgejo made tree {made} where {write.tree} was expected, in {head}")
        return head

    def _start(self, repo: str, write: Push, there: str) -> None:
        """The scaffold at the parent; one of ours that a killed run left may be elsewhere."""
        if there == write.parent:
            return
        if there:
            self.drop_branch(repo, DropBranch(scaffold.name(write), there))
        sent = {"new_branch_name": scaffold.name(write), "old_ref_name": write.parent}
        try:
            self._client.write("POST", at(repo, "branches"), sent)
        except trouble.AlreadyExists as error:  # somebody else's, since we looked
            raise trouble.Conflict(str(error)) from None

    def _committed(self, repo: str, write: Push, shas: Mapping[str, str]) -> tuple[str, str]:
        """Where the scaffold and the real branch point at, which moves with the last commit."""
        beside, known = write.parent, dict(shas)
        for commit in write.commits:
            sent: dict[str, object] = {
                "message": commit.message,
                "files": list(files_of(commit, known)),
                "branch": scaffold.name(write),
            }
            if commit is not write.commits[-1]:
                said = self._client.write("POST", at(repo, "contents"), sent)
                beside = str(said["commit"]["sha"])
                known |= {file["path"]: file["sha"] for file in said["files"] if file}
                continue
            steps.expect(self, repo, write.branch, write.expected)
            sent |= {"new_branch": write.branch, "force_overwrite_new_branch": bool(write.expected)}
            return beside, str(self._client.write("POST", at(repo, "contents"), sent)["commit"]["sha"])
        raise ValueError("nothing to push")

    def open_pull(self, repo: str, write: OpenPull) -> PullRequest:
        title = f"{DRAFT if write.draft else ''}{write.title}"
        sent = {"title": title, "head": write.branch, "base": write.base, "body": write.body}
        try:
            return pull_of(self._client.write("POST", at(repo, "pulls"), sent, content=True))
        except trouble.Conflict as error:  # "pull request already exists for these targets"
            raise trouble.AlreadyExists(str(error)) from None

    def edit_pull(self, repo: str, write: EditPull) -> PullRequest:
        title = write.title
        if title is not None and self.pull(repo, write.number).draft:
            title = DRAFT + title
        sent = {"title": title, "body": write.body, "state": write.state}
        path = at(repo, "pulls", write.number)
        return pull_of(self._client.write("PATCH", path, steps.given(sent)))

    def annotate(self, repo: str, write: Annotate) -> tuple[str, ...]:
        return tuple(steps.best_effort(self._client, annotations_of(repo, write)))

    def say(self, repo: str, write: Say) -> Comment:
        path = at(repo, "issues", write.number, "comments")
        return comment_of(self._client.write("POST", path, {"body": write.body}, content=True))

    def react(self, repo: str, write: React) -> None:
        self._client.write(
            "POST", at(repo, "issues", "comments", write.comment, "reactions"), {"content": write.content}
        )

    def drop_branch(self, repo: str, write: DropBranch) -> None:
        steps.expect(self, repo, write.branch, write.expected)
        self._client.write("DELETE", at(repo, "branches", write.branch))

    def put_issue(self, repo: str, write: PutIssue) -> int:
        verb, path = ("PATCH", at(repo, "issues", write.number)) if write.number else ("POST", at(repo, "issues"))
        sent = {"title": write.title, "body": write.body}
        return int(self._client.write(verb, path, sent, content=not write.number)["number"])

    def calls(self, repo: str, write: Write) -> tuple[str, ...]:
        return tuple(_calls(repo, write))


def _calls(repo: str, write: Write) -> Iterator[str]:
    match write:
        case Push():
            yield f"POST {at(repo, 'branches')}"
            yield from (f"POST {at(repo, 'contents')}" for _ in write.commits)
            yield f"DELETE {at(repo, 'branches', scaffold.name(write))}"
        case OpenPull():
            yield f"POST {at(repo, 'pulls')}"
        case EditPull():
            yield f"PATCH {at(repo, 'pulls', write.number)}"
        case Annotate():
            yield from (f"{verb} {path}" for verb, path, _ in annotations_of(repo, write))
        case Say():
            yield f"POST {at(repo, 'issues', write.number, 'comments')}"
        case React():
            yield f"POST {at(repo, 'issues', 'comments', write.comment, 'reactions')}"
        case DropBranch():
            yield f"DELETE {at(repo, 'branches', write.branch)}"
        case PutIssue():
            yield f"PATCH {at(repo, 'issues', write.number)}" if write.number else f"POST {at(repo, 'issues')}"
