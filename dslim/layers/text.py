"""The report of `dslim layers` for people: a bar for each layer, and the waste by its kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from dslim.layers.waste import COUNTED, KINDS
from dslim.report import size
from dslim.terminal import Printer, one_line

Record = dict[str, Any]

_BAR = 20
_MOST = 8  #: entries of a kind that are told one by one
_WORDS = 100  #: characters of an instruction
NAMES = {
    "deleted": "deleted in a later layer",
    "overwritten": "overwritten in a later layer",
    "metadata": "copied up for owner, mode or time",
    "cache": "package indexes and caches",
    "archive": "archives beside their content",
    "temporary": "temporary files",
    "duplicate": "content that is there twice",
    "large": "largest files",
    "debug": "debug symbols",
    "static": "static libraries",
    "headers": "headers",
    "docs": "documentation",
    "locales": "translations",
}


def show(printer: Printer, record: Record) -> None:
    """Print the report."""
    for line in lines(printer, record):
        printer.line(line)


def lines(printer: Printer, record: Record) -> Iterator[str]:
    total, wasted = record["total_bytes"], record["wasted_bytes"]
    layers = record["layers"]
    yield f"{printer.paint(one_line(record['image']), 'bold')}: {size(total)} in {_count(len(layers), 'layer')}, " + (
        f"{size(wasted)} wasted ({_share(wasted, total)}), efficiency {record['efficiency']:.1%}"
    )
    yield ""
    yield printer.paint(f"  {'layer':>5} {'bytes':>10} {'packed':>10} {'files':>8} {'share':>7}", "dim")
    largest = max((layer["bytes"] for layer in layers), default=0)
    for at, layer in enumerate(layers):
        packed = layer["compressed_bytes"]
        bar = "█" * round(_BAR * layer["bytes"] / largest) if largest else ""
        yield (
            f"  {at:>5} {size(layer['bytes']):>10} {'-' if packed is None else size(packed):>10} {layer['files']:>8,} "
            f"{_share(layer['bytes'], total):>7} {printer.paint(bar.ljust(_BAR), 'cyan')} {_maker(layer)}"
        )
    by_kind: defaultdict[str, list[Record]] = defaultdict(list)
    for one in record["waste"]:
        by_kind[one["kind"]].append(one)
    for counted, title in ((True, "waste"), (False, "worth a look (not counted as waste)")):
        kinds = [kind for kind in KINDS if (kind in COUNTED) == counted and by_kind[kind]]
        if kinds:
            yield ""
            yield printer.paint(title, "bold")
        for kind in kinds:
            yield from _kind(printer, kind, by_kind[kind], layers)


def _kind(printer: Printer, kind: str, found: list[Record], layers: list[Record]) -> Iterator[str]:
    yield f"  {size(sum(one['bytes'] for one in found)):>10}  {NAMES[kind]}"
    for one in found[:_MOST]:
        files = f" ({one['files']:,} files)" if one["files"] > 1 else ""
        yield f"    {size(one['bytes']):>10}  /{one_line(one['path'])}{files}"
        hidden = f", hidden by layer {one['by']}: {_maker(layers[one['by']])}" if one["by"] is not None else ""
        yield " " * 16 + printer.paint(f"layer {one['layer']}: {_maker(layers[one['layer']])}{hidden}", "dim")
        if one["cure"]:
            yield " " * 16 + "cured by " + printer.paint(one["cure"], "green")
        elif one["counted"]:
            yield " " * 16 + printer.paint("no transform cures it", "dim")
    rest = found[_MOST:]
    if rest:
        yield f"    {size(sum(one['bytes'] for one in rest)):>10}  in {_count(len(rest), 'other')}"


def _maker(layer: Record) -> str:
    words = " ".join(layer["instruction"].split())
    if len(words) > _WORDS:
        words = words[:_WORDS] + "…"
    place = f"{layer['file']}:{layer['line']} " if layer["file"] else ""
    return one_line(place + words) or "(the history does not say)"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "0.0%"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"
