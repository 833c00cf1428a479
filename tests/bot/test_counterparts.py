"""The shim does what GitHub does where emulate does not; so a test that passes on it does not bless emulate's mistakes."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.bot.conftest import Forge
from tests.bot.counterparts.emulate import TOKENS
from tests.bot.counterparts.git_server import GitServer, git
from tests.bot.counterparts.payloads import payload, signature
from tests.bot.counterparts.prism import Prism
from tests.bot.counterparts.wire import Answer, Fault, Request, send

NAME = "acme/api"


def ask(forge: Forge, method: str, path: str, sent: Any = None, by: str = "bot", **headers: str) -> Answer:
    """As a client of the API, through the shim."""
    port = int(forge.shim.url.rpartition(":")[2])
    request = Request(
        method, path, {"authorization": f"token {TOKENS[by]}", "content-type": "application/json", **headers}, b""
    )
    return send(port, request if sent is None else request._replace(body=Answer(0, {}, b"").with_json(sent).body))


@pytest.fixture
def pull(forge: Forge) -> Forge:
    """``acme/api`` with a pull request of the branch ``work``."""
    forge.world.repository(NAME, {"Dockerfile": b"FROM a\nRUN b\nRUN c\n", "other": b"x\n"})
    forge.world.branch(NAME, "work")
    forge.world.push(NAME, "work", {"Dockerfile": b"FROM a\nRUN b && c\n"}, by="bot")
    assert (
        ask(forge, "POST", f"/repos/{NAME}/pulls", {"title": "t", "head": "work", "base": "main", "body": ""}).status
        == 201
    )
    return forge


def test_a_pull_request_follows_its_branch(pull: Forge) -> None:
    now = pull.world.push(NAME, "work", {"other": b"y\n"})
    for path in (f"/repos/{NAME}/pulls/1", f"/repos/{NAME}/pulls?state=open"):
        said = ask(pull, "GET", path).json
        assert (said[0] if isinstance(said, list) else said)["head"]["sha"] == now
    files = ask(pull, "GET", f"/repos/{NAME}/pulls/1/files").json
    assert sorted(one["filename"] for one in files) == ["Dockerfile", "other"]
    assert [one["sha"] for one in ask(pull, "GET", f"/repos/{NAME}/pulls/1/commits").json][-1] == now


def test_a_second_pull_request_for_a_branch_is_refused(pull: Forge) -> None:
    again = ask(pull, "POST", f"/repos/{NAME}/pulls", {"title": "t", "head": "work", "base": "main"})
    assert (again.status, again.json["errors"][0]["message"]) == (422, "A pull request already exists for acme:work.")
    missing = ask(pull, "POST", f"/repos/{NAME}/pulls", {"title": "t", "head": "none", "base": "main"})
    assert (missing.status, missing.json["errors"][0]["field"]) == (422, "head")
    pull.world.branch(NAME, "same")
    same = ask(pull, "POST", f"/repos/{NAME}/pulls", {"title": "t", "head": "same", "base": "main"})
    assert (same.status, same.json["errors"][0]["message"]) == (422, "No commits between main and same")


def test_a_conflict_is_one(pull: Forge) -> None:
    assert ask(pull, "GET", f"/repos/{NAME}/pulls/1").json["mergeable"] is True
    pull.world.push(NAME, "main", {"other": b"z\n"})
    assert ask(pull, "GET", f"/repos/{NAME}/pulls/1").json["mergeable"] is True
    pull.world.push(NAME, "main", {"Dockerfile": b"FROM a\nRUN b\nRUN d\n"})
    said = ask(pull, "GET", f"/repos/{NAME}/pulls/1").json
    assert (said["mergeable"], said["mergeable_state"]) == (False, "dirty")


def test_branches_are_files(pull: Forge) -> None:
    tip = pull.world.tip(NAME, "main")
    for name in ("work/x", "work/x/y"):
        said = ask(pull, "POST", f"/repos/{NAME}/git/refs", {"ref": f"refs/heads/{name}", "sha": tip})
        assert (said.status, said.json["message"]) == (422, "Reference update failed")
    said = ask(pull, "PATCH", f"/repos/{NAME}/git/refs/heads/none", {"sha": tip, "force": True})
    assert (said.status, said.json["message"]) == (422, "Reference does not exist")
    assert "/git/refs/heads/main" in ask(pull, "GET", f"/repos/{NAME}/git/ref/heads/main").json["url"]


def test_an_etag_is_of_one_token(pull: Forge) -> None:
    first = ask(pull, "GET", f"/repos/{NAME}")
    assert ask(pull, "GET", f"/repos/{NAME}", **{"if-none-match": first.headers["etag"]}).status == 304
    assert ask(pull, "GET", f"/repos/{NAME}", by="alice", **{"if-none-match": first.headers["etag"]}).status == 200


def test_times_have_no_fractions_and_base64_has_lines(pull: Forge) -> None:
    assert len(ask(pull, "GET", f"/repos/{NAME}").json["created_at"]) == len("2026-01-01T00:00:00Z")
    pull.world.push(NAME, "main", {"long": b"x" * 200})
    sha = pull.world.tree(NAME, pull.world.tip(NAME, "main"))["long"][1]
    lines = ask(pull, "GET", f"/repos/{NAME}/git/blobs/{sha}").json["content"].split("\n")
    assert max(map(len, lines)) == 60


def test_empty_renamed_and_without_issues(forge: Forge) -> None:
    forge.world.call("POST", "/orgs/acme/repos", {"name": "empty"})
    assert ask(forge, "GET", "/repos/acme/empty/git/ref/heads/main").status == 409
    number = forge.world.repository(NAME, {"a": b"b"}, has_issues=False)
    assert ask(forge, "GET", f"/repos/{NAME}/issues").status == 410
    forge.world.rename(NAME, "acme/backend")
    moved = ask(forge, "GET", f"/repos/{NAME}/git/ref/heads/main")
    assert (moved.status, moved.headers["location"]) == (
        301,
        f"{forge.shim.url}/repositories/{number}/git/ref/heads/main",
    )
    assert ask(forge, "GET", f"/repositories/{number}/git/ref/heads/main").status == 200
    assert ask(forge, "GET", "/repos/acme/never/git/ref/heads/main").status == 404


def test_what_a_stranger_may(pull: Forge) -> None:
    said = {by: ask(pull, "GET", f"/repos/{NAME}/collaborators/{by}/permission").json["permission"] for by in TOKENS}
    assert said == {"bot": "admin", "alice": "admin", "mallory": "read"}


def test_a_text_may_be_too_long(pull: Forge) -> None:
    said = ask(pull, "PATCH", f"/repos/{NAME}/pulls/1", {"body": "x" * 65537})
    assert (said.status, said.json["errors"][0]["message"]) == (422, "body is too long (maximum is 65536 characters)")
    assert ask(pull, "PATCH", f"/repos/{NAME}/pulls/1", {"body": "x" * 65536}).status == 200


def test_a_tree_may_be_cut(pull: Forge) -> None:
    pull.shim.github.truncate = 1
    said = ask(pull, "GET", f"/repos/{NAME}/git/trees/main?recursive=1").json
    assert (len(said["tree"]), said["truncated"]) == (1, True)


def test_faults(pull: Forge) -> None:
    shim, asked = pull.shim, []
    shim.calls.clear()
    shim.faults += [
        Fault("GET .*/pulls$", 502, times=2),
        Fault("POST .*/labels$", 502, after=True),
        Fault("POST .*/comments$", drop=True, after=True),
        Fault("GET .*/branches$", 429, headers={"retry-after": "7"}, skip=1, then=lambda: asked.append(time.time())),
    ]
    assert [ask(pull, "GET", f"/repos/{NAME}/pulls").status for _ in range(3)] == [502, 502, 200]
    assert ask(pull, "POST", f"/repos/{NAME}/issues/1/labels", {"labels": ["x"]}).status == 502
    assert [one["name"] for one in ask(pull, "GET", f"/repos/{NAME}/issues/1/labels").json] == ["x"]
    with pytest.raises(ConnectionError):
        ask(pull, "POST", f"/repos/{NAME}/issues/1/comments", {"body": "hello"})
    assert pull.world.comments(NAME, 1) == ["hello"]
    assert ask(pull, "GET", f"/repos/{NAME}/branches").status == 200
    limited = ask(pull, "GET", f"/repos/{NAME}/branches")
    assert (limited.status, limited.headers["retry-after"], len(asked)) == (429, "7", 1)
    assert [call.status for call in shim.calls] == [502, 502, 200, 502, 200, 0, 200, 429]
    assert [call.method for call in shim.writes] == ["POST", "POST"]
    assert len(shim.like("GET .*/pulls$")) == 3


@pytest.mark.thorough  # as all that asks this Prism
def test_a_malformed_request_is_noticed(pull: Forge, prism: Prism) -> None:
    """And what GitHub answers is not held against its description: only requests are the bot's."""
    pull.shim.github.front = prism.port
    assert ask(pull, "PATCH", f"/repos/{NAME}/pulls/1", {"title": 5}).status < 500
    assert ask(pull, "GET", f"/repos/{NAME}/pulls?state=opened").status == 200
    assert ask(pull, "GET", f"/repos/{NAME}/pulls?state=open").status == 200
    assert [len(call.violations) for call in pull.shim.calls[-3:]] == [1, 1, 0], pull.shim.calls[-3:]
    pull.shim.calls.clear()


def test_payloads_and_signatures() -> None:
    first = payload("pull_request", "closed")
    first["number"] = -1
    assert payload("pull_request", "closed")["number"] > 0
    # the example of GitHub's page "Validating webhook deliveries"
    expected = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert signature("It's a Secret to Everybody", b"Hello, World!") == expected


def test_a_real_git_server(git_server: GitServer, tmp_path: Path) -> None:
    url = git_server.repository("api", {"Dockerfile": b"FROM a\r\n", "big": bytes(3_000_000)})
    git("clone", "--quiet", "--depth", "1", url, str(tmp_path / "clone"), cwd=tmp_path)
    clone = tmp_path / "clone"
    (clone / "Dockerfile").write_bytes(b"FROM b\r\n")
    git("commit", "--all", "--quiet", "--message", "x", cwd=clone)
    git("push", "--quiet", "origin", "HEAD:refs/heads/work", cwd=clone)
    assert git_server.file("api", "work", "Dockerfile") == b"FROM b\r\n"
    assert "POST /api.git/git-receive-pack" in git_server.asked
    theirs = git_server.push("api", "work", {"Dockerfile": b"FROM c\n"})
    mine = git("rev-parse", "HEAD", cwd=clone).strip()
    with pytest.raises(AssertionError, match="stale info"):
        git("push", f"--force-with-lease=work:{mine}", "origin", "HEAD:work", cwd=clone)
    git("push", "--quiet", f"--force-with-lease=work:{theirs}", "origin", "HEAD:work", cwd=clone)
    assert git_server.tip("api", "work") == mine
