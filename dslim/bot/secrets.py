"""Where tokens come from (the environment, or a file that it names), and how they stay out of everything we print."""

from __future__ import annotations

import os
import re

from dslim.files import Trouble, read

_SHAPES = re.compile(
    r"gh[a-z]_[A-Za-z0-9]{16,}|github_pat_\w{20,}|glpat-[\w-]{16,}|eyJ[\w-]+\.[\w-]+\.[\w-]+|(?<=://)[^\s\"'<>]{1,300}(?=@)"
    r"|(?i:(?<=authorization: )|(?<=bearer )|(?<=token ))[\w.~+/=-]{12,}"
)
_known: set[str] = set()


class NoSecret(ValueError):
    """There is none where it should be; the message says where that is."""


def secret(*names: str) -> str:
    """The first of these variables of the environment that is set; ``NAME_FILE`` names a file that holds it.

    Raises:
        NoSecret: none is, or the file cannot be read.
    """
    for name in names:
        if found := os.environ.get(name, "").strip():
            return keep(found)
        if path := os.environ.get(name + "_FILE", "").strip():
            data = read(path, 64 * 1024)
            if isinstance(data, Trouble):
                raise NoSecret(f"{name}_FILE: {path}: {data.cause}")
            return keep(data.decode("utf-8", "replace").strip())
    raise NoSecret(f"set {' or '.join(names)} (or {names[0]}_FILE to the path of a file that holds it)")


def keep(value: str) -> str:
    """``value``, which :func:`redacted` will not let through from now on."""
    _known.update(line for line in value.splitlines() if len(line) >= 8)
    return value


def redacted(text: str) -> str:
    """``text`` without our secrets, and without what looks like one."""
    for value in sorted(_known, key=len, reverse=True):
        text = text.replace(value, "[secret]")
    return _SHAPES.sub("[secret]", text)
