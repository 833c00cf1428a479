"""Other people's text in Markdown is inert. The witness is markdown-it, a parser that we have no part in."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from dslim.bot import markdown as md
from tests.bot.conftest import examples

PARSER = MarkdownIt("commonmark", {"html": True}).enable("table")
HOSTILE = [
    "@acme/owners", "#1", "acme/api#1", "GH-12", "https://evil.example", "www.evil.example", "[a](b)", "![a](b)", "<b>", "&lt;",
    "a|b", "`", "``x`", "*a*", "_a_", "~~a~~", "--> <!-- dslim:v1 e30= -->", "</details>", "\n\n# head\n", "\\", "1.", "- [x] a",
    "deadbeef", ":tada:", "$x$", "\u202eabc", "\x1b[2J", "a\0b", "\u200b", "mail@evil.example", "fixes #1", "<!--", "]]>",
]  # fmt: skip
TEXT = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=6), max_size=6).map(" ".join) | st.text(max_size=40)


def parts(text: str) -> Iterator[Token]:
    """All that a parser sees, but paragraphs."""
    for token in PARSER.parse(text):
        yield from token.children or [token]


def assert_inert(text: str) -> None:
    for token in parts(text):
        assert token.type in ("text", "code_inline", "softbreak", "paragraph_open", "paragraph_close"), token
        if token.type == "text":
            words = token.content
            assert not re.search(r"[@#<>&`*_\[\]|~$\\]|://|www\.|\b[0-9a-f]{7,}\b|\bGH-\d", words), words


@examples(40, 400)
@given(TEXT)
def test_prose_is_inert(text: str) -> None:
    shown = md.prose(text)
    assert "\n" not in shown
    assert_inert(f"Says {shown}")


@examples(40, 400)
@given(TEXT)
def test_code_is_one_span(text: str) -> None:
    inline = PARSER.parse(f"a {md.code(text)} b")[1].children or []
    assert [token.type for token in inline] == ["text", "code_inline", "text"]


@examples(25, 200)
@given(TEXT, TEXT)
def test_a_table_keeps_its_cells(one: str, other: str) -> None:
    tokens = PARSER.parse(md.table(("A", "B"), [(md.code(one), md.prose(other)), ("x", "y")]))
    assert [token.type for token in tokens].count("td_open") == 4


@examples(25, 200)
@given(TEXT.map(lambda text: text.replace(" ", "\n")))
def test_a_block_is_one_block(text: str) -> None:
    tokens = PARSER.parse(md.folded("x", md.block(text, "diff")))
    assert [token.type for token in tokens] == ["html_block", "fence", "html_block"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Add --no-cache-dir to pip install", "Add --no-cache-dir to pip install"),
        ("nothing later installs from these lists (line 3)", "nothing later installs from these lists (line 3)"),
        ("calls a|b and $HOME here", "calls `a¦b` and `$HOME` here"),
        ("ask @acme about #1", "ask `@acme` about `#1`"),
    ],
)
def test_plain_words_stay_plain(text: str, shown: str) -> None:
    assert md.prose(text) == shown
