"""The outcome as text, JSON and page."""

from __future__ import annotations

import io
import json
from html.parser import HTMLParser

import jsonschema
import pytest

from dslim.record import schema
from dslim.terminal import Printer
from dslim.verify.compare import Difference
from dslim.verify.page import render
from dslim.verify.program import Check
from dslim.verify.record import dumped, record
from dslim.verify.report import show
from dslim.verify.sizes import Side, Weighed
from dslim.verify.verdict import Verified

HOSTILE = "<script>alert(1)</script>\x1b[31m\u202e\udc80"
BASE = Weighed("ADD base", 1_000_000)
BEFORE = Side(True, 12.34, 3_000_000, 900_000, 3, (BASE, Weighed("RUN a", 1_500_000), Weighed("RUN b", 500_000)))
AFTER = Side(True, 10.0, 2_000_000, 600_000, 2, (BASE, Weighed("RUN a && b", 1_000_000)))
SAME = Verified("equivalent", ("all is the same",), BEFORE, AFTER, explained={"log": 2}, notes=("a note",))
OTHER = Verified(
    "different",
    (f"because {HOSTILE}",),
    BEFORE,
    AFTER._replace(bytes=3_000_012),
    {"Env": (["A=1"], None)},
    tuple(Difference(f"srv/{number}{HOSTILE}", "changed", "mode 0644 -> 0600") for number in range(30)),
    {},
    (Check("entry point", False, HOSTILE),),
)
BROKEN = Verified("not built", ("before: no engine; start it",), Side(False, 1.0, failure="no engine"), Side(False))


def text(verified: Verified) -> str:
    stream = io.TextIOWrapper(io.BytesIO(), "utf-8")
    show(Printer(stream), verified, "Dockerfile")
    return stream.buffer.getvalue().decode()


def test_sizes_have_a_sign() -> None:
    said = text(SAME)
    assert said.startswith("Dockerfile: equivalent\n  because all is the same\n")
    assert "layers 3 -> 2 (-1)" in said
    assert "bytes 3,000,000 -> 2,000,000 (-1.0 MB)" in said
    assert "compressed 900,000 -> 600,000 (-300.0 kB)" in said
    assert "-    1.5 MB  RUN a\n" in said and "+    1.0 MB  RUN a && b\n" in said
    assert "ADD base" not in said, "a layer that is in both is no change"
    assert "explained: 2 x log" in said


def test_text_is_inert_and_short() -> None:
    said = text(OTHER)
    assert "\x1b" not in said and "\u202e" not in said
    assert "(+12 B)" in said
    assert "... and 10 more paths" in said
    assert "LOST entry point" in said


@pytest.mark.parametrize("verified", [SAME, OTHER, BROKEN])
def test_json_is_by_the_schema(verified: Verified) -> None:
    said = json.loads(dumped(record(verified, "Dockerfile", "")))
    jsonschema.Draft202012Validator(json.loads(schema("verify-1"))).validate(said)
    assert said["verdict"] == verified.verdict
    assert said["before"]["bytes"] == (verified.before.bytes if verified.before.built else None)
    assert len(said["differences"]) == len(verified.differences)


def test_the_schema_refuses_what_is_wrong() -> None:
    validator = jsonschema.Draft202012Validator(json.loads(schema("verify-1")))
    good = record(SAME)
    for wrong in ({"verdict": "fine"}, {"version": 2}, {"differences": [{"path": "a"}]}, {"config": {"Env": [1]}}):
        assert not validator.is_valid({**good, **wrong})
    for key in ("version", "verdict", "before", "after", "config", "differences", "explained", "program"):
        assert not validator.is_valid({name: value for name, value in good.items() if name != key})


class Page(HTMLParser):
    """The tags with their attributes, and the text, of a page."""

    def __init__(self, said: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(said)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize("verified", [SAME, OTHER, BROKEN])
def test_the_page_is_alone_and_shows_text_as_text(verified: Verified) -> None:
    said = render(verified, f"Dockerfile {HOSTILE}")
    said.encode("utf-8")
    page = Page(said)
    assert [tag for tag, _ in page.tags].count("script") == 1, "only the page's own"
    links = [value for _, found in page.tags for name, value in found.items() if name in ("src", "href")]
    assert all((link or "").startswith("data:") for link in links)
    assert "\x1b" not in said
    words = "".join(page.words)
    assert verified.verdict in words
    for one in verified.differences:
        assert one.path.split("<")[0] in words
