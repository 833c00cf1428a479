"""Calls the command line in this process."""

from __future__ import annotations

import io
import sys
from typing import NamedTuple

import pytest

from dslim import cli


class Called(NamedTuple):
    code: int
    out: str
    err: str


def call(*words: str, stdin: bytes = b"") -> Called:
    """What ``dslim WORDS`` prints, and its exit code."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "argv", ["dslim", *words])
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        patch.setattr(sys, "stdout", out)
        patch.setattr(sys, "stderr", err)
        patch.delenv("FORCE_COLOR", raising=False)
        with pytest.raises(SystemExit) as left:
            cli.main()
    return Called(int(left.value.code or 0), _written(out), _written(err))


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()
