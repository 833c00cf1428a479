"""Which files a search finds, and in which order."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from dslim.discover import Found, discover, is_dockerfile


def grow(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("FROM a\n")


def search(*paths: str) -> list[str]:
    return [found.path for found in discover(paths)]


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_names() -> None:
    yes = [
        "Dockerfile",
        "Dockerfile.dev",
        "dev.Dockerfile",
        "dev.dockerfile",
        ".dockerfile",
        "Containerfile",
        "Containerfile.dev",
    ]
    no = [
        "dockerfile.py",
        "Dockerfiles",
        "MyDockerfile",
        "Dockerfile.dockerignore",
        "Containerfile.dockerignore",
        "Makefile",
    ]
    assert [name for name in yes + no if is_dockerfile(name)] == yes


def test_order_is_stable_and_folders_come_after_files(here: Path) -> None:
    grow(here, "b/Dockerfile", "a/Dockerfile", "Dockerfile.b", "Dockerfile.a", "a/z/Dockerfile", "README")
    assert search(".") == ["Dockerfile.a", "Dockerfile.b", "a/Dockerfile", "a/z/Dockerfile", "b/Dockerfile"]
    assert search("a", ".") == ["a/Dockerfile", "a/z/Dockerfile", "Dockerfile.a", "Dockerfile.b", "b/Dockerfile"]


def test_named_files_are_taken_once_whatever_they_are(here: Path) -> None:
    grow(here, "x.txt", "node_modules/Dockerfile", "Dockerfile")
    (here / ".gitignore").write_text("*\n")
    assert search("x.txt", "./x.txt", "node_modules/Dockerfile", "missing") == [
        "x.txt",
        "node_modules/Dockerfile",
        "missing",
    ]


def test_other_peoples_folders_are_left_out_unless_named(here: Path) -> None:
    grow(here, "node_modules/a/Dockerfile", ".git/Dockerfile", ".venv/Dockerfile", ".devcontainer/Dockerfile")
    assert search(".") == [".devcontainer/Dockerfile"]
    assert search("node_modules") == ["node_modules/a/Dockerfile"]


def test_gitignore_agrees_with_git(here: Path) -> None:
    names = [
        "Dockerfile",
        "build/Dockerfile",
        "a/Dockerfile",
        "a/b/Dockerfile",
        "a/b/Dockerfile.keep",
        "a/b/Dockerfile.no",
        "c/Dockerfile",
    ]
    grow(here, *names, "c/build/Dockerfile", "d/Dockerfile", "e/build/Dockerfile")
    (here / ".gitignore").write_text("# comment\n!\n\nbuild/\n/d\n*.no\nDockerfile.keep\n")
    (here / "a/b/.gitignore").write_text("Dockerfile\n!Dockerfile.keep\n")
    (here / "c/.gitignore").write_text("!build/\n")
    subprocess.run(["git", "init", "-q"], check=True)
    (here / ".git/info/exclude").write_text("/e\n")
    listed = subprocess.run(
        ["git", "ls-files", "--others", "--exclude-standard"], check=True, capture_output=True, text=True
    ).stdout.split()
    assert sorted(search(".")) == sorted(name for name in listed if is_dockerfile(os.path.basename(name)))
    assert search("a") == ["a/Dockerfile", "a/b/Dockerfile.keep"], "what lies above counts as well"
    assert search("build") == ["build/Dockerfile"], "an ignored folder that is named is searched"


def test_links_to_folders_are_not_followed(here: Path) -> None:
    grow(here, "real/Dockerfile")
    (here / "loop").symlink_to(".")
    (here / "Dockerfile.d").symlink_to("real")
    (here / "Dockerfile").symlink_to("real/Dockerfile")
    (here / "Dockerfile.gone").symlink_to("nowhere")
    assert search(".") == ["Dockerfile", "Dockerfile.gone", "real/Dockerfile"]


def test_a_folder_named_dockerfile_is_searched(here: Path) -> None:
    grow(here, "Dockerfile/Dockerfile")
    assert search(".") == search("Dockerfile") == ["Dockerfile/Dockerfile"]


def test_what_cannot_be_searched_is_said(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    grow(here, "a/Dockerfile", "b/Dockerfile")
    real = os.scandir

    def refuse(path: str) -> object:
        if path == "a":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert list(discover(["."])) == [
        Found("a", "this folder cannot be searched: permission denied"),
        Found("b/Dockerfile"),
    ]


def test_excluded_is_asked_for_files_and_folders(here: Path) -> None:
    grow(here, "a/Dockerfile", "b/Dockerfile", "Dockerfile")
    asked: list[tuple[str, bool]] = []

    def excluded(path: str, folder: bool) -> bool:
        asked.append((path, folder))
        return path == "a"

    assert [found.path for found in discover(["."], excluded)] == ["Dockerfile", "b/Dockerfile"]
    assert asked == [("Dockerfile", False), ("a", True), ("b", True), ("b/Dockerfile", False)]


def test_nothing_is_listed_before_it_is_needed(here: Path) -> None:
    grow(here, *(f"{n:03}/Dockerfile" for n in range(50)))
    found = discover(["."])
    assert next(found).path == "000/Dockerfile"
    grow(here, "049/Dockerfile.new")
    assert "049/Dockerfile.new" in [each.path for each in found]
