"""When the owner of a repository allows us to write. Each point in time of a crontab line opens the door for some hours.

So nothing has to be remembered between two runs, and a bot that runs nightly meets a weekly schedule once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo


class Schedule(NamedTuple):
    """``cron`` as in crontab(5), in a time zone; ``hours`` for which the door stays open."""

    cron: str
    timezone: str = "UTC"
    hours: int = 24

    def opens(self, now: float) -> float:
        """When we may write next, in seconds since 1970; ``now`` when the door is open."""
        from cronsim import CronSim

        here = datetime.fromtimestamp(now, UTC).astimezone(ZoneInfo(self.timezone))
        minute = here.replace(second=0, microsecond=0)
        last = next(CronSim(self.cron, minute + timedelta(minutes=1), reverse=True), None)
        if last is not None and here - last < timedelta(hours=self.hours):
            return now
        following = next(CronSim(self.cron, here), None)
        return following.timestamp() if following is not None else float("inf")


def unusable(cron: str, zone: str) -> Iterator[tuple[str, str]]:
    """The key to blame and why, for each that makes no sense."""
    from cronsim import CronSim, CronSimError

    try:
        CronSim(cron, datetime(2000, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        yield "cron", f"{cron!r} is no line of crontab(5), as in '0 5 * * 1': {str(error).lower()}"
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        yield "timezone", f"{zone!r} is no time zone, as in Europe/Berlin"
