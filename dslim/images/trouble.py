"""The one error of this folder."""

from __future__ import annotations


class ImageTrouble(Exception):
    """An image that cannot be had or read. The message is one line: what, the cause, and what to do."""

    def __init__(self, what: str, cause: str, do: str) -> None:
        super().__init__(f"{what}: {cause}; {do}")
        self.what = what
        self.cause = cause
        self.do = do
