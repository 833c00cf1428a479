"""One issue that says what is open, what waits and why, and what people closed. Whoever closes it does not get another.

It is written only when its text changes, and only where there is something to survey: with ``dashboard: auto`` from three pull
requests on. What we know of it is in the ledger; where that was lost, the issue is found by its mark.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from dslim.bot import gates, states
from dslim.bot import markdown as md
from dslim.bot.desk import Desk
from dslim.bot.forge.protocol import OPEN, PutIssue
from dslim.bot.forge.trouble import ForgeTrouble, RateLimited, Unavailable
from dslim.bot.keys import text_key
from dslim.bot.ledger import Slot

MARK = "<!-- dslim:dashboard -->"
TITLE = "dslim: what is open and what waits"
_BOX = re.compile(r"^- \[[xX]\] <!-- dslim:approve ([0-9a-f]+) -->", re.MULTILINE)
_MANY = 3  # pull requests from which on there is something to survey
_MOST = 100  # lines of one part
_CLOSED = -1  # instead of a number: a person closed it, or the repository has no issues
_PARTS = {
    "Open": (states.OPEN, states.PUSHED),
    "Left to you": (states.BLOCKED,),
    "Waiting": (states.GATED, states.WAITING, states.DEAD),
    "Closed by you": (states.CLOSED,),
}


class _Known(NamedTuple):
    number: int
    text: str


def keep(desk: Desk, slots: Iterable[Slot], wrong: str = "") -> None:
    """Open the issue, or bring it up to date. A forge that lets us not is no reason to fail.

    ``wrong`` is what is wrong with the configuration: reason enough for an issue, where no pull request says it.
    """
    shown = [slot for slot in slots if any(slot.state in part for part in _PARTS.values())]
    known = _remembered(desk)
    asks = desk.config.approval != "none"  # then one that was opened again counts again
    if desk.config.dashboard == "off" or (known.number == _CLOSED and not asks) or gates.schedule(desk):
        return
    pending = sum(slot.state != states.CLOSED for slot in shown)
    waits = any(_asks(slot) for slot in shown)
    if not known.number and not wrong and not (shown if desk.config.dashboard == "on" else waits or pending >= _MANY):
        return
    text = body(shown, wrong=wrong)
    if text_key(text) == known.text and known.number != _CLOSED:
        return
    try:
        number, before = _issue(desk, known)
        if number != _CLOSED:  # what was ticked while we worked stays ticked
            number = desk.forge.put_issue(desk.repo, PutIssue(number, TITLE, body(shown, _ticked(before), wrong)))
    except (RateLimited, Unavailable):
        raise
    except ForgeTrouble:
        number = _CLOSED  # no issues here, or not for us
    desk.ledger.write_note(_name(desk), json.dumps([number, text_key(text)]))


def _issue(desk: Desk, known: _Known) -> tuple[int, str]:
    """Number and text of the issue that is open, 0 where there was none; one of ours that is not open was closed by a person."""
    ours = [issue for issue in desk.forge.issues(desk.repo, desk.forge.me()) if MARK in issue.body]
    found = next((issue for issue in ours if issue.state == OPEN), None)
    if found is not None:
        return found.number, found.body
    return (_CLOSED if known.number or ours else 0), ""


def _ticked(text: str) -> frozenset[str]:
    return frozenset(_BOX.findall(text.replace("\r\n", "\n")))


def approved(desk: Desk) -> frozenset[str]:
    """The slots that people said yes to: whoever may edit the issue may tick a box in it."""
    try:
        ours = desk.forge.issues(desk.repo, desk.forge.me())
    except (RateLimited, Unavailable):
        raise
    except ForgeTrouble:  # no issues here, or not for us
        return frozenset()
    return _ticked("\n".join(issue.body for issue in ours if issue.state == OPEN and MARK in issue.body))


def _asks(slot: Slot) -> bool:
    return slot.state == states.GATED and slot.reason.startswith(gates.APPROVAL)


def body(slots: Iterable[Slot], ticked: frozenset[str] = frozenset(), wrong: str = "") -> str:
    """The text. Equal slots give equal text. ``ticked`` are those whose boxes are; ``wrong`` as in :func:`keep`."""
    rows = sorted(slots, key=lambda slot: (slot.base, slot.grouping))
    parts = [_part(title, [slot for slot in rows if slot.state in of], ticked) for title, of in _PARTS.items()]
    if wrong:
        parts.insert(0, f"### To be mended\n\n{md.prose(wrong)}. I do nothing before that.")
    told = "\n\n".join(part for part in parts if part) or "Nothing at the moment."
    if any(_asks(slot) for slot in rows):
        told += "\n\nTick a box, or comment `@dslim approve NAME` (or `all`), and I open that pull request."
    return (
        f"{told}\n\n"
        "Comment `@dslim pause` and I do nothing more here, `@dslim resume` and I go on; `@dslim ignore RULE` (or the path of a "
        "file) leaves that out for good. Close this issue, and I will not open another. To have none: `dashboard: off` in "
        f"`.github/dslim.yml`.\n\n{MARK}\n"
    )


def _part(title: str, slots: list[Slot], ticked: frozenset[str]) -> str:
    if not slots:
        return ""
    lines = ["".join(_words(slot, ticked)) for slot in slots[:_MOST]]
    if len(slots) > _MOST:
        lines.append(f"and {len(slots) - _MOST} more")
    return f"### {title}\n\n{md.bullets(lines)}"


def _words(slot: Slot, ticked: frozenset[str]) -> Iterator[str]:
    if _asks(slot):
        yield f"[{'x' if slot.slot in ticked else ' '}] <!-- dslim:approve {slot.slot} --> "
    yield f"#{slot.number} " if slot.number else ""
    yield md.code(slot.grouping)
    yield f" for {md.code(slot.base)}" if slot.base else ""
    yield f": {md.prose(slot.reason)}" if slot.reason else ""
    if slot.not_before and slot.state in (states.GATED, states.WAITING):
        until = datetime.fromtimestamp(slot.not_before, UTC)
        yield f", until {until:%Y-%m-%d %H:%M} UTC"


def _remembered(desk: Desk) -> _Known:
    found = desk.ledger.note(_name(desk))
    return _Known(*json.loads(found)) if found else _Known(0, "")


def _name(desk: Desk) -> str:
    return f"dashboard {desk.repository.host}/{desk.repository.id}"
