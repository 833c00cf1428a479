"""The outcome as one self-contained page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dslim.page import document, line, text
from dslim.verify.report import changed, sizes
from dslim.verify.verdict import CODES, Verified

_MOST = 2_000  #: rows of a table
_STYLE = """
.verdict { font-size: 1.4rem; font-weight: 650; margin: .5rem 0 1rem; }
main ul { padding-left: 1.25rem; }
.wide { overflow-x: auto; }
td { overflow-wrap: anywhere; }
td:first-child { white-space: nowrap; }
section > ul { margin-top: .5rem; }
"""
_CLASSES = ("good", "warm", "warm")


def render(verified: Verified, name: str) -> str:
    """The page's text, to be written in UTF-8. Everything that a stranger wrote is shown as text."""
    parts = [
        f"<main><h1>{text(line(name))}</h1>",
        f'<p class="verdict {_CLASSES[CODES[verified.verdict]]}">{text(verified.verdict)}</p>',
        _listed(verified.because),
    ]
    if verified.before.built and verified.after.built:
        seconds = f"built in {verified.before.seconds:.0f} s before, {verified.after.seconds:.0f} s after"
        totals = [row for row in sizes(verified.before, verified.after) if not row.startswith("  ")]
        parts.append(f"<section><h2>Sizes</h2>{_listed([*totals, seconds])}</section>")
        rows = [(mark, f"{one.bytes:,}", one.instruction) for mark, one in changed(verified.before, verified.after)]
        parts.append(_table("Layers that are not in both", ("change", "bytes", "instruction"), rows))
    parts += [
        _table(
            "Program",
            ("result", "check", "what was found"),
            [("ok" if one.ok else "LOST", one.check, one.detail) for one in verified.program],
        ),
        _table(
            "Configuration",
            ("key", "before", "after"),
            [(key, repr(old), repr(new)) for key, (old, new) in verified.config.items()],
        ),
        _table(
            "Differences",
            ("kind", "path", "what"),
            [(one.kind, "/" + one.path, one.what) for one in verified.differences],
        ),
        _table("Explained", ("class", "paths"), [(name, str(count)) for name, count in verified.explained.items()]),
        _listed(verified.notes),
        "</main>",
    ]
    return document(f"{verified.verdict}: {line(name)}", "\n".join(part for part in parts if part), style=_STYLE)


def _listed(rows: Iterable[str]) -> str:
    items = "".join(f"<li>{text(line(row))}</li>" for row in rows)
    return f"<ul>{items}</ul>" if items else ""


def _table(title: str, heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    if not rows:
        return ""
    more = f"<p>{len(rows) - _MOST:,} more are left out; the JSON has all.</p>" if len(rows) > _MOST else ""
    head = "".join(f'<th scope="col">{text(one)}</th>' for one in heads)
    body = "".join(f"<tr>{''.join(f'<td>{text(line(cell))}</td>' for cell in row)}</tr>" for row in rows[:_MOST])
    table = (
        f'<div class="wide card" tabindex="0"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )
    return f"<section><h2>{text(title)} ({len(rows):,})</h2>{table}{more}</section>"
