"""Writing to a person's terminal: colour when it is one, and nothing of a file's content that could drive it."""

from __future__ import annotations

import os
import re
from typing import TextIO

# C0 but tab and newline, DEL, C1, marks that reorder text, separators that break lines, half characters.
_ACTIVE = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
_STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
WIDEST = 2_000  # characters of one line that a person is shown


def inert(text: str) -> str:
    """``text`` with every character that a terminal would act upon, or that hides others, written as an escape."""
    return re.sub(_ACTIVE, _escape, text)


def one_line(text: str) -> str:
    """``text`` made inert, on one line, cut when it is longer than a person reads."""
    shown = inert(text if len(text) <= WIDEST else f"{text[:WIDEST]}… ({len(text):,} characters)")
    return shown.replace("\n", "\\n")


def _escape(found: re.Match[str]) -> str:
    code = ord(found.group())
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def coloured(stream: TextIO) -> bool:
    """True when ``stream`` is a terminal that shows colours and the user has not refused them (``NO_COLOR``)."""
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


class Printer:
    """Writes to one stream; what it is given as text for people is expected to be inert already."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._colour = coloured(stream)

    def paint(self, text: str, *styles: str) -> str:
        """``text`` in ``styles`` when the stream shows colours, else unchanged."""
        if not (self._colour and text and styles):
            return text
        return f"\x1b[{';'.join(_STYLES[style] for style in styles)}m{text}\x1b[0m"

    def text(self, text: str) -> None:
        """Write text, and what the stream's encoding cannot say as escapes."""
        encoding = self._stream.encoding or "utf-8"
        self.data(text.encode(encoding, "backslashreplace"))

    def line(self, text: str) -> None:
        """Write text and a newline."""
        self.text(text + "\n")

    def data(self, data: bytes) -> None:
        """Write bytes as they are, at once."""
        self._stream.flush()
        self._stream.buffer.write(data)
        self._stream.buffer.flush()
