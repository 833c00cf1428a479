"""The owner's configuration: every mistake names its line, and what was probably meant."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from dslim.bot.config import Config, Wrong, default, parse
from dslim.bot.schedule import Schedule
from dslim.bot.yamlfile import NotYaml, load
from dslim.record import schema
from tests.bot.conftest import examples

PATH = ".github/dslim.yml"
ALL = """
version: 1
enabled: true
paths: {include: ["**/Dockerfile*"], exclude: ["vendor/"]}
rules: {level: review, select: [layers], ignore: [pip-cache-kept], join-runs: off}
group: directory
base_branches: [main, release]
schedule: {cron: "0 5 * * 1", timezone: Europe/Berlin, hours: 6}
limits: {open_prs: 5, prs_per_hour: 1, files_per_pr: 10}
pr: {draft: true, labels: [a], assignees: [b], reviewers: [c, "team:d"], title_prefix: "", commits: rule}
rebase: behind
min_saving: {bytes: 1.5 MiB, percent: 2}
verify: build
approval: dashboard
dashboard: on
ignored_authors: ["x@example.com"]
"""


def test_what_is_not_set_has_the_schemas_default() -> None:
    assert parse("", PATH) == parse("# nothing\n", PATH) == parse("\ufeffversion: 1\n", PATH) == default()
    assert (default().level, default().group, default().rebase, default().verify) == (
        "safe",
        "one",
        "conflicted",
        "none",
    )
    assert default().schedule is None and default().open_prs == 3


def test_everything_can_be_set() -> None:
    found = parse(ALL, PATH)
    assert found.schedule == Schedule("0 5 * * 1", "Europe/Berlin", 6)
    assert (found.min_bytes, found.min_percent, found.join_runs, found.dashboard) == (1572864, 2.0, "off", "on")
    assert found.reviewers == ("c", "team:d") and found.title_prefix == ""
    unset = [name for name in Config._fields if getattr(found, name) == getattr(default(), name)]
    assert unset == ["enabled"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\nenabel: true", "2: unknown key 'enabel'; did you mean 'enabled'?"),
        ("pr:\n  label: [x]", "2: unknown key 'label'; did you mean 'labels'?"),
        ("group: files", "1: group: unknown value 'files'; did you mean 'file'?"),
        ("rules:\n  ignore:\n    - pip-cache\n", "3: unknown transform or phase 'pip-cache'; did you mean 'pip-cache-kept'?"),
        ("- a", "1: write keys and values, as in `enabled: true`"),
        ("enabled: yes", "1: enabled is true or false, not 'yes'"),
        ("limits: 3", "1: limits is keys and values, not 3"),
        ("limits: {open_prs: 0}", "1: open_prs: 0 is less than the minimum of 1"),
        ("min_saving: {bytes: much}", "1: bytes is an amount of bytes, written as 5MB, not 'much'"),
        ("schedule: {timezone: UTC}", "1: schedule needs cron"),
        ("schedule:\n  cron: 61 * * * *", "2: '61 * * * *' is no line of crontab(5), as in '0 5 * * 1': bad minute"),
        ("schedule:\n  cron: 0 0 30 2 *", "2: '0 0 30 2 *' is no line of crontab(5), as in '0 5 * * 1': bad day-of-month"),
        ("schedule:\n  cron: 0 5 * * 1\n  timezone: Mars", "3: 'Mars' is no time zone, as in Europe/Berlin"),
        ("a: 1\na: 2", "2: 'a' is given twice"),
        ("x: &a [1]\ny: *a", "2: aliases (*name) are not understood here; write the value out"),
        ("pr: [", "1: expected the node content, but found '<stream end>'"),
        ("version: 2", "1: version: 1 was expected"),
        ("paths:\n  include: ['!']", "2: Invalid git pattern: '!'"),
        ("---\na: 1\n---\nb: 1", "3: but found another document"),
    ],
)  # fmt: skip
def test_a_mistake_names_its_line(text: str, said: str) -> None:
    with pytest.raises(Wrong) as error:
        parse(text, PATH)
    assert str(error.value) == f"{PATH}:{said}"


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(Wrong) as error:
        parse("enabel: true\nlimits: {open: 1}\nrebase: always\n", PATH)
    assert [line.split(":")[1] for line in str(error.value).splitlines()] == ["1", "2", "3"]


@examples(40, 400)
@given(st.text(max_size=60) | st.from_regex(r"[a-z_]{1,9}: [\[\]{}a-z0-9,:&*!|>'\" \n-]{0,40}"))
def test_no_text_does_more_than_be_wrong(text: str) -> None:
    try:
        assert isinstance(parse(text, PATH), Config)
    except Wrong as wrong:
        assert str(wrong).startswith(PATH)


def test_words_are_no_truths() -> None:
    value, lines = load("a: on\nb: [no, true, ~, 1, 1.5, 'true', 0x1, 1e9]\n")
    assert value == {"a": "on", "b": ["no", True, None, 1, 1.5, "true", "0x1", "1e9"]}
    assert (lines[("a",)], lines[("b",)], lines[("b", 3)]) == (1, 2, 2)


def test_deep_and_long_texts_are_refused() -> None:
    for text in ("[" * 5000, "a: " + "x" * 70_000):
        with pytest.raises(NotYaml):
            load(text)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(json.loads(schema("bot-1")))


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-23T03:59:59+00:00", "2026-11-23T04:00:00+00:00"),  # five o'clock in Berlin, in winter
        ("2026-11-23T04:00:00+00:00", "2026-11-23T04:00:00+00:00"),
        ("2026-11-23T04:00:30+00:00", "2026-11-23T04:00:30+00:00"),
        ("2026-11-24T03:59:00+00:00", "2026-11-24T03:59:00+00:00"),
        ("2026-11-24T04:00:00+00:00", "2026-11-30T04:00:00+00:00"),
        ("2026-03-28T12:00:00+00:00", "2026-03-30T03:00:00+00:00"),  # the clocks went forward in between
    ],
)
def test_a_schedule_opens_the_door_for_a_day(now: str, opens: str) -> None:
    door = Schedule("0 5 * * 1", "Europe/Berlin")
    assert door.opens(_seconds(now)) == _seconds(opens)


def _seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def test_the_readme_shows_the_defaults() -> None:
    readme = Path(__file__).parents[2].joinpath("README.md").read_text("utf-8")
    shown = next(block for block in readme.split("```yaml\n")[1:] if block.startswith("version: 1"))
    text = shown.partition("```")[0]
    assert parse(text, PATH) == default()
    keys, _ = load(text)
    assert isinstance(keys, dict)
    assert keys.keys() | {"schedule"} == json.loads(schema("bot-1"))["properties"].keys()
