"""A planner that a certain Dockerfile brings down, for processes of a sweep that must find it by its name."""

from __future__ import annotations

import os

from dslim.bot import fleet
from dslim.bot.plan import Plan, Snapshot, plan
from dslim.bot.stopping import Stop

DEADLY = b"FROM poison\n"


def deadly(snapshot: Snapshot) -> Plan:
    """As a process that the kernel ends because memory is short."""
    if any(source.content == DEADLY for source in snapshot.sources):
        os._exit(137)
    return plan(snapshot)


def planner(processes: int, cluster: str, stop: Stop) -> fleet.Planner:
    return fleet.Planner(processes, cluster, stop, work=deadly)
