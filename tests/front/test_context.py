"""The build context: what a transform may read of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dslim import context
from dslim.context import Context


def test_gives_text_by_relative_path(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/b.txt").write_text("text\n")
    ask = Context(str(tmp_path))
    assert ask("a/b.txt") == ask("./a//b.txt") == "text\n"
    assert ask("a") is ask("missing") is ask("") is ask("nul\0") is None


def test_never_leaves_the_folder(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    (tmp_path / "in2").write_text("secret")
    (tmp_path / "secret").write_text("secret")
    (inside / "link").symlink_to("../secret")
    (inside / "folder").symlink_to("..")
    (inside / "own").symlink_to("file")
    (inside / "file").write_text("fine")
    ask = Context(str(inside))
    assert [
        ask(path) for path in ("../secret", str(tmp_path / "secret"), "link", "folder/secret", "a/../../secret")
    ] == [None] * 5
    assert ask("own") == "fine"


def test_what_is_large_binary_or_too_much_is_not_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(context, "LARGEST", 10)
    monkeypatch.setattr(context, "MOST", 25)
    (tmp_path / "large").write_bytes(b"x" * 11)
    (tmp_path / "latin").write_bytes(b"\xe9")
    for name in "abc":
        (tmp_path / name).write_bytes(b"x" * 10)
    ask = Context(str(tmp_path))
    assert [ask(name) for name in ("large", "latin", "a", "b", "c")] == [None, None, "x" * 10, "x" * 10, None]
    assert ask("a") == "x" * 10, "asking again costs nothing"


def test_dockerignore_counts(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "deep/a.txt", "deep/keep/a.txt", "c.md"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("text")
    (tmp_path / ".dockerignore").write_text("# comment\n\na.txt\n./deep/\n!deep/keep\n**/*.md\n.\n")
    ask = Context(str(tmp_path))
    given = [name for name in ("a.txt", "b.txt", "deep/a.txt", "deep/keep/a.txt", "c.md") if ask(name)]
    assert given == ["b.txt", "deep/keep/a.txt"]
    (tmp_path / "dev.Dockerfile.dockerignore").write_text("b.txt\n")
    own = Context(str(tmp_path), str(tmp_path / "dev.Dockerfile"))
    assert (own("a.txt"), own("b.txt")) == ("text", None)


def test_lists_what_is_not_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a/.git").mkdir(parents=True)
    for name in ("b.go", "a/c.txt", "a/d.log", "a/.git/config"):
        (tmp_path / name).write_text("x")
    (tmp_path / ".dockerignore").write_text("**/*.log\n")
    assert Context(str(tmp_path)).files() == (".dockerignore", "a/c.txt", "b.go")
    assert Context(str(tmp_path / "missing")).files() is None
    monkeypatch.setattr(context, "MANY", 2)
    assert Context(str(tmp_path)).files() is None


def test_without_a_dockerfile_only_the_folder_of_the_context_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever we are called: the folder that we are in has nothing to say."""
    (tmp_path / "here").mkdir()
    (tmp_path / "context").mkdir()
    (tmp_path / "here/.dockerignore").write_text("*\n")
    (tmp_path / "context/a.txt").write_text("a")
    monkeypatch.chdir(tmp_path / "here")
    assert Context(str(tmp_path / "context"))("a.txt") == "a"
