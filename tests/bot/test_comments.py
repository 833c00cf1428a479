"""Which lines of a comment are commands, and which only look so."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dslim.bot.serve.comments import Command, commands
from tests.bot.conftest import examples


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("@dslim rebase", [("rebase", "")]),
        ("  @DSLIM Recreate!  ", [("recreate", "")]),
        ("Thanks.\n@dslim ignore apt-lists-left-behind\nThat is all.", [("ignore", "apt-lists-left-behind")]),
        ("@dslim ignore `svc/api/Dockerfile`", [("ignore", "svc/api/Dockerfile")]),
        ("@dslim pause\n\n@dslim explain join-runs.", [("pause", ""), ("explain", "join-runs")]),
        ("@dslim resume  ", [("resume", "")]),
        ("@dslim dance", [("", "")]),
        ("@dslim rebase now please", [("", "")]),
        ("@dslim ignore", [("", "")]),
        ("@dslim rebase\n" * 20, [("rebase", "")] * 5),
    ],
)
def test_a_command(text: str, found: list[tuple[str, str]]) -> None:
    assert list(commands(text)) == [Command(*one) for one in found]


@pytest.mark.parametrize(
    "text",
    [
        "> @dslim rebase",
        ">@dslim rebase",
        "> quoted\n@dslim rebase",  # markdown goes on with the quote
        "```\n@dslim rebase\n```",
        "~~~text\n@dslim rebase",
        "    @dslim rebase",
        "`@dslim rebase`",
        "`code\n@dslim rebase`",
        "please @dslim rebase",
        "- @dslim rebase",
        "1. @dslim rebase",
        "# @dslim rebase",
        "<!-- \n@dslim rebase\n-->",
        "<details>\n@dslim rebase\n</details>",
        "<b>@dslim rebase</b>",
        "**@dslim rebase**",
        "[@dslim rebase](https://example.com)",
        "@dslim: rebase",
        "@dslim-bot rebase",
        "@dslim/rebase",
        "email@dslim rebase",
        "\\@dslim",
        "On Monday, dslim wrote:\n> write `@dslim recreate`\n> @dslim recreate",
        "@dslim",
        "",
        "@dslim rebase" + " " * 70_000,
    ],
)
def test_no_command(text: str) -> None:
    assert [command for command in commands(text) if command.verb] == []


@examples(40, 400)
@given(st.text() | st.text("@dslim rebase\n> `-#<!*\\ \t", max_size=80))
def test_any_text_is_read(text: str) -> None:
    for command in commands(text):
        assert command.argument.isprintable() or command.argument == ""
