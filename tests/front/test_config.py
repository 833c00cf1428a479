"""Configuration: the nearest counts, and what is wrong is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from dslim.config import Config, Configs, Options, Wrong

KNOWN = ("layers", "base", "join-runs", "pip-cache-kept")


def config(folder: Path) -> Config:
    return Configs(KNOWN).of(str(folder))


def test_nothing_is_the_default(tmp_path: Path) -> None:
    assert config(tmp_path).of(str(tmp_path / "Dockerfile")) == Options()


def test_every_key(tmp_path: Path) -> None:
    (tmp_path / ".dslim.toml").write_text(
        'level = "safe"\nselect = ["layers"]\nignore = ["join-runs"]\nexclude = ["old/"]\nbase = "slim"\n'
        'keep-tools = ["curl"]\njoin-runs = "off"\nmirrors = ["registry.corp/hub"]\nfinal = "scratch"\n'
    )
    found = config(tmp_path)
    assert found.of("x") == Options(
        "safe", ("layers",), ("join-runs",), "off", "slim", ("curl",), ("registry.corp/hub",), "scratch"
    )
    assert found.excludes(str(tmp_path / "old"), True)
    assert found.excludes(str(tmp_path / "old/Dockerfile"), False)
    assert not found.excludes(str(tmp_path / "Dockerfile"), False)


def test_the_nearest_counts_alone(tmp_path: Path) -> None:
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    (tmp_path / ".dslim.toml").write_text('level = "safe"\njoin-runs = "off"\n')
    assert config(below).of(str(below / "Dockerfile")).level == "safe"
    (tmp_path / "a" / "pyproject.toml").write_text('[project]\nname = "dslim"\n')
    assert config(below).of(str(below / "Dockerfile")).level == "safe", "a pyproject.toml without our table"
    (tmp_path / "a" / "pyproject.toml").write_text('[tool.dslim]\nlevel = "show"\n')
    assert config(below).of(str(below / "Dockerfile")) == Options("show")
    (tmp_path / "a" / ".dslim.toml").write_text("")
    assert config(below).of(str(below / "Dockerfile")) == Options()


def test_a_pyproject_that_does_not_speak_of_us_need_not_be_toml(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("}{")
    assert config(tmp_path) == Config()


def test_overrides_hold_for_their_paths_the_later_one_first(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[tool.dslim]\nlevel = "show"\n'
        '[[tool.dslim.overrides]]\npaths = ["legacy/"]\nlevel = "safe"\njoin-runs = "off"\n'
        '[[tool.dslim.overrides]]\npaths = ["legacy/new/**"]\nlevel = "review"\n'
    )
    found = config(tmp_path)
    assert found.of(str(tmp_path / "Dockerfile")) == Options("show")
    assert found.of(str(tmp_path / "legacy/Dockerfile")) == Options("safe", join_runs="off")
    assert found.of(str(tmp_path / "legacy/new/Dockerfile")) == Options("review", join_runs="off")


@pytest.mark.parametrize(
    ("text", "line", "cause"),
    [
        ('\nlevle = "safe"\n', 2, "unknown key 'levle'; did you mean 'level'?"),
        ('level = "saef"\n', 1, "unknown level 'saef'; did you mean 'safe'?"),
        ("level = 3\n", 1, "level must be one of safe, review, show"),
        ('\n\njoin-runs = "on"\n', 3, "unknown join-runs 'on'; known are shipped"),
        ('base = "slin"\n', 1, "unknown base 'slin'; did you mean 'slim'?"),
        ('ignore = ["join-runs", "join-run"]\n', 1, "unknown transform or phase 'join-run'; did you mean 'join-runs'?"),
        ('level = "safe"\nselect = "layers"\n', 2, "select must be a list of strings"),
        ("keep-tools = [1]\n", 1, "keep-tools must be a list of strings"),
        ('mirrors = "registry.corp"\n', 1, "mirrors must be a list of strings"),
        ('[[overrides]]\npaths = ["a"]\n[[overrides]]\npaths = ["b"]\nlevel = "no"\n', 5, "unknown level 'no'"),
        ('[[overrides]]\nlevel = "safe"\n', 1, "an override needs paths"),
        ('[[overrides]]\npaths = ["a"]\nexclude = ["b"]\n', 3, "unknown key 'exclude'"),
        ('level = "safe"\n[overrides]\na = 1\n', 2, "overrides is not a list of tables"),
        ('level = "safe"\n[rules]\na = 1\n', 2, "unknown key 'rules'"),
        ('level = "safe"\nlevel = "show"\n', 2, "Cannot overwrite a value"),
        ("level = \n", 1, "Invalid value"),
        ('exclude = ["a", "!"]\n', 1, "Invalid git pattern"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, line: int, cause: str, tmp_path: Path) -> None:
    path = tmp_path / ".dslim.toml"
    path.write_text(text)
    with pytest.raises(Wrong) as wrong:
        config(tmp_path)
    assert str(wrong.value).startswith(f"{path}:{line}: {cause}")


def test_what_is_wrong_in_a_pyproject_is_named_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text('[tool.other]\nlevle = 1\n\n[tool.dslim]\nselect = []\nlevle = "safe"\n')
    with pytest.raises(Wrong, match=r"pyproject\.toml:6: unknown key 'levle'; did you mean 'level'\?"):
        config(tmp_path)
    path.write_bytes(b"# dslim\n\xff")
    with pytest.raises(Wrong, match=r"pyproject\.toml:2: not UTF-8"):
        config(tmp_path)


def test_a_configuration_is_read_once(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    path = tmp_path / ".dslim.toml"
    path.write_text("bad = 1")
    configs = Configs(KNOWN)
    with pytest.raises(Wrong):
        configs.of(str(tmp_path / "a"))
    path.unlink()
    with pytest.raises(Wrong):
        configs.of(str(tmp_path))
