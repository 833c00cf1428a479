"""What is known about one split, handed from the reading (go_split) to the writing (split_final)."""

from __future__ import annotations

from typing import NamedTuple

from rewriter.model.go_access import Access
from rewriter.model.go_needs import Needs
from rewriter.model.go_traces import GoTraces
from rewriter.model.split_stage import Shipped
from rewriter.model.split_start import Start


class Plan(NamedTuple):
    """All that is known about one split.

    ``at`` is the index, among the steps, of the first one of the final stage. ``programs`` are the paths of what go built,
    what the image starts first. ``carried`` are further places that go along, of which ``files`` are known to be files;
    ``folders`` are the commands that make folders again. ``access`` is what the program asks for, None while it is not seen.
    ``behind`` is a script that starts the programs and is not seen, or "".
    """

    stage: Shipped
    at: int
    start: Start
    programs: list[str]
    carried: list[str]
    files: frozenset[str]
    folders: list[str]
    traces: GoTraces
    needs: Needs
    access: Access | None
    behind: str = ""
