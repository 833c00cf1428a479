"""The report of one file as JSON, by `schema/rewrite-1.json`."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rewriter.report import Report, Told

VERSION = 1


def record(path: str, report: Report) -> dict[str, object]:
    """What is said about the file at ``path``, as JSON's values. Offsets count characters of the decoded file."""
    return {
        "version": VERSION,
        "path": path,
        "status": report.status.value,
        "reason": report.reason or None,
        "line": report.line or None,
        "after": report.text if report.changed else None,
        "findings": [_finding(told) for told in report.findings],
        "declined": [{"transform": left.transform, "line": left.line, "why": left.why} for left in report.declined],
        "notes": list(report.notes),
        "crashed": list(report.crashed),
        "unsettled": list(report.unsettled),
    }


def dumped(path: str, report: Report) -> bytes:
    """The record on one line of ASCII, without its newline."""
    return json.dumps(record(path, report)).encode("ascii")


def schema(name: str = "rewrite-1") -> bytes:
    """A published JSON Schema: ``rewrite-1`` of a record and of a list of them, those of the other commands by their names."""
    with open(os.path.join(os.path.dirname(__file__), "schema", f"{name}.json"), "rb") as file:
        return file.read()


def _finding(told: Told) -> dict[str, object]:
    return {
        "transform": told.transform,
        "line": told.line,
        "end_line": told.end_line,
        "title": told.title,
        "safety": told.safety.name.lower(),
        "outcome": told.outcome.value,
        "because": list(told.because),
        "saves": told.saves and {"bytes": told.saves.bytes, "source": told.saves.source},
        "edits": [{"start": edit.span.start, "end": edit.span.end, "text": edit.text} for edit in told.edits],
        "note": told.note,
    }
