"""What the bot says in comments: each thing once for each pull request, known by a hidden mark also when the ledger is lost."""

from __future__ import annotations

from dslim.bot import gates
from dslim.bot.desk import Desk
from dslim.bot.forge.protocol import Say
from dslim.bot.keys import text_key
from dslim.bot.ledger import Slot
from dslim.bot.markdown import block, prose

BLOCKED, CLOSED, SUPERSEDED, MISCONFIGURED = "blocked", "closed", "superseded", "misconfigured"
DECLINED = "declined"

_TEXTS = {
    BLOCKED: "I leave this pull request to you from now on: {reason}. To have it made anew, over what was changed here, tick "
    "the box in its description, or write `@dslim recreate`.",
    CLOSED: "I will not propose these changes again, unless the instructions change, or a newer dslim finds more in the same "
    "file. If you want them after all, reopen this pull request, or write `@dslim recreate`.",
    DECLINED: "I will not write here again. If you want me after all, reopen this pull request, or add {reason}.",
    SUPERSEDED: "Closed by me: {reason}.",
    MISCONFIGURED: "I leave everything as it is until this is mended:\n\n{reason}",
}


def say_once(desk: Desk, slot: Slot, number: int, what: str, reason: str = "") -> Slot:
    """Comment on a pull request, unless that was said there before. Out of hours it is left for later."""
    which = f"{what}-{text_key(reason)}" if what == MISCONFIGURED else what  # another mistake is another message
    name = f"{which}:{number}"
    if name in slot.said or gates.schedule(desk):
        return slot
    mark = f"<!-- dslim:said {which} -->"
    me = desk.forge.me()
    said = any(mark in one.body and one.author == me for one in desk.forge.comments(desk.repo, number))
    if not said:
        desk.forge.say(desk.repo, Say(number, f"{_TEXTS[what].format(reason=_shown(what, reason))}\n{mark}"))
    return desk.ledger.write(slot._replace(said=(*slot.said, name)))


def _shown(what: str, reason: str) -> str:
    return block(reason) if what == MISCONFIGURED else prose(reason)
