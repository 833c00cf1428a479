"""What is built, how often, and what is concluded, with images that were made before and an engine that is none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from dslim.images.engine import Engine, Said
from dslim.images.image import Image
from dslim.images.source import open_image
from dslim.verify.build import Built, Settings, Workshop
from dslim.verify.compare import NOISE
from dslim.verify.trouble import Failure
from dslim.verify.verify import Asked, Verifier
from tests.images.made import file, layer, save

BROKEN, FULL = Failure("build", "exit code: 1"), Failure("disk", "the disk is full", "free some")
#: what a build gives: the content of a file, or a failure
Outcome = str | Failure


class Made(Workshop):
    """Builds what it is told to, in order, by the text of the Dockerfile; the last outcome of a text stays."""

    def __init__(self, folder: Path, outcomes: dict[bytes, Sequence[Outcome]]) -> None:
        super().__init__(Settings(), Engine(("no-such-docker",)))
        self.folder = folder
        self.outcomes = {text: list(rows) for text, rows in outcomes.items()}
        self.built: list[str] = []
        self.discarded: list[str] = []

    def build(self, text: bytes, name: str, fresh: bool = False) -> Built:
        self.built.append(name + (" fresh" if fresh else ""))
        rows = self.outcomes[text]
        outcome = rows.pop(0) if len(rows) > 1 else rows[0]
        if isinstance(outcome, Failure):
            return Built("", 1.0, outcome)
        path = save(self.folder / f"{len(self.built)}.tar", [layer(file("srv/a", outcome))], {"Cmd": ["a"]})
        return Built(str(path), 1.0)

    def container(self, tag: str, *words: str, options: Sequence[str] = ()) -> str:
        return tag

    def content(self, container: str, path: str) -> bytes | None:
        return None

    def call(self, *words: str, seconds: float = 120) -> Said:
        raise AssertionError("no container is started where nothing asks for it")

    def discard(self, tag: str) -> None:
        self.discarded.append(tag)


def _opened(name: str, engine: Engine | None = None) -> Image:
    return open_image(name)


@pytest.fixture(autouse=True)
def archives(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tags are paths of archives here."""
    monkeypatch.setattr("dslim.verify.verify.open_image", _opened)


def verifier(workshop: Made, noise: bool = False, doubt: bool = False) -> Verifier:
    return Verifier(b"old", workshop, Asked(noise=noise, doubt=doubt, compressed=False), lambda doing: None)


def test_the_original_is_built_once_for_many_rewrites(tmp_path: Path) -> None:
    workshop = Made(tmp_path, {b"old": ["a"], b"new": ["a"], b"other": ["b"]})
    one = verifier(workshop)
    assert [one.against(text).verdict for text in (b"new", b"other", b"new")] == [
        "equivalent",
        "different",
        "equivalent",
    ]
    assert workshop.built == ["before", "after", "after-2", "after-3"]
    assert [Path(tag).name for tag in workshop.discarded] == ["2.tar", "3.tar", "4.tar"]


@pytest.mark.parametrize(
    ("old", "new", "verdict", "built"),
    [
        (["a"], ["a"], "equivalent", ["before", "after"]),
        (["a"], [BROKEN], "different", ["before", "after", "after-again"]),
        (["a"], [BROKEN, "a"], "equivalent", ["before", "after", "after-again"]),
        ([BROKEN], ["a"], "different", ["before", "after", "before-again"]),
        ([BROKEN, "a"], ["a"], "equivalent", ["before", "after", "before-again"]),
        ([BROKEN], [BROKEN], "not built", ["before", "after"]),
        ([FULL], ["a"], "not built", ["before"]),
        (["a"], [FULL], "not built", ["before", "after"]),
    ],
)
def test_a_failure_on_one_side_is_tried_again(
    tmp_path: Path, old: list[Outcome], new: list[Outcome], verdict: str, built: list[str]
) -> None:
    workshop = Made(tmp_path, {b"old": old, b"new": new})
    assert verifier(workshop).against(b"new").verdict == verdict
    assert workshop.built == built


def test_noise_is_known_from_a_second_build_without_cache(tmp_path: Path) -> None:
    workshop = Made(tmp_path, {b"old": ["1", "2"], b"new": ["3"], b"newer": ["4"]})
    one = verifier(workshop, noise=True)
    found = one.against(b"new")
    assert (found.verdict, found.explained) == ("equivalent", {NOISE: 1})
    assert one.against(b"newer").verdict == "equivalent"
    assert workshop.built == ["before", "after", "before-twice fresh", "after-2"]


def test_without_noise_it_is_a_difference(tmp_path: Path) -> None:
    workshop = Made(tmp_path, {b"old": ["1", "2"], b"new": ["3"]})
    found = verifier(workshop).against(b"new")
    assert found.verdict == "different"
    assert "--noise tells" in found.notes[0]
    assert workshop.built == ["before", "after"]


def test_doubt_builds_twice_only_where_something_differs(tmp_path: Path) -> None:
    workshop = Made(tmp_path, {b"old": ["1", "2"], b"new": ["1"], b"newer": ["3"]})
    one = verifier(workshop, doubt=True)
    assert one.against(b"new").verdict == "equivalent"
    assert workshop.built == ["before", "after"]
    assert one.against(b"newer").verdict == "equivalent"
    assert workshop.built[2:] == ["after-2", "before-twice fresh"]


def test_growth_within_the_noise_is_known(tmp_path: Path) -> None:
    workshop = Made(tmp_path, {b"old": ["1", "123"], b"new": ["12"]})
    found = verifier(workshop, doubt=True).against(b"new")
    assert (found.verdict, found.grown, found.spread) == ("equivalent", 1, 2)
    assert [Path(tag).name for tag in workshop.discarded] == ["3.tar", "2.tar"]


def test_a_second_build_that_fails_is_told(tmp_path: Path) -> None:
    workshop = Made(tmp_path, {b"old": ["1", BROKEN], b"new": ["3"]})
    found = verifier(workshop, noise=True).against(b"new")
    assert found.verdict == "different"
    assert "noise is not known" in found.notes[0]


def test_an_image_that_grew_is_told(tmp_path: Path) -> None:
    workshop = Made(tmp_path, {b"old": ["1"], b"new": ["1234"]})
    found = verifier(workshop).against(b"new")
    assert (found.grown, found.notes[-1]) == (3, "the image grew by 3 bytes")
