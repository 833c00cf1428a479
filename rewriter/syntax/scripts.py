"""The scripts of one file and its later states."""

from __future__ import annotations

from rewriter.syntax.pipelines import Pipelines
from rewriter.syntax.script import Opaque, Script
from rewriter.syntax.shell import reread


class Scripts:
    """Reads scripts, each once, and what is alike in them once."""

    def __init__(self) -> None:
        self._read: dict[str, Script | Opaque] = {}
        self._pipelines = Pipelines()

    def read(self, text: str) -> Script | Opaque:
        """The script that ``text`` is, as ``read_shell`` reads it."""
        found = self._read.get(text)
        if found is None:
            found = self._read[text] = reread(text, self._pipelines)
        return found
