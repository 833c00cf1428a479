"""The states of a slot, as `dslim bot status` and the dashboard name them.

NO_CHANGE                     nothing to propose
GATED                         something to propose, and a reason to wait: schedule, limit, approval, size
PUSHED                        the branch is there, the pull request is not yet (or its labels are not)
OPEN                          a pull request is open, and as we want it
BLOCKED                       somebody else's work is there; we leave it alone until asked
CLOSED                        a person said no (or merged it and took it back)
MERGED                        a person said yes
SUPERSEDED                    we closed it, as there was nothing left to propose
WAITING                       the forge told us to wait
DEAD                          no later try can end better, unless a person changes something
"""

from __future__ import annotations

NO_CHANGE = "no-change"
GATED = "gated"
PUSHED = "pushed"
OPEN = "open"
BLOCKED = "blocked"
CLOSED = "closed"
MERGED = "merged"
SUPERSEDED = "superseded"
WAITING = "waiting"
DEAD = "dead"

#: what a person should hear first
URGENCY = (DEAD, WAITING, PUSHED, BLOCKED, OPEN, GATED, CLOSED, MERGED, SUPERSEDED, NO_CHANGE)

#: nothing can happen there while the base branch stays where it is, unless a person asks for it
SETTLED = (NO_CHANGE, CLOSED, MERGED, SUPERSEDED)
