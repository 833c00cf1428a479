"""Who holds a lease, and whether that process is certainly no more: then nobody waits for the lease to run out."""

from __future__ import annotations

import os
import socket
import uuid
from functools import cache
from itertools import count

_count = count()


@cache
def me() -> str:
    """The name of this process: machine (or container), number, and something that no other process ever had."""
    return f"{socket.gethostname()}/{os.getpid()}/{uuid.uuid4().hex[:8]}"


def another() -> str:
    """A name for one piece of work of this process, apart from its others."""
    return f"{me()}/{next(_count)}"


def gone(owner: str) -> bool:
    """True when the owner was a process of this machine that is no more; False when that cannot be known."""
    host, number, mark, *_ = *owner.split("/"), "", ""
    if host != socket.gethostname() or not number.isdigit():
        return False
    if int(number) == os.getpid():
        return mark != me().rpartition("/")[2]  # our number, but not our name: whoever had it before us
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
