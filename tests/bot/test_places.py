"""What people write for a repository."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from dslim.bot.places import Place, Unclear, place
from dslim.bot.secrets import NoSecret, keep, redacted, secret


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("acme/api", Place("github", "acme/api")),
        ("https://github.com/acme/api", Place("github", "acme/api")),
        ("https://github.com/acme/api.git/", Place("github", "acme/api")),
        ("git@github.com:acme/api.git", Place("github", "acme/api")),
        ("ssh://git@github.com/acme/api", Place("github", "acme/api")),
        ("https://gitlab.com/acme/group/api", Place("gitlab", "acme/group/api")),
        ("https://codeberg.org/acme/api", Place("forgejo", "acme/api")),
        ("https://git.acme.example/api.git", Place("git", "https://git.acme.example/api.git")),
        ("git@git.acme.example:api.git", Place("git", "git@git.acme.example:api.git")),
    ],
)
def test_a_place(text: str, found: Place) -> None:
    assert place(text) == found


def test_a_forge_of_ones_own() -> None:
    url = "https://github.acme.example/team/api"
    assert place(url, "github") == Place("github", "team/api", "https://github.acme.example/api/v3")
    assert place(url, "github", "http://localhost:1") == Place("github", "team/api", "http://localhost:1")
    assert place("team/api", "gitlab", "https://git.example") == Place("gitlab", "team/api", "https://git.example")
    assert place("https://git.example/a/b.git", "git") == Place("git", "https://git.example/a/b.git")


def test_a_clone_is_of_where_it_came_from(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert place(str(tmp_path)) == Place("git", str(tmp_path))
    subprocess.run(["git", "-C", str(tmp_path), "remote", "add", "origin", "git@github.com:acme/api.git"], check=True)
    assert place(str(tmp_path)) == Place("github", "acme/api")
    assert place(str(tmp_path), "git") == Place("git", str(tmp_path))


def test_what_is_unclear_is_asked() -> None:
    with pytest.raises(Unclear, match="no folder"):
        place("./nowhere")
    with pytest.raises(Unclear, match="names no repository"):
        place("https://github.com/acme")


def test_a_secret_comes_from_the_environment_or_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("A_TOKEN", "B_TOKEN", "A_TOKEN_FILE"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(NoSecret, match="set A_TOKEN or B_TOKEN"):
        secret("A_TOKEN", "B_TOKEN")
    monkeypatch.setenv("B_TOKEN", "from-the-environment")
    assert secret("A_TOKEN", "B_TOKEN") == "from-the-environment"
    (tmp_path / "token").write_text("from-a-file-0123\n")
    monkeypatch.setenv("A_TOKEN_FILE", str(tmp_path / "token"))
    assert secret("A_TOKEN", "B_TOKEN") == "from-a-file-0123"
    monkeypatch.setenv("A_TOKEN_FILE", str(tmp_path / "none"))
    with pytest.raises(NoSecret, match="no such file"):
        secret("A_TOKEN")


@pytest.mark.parametrize(
    "leak",
    [
        "our-own-secret-123",
        "ghp_" + "a1" * 18,
        "github_pat_" + "a1" * 20,
        "glpat-" + "a1" * 10,
        "https://user:pass@host/x",
        "Authorization: token abcdefghijklmnop",
        "Bearer eyJhbGciOiJIUzI1NiJ9.e30.abcdefgh",
    ],
)
def test_secrets_are_not_printed(leak: str) -> None:
    keep("our-own-secret-123")
    shown = redacted(f"before {leak} after")
    assert shown.startswith("before ") and shown.endswith(" after") and "[secret]" in shown
    for part in ("our-own", "a1a1", "pass@", "abcdefgh"):
        assert part not in shown
