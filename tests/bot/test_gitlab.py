"""GitLab's client against answers of the shapes that GitLab's documentation shows. No GitLab can be had in the tests."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dslim.bot.database import Database
from dslim.bot.forge import trouble
from dslim.bot.forge.gitlab import GitLab
from dslim.bot.forge.gitlab_client import Client
from dslim.bot.forge.protocol import (
    CLOSED,
    EXECUTABLE,
    MERGED,
    OPEN,
    Annotate,
    Change,
    DropBranch,
    EditPull,
    NewCommit,
    OpenPull,
    Push,
    PutIssue,
    React,
    Say,
)
from dslim.bot.keys import blob_sha
from dslim.bot.limiter import Limiter
from tests.bot.counterparts.recorded import Recorded

NAME = "group/sub/api"
P = "/api/v4/projects/group%2Fsub%2Fapi"
SHA, OTHER = "ed899a2f4b50b4370feeea94676502b42383c746", "6104942438c14ec7bd21c6cd5bd995272b3faff6"

PROJECT = {
    "id": 3, "path_with_namespace": NAME, "default_branch": "main", "visibility": "private", "archived": False,
    "empty_repo": False, "web_url": "https://gitlab.example.com/group/sub/api",
    "permissions": {"project_access": {"access_level": 10, "notification_level": 3}, "group_access": {"access_level": 40}},
}  # fmt: skip
COMMIT = {
    "id": SHA, "short_id": "ed899a2f4b5", "title": "Replace sanitize", "author_name": "Example User", "message": "Replace\n",
    "author_email": "user@example.com", "committer_name": "Administrator", "committer_email": "admin@example.com",
    "created_at": "2021-09-20T11:50:22.001+00:00", "parent_ids": [OTHER],
}  # fmt: skip
MERGE_REQUEST: dict[str, Any] = {
    "id": 1, "iid": 7, "project_id": 3, "title": "Draft: test1", "description": "fixed login page css paddings",
    "state": "merged", "created_at": "2017-04-29T08:46:00Z", "updated_at": "2017-04-29T08:46:00Z", "target_branch": "main",
    "source_branch": "dslim/all-1", "author": {"id": 1, "username": "dslim"}, "source_project_id": 2, "target_project_id": 2,
    "labels": ["docker"], "draft": True, "merge_status": "can_be_merged", "detailed_merge_status": "not_open",
    "has_conflicts": False, "sha": SHA, "web_url": "http://gitlab.example.com/my-group/my-project/merge_requests/7",
}  # fmt: skip
NOTE = {
    "id": 302, "body": "closed", "author": {"id": 1, "username": "pipin"}, "created_at": "2013-10-02T09:22:45Z",
    "updated_at": "2013-10-02T10:22:45Z", "system": False, "noteable_id": 377, "noteable_type": "MergeRequest",
}  # fmt: skip


@pytest.fixture
def server() -> Iterator[Recorded]:
    made = Recorded()
    yield made
    made.close()


@pytest.fixture
def gitlab(server: Recorded, tmp_path: Path) -> GitLab:
    limiter = Limiter(Database(str(tmp_path / "ledger")), "gitlab", gap=0)
    return GitLab(Client("glpat-0123456789abcdefghij", limiter, server.url), "https://gitlab.example.com")


def answers(server: Recorded, **more: Any) -> None:
    """``GET branches`` and others that most tests need."""
    branch = re.escape(f"GET {P}/repository/branches/dslim%2Fall-1")
    server.answers[branch] = (200, {"name": "dslim/all-1", "commit": COMMIT})
    server.answers |= {re.escape(key): value for key, value in more.items()}


def test_a_project(server: Recorded, gitlab: GitLab) -> None:
    server.answers[re.escape(f"GET {P}")] = (200, PROJECT)
    found = gitlab.repository(NAME)
    assert (found.host, found.id, found.name, found.private, found.fork, found.can_push) == (
        "gitlab.example.com", "3", NAME, True, False, True,
    )  # fmt: skip
    assert server.asked[0].token == "glpat-0123456789abcdefghij"
    for change, kind in (({"archived": True}, trouble.Archived), ({"empty_repo": True}, trouble.Empty)):
        server.answers[re.escape(f"GET {P}")] = (200, PROJECT | change)
        with pytest.raises(kind):
            gitlab.repository(NAME)


def test_trees_have_pages(server: Recorded, gitlab: GitLab) -> None:
    first = {"id": "a" * 40, "name": "html", "type": "tree", "path": "files/html", "mode": "040000"}
    second = {"id": "b" * 40, "name": "run", "type": "blob", "path": "files/run", "mode": "100755"}
    one, two = (rf"GET {P}/repository/tree\?.*&page={page}" for page in (1, 2))
    server.answers |= {one: (200, [first]), two: (200, [second])}
    server.headers = {one: {"x-next-page": "2"}, two: {"x-next-page": ""}}
    assert [entry.mode for entry in gitlab.tree(NAME, SHA).entries] == ["040000", EXECUTABLE]
    assert f"ref={SHA}" in server.lines[0] and "recursive=True" in server.lines[0]


def test_branches_commits_and_blobs(server: Recorded, gitlab: GitLab) -> None:
    answers(server)
    server.answers[rf"GET {P}/repository/blobs/{SHA}/raw"] = (200, b"FROM a\r\n\xff")
    server.answers[rf"GET {P}/repository/compare\?from=main&to={SHA}"] = (
        200,
        {"commits": [COMMIT, COMMIT | {"id": OTHER, "parent_ids": []}]},
    )
    assert gitlab.head(NAME, "dslim/all-1") == SHA and gitlab.head(NAME, "none") == ""
    assert gitlab.blob(NAME, SHA) == b"FROM a\r\n\xff"
    assert [commit.sha for commit in gitlab.commits(NAME, "main", SHA)] == [OTHER, SHA], "the oldest first"


def test_the_tree_of_a_commit_is_computed(server: Recorded, gitlab: GitLab) -> None:
    """As git has it: ``git mktree`` of one empty file called a."""
    entry = {"id": blob_sha(b""), "name": "a", "type": "blob", "path": "a", "mode": "100644"}
    server.answers |= {
        rf"GET {P}/repository/commits/{SHA}": (200, COMMIT),
        rf"GET {P}/repository/tree\?.*": (200, [entry]),
    }
    found = gitlab.commit(NAME, SHA)
    assert (found.tree, found.author) == ("496d6428b9cf92981dc9495211e6e1120fb6f2ba", "user@example.com")


def test_merge_requests(server: Recorded, gitlab: GitLab) -> None:
    fork = MERGE_REQUEST | {"source_project_id": 9}
    fresh = MERGE_REQUEST | {
        "state": "opened",
        "detailed_merge_status": "checking",
        "draft": False,
        "title": "Draft: x",
    }
    server.answers[rf"GET {P}/merge_requests\?source_branch=dslim%2Fall-1&state=all.*"] = (
        200,
        [MERGE_REQUEST, fork, fresh],
    )
    merged, opened = gitlab.pulls(NAME, "dslim/all-1")
    assert (merged.state, merged.title, merged.draft, merged.mergeable, merged.number) == (
        MERGED,
        "test1",
        True,
        True,
        7,
    )
    assert (opened.state, opened.title, opened.draft, opened.mergeable) == (OPEN, "Draft: x", False, None)
    server.answers[rf"GET {P}/merge_requests/7"] = (200, MERGE_REQUEST | {"state": "closed", "has_conflicts": True})
    assert (gitlab.pull(NAME, 7).state, gitlab.pull(NAME, 7).mergeable) == (CLOSED, False)


def test_comments_and_people(server: Recorded, gitlab: GitLab) -> None:
    server.answers[rf"GET {P}/merge_requests/7/notes\?.*"] = (200, [NOTE, NOTE | {"system": True}])
    server.answers[r"GET /api/v4/users\?username=alice"] = (200, [{"id": 5, "username": "alice"}])
    server.answers[r"GET /api/v4/users\?username=nobody"] = (200, [])
    server.answers[rf"GET {P}/members/all/5"] = (200, {"id": 5, "access_level": 30, "state": "active"})
    assert [comment.author for comment in gitlab.comments(NAME, 7)] == ["pipin"]
    assert gitlab.may_write(NAME, "alice") and not gitlab.may_write(NAME, "nobody")
    server.answers[rf"GET {P}/members/all/5"] = (200, {"id": 5, "access_level": 20, "state": "active"})
    assert not gitlab.may_write(NAME, "alice")


CHANGE = Change("svc/Dockerfile", EXECUTABLE, b"FROM a\r\n\xff")
PUSH = Push("dslim/all-1", OTHER, "", (NewCommit("message", (CHANGE,)),), SHA)


def written(server: Recorded) -> list[Any]:
    return [one.sent for one in server.asked if one.method != "GET"]


def test_push(server: Recorded, gitlab: GitLab) -> None:
    answers(server)
    server.answers[rf"POST {P}/repository/commits"] = (201, COMMIT)
    file = {"blob_id": blob_sha(CHANGE.content), "execute_filemode": True}
    server.answers[rf"GET {P}/repository/files/svc%2FDockerfile\?ref={SHA}"] = (200, file)
    assert gitlab.push(NAME, PUSH) == SHA
    action = {"action": "update", "file_path": "svc/Dockerfile", "content": base64.b64encode(CHANGE.content).decode(),
              "encoding": "base64"}  # fmt: skip
    assert written(server) == [
        {"branch": "dslim/all-1", "start_sha": OTHER, "force": True, "commit_message": "message", "actions": [action]}
    ]
    server.answers[rf"GET {P}/repository/files/svc%2FDockerfile\?ref={SHA}"] = (200, file | {"execute_filemode": False})
    with pytest.raises(trouble.Refused, match=r"wrote svc/Dockerfile otherwise"):
        gitlab.push(NAME, PUSH)


@pytest.mark.parametrize("left", ["", "ours", "a person's"])
def test_a_push_of_many_commits_moves_the_branch_once(server: Recorded, gitlab: GitLab, left: str) -> None:
    """All but the last are made beside it, so that a killed run leaves it as it was."""
    answers(server)
    message = "x\n\nDslim-Slot: 1234abcd"
    beside = re.escape(f"GET {P}/repository/branches/dslim%2Fall-1-base")
    server.answers[beside] = (200, {"name": "x", "commit": COMMIT}) if left else (404, {})
    made = COMMIT | {"message": message if left == "ours" else "mine"}
    server.answers[rf"GET {P}/repository/compare.*"] = (200, {"commits": [made]})
    server.answers[rf"POST {P}/repository/commits"] = (201, COMMIT)
    server.answers[rf"DELETE {P}/repository/branches/dslim%2Fall-1-base"] = (200, b"")
    file = {"blob_id": blob_sha(CHANGE.content), "execute_filemode": True}
    server.answers[rf"GET {P}/repository/files/svc%2FDockerfile\?ref={SHA}"] = (200, file)
    three = PUSH._replace(commits=tuple(NewCommit(f"{nth}{message}", (CHANGE,)) for nth in (1, 2, 3)))
    if left == "a person's":
        with pytest.raises(trouble.Refused, match="has commits that are not ours"):
            gitlab.push(NAME, three)
        assert written(server) == []
        return
    assert gitlab.push(NAME, three) == SHA
    steps = [
        (sent["branch"], sent["start_sha"], sent["force"], sent["commit_message"][0]) for sent in written(server)[:3]
    ]
    name = f"{three.branch}-base"
    assert steps == [(name, OTHER, left == "ours", "1"), (name, SHA, True, "2"), (three.branch, SHA, True, "3")]
    drops = [line for line in server.lines if line.startswith("DELETE")]
    assert len(drops) == (left == "ours"), "it goes away where it is what we left there"


def test_push_on_a_branch_that_moved_writes_nothing(server: Recorded, gitlab: GitLab) -> None:
    answers(server)
    for expected in ("", OTHER):
        with pytest.raises(trouble.Conflict, match=f"points at {SHA}"):
            gitlab.push(NAME, PUSH._replace(expected=expected))
    assert written(server) == []


def test_writes(server: Recorded, gitlab: GitLab) -> None:
    answers(server)
    server.answers |= {
        rf"POST {P}/merge_requests": (201, MERGE_REQUEST),
        rf"(GET|PUT) {P}/merge_requests/7": (200, MERGE_REQUEST),
        rf"POST {P}/merge_requests/7/notes": (201, NOTE),
        rf"POST {P}/merge_requests/7/notes/302/award_emoji": (201, {"id": 345, "name": "thumbsup"}),
        rf"DELETE {P}/repository/branches/dslim%2Fall-1": (204, b""),
        rf"POST {P}/issues": (201, {"iid": 14}),
        r"GET /api/v4/users\?username=alice": (200, [{"id": 5}]),
        r"GET /api/v4/users\?username=nobody": (200, []),
    }
    gitlab.open_pull(NAME, OpenPull("dslim/all-1", "main", "test1", "body", draft=True))
    gitlab.edit_pull(NAME, EditPull(7, title="test2", state=CLOSED))
    failed = gitlab.annotate(NAME, Annotate(7, ("docker", "dslim"), ("alice",), ("nobody",)))
    gitlab.say(NAME, Say(7, "words"))
    gitlab.react(NAME, React(7, 302, "+1"))
    gitlab.drop_branch(NAME, DropBranch("dslim/all-1", SHA))
    assert gitlab.put_issue(NAME, PutIssue(0, "title", "body")) == 14
    assert failed == ("gitlab.example.com knows nobody called nobody",)
    assert written(server) == [
        {"source_branch": "dslim/all-1", "target_branch": "main", "title": "Draft: test1", "description": "body"},
        {"title": "Draft: test2", "state_event": "close"},
        {"add_labels": "docker,dslim"},
        {"assignee_ids": [5]},
        {"body": "words"},
        {"name": "thumbsup"},
        None,
        {"title": "title", "description": "body"},
    ]


def test_a_limit_says_how_long(server: Recorded, gitlab: GitLab) -> None:
    server.answers["GET /api/v4/user"] = (429, {"message": "Retry later"})
    server.headers["GET /api/v4/user"] = {"retry-after": "30"}
    with pytest.raises(trouble.RateLimited):
        gitlab.me()
    with pytest.raises(trouble.RateLimited, match="asked us to wait"):
        gitlab.head(NAME, "main")
    assert len(server.asked) == 1


def test_a_server_that_is_away(server: Recorded, gitlab: GitLab) -> None:
    server.close()
    with pytest.raises(trouble.Unavailable, match="no answer"):
        gitlab.me()
