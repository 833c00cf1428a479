"""A lease is held as long as somebody works, however long that takes: a build may take hours, a limit makes us wait."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy.exc import SQLAlchemyError

from dslim.bot.ledger import Ledger


@contextmanager
def held(ledger: Ledger, name: str, owner: str, seconds: float) -> Iterator[bool]:
    """True while ``name`` is ours alone, False where it is somebody else's. Renewed three times within ``seconds``, after which
    nobody waits for an owner on a machine that died."""
    if not ledger.lease(name, owner, seconds):
        yield False
        return
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(seconds / 3):
            with suppress(SQLAlchemyError):  # who works on it meets the same trouble, and says it
                ledger.lease(name, owner, seconds)

    keeper = threading.Thread(target=renew, daemon=True)
    keeper.start()
    try:
        yield True
    finally:
        ended.set()
        keeper.join()
        ledger.release(name, owner)
