"""One slot: what is there, what is wanted, and the fewest writes from one to the other.

Every step can be the last one before a power cut: writes come in the order branch, pull request, labels; what is found half
done is finished; and what we are about to overwrite is looked at once more, just before.
"""

from __future__ import annotations

from dslim.bot import gates, states
from dslim.bot.desk import Desk
from dslim.bot.forge.protocol import OPEN
from dslim.bot.forge.trouble import AlreadyExists, Conflict, NameTaken
from dslim.bot.keys import PREFIX, branch
from dslim.bot.ledger import Slot
from dslim.bot.opening import at, opened, quiet
from dslim.bot.plan import ALL, Proposal
from dslim.bot.upkeep import kept_up
from dslim.bot.wanted import APPROVE, answers_to, without_answered

NOTHING = "there is nothing left to propose"
_LOOKS = 3  # how often we look again when somebody else was faster


def settle(desk: Desk, slot: Slot, proposal: Proposal | None, why_none: str = NOTHING) -> Slot:
    """Bring one pull request to where it should be, and say where it is.

    ``proposal`` is None where there is none (any more), with the reason for people.

    Raises:
        ForgeTrouble: nothing is half done that the next call would not finish.
    """
    group = "dockerfiles" if slot.grouping == ALL else slot.grouping
    slot = slot._replace(branch=slot.branch or branch(group, slot.slot))
    desk = desk._replace(asked=desk.asked or bool(slot.asked))
    looks = 0
    while True:
        try:
            return _settled(desk, slot, proposal, why_none)
        except (Conflict, AlreadyExists):
            looks += 1
            if looks == _LOOKS:
                raise
            slot = desk.ledger.slot(slot.slot) or slot
        except NameTaken:
            # git keeps branches as files: beside a branch "dslim" there can be no "dslim/x"
            other = branch(group, slot.slot, f"{PREFIX}-bot/")
            if slot.branch == other:
                raise
            slot = slot._replace(branch=other)


def _settled(desk: Desk, slot: Slot, proposal: Proposal | None, why_none: str) -> Slot:
    pulls = desk.forge.pulls(desk.repo, slot.branch)
    here = next((pull for pull in pulls if pull.state == OPEN), None)
    wanted = without_answered(desk, proposal, answers_to(desk, slot, pulls, here))
    if here is not None:
        return kept_up(desk, slot, here, wanted, why_none)
    if wanted is None:
        return quiet(desk, slot._replace(asked=""), pulls, answered=proposal is not None)
    if gate := gates.approval(desk, slot, wanted.proposal):
        return at(desk, slot, states.GATED, gate.reason)
    if desk.config.approval != "none":  # a person asked for it, which is kept while a limit holds it up
        desk, slot = desk._replace(asked=True), slot._replace(asked=slot.asked or APPROVE)
    if gate := gates.opening(desk):
        return at(desk, slot, states.GATED, gate.reason, gate.not_before)
    desk = desk.proven(wanted.proposal)
    if gate := gates.worth(desk, wanted.proposal):
        return at(desk, slot, states.GATED, gate.reason, gate.not_before)
    return opened(desk, slot, wanted)
