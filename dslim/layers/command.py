"""`dslim layers`: the words of the command line become images, and images become a report and an exit code."""

from __future__ import annotations

import json
import os
import re
import sys
from typing import Any, NamedTuple

from dslim.asked import Usage
from dslim.files import Trouble, read
from dslim.images.image import Image
from dslim.images.source import STDIN, is_layout, open_image
from dslim.images.streams import Peeked, compression
from dslim.images.tar import is_tar
from dslim.images.trouble import ImageTrouble
from dslim.layers.blame import Written
from dslim.report import trouble
from dslim.terminal import Printer, one_line

FINE, FOUND, FAILED = 0, 1, 2
_LIMIT = re.compile(r"(\d+(?:\.\d+)?) ?(%|[kmg]?b?)", re.IGNORECASE)
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}


class Words(NamedTuple):
    """The words as they were given."""

    images: tuple[str, ...]
    compare: bool = False
    format: str = "text"
    dockerfile: str = ""
    fail_above: str = ""
    top: int = 10
    context: str = ""
    network: str = ""
    build_args: tuple[str, ...] = ()
    target: str = ""
    seconds: float = 1800
    compressed: bool = False


class Limit(NamedTuple):
    """How much waste is too much: bytes, or percent of the image."""

    value: float
    percent: bool

    def passed(self, record: dict[str, Any]) -> bool:
        """True when the image has more waste than that."""
        wasted, total = record["wasted_bytes"], record["total_bytes"]
        return bool(wasted * 100 > self.value * total) if self.percent else bool(wasted > self.value)


def layers(words: Words) -> int:
    """Do it, print it, and return the exit code: 0 fine, 1 more waste than --fail-above allows, 2 trouble.

    Raises:
        Usage: before anything is done.
    """
    _check(words)
    limit = fail_above(words.fail_above) if words.fail_above else None
    try:
        opened = [_open(words, name) for name in words.images]
        if words.compare:
            return _compare(words, opened[0][0], opened[1][0])
        return _report(words, *opened[0], limit)
    except ImageTrouble as error:
        Printer(sys.stderr).line(one_line(str(error)))
        return FAILED


def fail_above(text: str) -> Limit:
    """The limit that a word means: ``10MB``, ``500k``, ``5%``.

    Raises:
        Usage: it means none.
    """
    found = _LIMIT.fullmatch(text.strip())
    if found is None:
        raise Usage(f"{text!r} is neither a number of bytes (500kB, 10MB) nor a share (5%)", "--fail-above")
    unit = found[2].lower()
    return Limit(float(found[1]), True) if unit == "%" else Limit(float(found[1]) * _UNITS[unit.rstrip("b")], False)


def _check(words: Words) -> None:
    if len(words.images) != 1 + words.compare:
        expected = "two images" if words.compare else "one image"
        raise Usage(f"{expected} expected, {len(words.images)} given", "IMAGE")
    if words.compare and words.fail_above:
        raise Usage("a comparison has no waste to measure", "--fail-above")
    if words.compare and words.format == "html":
        raise Usage("a comparison is printed as text or json", "--format")
    if words.images.count(STDIN) > 1:
        raise Usage("standard input can be read once", "IMAGE")
    if words.dockerfile and not os.path.isfile(words.dockerfile):
        raise Usage(f"{words.dockerfile!r} is not a file", "--dockerfile")
    if words.context and not os.path.isdir(words.context):
        raise Usage(f"{words.context!r} is not a folder", "--context")


def _open(words: Words, name: str) -> tuple[Image, Written | None]:
    path = _dockerfile(name)
    if path:
        written = _written(path, words.target)
        return _built(words, written)._replace(name=path), written
    return open_image(name, compress=words.compressed), _written(
        words.dockerfile, words.target
    ) if words.dockerfile else None


def _dockerfile(name: str) -> str:
    """The path of the Dockerfile that the word names, "" when it names something else: an image, an archive, a layout."""
    if name == STDIN:
        return ""
    if os.path.isdir(name) and not is_layout(name):
        path = os.path.join(name, "Dockerfile")
        return path if os.path.isfile(path) else ""
    if not os.path.isfile(name):
        return ""
    try:
        with open(name, "rb") as file:
            head = Peeked(file).head
    except OSError as error:
        raise ImageTrouble(name, error.strerror or str(error), "make it readable") from None
    if is_tar(head) or compression(head) or not head or b"\0" in head:
        return ""
    return name


def _written(path: str, target: str) -> Written:
    data = read(path)
    if isinstance(data, Trouble):
        raise ImageTrouble(path, data.cause, "give a Dockerfile that can be read")
    return Written(path, data.decode("utf-8", "surrogateescape"), target)


def _built(words: Words, written: Written) -> Image:
    """The image that the Dockerfile gives, built with the engine's cache and removed again."""
    from dslim.verify.build import Settings, Workshop
    from dslim.verify.command import stoppable

    settings = Settings(
        context=words.context or os.path.dirname(written.path) or os.curdir,
        dockerfile=written.path,
        network=words.network,
        build_args=words.build_args,
        target=words.target,
        seconds=words.seconds,
        cache=True,
    )
    with stoppable(), Workshop(settings) as workshop:
        failure = workshop.silence()
        if failure is None:
            built = workshop.build(written.text.encode("utf-8", "surrogateescape"), "layers")
            failure = built.failure
        if failure is not None:
            raise ImageTrouble(written.path, failure.cause, failure.do or "see whether `docker build` builds it")
        return open_image(built.tag, workshop.engine, words.compressed)


def _report(words: Words, image: Image, written: Written | None, limit: Limit | None) -> int:
    from dslim.layers.analysis import analyse

    analysis = analyse(image, written, words.top)
    record = analysis.record
    out = Printer(sys.stdout)
    if words.format == "json":
        out.text(json.dumps(record) + "\n")
    elif words.format == "html":
        from dslim.layers.page.html import render

        out.data(render(image, record).encode("utf-8", "backslashreplace"))
    else:
        from dslim.layers.text import show

        show(out, record)
    err = Printer(sys.stderr)
    if analysis.note:
        err.line(one_line(analysis.note))
    if limit is None or not limit.passed(record):
        return FINE
    err.line(trouble(image.name, 0, f"{record['wasted_bytes']:,} bytes are wasted, more than {words.fail_above}"))
    return FOUND


def _compare(words: Words, before: Image, after: Image) -> int:
    from dslim.layers.compare import compared, show

    record = compared(before, after)
    out = Printer(sys.stdout)
    if words.format == "json":
        out.text(json.dumps(record) + "\n")
    else:
        show(out, record)
    return FINE
