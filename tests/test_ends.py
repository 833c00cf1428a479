"""Dockerfiles made to never end: what doubles with each line or each word is given up in time."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dslim
from rewriter.history import History
from rewriter.model.environment import Values, changed
from rewriter.text import Edit, LineIndex, Span, Together, conflict


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("ENV A=aaaaaaaaaa\n" + "ENV A=$A$A\n" * 200 + "RUN rm -rf $A\n", id="a variable that doubles"),
        pytest.param("ENV A=" + "a" * 4000 + "\nENV B=" + "$A" * 30_000 + "\n", id="a value of many long variables"),
        pytest.param("RUN rm -rf /var/lib/" + "{apt,b}" * 60 + "\n", id="braces"),
        pytest.param("RUN rm -rf " + "/a{b,{c,d}}" * 40 + "\n", id="braces in braces"),
        pytest.param("RUN true\n" * 3000, id="thousands of RUNs"),
        pytest.param("COPY a /b/\nRUN chown x /b/a\n" * 1500, id="thousands of COPYs and changes of owner"),
        pytest.param(
            "RUN " + " && ".join(f"cd /a{n} && npm ci" for n in range(1200)) + "\n", id="a thousand of one install"
        ),
        pytest.param("RUN apt-get update && apt-get install -y rsync\nENV A=1\n" * 800, id="hundreds of RUNs with apt"),
        pytest.param("".join(f"ENV A{n}=$A{n - 1}x B=c\n" for n in range(20_000)), id="thousands of variables"),
    ],
)
def test_it_ends(body: str) -> None:
    report = dslim.rewrite(f"FROM debian:12\nRUN apt-get update && apt-get install -y rsync\n{body}CMD rsync\n")
    assert "/var/lib/apt/lists/*" in report.text
    assert not report.crashed


edits = st.lists(st.builds(lambda at, n, text: Edit(Span(at, at + n), text), st.integers(0, 12), st.integers(0, 3),
                           st.sampled_from(["", "x", "xyz"])), max_size=3)  # fmt: skip


@given(st.lists(edits, max_size=5))
def test_edits_are_taken_together_where_no_two_are_in_conflict(findings: list[list[Edit]]) -> None:
    together = Together()
    taken: list[Edit] = []
    for each in findings:
        if any(conflict(a, b) for a in each for b in each if a is not b):
            continue  # no transform makes such a change
        fits = not any(conflict(a, b) for a, b in product(taken, each))
        assert together.take(each) == fits
        taken += each if fits else []


@given(edits, st.text("ab", min_size=15, max_size=15))
def test_what_is_outside_of_the_edits_is_found_again(step: list[Edit], source: str) -> None:
    together = Together()
    applied = [edit for edit in step if together.take([edit])]
    history = History(LineIndex(source))
    history.apply(applied)
    for at in range(len(source)):
        if any(edit.span.start <= at < edit.span.end for edit in applied):
            continue
        moved = sum(len(edit.text) - edit.span.length for edit in applied if edit.span.start <= at)
        original = history.original(Edit(Span(at + moved, at + moved + 1), ""))
        assert original.span.start <= at < original.span.end


@given(
    st.lists(st.dictionaries(st.sampled_from([f"N{n}" for n in range(90)]), st.none() | st.just("v") | st.text("ab")))
)
def test_an_environment_of_many_variables_is_what_one_dictionary_would_be(steps: list[dict[str, str | None]]) -> None:
    plain: dict[str, str | None] = {f"N{n}": "first" for n in range(70)}
    found: Values = dict(plain)
    for step in steps:
        before, now = dict(plain), changed(found, step)
        plain |= step
        assert dict(now) == plain == {name: now[name] for name in now}
        assert len(now) == len(plain) and "no" not in now
        assert dict(found) == before  # what an earlier instruction has is not touched
        found = now
