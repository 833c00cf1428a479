"""The files around an image that may start containers of it: compose files, manifests, Makefiles, CI."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from rewriter import posixpath
from rewriter.glob import matches
from rewriter.knowledge import languages
from rewriter.model import compose
from rewriter.model.split_page import Page
from rewriter.rule import Ask

_KEY: Final = re.compile(r"\s*(?:command|entrypoint|test)\s*:\s*(.+)")


def around(seen: tuple[str, ...], ask: Ask) -> Iterator[tuple[str, str]]:
    """The files that may start containers, with their texts; those that ``.dockerignore`` leaves out as well."""
    patterns = languages.listed("every", "callers")
    for path in seen:
        if any(matches(posixpath.basename(path), one) for one in patterns):
            yield path, ask.context(path) or ""
    yield from ((path, text) for path, _, text in ask.beside())


def questions(ask: Ask, page: Page) -> list[str]:
    """What a person must confirm: a compose file that calls what builds in a container of this image."""
    seen = ask.files()
    if seen is None:
        return []
    for path, text in around(seen, ask):
        for line in text.split("\n") if compose.composed(path) else ():
            key = _KEY.match(line)
            words = key[1].strip("[]").replace('"', " ").replace("'", " ").replace(",", " ").split() if key else []
            if words and page.builds(words):
                return [
                    f"does {path} call `{' '.join(words[:3])}` in a container of this image? What builds is not in it"
                ]
    return []
