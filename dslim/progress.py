"""A line on a terminal that says how far a long run has come. Short runs, pipes and logs never see it."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

PATIENCE = 1.5  # seconds without a word


class Progress:
    """Counts files. Shows itself on standard error when ``wanted`` and the run takes longer than :data:`PATIENCE`."""

    def __init__(self, wanted: bool) -> None:
        self._wanted = wanted
        self._begun = time.monotonic()
        self._count = 0
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def tick(self) -> None:
        """One more file is done."""
        self._count += 1
        if not self._wanted:
            return
        if self._bar is None and time.monotonic() - self._begun > PATIENCE:
            self._bar = self._started()
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, completed=self._count)

    def _started(self) -> Bar:
        from rich.console import Console
        from rich.progress import Progress as Bar
        from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn

        columns = (SpinnerColumn(), TextColumn("{task.completed:,.0f} files"), TimeElapsedColumn())
        bar = Bar(*columns, console=Console(stderr=True), transient=True)
        self._task = bar.add_task("files", total=None)
        bar.start()
        return bar
