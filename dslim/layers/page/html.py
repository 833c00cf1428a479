"""The page of `dslim layers`: what is said at its top, the map, the tables, and the data that the map is drawn from."""

from __future__ import annotations

import functools
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from dslim.layers.page import tables
from dslim.layers.page.kinds import kind
from dslim.layers.page.tree import Mark, columns, grown
from dslim.page import document, line, number, percent, text
from dslim.page.document import asset
from dslim.report import size

if TYPE_CHECKING:
    from dslim.images.image import Image
    from dslim.layers.page.facts import Facts

_HERE = os.path.dirname(__file__)
#: In this order: each file uses what those before it define.
_SCRIPTS = ("words", "squarify", "tree", "map", "panel", "main")
_TITLE = 300  # characters of an instruction in the map and its way up


def render(image: Image, record: dict[str, object]) -> str:
    """The report of an image as one HTML page, to be written in UTF-8. It asks no network for anything.

    ``record`` is the JSON of `dslim layers`; ``image`` is the image that it tells of, from which the map takes the files.
    The page has at most about 3 MB: what is smallest is counted in its directory and has no name of its own then.
    """
    facts = cast("Facts", record)
    reasons: dict[tuple[str, bool, int | None, str | None], int] = {}
    marks: list[list[Mark]] = [[] for _ in image.layers]
    for entry in facts["waste"]:
        reason = (entry["kind"], entry["counted"], entry["by"], entry["cure"])
        at = reasons.setdefault(reason, len(reasons))
        marks[entry["layer"]].append(Mark(entry["path"], entry["bytes"], at, entry["counted"]))
    trees = [grown(layer.entries, layer.bytes, said) for layer, said in zip(image.layers, marks, strict=True)]
    data = {
        "image": line(facts["image"]),
        "layers": [
            {
                "instruction": line(" ".join(layer["instruction"].split()), _TITLE) or "(the history does not say)",
                "where": _where(layer["file"], layer["line"]),
            }
            for layer in facts["layers"]
        ],
        "reasons": [
            {"label": line(kind(name).label), "counted": counted, "by": by, "cure": cure and line(cure)}
            for name, counted, by, cure in reasons
        ],
        "tree": columns(trees),
    }
    body = _BODY.format(
        name=text(line(facts["image"])).replace("/", "/<wbr>").replace(":", ":<wbr>"),
        platform=text(line(f"{image.os}/{image.architecture}")),
        figures=_figures(facts),
        said=_said(facts),
        layers=tables.layers(facts, [tree.wasted for tree in trees]),
        waste=_waste(facts),
        hints=_hints(facts),
        terms=_terms(facts),
    )
    style = asset(os.path.join(_HERE, "page.css"))
    return document(f"{facts['image']} · dslim layers", body, style=style, script=_script(), data=data)


@functools.cache
def _script() -> str:
    parts = "\n".join(asset(os.path.join(_HERE, "script", f"{name}.js")) for name in _SCRIPTS)
    return f'(() => {{\n"use strict";\n{parts}}})();\n'


def _where(file: str | None, number_of_line: int | None) -> str:
    if not file:
        return ""
    return line(file) + (f":{number_of_line}" if number_of_line else "")


def _figures(facts: Facts) -> str:
    packed = [layer["compressed_bytes"] for layer in facts["layers"]]
    known = [one for one in packed if one is not None]
    wasted, whole = facts["wasted_bytes"], facts["total_bytes"]
    figures = [("Size", size(whole), "uncompressed")]
    if known and len(known) == len(packed):
        figures.append(("To pull", size(sum(known)), "compressed"))
    figures += [
        ("Layers", number(len(packed)), f"{number(sum(layer['files'] for layer in facts['layers']))} files"),
        ("Wasted", size(wasted), percent(wasted, whole)),
        ("Efficiency", f"{100 * facts['efficiency']:.1f} %", "as dive counts it"),
    ]
    return "".join(
        f'<div class="card"><dt>{name}</dt><dd{_tone(name, wasted)}>{value} <small>{beside}</small></dd></div>'
        for name, value, beside in figures
    )


def _tone(name: str, wasted: int) -> str:
    return ' class="warm"' if name == "Wasted" and wasted else ""


def _said(facts: Facts) -> str:
    """The two sentences that a reader in a hurry needs."""
    layers = facts["layers"]
    if not layers:
        return "The image has no layers."
    said = []
    at = max(range(len(layers)), key=lambda one: layers[one]["bytes"])
    said.append(
        f"Layer {at} is the largest: {size(layers[at]['bytes'])}, {percent(layers[at]['bytes'], facts['total_bytes'])} "
        f"of the image, from <code>{text(_first_words(layers[at]['instruction']))}</code>."
    )
    cures = sorted({one["cure"] for one in facts["waste"] if one["cure"]})
    if cures:
        names = _joined([f"<code>{text(cure)}</code>" for cure in cures])
        said.append(f"<code>dslim rewrite</code> cures some of the waste: {names}.")
    return " ".join(said)


def _waste(facts: Facts) -> str:
    table = tables.waste(facts, True, "waste-title")
    if not table:
        return '<p class="soft">None was found.</p>'
    if not any(one["cure"] for one in facts["waste"]):
        return table
    return (
        f'{table}<p class="soft after">A transform in the last column cures what it names: <code>dslim explain NAME</code> '
        "says how, <code>dslim rewrite</code> does it.</p>"
    )


def _hints(facts: Facts) -> str:
    table = tables.waste(facts, False, "hints-title")
    if not table:
        return ""
    return (
        '<section aria-labelledby="hints-title"><h2 id="hints-title">Worth a look</h2>'
        '<p class="soft">Not counted as waste: the program may need it, or may not.</p>'
        f"{table}</section>\n"
    )


def _first_words(instruction: str) -> str:
    words = line(" ".join(instruction.split())) or "(the history does not say)"
    return words if len(words) <= 80 else f"{words[:80].rstrip()}…"


def _joined(words: Sequence[str]) -> str:
    return ", ".join(words[:-1]) + (" and " if len(words) > 1 else "") + words[-1]


def _terms(facts: Facts) -> str:
    """What the kinds of waste that occur mean."""
    names = sorted({one["kind"] for one in facts["waste"]})
    return "".join(
        f"<dt>{text(kind(name).label)}</dt><dd>{text(kind(name).meaning)}</dd>" for name in names if kind(name).meaning
    )


_BODY = """<header>
<p class="kicker">dslim layers</p>
<h1>{name}</h1>
<p class="soft">{platform}</p>
<dl class="figures">{figures}</dl>
<p class="said">{said}</p>
</header>
<main>
<p id="no-map" class="soft">The map of the image needs JavaScript; the tables below do not.</p>
<section id="map" aria-labelledby="map-title" hidden>
<h2 id="map-title">Where the bytes are</h2>
<p class="soft screen-only">Each box is as large as what it holds. Open one to see what lies in it.</p>
<div class="tools screen-only">
<div class="find"><label class="unseen" for="search">Search paths</label>
<input type="search" id="search" placeholder="Search paths" autocomplete="off" spellcheck="false">
<span id="found" role="status"></span></div>
<label class="switch"><input type="checkbox" id="only-waste"> Show only waste</label>
</div>
<nav aria-label="Way from the image to what is shown"><ol id="way"></ol></nav>
<div class="split">
<figure id="treemap" class="card" role="group" tabindex="-1" aria-label="Map" aria-describedby="keys">
<div id="sheet"></div><p id="empty" hidden>Nothing here has a size.</p></figure>
<div id="facts" class="facts card"></div>
<div class="side card"><h3 id="list-title"></h3><p id="list-note" class="soft"></p>
<ul id="list" aria-labelledby="list-title"></ul></div>
</div>
<p class="legend"><span><i class="key kept"></i>content, a hue for each layer</span>
<span><i class="key waste"></i>waste</span><span><i class="key some"></i>some of it is waste</span>
<span id="keys" class="screen-only">Keyboard: arrows move, Enter opens, Escape goes up, / searches.</span></p>
<p id="status" class="unseen" role="status"></p>
</section>
<section aria-labelledby="layers-title">
<h2 id="layers-title">Layers, from the bottom</h2>
{layers}
</section>
<section aria-labelledby="waste-title">
<h2 id="waste-title">Waste</h2>
{waste}
</section>
{hints}<section aria-labelledby="terms-title">
<h2 id="terms-title">How to read this</h2>
<dl class="terms">
<dt>Size</dt><dd>Bytes before compression, as <code>docker history</code> counts them; 1 MB is 1,000,000 bytes. A layer never
gives bytes back: what a later one deletes or writes again still ships.</dd>
<dt>Wasted</dt><dd>Bytes of the files that are marked in the map, each counted once: what later layers hide, and what nobody
would miss.</dd>
<dt>Efficiency</dt><dd>As <a href="https://github.com/wagoodman/dive" rel="noreferrer">dive</a> counts it, so that the two can
be compared: the smallest size that each path has in any layer, divided by all sizes that it has. A deleted file has the smallest
size 0. It knows nothing of caches, archives and duplicates.</dd>
{terms}
</dl>
</section>
</main>
"""
