"""What is known, and asked, while it is worked out what a program needs."""

from __future__ import annotations

from rewriter.model.go_build import Built
from rewriter.model.go_program import Program
from rewriter.model.go_traces import GoTraces
from rewriter.model.split_stage import Shipped


class Asked:
    """What is known and asked while the answer is found."""

    def __init__(self, stage: Shipped, built: list[Built], traces: GoTraces, program: Program | None) -> None:
        self.stage = stage
        self.built = built
        self.traces = traces
        self.program = program
        self.tests_use_cgo = False
        self.because: list[str] = []
        self.questions: list[str] = []
        #: packages of what may be linked, where the final stage is on the image of the builder
        self.libraries: list[str] = []
