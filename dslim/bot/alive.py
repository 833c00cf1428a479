"""Who holds a lease, and whether that process is certainly no more: then nobody waits for the lease to run out."""

from __future__ import annotations

import itertools
import os
import socket
import uuid
from functools import cache

_count = itertools.count()


@cache
def me() -> str:
    """The name of this process: machine (or container), number, and something that no other process ever had."""
    return f"{socket.gethostname()}/{os.getpid()}/{uuid.uuid4().hex[:8]}"


def somebody() -> str:
    """A name within this process that nobody had before: two threads of ours are two as well."""
    return f"{me()}-{next(_count)}"


def gone(owner: str) -> bool:
    """True when the owner was a process of this machine that is no more; False when that cannot be known."""
    host, _, number = owner.rpartition("/")[0].rpartition("/")
    if host != socket.gethostname() or not number.isdigit():
        return False
    if int(number) == os.getpid():
        return not owner.startswith(me())  # our number, but not our name: whoever had it before us
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
