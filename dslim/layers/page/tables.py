"""The two tables of the page, as HTML that needs no script: layers with their bars, waste with its cure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from dslim.layers.page.kinds import kind
from dslim.page import line, number, percent, text
from dslim.report import size

if TYPE_CHECKING:
    from dslim.layers.page.facts import Facts, LayerFacts, WasteFacts

LISTED = 1_000  # paths of waste in a table; the JSON has all
MOST = 100  # of them in one row
FIRST = 3  # of them are shown in each row before one asks for more
FOLDED = 12  # rows of waste that are shown before one asks for more
_LONG_PATH = 240  # characters of a path that are shown
_SHORT = 140  # characters of an instruction that are shown before one asks for more


def layers(facts: Facts, wasted: Sequence[int]) -> str:
    """A row for each layer. Its bar begins where the one below ends, so that together they fill the width.

    ``wasted`` are the bytes of each layer that need not be there.
    """
    whole = facts["total_bytes"]
    rows = []
    start = 0
    for at, (layer, lost) in enumerate(zip(facts["layers"], wasted, strict=True)):
        packed = layer["compressed_bytes"]
        rows.append(
            f'<tr role="row" id="layer-{at}"><td role="cell" class="number">{at}</td>'
            f'<th role="rowheader" scope="row" class="what">{_instruction(layer, at)}</th>'
            f'<td role="cell" class="shown">{_bar(start, layer["bytes"], min(lost, layer["bytes"]), whole)}</td>'
            f'<td role="cell" class="right" data-name="Size">{size(layer["bytes"])}</td>'
            f'<td role="cell" class="right" data-name="Share">{percent(layer["bytes"], whole)}</td>'
            f'<td role="cell" class="right" data-name="Compressed">{"–" if packed is None else size(packed)}</td>'
            f'<td role="cell" class="right" data-name="Files">{number(layer["files"])}</td>'
            f'<td role="cell" class="right{" warm" if lost else ""}" data-name="Waste">{size(lost) if lost else "–"}</td></tr>'
        )
        start += layer["bytes"]
    names = ("", "Instruction", "", *(f"{name}" for name in ("Size", "Share", "Compressed", "Files", "Waste")))
    heads = "".join(
        f'<th role="columnheader" scope="col"{" class=right" if at > 2 else ""}>{name or _UNSEEN[at]}</th>'
        for at, name in enumerate(names)
    )
    return (
        f'<div class="card"><table role="table" class="layers" aria-labelledby="layers-title"><thead role="rowgroup">'
        f'<tr role="row">{heads}</tr></thead><tbody role="rowgroup">{"".join(rows)}</tbody></table></div>'
    )


_UNSEEN = {0: '<span class="unseen">Number</span>', 2: '<span class="unseen">Where it lies in the whole</span>'}


class _Group(NamedTuple):
    """Waste of one kind in one layer that one instruction made and one transform cures."""

    kind: str
    layer: int
    instruction: str
    by: int | None
    counted: bool
    cure: str | None


def waste(facts: Facts, counted: bool, title: str) -> str:
    """A row for each kind, layer, and cure, with its largest paths; most bytes first. "" where there is nothing.

    ``counted`` chooses between waste and what is worth a look. ``title`` is the id of the heading above.
    """
    groups: dict[_Group, list[WasteFacts]] = {}
    for entry in sorted(facts["waste"], key=lambda one: (-one["bytes"], one["path"])):
        if entry["counted"] == counted:
            group = _Group(entry["kind"], entry["layer"], entry["instruction"], entry["by"], counted, entry["cure"])
            groups.setdefault(group, []).append(entry)
    if not groups:
        return ""
    sums = {group: sum(one["bytes"] for one in entries) for group, entries in groups.items()}
    largest = max(sums.values())
    left = LISTED
    rows = []
    for group in sorted(groups, key=lambda group: (-sums[group], group.layer)):
        shown = groups[group][: max(min(left, MOST), FIRST)]
        left -= len(shown)
        rows.append(_waste_row(facts, group, groups[group], shown, sums[group], largest))
    heads = "".join(
        f'<th role="columnheader" scope="col"{" class=right" if name == "Bytes" else ""}>{name}</th>'
        for name in ("What", "Bytes", "Paths", "Instruction to blame", "Cure")
    )
    return (
        f'<div class="card"><table role="table" class="waste" aria-labelledby="{title}" data-fold="{FOLDED}">'
        f'<thead role="rowgroup"><tr role="row">{heads}</tr></thead>'
        f'<tbody role="rowgroup">{"".join(rows)}</tbody></table></div>'
    )


def _waste_row(
    facts: Facts, group: _Group, entries: Sequence[WasteFacts], shown: Sequence[WasteFacts], total: int, largest: int
) -> str:
    label = text(kind(group.kind).label)
    cure = f'<span class="chip good">{text(group.cure)}</span>' if group.cure else '<span class="soft">none</span>'
    return (
        f'<tr role="row"><th role="rowheader" scope="row" class="kind">'
        f'<span class="chip{" warm" if group.counted else ""}">{label}</span>{_hider(group.by)}</th>'
        f'<td role="cell" class="right bytes">{size(total)}'
        f"{_bar(0, total, total if group.counted else 0, largest)}</td>"
        f'<td role="cell" class="paths">{_paths(entries, shown)}</td>'
        f'<td role="cell" class="blame">{_long(group.instruction)}{_place(facts, group.layer)}</td>'
        f'<td role="cell" class="cure" data-name="Cure">{cure}</td></tr>'
    )


def _hider(by: int | None) -> str:
    return "" if by is None else f'<span class="where">by <a href="#layer-{by}">layer {by}</a></span>'


def _paths(entries: Sequence[WasteFacts], shown: Sequence[WasteFacts]) -> str:
    first, others = shown[:FIRST], shown[FIRST:]
    hidden = entries[len(shown) :]
    left = f"{number(len(hidden))} smaller, {size(sum(one['bytes'] for one in hidden))}" if hidden else ""
    if not others:
        return _path_list(first) + (f'<p class="soft">and {left}</p>' if left else "")
    rest = entries[FIRST:]
    return (
        f"{_path_list(first)}<details><summary>{number(len(rest))} more, {size(sum(one['bytes'] for one in rest))}</summary>"
        f"{_path_list(others)}{f'<p class=soft>and {left}; --format json has them all</p>' if left else ''}</details>"
    )


def _path_list(entries: Sequence[WasteFacts]) -> str:
    rows = "".join(
        f'<li><a class="mono" href="{_address(one["layer"], one["path"])}">{_path(one["path"])}</a> '
        f'<span class="soft">{size(one["bytes"])}{_meant(one["files"])}</span></li>'
        for one in entries
    )
    return f"<ul>{rows}</ul>"


def _meant(files: int) -> str:
    return f", {number(files)} files" if files > 1 else ""


def _instruction(layer: LayerFacts, at: int) -> str:
    place = ""
    if layer["file"]:
        line_number = f":{layer['line']}" if layer["line"] else ""
        place = f'{text(line(layer["file"]))}{line_number} <span class="screen-only">· </span>'
    link = f'<a class="screen-only" href="#/{at}">show in the map</a>'
    return f'{_long(layer["instruction"])}<span class="where">{place}{link}</span>'


def _place(facts: Facts, at: int) -> str:
    """The layer that holds the waste, with its line in the Dockerfile where that is known."""
    layer = facts["layers"][at]
    line_number = f", line {layer['line']}" if layer["line"] else ""
    return f'<span class="where"><a href="#layer-{at}">layer {at}{line_number}</a></span>'


def _long(instruction: str) -> str:
    """An instruction; what is long is opened on demand."""
    shown = instruction.strip() or "(the history does not say)"
    short = line(" ".join(shown.split()))
    if len(short) <= _SHORT:
        return f"<code>{text(short)}</code>"
    return (
        f'<details class="long"><summary><code>{text(short[:_SHORT])}…</code></summary>'
        f"<pre>{text(shown)}</pre></details>"
    )


def _path(path: str) -> str:
    """A path as one types it, which may wrap at its slashes; of a very long one, its two ends."""
    shown = line("/" + path.lstrip("/"), widest=10**6)
    if len(shown) > _LONG_PATH:
        shown = f"{shown[: _LONG_PATH // 2]}…{shown[-_LONG_PATH // 2 :]}"
    return text(shown).replace("/", "/<wbr>")


def _address(layer: int, path: str) -> str:
    """The fragment under which the map finds the path; it can be nothing but a fragment."""
    return text(f"#/{layer}/{quote(line(path.strip('/')))}")


def _bar(start: int, length: int, lost: int, whole: int) -> str:
    """A bar of ``length`` of ``whole`` bytes that begins at ``start``; the ``lost`` bytes stand at its end."""
    if not whole:
        return ""
    begin, wide = 100 * start / whole, max(100 * length / whole, 0.4 if length else 0)
    bad = wide * lost / length if length else 0
    return (
        '<svg class="bar" aria-hidden="true" focusable="false"><rect class="back" width="100%" height="100%"/>'
        f'<rect class="kept" x="{begin:.2f}%" width="{wide - bad:.2f}%" height="100%"/>'
        f'<rect class="lost" x="{begin + wide - bad:.2f}%" width="{bad:.2f}%" height="100%"/></svg>'
    )
