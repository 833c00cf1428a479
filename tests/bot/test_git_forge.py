"""Plain git against a real server: reads without contents, pushes only over what was seen, remembers what people did."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from dslim.bot.forge.git import Git
from dslim.bot.forge.protocol import (
    CLOSED,
    EXECUTABLE,
    FILE,
    MERGED,
    OPEN,
    Annotate,
    Change,
    DropBranch,
    EditPull,
    Forge,
    NewCommit,
    OpenPull,
    Push,
    PutIssue,
)
from dslim.bot.forge.trouble import AlreadyExists, Conflict, Empty, NameTaken, NotFound, Refused, Unavailable
from tests.bot.counterparts.git_server import GitServer, git

BEFORE = b"\xef\xbb\xbfFROM debian:12\r\n# caf\xe9\r\nRUN a\r\nRUN b"
AFTER = BEFORE.replace(b"RUN a\r\nRUN b", b"RUN a && b")
BRANCH = "dslim/root-12345678"


class Shown(list[str]):
    """What people would read."""


@pytest.fixture
def shown() -> Shown:
    return Shown()


@pytest.fixture
def plain(tmp_path: Path, shown: Shown, monkeypatch: pytest.MonkeyPatch) -> Git:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    return Git(tmp_path / "clones", shown.append)


@pytest.fixture
def url(git_server: GitServer) -> str:
    return git_server.repository("api", {"svc/Dockerfile": BEFORE, "run.sh": b"#!/bin/sh\n", "big": bytes(500_000)})


def propose(forge: Forge, url: str, content: bytes = AFTER, expected: str = "") -> str:
    parent = forge.head(url, "main")
    change = Change("svc/Dockerfile", FILE, content)
    tree = forge.commit(url, parent).tree
    return forge.push(url, Push(BRANCH, parent, tree, (NewCommit("Join\n\nDslim-Change: k\n", (change,)),), expected))


def opened(forge: Forge, url: str) -> int:
    propose(forge, url)
    return forge.open_pull(url, OpenPull(BRANCH, "main", "Smaller", "The body")).number


def test_it_reads_without_contents(plain: Git, url: str, git_server: GitServer, tmp_path: Path) -> None:
    found = plain.repository(url)
    assert (found.default_branch, found.name, found.host) == ("main", url, "git")
    head = plain.head(url, "main")
    assert head == git_server.tip("api", "main")
    assert not plain.head(url, "none")
    git("update-ref", "refs/other/refs/heads/none", head, cwd=git_server.bare("api"))
    assert not plain.head(url, "none")
    entries = {entry.path: entry for entry in plain.tree(url, head).entries}
    assert sorted(entries) == ["big", "run.sh", "svc", "svc/Dockerfile"]
    assert plain.blob(url, entries["svc/Dockerfile"].sha) == BEFORE
    assert sum(file.stat().st_size for file in (tmp_path / "clones").rglob("*") if file.is_file()) < 200_000
    assert plain.commit(url, head).author == "alice@example.com"


def test_it_pushes_bytes_and_shows_the_text(plain: Git, url: str, git_server: GitServer, shown: Shown) -> None:
    number = opened(plain, url)
    assert git_server.file("api", BRANCH, "svc/Dockerfile") == AFTER
    assert git_server.file("api", BRANCH, "big") == bytes(500_000)
    assert ["Smaller" in text and "The body" in text and BRANCH in text for text in shown] == [True]
    pull = plain.pull(url, number)
    assert (pull.state, pull.head, pull.base, pull.body) == (OPEN, git_server.tip("api", BRANCH), "main", "The body")
    assert plain.pulls(url, BRANCH) == (pull,) == plain.open_pulls(url, "dslim/")
    (commit,) = plain.commits(url, "main", BRANCH)
    assert (commit.message.splitlines()[-1], commit.author) == ("Dslim-Change: k", plain.me())
    with pytest.raises(AlreadyExists):
        plain.open_pull(url, OpenPull(BRANCH, "main", "Again", ""))


def test_modes_stay(plain: Git, git_server: GitServer) -> None:
    url = git_server.repository("modes", {"Dockerfile": b"FROM a\n"})
    parent = plain.head(url, "main")
    change = Change("a #1/é\n%.Dockerfile", EXECUTABLE, b"FROM b\n")
    plain.push(
        url, Push(BRANCH, parent, "", (NewCommit("One", (change,)), NewCommit("Two", (change._replace(path="x"),))))
    )
    listed = git("ls-tree", "-r", "-z", BRANCH, cwd=git_server.bare("modes")).split("\0")
    assert [line.split()[0] for line in listed if line] == ["100644", "100755", "100755"]
    assert change.path in "".join(listed)
    assert len(plain.commits(url, "main", BRANCH)) == 2


def test_nothing_is_pushed_over_what_was_not_seen(plain: Git, url: str, git_server: GitServer) -> None:
    first = propose(plain, url)
    theirs = git_server.push("api", BRANCH, {"other": b"theirs\n"})
    for expected in ("", first):
        with pytest.raises(Conflict):
            propose(plain, url, AFTER + b"\n", expected)
    with pytest.raises(Conflict):
        plain.drop_branch(url, DropBranch(BRANCH, first))
    assert git_server.tip("api", BRANCH) == theirs
    propose(plain, url, AFTER + b"\n", theirs)
    with pytest.raises(Conflict, match="nothing was pushed"):
        plain.push(url, Push("other", plain.head(url, "main"), "", (), "", "0" * 40))
    assert "other" not in git_server.branches("api")


def test_a_branch_of_the_same_name_as_the_folder(plain: Git, url: str, git_server: GitServer) -> None:
    git_server.push("api", "dslim", {"x": b"y"})
    with pytest.raises(NameTaken):
        propose(plain, url)


def test_what_people_do_with_the_branch(plain: Git, url: str, git_server: GitServer, tmp_path: Path) -> None:
    number = opened(plain, url)
    assert plain.pull(url, number).mergeable is True
    git_server.push("api", "main", {"other": b"x\n"})
    assert plain.pull(url, number).mergeable is True
    git_server.push("api", "main", {"svc/Dockerfile": BEFORE.replace(b"RUN a", b"RUN c")})
    assert plain.pull(url, number).mergeable is False
    git("update-ref", "-d", f"refs/heads/{BRANCH}", cwd=git_server.bare("api"))
    assert (plain.pull(url, number).state, plain.open_pulls(url, "dslim/")) == (CLOSED, ())
    again = Git(tmp_path / "clones", list[str]().append)
    assert again.pulls(url, BRANCH)[0].state == CLOSED


def test_merged(plain: Git, url: str, git_server: GitServer) -> None:
    number = opened(plain, url)
    git("update-ref", "refs/heads/main", BRANCH, cwd=git_server.bare("api"))
    assert plain.pull(url, number).state == MERGED
    git("update-ref", "-d", f"refs/heads/{BRANCH}", cwd=git_server.bare("api"))
    assert plain.pull(url, number).state == MERGED


def test_texts_are_kept_and_shown(plain: Git, url: str, shown: Shown) -> None:
    number = opened(plain, url)
    assert plain.edit_pull(url, EditPull(number, body="A new body")).body == "A new body"
    assert "A new body" in shown[-1]
    assert plain.edit_pull(url, EditPull(number, state=CLOSED)).state == CLOSED
    assert plain.annotate(url, Annotate(number, labels=("docker",))) == (
        "plain git has no labels and no reviewers: docker",
    )
    plain.open_pull(url, OpenPull(BRANCH, "main", "Once more", ""))
    assert plain.pull(url, number).state == OPEN
    with pytest.raises(Refused, match="no issues"):
        plain.put_issue(url, PutIssue(0, "a", "b"))


def test_a_local_checkout_is_a_repository(plain: Git, url: str, tmp_path: Path) -> None:
    git("clone", "--quiet", url, str(tmp_path / "checkout"), cwd=tmp_path)
    propose(plain, str(tmp_path / "checkout"))
    assert BRANCH in git("branch", "--list", cwd=tmp_path / "checkout")
    assert (tmp_path / "checkout" / "svc" / "Dockerfile").read_bytes() == BEFORE


def test_hooks_and_programs_do_not_run(plain: Git, url: str, tmp_path: Path) -> None:
    ran = tmp_path / "ran"
    for bad in (f"ext::sh -c touch% {ran}", f"--upload-pack=touch {ran}", "https://me:secret@example.com/x"):
        with pytest.raises(Refused) as refused:
            plain.repository(bad)
        assert "secret" not in str(refused.value)
    plain.repository(url)
    (clone,) = (tmp_path / "clones").iterdir()
    for hook in ("pre-push", "reference-transaction", "post-index-change"):
        (clone / "hooks" / hook).write_text(f"#!/bin/sh\ntouch {ran}\n")
        (clone / "hooks" / hook).chmod(0o755)
    propose(plain, url)
    assert not ran.exists()
    # the hooks themselves would have run
    environment = {"GIT_DIR": str(clone), "PATH": "/usr/bin:/bin"}
    subprocess.run(["git", "update-ref", "refs/heads/x", "HEAD"], env=environment, capture_output=True, check=False)
    subprocess.run(["git", "read-tree", "--empty"], env=environment, capture_output=True, check=False)
    assert ran.exists()


def test_what_is_not_there(plain: Git, git_server: GitServer, tmp_path: Path) -> None:
    git("init", "--quiet", "--bare", str(tmp_path / "empty"), cwd=tmp_path)
    with pytest.raises(Empty):
        plain.repository(str(tmp_path / "empty"))
    with pytest.raises(NotFound):
        plain.repository(f"{git_server.url}/none.git")
    with pytest.raises(Unavailable):
        plain.repository("http://127.0.0.1:1/none.git")
