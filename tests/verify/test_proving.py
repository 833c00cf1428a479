"""Bisection: of the transforms of a rewrite those are dropped that do not hold, and no others."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pytest

from dslim.verify.proving import Proven, prove
from dslim.verify.sizes import Side
from dslim.verify.verdict import DIFFERENT, EQUIVALENT, NOT_BUILT, Verified
from rewriter.report import Outcome, Report, Status, Told
from rewriter.rule import Safety
from transforms import pipeline

NAMES = [transform.name for transform in pipeline()][:12]
BEFORE = "FROM alpine\n"


def report(ignored: Collection[str] = ()) -> Report:
    """A rewrite in which each transform that runs adds a line with its name."""
    names = [name for name in NAMES if name not in ignored]
    told = tuple(Told(name, 1, 1, f"Do {name}", Safety.SAFE, Outcome.APPLIED, ("because",), None, ()) for name in names)
    text = BEFORE + "".join(f"# {name}\n" for name in names)
    return Report(Status.CHANGED if names else Status.UNCHANGED, BEFORE, text, findings=told)


class Builds:
    """Judges a text by the names in it, and counts."""

    def __init__(self, *bad: Collection[str], grows: str = "", trouble_at: int = 0, spread: int = 0) -> None:
        self.bad = bad
        self.grows = grows
        self.trouble_at = trouble_at
        self.spread = spread
        self.texts: list[str] = []

    def __call__(self, made: Report) -> Verified:
        self.texts.append(made.text)
        names = {line[2:] for line in made.text.splitlines()[1:]}
        before, after = Side(True, bytes=100), Side(True, bytes=90)
        if len(self.texts) == self.trouble_at:
            return Verified(NOT_BUILT, ("the disk is full; free some",), before, after)
        for group in self.bad:
            if names >= set(group):
                return Verified(DIFFERENT, (f"{'+'.join(sorted(group))} differ",), before, after)
        grown = Side(True, bytes=107 if self.grows in names else 90)
        return Verified(EQUIVALENT, ("the same",), before, grown, spread=self.spread)


def proven(builds: Builds) -> Proven:
    def again(ignored: Sequence[str]) -> Report:
        return report(ignored)

    return prove(report(), again, builds)


def outcomes(found: Proven) -> dict[str, Outcome]:
    return {told.transform: told.outcome for told in found.report.findings}


def test_what_holds_is_built_once() -> None:
    builds = Builds()
    found = proven(builds)
    assert found.report == report()
    assert (found.dropped, found.trouble, len(builds.texts)) == ((), "", 1)


@pytest.mark.parametrize("bad", NAMES)
def test_one_culprit_is_found_by_bisection(bad: str) -> None:
    builds = Builds([bad])
    found = proven(builds)
    assert [one.transform for one in found.dropped] == [bad]
    assert found.dropped[0].why == f"{bad} differ"
    assert found.report.text == report([bad]).text
    assert len(builds.texts) <= 6, "all, four halves of twelve, and the rest"
    assert {name for name, outcome in outcomes(found).items() if outcome is not Outcome.APPLIED} == {bad}
    told = next(told for told in found.report.findings if told.transform == bad)
    assert told.outcome is Outcome.REVERTED
    assert f"{bad} differ" in told.note


def test_several_culprits() -> None:
    bad = [NAMES[1], NAMES[6], NAMES[11]]
    found = proven(Builds(*([name] for name in bad)))
    assert {one.transform for one in found.dropped} == set(bad)
    assert found.report.text == report(bad).text


def test_two_that_hold_alone_but_not_together() -> None:
    pair = [NAMES[2], NAMES[9]]
    found = proven(Builds(pair))
    assert [one.transform for one in found.dropped] == [NAMES[9]]
    assert found.report.text == report([NAMES[9]]).text


def test_what_grows_is_dropped() -> None:
    found = proven(Builds(grows=NAMES[4]))
    assert [(one.transform, one.why) for one in found.dropped] == [(NAMES[4], "the image grows by 7 bytes")]


def test_growth_that_is_noise_is_not_held_against_it() -> None:
    assert proven(Builds(grows=NAMES[4], spread=7)).dropped == ()
    assert [one.transform for one in proven(Builds(grows=NAMES[4], spread=6)).dropped] == [NAMES[4]]


def test_nothing_holds() -> None:
    found = proven(Builds(*([name] for name in NAMES)))
    assert not found.report.changed
    assert len(found.dropped) == len(NAMES)
    assert set(outcomes(found).values()) == {Outcome.REVERTED}


def test_no_text_is_built_twice() -> None:
    builds = Builds([NAMES[0]], [NAMES[3]], [NAMES[7]])
    proven(builds)
    assert len(builds.texts) == len(set(builds.texts))


@pytest.mark.parametrize("at", [1, 2, 3])
def test_where_nothing_can_be_built_nothing_is_written(at: int) -> None:
    found = proven(Builds([NAMES[5]], trouble_at=at))
    assert found.trouble == "the disk is full; free some"
    assert not found.report.changed
    assert found.report.text == BEFORE
    assert found.report.reason == "not verified: the disk is full; free some"
    assert Outcome.APPLIED not in outcomes(found).values()


def test_nothing_to_prove() -> None:
    builds = Builds()
    found = prove(report(NAMES), report, builds)
    assert (found.report, builds.texts) == (report(NAMES), [])
