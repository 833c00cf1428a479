"""What is known, and asked, while it is worked out what a program needs."""

from __future__ import annotations

from rewriter.model.go_build import Built
from rewriter.model.go_program import Program
from rewriter.model.go_stage import GoStage
from rewriter.model.go_traces import Traces


class Asked:
    """What is known and asked while the answer is found."""

    def __init__(self, stage: GoStage, built: list[Built], traces: Traces, program: Program | None) -> None:
        self.stage = stage
        self.built = built
        self.traces = traces
        self.program = program
        self.tests_use_cgo = False
        self.because: list[str] = []
        self.questions: list[str] = []
