"""What a page is made of: text that stays text, data that cannot end its element, rows and their bars."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from dslim.layers.page import render
from dslim.page import document, line, number, percent, plain, text
from dslim.page.document import embedded
from tests.layers_page import made


class Read(HTMLParser):
    """Tags and text of a page, by another reader than the browser."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<b>&\"'", "&lt;b&gt;&amp;&quot;&#x27;"),
        ("a\u202eb", "a\\u202eb"),
        ("\udcff", "\\udcff"),
        ("\x00\x1b[31m", "\\x00\\x1b[31m"),
        ("\ufffe", "\\ufffe"),
        ("two\nlines", "two\nlines"),
        ("zażółć 画", "zażółć 画"),
    ],
)
def test_text_is_shown_and_never_obeyed(written: str, shown: str) -> None:
    assert text(written) == shown
    text(written).encode("utf-8")


def test_long_text_is_cut_and_says_so() -> None:
    assert plain("x" * 50, widest=10) == "xxxxxxxxxx… (50 characters)"
    assert line("a\nb\tc") == "a\\nb\\tc"


def test_numbers_for_people() -> None:
    assert number(1234567) == "1,234,567"
    assert [percent(part, 1000) for part in (0, 0.2, 0.5, 333, 1000)] == [
        "0 %",
        "< 0.1 %",
        "0.1 %",
        "33.3 %",
        "100.0 %",
    ]
    assert percent(3, 0) == "0 %"


@pytest.mark.parametrize("value", ["</script>", "<!--<script>", "&amp;", "\u2028", "\udcff", {"</SCRIPT >": ["]]>"]}])
def test_data_cannot_end_its_element_and_is_read_as_it_was(value: object) -> None:
    said = embedded(value)
    assert not re.search("[<>&\u2028]", said)
    assert said.isascii()
    assert json.loads(said) == value


def test_a_page_holds_nothing_that_a_browser_would_fetch_or_run_but_its_own() -> None:
    page = render(*made.hostile())
    found = Read(page)
    tags = [tag for tag, _ in found.tags]
    assert {"script": tags.count("script"), "style": tags.count("style"), "link": tags.count("link")} == {
        "script": 2,
        "style": 1,
        "link": 1,
    }
    assert not {"img", "iframe", "object", "embed", "base", "form", "audio", "video", "source"} & set(tags)
    names = {name for _, attributes in found.tags for name in attributes}
    assert not {name for name in names if name.startswith("on")} | ({"src", "style", "srcset"} & names)
    targets = {attributes["href"] for tag, attributes in found.tags if tag == "a"}
    assert {one for one in targets if one and not one.startswith("#")} == {"https://github.com/wagoodman/dive"}
    assert "url(" not in page and "@import" not in page
    page.encode("utf-8")


def test_the_policy_names_what_is_inline_and_forbids_the_rest() -> None:
    page = document("t", "<p>b</p>", script="1;")
    policy = next(attributes["content"] for tag, attributes in Read(page).tags if "http-equiv" in attributes)
    assert policy is not None
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy and "http" not in policy
    # printf '1;' | openssl dgst -sha256 -binary | base64
    assert "script-src 'sha256-CImjRDTlhukYQ2AnxOi0wzgPhGQ3Mb3rVwJK24dFz1M='" in policy


def test_bars_of_layers_begin_where_the_one_below_ends() -> None:
    image, record = made.shop()
    bars = re.findall(r'class="(kept|lost)" x="([\d.]+)%" width="([\d.]+)%"', render(image, record))[:6]
    ends = [(kind, float(begin), float(begin) + float(width)) for kind, begin, width in bars]
    assert ends == [
        ("kept", 0, 60),
        ("lost", 60, 60),
        ("kept", 60, pytest.approx(80)),
        ("lost", 80, pytest.approx(90)),
        ("kept", 90, pytest.approx(98)),
        ("lost", 98, pytest.approx(100)),
    ]


def test_waste_is_grouped_by_what_made_it_and_what_cures_it() -> None:
    page = render(*made.shop())
    table = page[page.index('class="waste"') :]
    rows = re.findall(r"<tr .*?</tr>", table)
    words = [" ".join(" ".join(Read(row).words).split()) for row in rows[1:]]
    assert len(words) == 2
    assert words[0].startswith("cache or index 1.0 MB / var/ lib/ apt/ lists/ deb.debian.org_main_Packages 990.0 kB")
    assert words[0].endswith("layer 1, line 2 apt-lists-left-behind")
    assert words[1].endswith("COPY . /app layer 2, line 3 none")


def test_waste_of_any_number_of_paths_is_a_page_of_bounded_size() -> None:
    image, _ = made.shop()
    waste = [("deleted", 1, f"usr/lib/python3/file-{at}", at, None) for at in range(50_000)]
    page = render(image, made.record(image, waste))
    assert len(page) < 500_000
    assert "49,997 more, 1.2 GB" in page
    assert "49,900 smaller" in page
