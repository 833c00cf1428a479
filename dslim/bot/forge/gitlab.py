"""GitLab by its REST API alone. A commit of many files is one request, on a commit of our choice (``start_sha``).

Facts from GitLab's documentation of its API (Commits, Merge requests, Notes, Members, Award emoji). It does not tell the tree of
a commit; where that is asked for, it is computed from the listing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from urllib.parse import urlsplit

from dslim.bot.forge import scaffold, steps, trouble
from dslim.bot.forge.gitlab_client import Client, at
from dslim.bot.forge.gitlab_values import DRAFT, actions_of, comment_of, commit_of, is_own, pull_of
from dslim.bot.forge.protocol import (
    CLOSED,
    EXECUTABLE,
    OPEN,
    Annotate,
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
from dslim.bot.gittree import tree_sha
from dslim.bot.keys import blob_sha

_DEVELOPER = 30  # the access level that may push
_EMOJI = {"+1": "thumbsup", "confused": "confused"}


class GitLab:
    """The forge behind one client."""

    def __init__(self, client: Client, url: str) -> None:
        self._client = client
        self._host = urlsplit(url).netloc
        self._login = ""

    @property
    def host(self) -> str:
        return self._host

    def me(self) -> str:
        self._login = self._login or str(self._client.get("/user")["username"])
        return self._login

    def repository(self, name: str) -> Repository:
        said = self._client.get(at(name))
        full = said["path_with_namespace"]
        if said.get("archived"):
            raise trouble.Archived(f"{full} is archived")
        if said.get("empty_repo") or not said.get("default_branch"):
            raise trouble.Empty(f"{full} has no commit yet")
        rights = [one["access_level"] for one in (said.get("permissions") or {}).values() if one]
        return Repository(
            self._host,
            str(said["id"]),
            full,
            said["default_branch"],
            said.get("web_url", ""),
            said.get("visibility") == "private",
            "forked_from_project" in said,
            max(rights) >= _DEVELOPER if rights else None,
        )

    def head(self, repo: str, branch: str) -> str:
        try:
            return str(self._client.get(at(repo, "repository", "branches", branch))["commit"]["id"])
        except trouble.NotFound:
            return ""

    def commit(self, repo: str, sha: str) -> Commit:
        said = self._client.get(at(repo, "repository", "commits", sha))
        return commit_of(said)._replace(tree=tree_sha(self.tree(repo, sha).entries, {}))

    def tree(self, repo: str, commit: str) -> Tree:
        found = self._client.pages(at(repo, "repository", "tree"), ref=commit, recursive=True)
        return Tree(tuple(Entry(one["path"], one["mode"], one["id"]) for one in found))

    def blob(self, repo: str, sha: str) -> bytes:
        return self._client.raw(at(repo, "repository", "blobs", sha, "raw"))

    def commits(self, repo: str, base: str, head: str) -> tuple[Commit, ...]:
        said = self._client.get(at(repo, "repository", "compare"), **{"from": base, "to": head})
        found = [commit_of(one) for one in said["commits"]]
        known = {commit.sha for commit in found}
        return tuple(found if not found or known.isdisjoint(found[0].parents) else reversed(found))

    def pulls(self, repo: str, branch: str) -> tuple[PullRequest, ...]:
        found = self._client.pages(
            at(repo, "merge_requests"), source_branch=branch, state="all", order_by="created_at", sort="desc"
        )
        return tuple(pull_of(one) for one in found if is_own(one))

    def open_pulls(self, repo: str, prefix: str) -> tuple[PullRequest, ...]:
        found = self._client.pages(at(repo, "merge_requests"), state="opened", scope="all")
        return tuple(pull_of(one) for one in found if is_own(one) and one["source_branch"].startswith(prefix))

    def pull(self, repo: str, number: int) -> PullRequest:
        return pull_of(self._client.get(at(repo, "merge_requests", number)))

    def comments(self, repo: str, number: int) -> tuple[Comment, ...]:
        found = self._client.pages(at(repo, "merge_requests", number, "notes"), sort="asc")
        return tuple(comment_of(one) for one in found if not one.get("system"))

    def may_write(self, repo: str, login: str) -> bool:
        try:
            said = self._client.get(at(repo, "members", "all", self._number(login)))
        except trouble.NotFound:
            return False
        return int(said["access_level"]) >= _DEVELOPER and said.get("state", "active") == "active"

    def issues(self, repo: str, author: str) -> tuple[Issue, ...]:
        found = self._client.pages(at(repo, "issues"), state="all", author_username=author, scope="all")
        return tuple(
            Issue(
                one["iid"],
                OPEN if one["state"] == "opened" else CLOSED,
                one["title"],
                one.get("description") or "",
                one["author"]["username"],
            )
            for one in found
        )

    def push(self, repo: str, write: Push) -> str:
        steps.expect(self, repo, write.branch, write.expected)
        start = self._beside(repo, write) if len(write.commits) > 1 else write.parent
        forced = bool(write.expected)
        if start != write.parent:
            steps.expect(self, repo, write.branch, write.expected)
        head = self._committed(repo, write.branch, write.commits[-1], start, forced)
        if start != write.parent:
            with suppress(trouble.NotFound, trouble.Refused, trouble.Conflict):
                self.drop_branch(repo, DropBranch(scaffold.name(write), start))
        self._verify(repo, head, write.commits)
        return head

    def _beside(self, repo: str, write: Push) -> str:
        """All commits but the last, on the scaffold; the last of these."""
        forced, start = bool(scaffold.left(self, repo, write)), write.parent
        for commit in write.commits[:-1]:
            start = self._committed(repo, scaffold.name(write), commit, start, forced)
            forced = True
        return start

    def _committed(self, repo: str, branch: str, commit: NewCommit, start: str, forced: bool) -> str:
        """The commit that a branch points at now, which stands on ``start``."""
        sent = {
            "branch": branch,
            "start_sha": start,
            "force": forced,
            "commit_message": commit.message,
            "actions": actions_of(commit),
        }
        try:
            return str(self._client.write("POST", at(repo, "repository", "commits"), sent)["id"])
        except trouble.AlreadyExists as error:
            raise trouble.Conflict(str(error)) from None

    def _verify(self, repo: str, head: str, commits: Sequence[NewCommit]) -> None:
        """GitLab made of our bytes and modes what we wanted it to make."""
        wanted = {change.path: change for commit in commits for change in commit.changes}
        for path, change in wanted.items():
            said = self._client.get(at(repo, "repository", "files", path), ref=head)
            runs = change.mode == EXECUTABLE
            if said["blob_id"] != blob_sha(change.content) or bool(said.get("execute_filemode")) != runs:
                raise trouble.Refused(f"{repo}: GitLab wrote {path} otherwise than it was sent, in {head}")

    def open_pull(self, repo: str, write: OpenPull) -> PullRequest:
        sent = {
            "source_branch": write.branch,
            "target_branch": write.base,
            "title": f"{DRAFT if write.draft else ''}{write.title}",
            "description": write.body,
        }
        return pull_of(self._client.write("POST", at(repo, "merge_requests"), sent, content=True))

    def edit_pull(self, repo: str, write: EditPull) -> PullRequest:
        title = write.title
        if title is not None and self.pull(repo, write.number).draft:
            title = DRAFT + title
        event = {None: None, OPEN: "reopen", CLOSED: "close"}[write.state]
        sent = {"title": title, "description": write.body, "state_event": event}
        path = at(repo, "merge_requests", write.number)
        return pull_of(self._client.write("PUT", path, steps.given(sent)))

    def annotate(self, repo: str, write: Annotate) -> tuple[str, ...]:
        failed: list[str] = []
        sent: dict[str, object] = {"add_labels": ",".join(write.labels)} if write.labels else {}
        for key, logins in (("assignee_ids", write.assignees), ("reviewer_ids", write.reviewers)):
            if numbers := [number for login in logins if (number := self._found(login, failed))]:
                sent[key] = numbers
        path = at(
            repo, "merge_requests", write.number
        )  # one request for each, so that one that fails costs only itself
        failed += steps.best_effort(self._client, [("PUT", path, {key: value}) for key, value in sent.items()])
        return tuple(failed)

    def _found(self, login: str, failed: list[str]) -> int:
        try:
            return self._number(login)
        except trouble.NotFound as error:
            failed.append(str(error))
            return 0

    def _number(self, login: str) -> int:
        found = self._client.get("/users", username=login)
        if not found:
            raise trouble.NotFound(f"{self._host} knows nobody called {login}")
        return int(found[0]["id"])

    def say(self, repo: str, write: Say) -> Comment:
        path = at(repo, "merge_requests", write.number, "notes")
        return comment_of(self._client.write("POST", path, {"body": write.body}, content=True))

    def react(self, repo: str, write: React) -> None:
        path = at(repo, "merge_requests", write.number, "notes", write.comment, "award_emoji")
        self._client.write("POST", path, {"name": _EMOJI.get(write.content, write.content)})

    def drop_branch(self, repo: str, write: DropBranch) -> None:
        steps.expect(self, repo, write.branch, write.expected)
        self._client.write("DELETE", at(repo, "repository", "branches", write.branch))

    def put_issue(self, repo: str, write: PutIssue) -> int:
        verb, path = ("PUT", at(repo, "issues", write.number)) if write.number else ("POST", at(repo, "issues"))
        sent = {"title": write.title, "description": write.body}
        return int(self._client.write(verb, path, sent, content=not write.number)["iid"])

    def calls(self, repo: str, write: Write) -> tuple[str, ...]:
        return tuple(_calls(repo, write))


def _calls(repo: str, write: Write) -> Iterator[str]:
    match write:
        case Push():
            yield from (f"POST {at(repo, 'repository', 'commits')}" for _ in write.commits)
            if len(write.commits) > 1:
                yield f"DELETE {at(repo, 'repository', 'branches', scaffold.name(write))}"
        case OpenPull():
            yield f"POST {at(repo, 'merge_requests')}"
        case EditPull():
            yield f"PUT {at(repo, 'merge_requests', write.number)}"
        case Annotate():
            parts = (write.labels, write.assignees, write.reviewers)
            yield from (f"PUT {at(repo, 'merge_requests', write.number)}" for part in parts if part)
        case Say():
            yield f"POST {at(repo, 'merge_requests', write.number, 'notes')}"
        case React():
            yield f"POST {at(repo, 'merge_requests', write.number, 'notes', write.comment, 'award_emoji')}"
        case DropBranch():
            yield f"DELETE {at(repo, 'repository', 'branches', write.branch)}"
        case PutIssue():
            yield f"PUT {at(repo, 'issues', write.number)}" if write.number else f"POST {at(repo, 'issues')}"
