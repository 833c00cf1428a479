"""Savings that were measured: what `dslim layers --format json` found in a built image, told at the findings that cure it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rewriter.report import Report, Status, Told
from rewriter.rule import Saving
from rewriter.text import LineIndex


class Broken(ValueError):
    """A file that is no report of `dslim layers`; the message says why, on one line."""


class Measurement(NamedTuple):
    """One waste of an image: its transform, bytes, and the lines (with the instructions' texts) that it is blamed on."""

    image: str
    transform: str
    bytes: int
    blamed: tuple[tuple[str, int, str], ...]


class Measured:
    """What was measured of one image."""

    def __init__(self, measurements: Iterable[Measurement]) -> None:
        self._measurements = tuple(measurements)

    def taught(self, path: str, report: Report) -> Report:
        """The report with the savings that were measured of the file at ``path``.

        A finding saves the bytes of the waste that its transform cures and that its lines are blamed for. A waste is
        told once. Nothing is told of an instruction that is another one by now.
        """
        if report.status is Status.UNREADABLE:
            return report
        texts = dict(_instructions(report.before))
        mine = [one for one in self._measurements if self._concerns(one, path, texts)]
        if not mine:
            return report
        findings = []
        for told in report.findings:
            cured = [one for one in mine if _cures(told, one, texts)]
            mine = [one for one in mine if one not in cured]
            findings.append(_saving(told, cured) if cured else told)
        return report._replace(findings=tuple(findings))

    def _concerns(self, one: Measurement, path: str, texts: dict[int, tuple[int, str]]) -> bool:
        return all(
            os.path.realpath(file) == os.path.realpath(path) and texts.get(line, (0, ""))[1] == _squeezed(text)
            for file, line, text in one.blamed
        )


def load(path: str) -> Measured:
    """What a file holds that `dslim layers --format json` wrote.

    Raises:
        Broken: it cannot be read, or is something else.
    """
    try:
        with open(path, encoding="utf-8") as file:
            record = json.load(file)
    except OSError as error:
        raise Broken(f"{path}: {error.strerror or error}") from None
    except ValueError as error:
        raise Broken(f"{path}: no JSON ({error}); give what `dslim layers --format json` prints") from None
    try:
        if record["version"] != 1:
            raise Broken(f"{path}: version {record['version']} of the report is not known; measure again")
        found = list(_measurements(record))
    except (KeyError, TypeError, IndexError, AttributeError):
        raise Broken(f"{path}: no report of an image; give what `dslim layers --format json` prints") from None
    if not any(layer["file"] for layer in record["layers"]):
        raise Broken(f"{path}: it names no lines; measure with `dslim layers IMAGE --dockerfile FILE --format json`")
    return Measured(found)


def _measurements(record: dict[str, object]) -> Iterator[Measurement]:
    layers, waste = record["layers"], record["waste"]
    assert isinstance(layers, list) and isinstance(waste, list), "as the schema says"
    for one in waste:
        places = [layers[at] for at in (one["layer"], one["by"]) if at is not None]
        blamed = tuple((place["file"], place["line"], place["instruction"]) for place in places if place["file"])
        if one["cure"] and one["counted"] and blamed:
            yield Measurement(str(record["image"]), one["cure"], int(one["bytes"]), blamed)


def _cures(told: Told, one: Measurement, texts: dict[int, tuple[int, str]]) -> bool:
    return told.transform == one.transform and any(
        line <= told.end_line and told.line <= texts[line][0] for _, line, _ in one.blamed
    )


def _saving(told: Told, cured: list[Measurement]) -> Told:
    return told._replace(saves=Saving(sum(one.bytes for one in cured), f"measured in {cured[0].image}"))


def _instructions(text: str) -> Iterator[tuple[int, tuple[int, str]]]:
    """The first line of each instruction, with its last line and its text as the history of an image would have it."""
    from rewriter.model.file import File
    from rewriter.syntax.dockerfile import Unreadable, read

    try:
        file = File(read(text))
    except Unreadable:
        return
    lines = LineIndex(text)
    for stage in file.stages:
        for step in stage.steps:
            run = file.run_at.get(step.index)
            body = step.instruction.body.text if run is None else run.visible.text
            if run is not None and run.form == "exec":
                body = "".join(run.instruction.args or ())
            last = lines.line(max(step.span.start, step.span.end - 1))
            yield lines.line(step.span.start), (last, _squeezed(step.name + body))


def _squeezed(text: str) -> str:
    return "".join(text.split())
