"""What the owner of a repository wants of the bot: `.github/dslim.yml`, or `.dslim.yml`.

The published JSON Schema (`dslim bot config schema`) is the one description of the format: what it allows is allowed, and
its defaults are the defaults. A mistake names its line and the nearest word that would have been understood.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

from dslim.bot.schedule import Schedule, unusable
from dslim.bot.yamlfile import NotYaml, Path, Value, load
from dslim.names import PHASES, unknown
from dslim.patterns import Patterns
from dslim.record import schema

NAMES = (".github/dslim.yml", ".github/dslim.yaml", ".dslim.yml", ".dslim.yaml")
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "ki": 1 << 10, "mi": 1 << 20, "gi": 1 << 30}


class Wrong(ValueError):
    """A configuration that cannot be used. The message has one line for each mistake: ``file:line: cause``."""


class Config(NamedTuple):
    """See the schema for what each value means. ``join_runs`` and ``level`` are as in ``dslim.rewrite``."""

    enabled: bool
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    level: str
    select: tuple[str, ...]
    ignore: tuple[str, ...]
    join_runs: str
    group: str
    base_branches: tuple[str, ...]
    schedule: Schedule | None
    open_prs: int
    prs_per_hour: int
    files_per_pr: int
    draft: bool
    labels: tuple[str, ...]
    assignees: tuple[str, ...]
    reviewers: tuple[str, ...]
    title_prefix: str
    commits: str
    rebase: str
    min_bytes: int
    min_percent: float
    verify: str
    approval: str
    dashboard: str
    ignored_authors: tuple[str, ...]


@cache
def default() -> Config:
    """What holds where there is no file."""
    return parse("", NAMES[0])


def parse(text: str, path: str) -> Config:
    """The configuration in ``text``; ``path`` is how mistakes name the file.

    Raises:
        Wrong: see there.
    """
    try:
        data, lines = load(text.removeprefix("\ufeff"))
    except NotYaml as error:
        raise Wrong(f"{path}:{error.line}: {error}") from None
    data = {} if data is None else data
    if not isinstance(data, dict):
        raise Wrong(f"{path}:1: write keys and values, as in `enabled: true`")
    if mistakes := sorted({(_line(at, lines), cause) for at, cause in _mistakes(data)}):
        raise Wrong("\n".join(f"{path}:{line}: {cause}" for line, cause in mistakes))
    return _config(data)


def _mistakes(data: dict[str, Value]) -> Iterable[tuple[Path, str]]:
    """Each mistake and where it is."""
    wrong = list(_validator().iter_errors(data))
    if wrong:
        yield from (found for error in wrong for found in _told(error))
        return
    names = _names()
    for key in ("select", "ignore"):
        for nth, name in enumerate(_part(data, "rules", key)):
            if name not in names:
                yield ("rules", key, nth), str(unknown(name, names, "transform or phase"))
    paths: Any = data.get("paths") or {}
    for key in ("include", "exclude"):
        for nth, pattern in enumerate(paths.get(key) or ()):
            try:
                Patterns([pattern])
            except ValueError as error:
                yield ("paths", key, nth), str(error)
    if _part(data, "approval") == "dashboard" and _part(data, "dashboard") == "off":
        yield ("approval",), "approval: dashboard needs a dashboard; leave out `dashboard: off`"
    schedule = data.get("schedule")
    if isinstance(schedule, dict):
        for key, cause in unusable(str(schedule["cron"]), str(schedule.get("timezone", "UTC"))):
            yield ("schedule", key), cause


def _told(error: Any) -> Iterable[tuple[Path, str]]:
    """A violation of the schema (a ``ValidationError``) in the words of someone who has not read it."""
    at: Path = tuple(error.absolute_path)
    key = str(at[-1]) if at else "this file"
    if error.validator == "additionalProperties":
        known = error.schema["properties"]
        yield from (((*at, word), str(unknown(word, known, "key"))) for word in error.instance if word not in known)
    elif error.validator == "enum":
        yield at, f"{key}: {unknown(str(error.instance), error.validator_value, 'value')}"
    elif error.validator == "required":
        yield at, f"{key} needs {', '.join(error.validator_value)}"
    elif error.validator == "anyOf":
        yield at, f"{key} is an amount of bytes, written as 5MB, not {error.instance!r}"
    elif error.validator == "type":
        kinds = {"object": "keys and values", "array": "a list", "string": "a text", "boolean": "true or false"}
        yield at, f"{key} is {kinds.get(error.validator_value, 'a number')}, not {error.instance!r}"
    else:
        yield at, f"{key}: {error.message}"


def _line(at: Path, lines: dict[Path, int]) -> int:
    while at not in lines:
        at = at[:-1]
    return lines[at]


def _part(data: Any, *path: str) -> Any:
    """A part of a valid document, or the schema's default for it."""
    at: Any = _schema()
    for key in path:
        at = at["properties"][key]
        data = data.get(key) if isinstance(data, dict) else None
    return at.get("default") if data is None else data


def _config(data: dict[str, Value]) -> Config:
    """The document is valid here."""

    def words(*path: str) -> tuple[str, ...]:
        return tuple(_part(data, *path))

    schedule = data.get("schedule")
    return Config(
        enabled=_part(data, "enabled"),
        include=words("paths", "include"),
        exclude=words("paths", "exclude"),
        level=_part(data, "rules", "level"),
        select=words("rules", "select"),
        ignore=words("rules", "ignore"),
        join_runs=_part(data, "rules", "join-runs"),
        group=_part(data, "group"),
        base_branches=words("base_branches"),
        schedule=Schedule(*(_part(data, "schedule", key) for key in ("cron", "timezone", "hours")))
        if schedule
        else None,
        open_prs=_part(data, "limits", "open_prs"),
        prs_per_hour=_part(data, "limits", "prs_per_hour"),
        files_per_pr=_part(data, "limits", "files_per_pr"),
        draft=_part(data, "pr", "draft"),
        labels=words("pr", "labels"),
        assignees=words("pr", "assignees"),
        reviewers=words("pr", "reviewers"),
        title_prefix=_part(data, "pr", "title_prefix"),
        commits=_part(data, "pr", "commits"),
        rebase=_part(data, "rebase"),
        min_bytes=_amount(_part(data, "min_saving", "bytes")),
        min_percent=float(_part(data, "min_saving", "percent")),
        verify=_part(data, "verify"),
        approval=_part(data, "approval"),
        dashboard=_part(data, "dashboard"),
        ignored_authors=words("ignored_authors"),
    )


def _amount(value: float | str) -> int:
    if not isinstance(value, str):
        return int(value)  # to JSON Schema, 5.0 is an integer
    number = value.strip().rstrip("Bb").rstrip()
    digits = number.rstrip("kKmMgGi").rstrip()
    return int(float(digits) * _UNITS[number[len(digits) :].strip().lower()])


def _names() -> tuple[str, ...]:
    from transforms import pipeline

    return (*PHASES, *(transform.name for transform in pipeline()))


@cache
def _schema() -> Any:
    return json.loads(schema("bot-1"))


@cache
def _validator() -> Any:
    from jsonschema import Draft202012Validator

    return Draft202012Validator(_schema())
