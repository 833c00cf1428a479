"""Edits as values that leave their process."""

from __future__ import annotations

import pickle

from rewriter.text import Edit, Span


def test_edits_go_from_one_process_to_another() -> None:
    edit = Edit(Span(1, 2), "x")
    assert pickle.loads(pickle.dumps(edit)) == edit
