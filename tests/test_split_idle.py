"""Images that start nothing of their own, of which splits say nothing."""

from __future__ import annotations

import pytest

from rewriter.model.file import File
from rewriter.model.run import Memory
from rewriter.model.split_idle import starts_nothing
from rewriter.syntax.dockerfile import read


@pytest.mark.parametrize(
    ("text", "idle"),
    [
        ("FROM a\nRUN make\n", True),
        ('FROM a\nCMD ["bash"]\n', True),
        ("FROM a\nCMD /bin/sh -l\n", True),
        ('FROM a\nENTRYPOINT ["/bin/bash", "-c"]\n', True),
        ('FROM a\nENTRYPOINT []\nCMD ["zsh", "-i"]\n', True),
        ("FROM a\nENTRYPOINT []\n", True),
        ('FROM a AS b\nCMD ["app"]\nFROM c\nRUN make\n', True),
        ("FROM a:onbuild\nRUN make\n", False),
        ('FROM a AS b\nCMD ["app"]\nFROM b\nRUN make\n', False),
        ('FROM a\nENTRYPOINT ["/bin/bash"]\nCMD ["-c", "app"]\n', False),
        ('FROM a\nENTRYPOINT ["bash", "/start.sh"]\n', False),
        ("FROM a\nCMD bash -c app\n", False),
        ('FROM a\nENTRYPOINT ["/init"]\nCMD ["bash"]\n', False),
        ('FROM a\nCMD ["bash"]\nCMD ["app"]\n', False),
    ],
)
def test_what_starts_nothing(text: str, idle: bool) -> None:
    assert starts_nothing(File(read(text), Memory())) is idle
