"""What we ship for running the bot: our own Dockerfile, and the examples that the guide names."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

import dslim
from dslim.bot.forge.github_sign_in import PERMISSIONS
from dslim.bot.serve.senders import GITHUB
from dslim.commands import app
from dslim.context import Context
from rewriter.syntax.dockerfile import read

ROOT = Path(__file__).parents[2]
DOCKERFILE = ROOT / "Dockerfile"
GUIDE = ROOT / "docs" / "guides" / "bot.md"


def test_our_own_dockerfile_leaves_nothing_to_do() -> None:
    report = dslim.rewrite(DOCKERFILE.read_bytes(), level="show", context=Context(str(ROOT), str(DOCKERFILE)))
    assert not report.changed and report.findings == ()


def test_our_own_image_runs_without_root() -> None:
    names = [each.name for each in read(DOCKERFILE.read_text()).instructions]
    assert "USER 65532:65532" in DOCKERFILE.read_text()
    assert names.index("USER") < names.index("ENTRYPOINT")


def test_the_manifest_asks_for_what_the_bot_uses() -> None:
    manifest = json.loads((ROOT / "examples" / "bot" / "app-manifest.json").read_text())
    assert manifest["default_permissions"] == PERMISSIONS
    # GitHub sends every App those of its installation
    assert {*manifest["default_events"], "installation", "installation_repositories", "ping"} == set(GITHUB.words)


@pytest.mark.parametrize("name", ["github-action.yml", "gitlab-ci.yml"])
def test_an_example_is_yaml_and_runs_the_bot(name: str) -> None:
    text = (ROOT / "examples" / "bot" / name).read_text()
    assert yaml.safe_load(text) and "dslim bot run" in text


def test_the_guide_names_files_that_are_there() -> None:
    for link in re.findall(r"\]\((\.\./[^)#]+)\)", GUIDE.read_text()):
        assert (GUIDE.parent / link).exists(), link


def commands() -> list[str]:
    texts = [GUIDE.read_text(), *(file.read_text() for file in (ROOT / "examples" / "bot").iterdir())]
    return sorted({line for text in texts for line in re.findall(r"dslim (bot (?:run|sweep|serve)[^\n`#]*)", text)})


@pytest.mark.parametrize("line", commands())
def test_a_command_has_only_options_that_there_are(line: str) -> None:
    words = shlex.split(line.strip())
    told = CliRunner().invoke(app, [*words[:2], "--help"], env={"COLUMNS": "200"}).stdout
    for option in (word for word in words if word.startswith("--")):
        assert re.search(rf"{option}\b", told), option
