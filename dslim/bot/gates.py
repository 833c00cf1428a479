"""Reasons to wait before a pull request is opened. Each gate is a sentence and, where it is known, the time it opens."""

from __future__ import annotations

from typing import NamedTuple

from dslim.bot.desk import Desk
from dslim.bot.keys import PREFIX
from dslim.bot.ledger import Slot
from dslim.bot.plan import Proposal, in_order
from dslim.report import size

_HOUR = 3600.0
#: how the reason begins where a person has to say yes
APPROVAL = "waits for approval"


class Gate(NamedTuple):
    """Why not now. ``not_before`` is in seconds since 1970; 0 when something must change first."""

    reason: str
    not_before: float = 0.0


def schedule(desk: Desk) -> Gate | None:
    """The owner's hours. They hold for every write that no person asked for."""
    wanted = desk.config.schedule
    if wanted is None or desk.asked:
        return None
    opens = wanted.opens(desk.clock())
    return Gate(f"outside the schedule {wanted.cron} ({wanted.timezone})", opens) if opens > desk.clock() else None


def approval(desk: Desk, slot: Slot, proposal: Proposal) -> Gate | None:
    """Where the owner wants to be asked first. Whoever asked for this pull request has answered."""
    if desk.config.approval == "none" or slot.asked or slot.slot in desk.approved():
        return None
    rules = in_order(rule for file in proposal.files for rule in file.rules)
    count = len(proposal.files)
    files = f"{count} Dockerfiles" if count > 1 else proposal.files[0].path
    return Gate(f"{APPROVAL}; it would change {files}: {', '.join(rules)}")


def opening(desk: Desk) -> Gate | None:
    """All that stands before any new pull request here, the cheapest to find out first."""
    return schedule(desk) or _hourly(desk) or _open(desk)


def worth(desk: Desk, proposal: Proposal) -> Gate | None:
    """What stands before this one, once it was built, where it can be. What builds something else is never proposed."""
    for file in proposal.files:
        proof = desk.proofs.get(file.path)
        if proof is None and desk.config.verify == "build":
            return Gate(f"verify: build asks for a build of {file.path} that tells; start the bot with --build")
        if proof is not None and not proof.holds:
            return Gate(f"`dslim verify` says of {file.path}: {'; '.join([proof.verdict, *proof.because])}")
    return _crumbs(desk, proposal)


def _crumbs(desk: Desk, proposal: Proposal) -> Gate | None:
    """Below every threshold that is set. What nobody measured is not judged."""
    limits = desk.config.min_bytes, desk.config.min_percent
    if not any(limits) or any(file.path not in desk.proofs for file in proposal.files):
        return None
    before = sum(desk.proofs[file.path].before for file in proposal.files)
    saved = before - sum(desk.proofs[file.path].after for file in proposal.files)
    share = 100 * saved / before if before else 0.0
    if (limits[0] and saved >= limits[0]) or (limits[1] and share >= limits[1]):
        return None
    return Gate(f"saves {size(saved)} ({share:.1f} %), less than min_saving")


def _hourly(desk: Desk) -> Gate | None:
    """A person who asks gets it now; a sweep does not flood a repository."""
    if desk.asked:
        return None
    mine = desk.ledger.slots(desk.repository.host, desk.repository.id)
    recent = sorted(slot.opened_at for slot in mine if slot.opened_at > desk.clock() - _HOUR)
    most = desk.config.prs_per_hour
    if len(recent) < most:
        return None
    return Gate(f"limits.prs_per_hour is {most}", recent[-most] + _HOUR)


def _open(desk: Desk) -> Gate | None:
    """Asked of the forge, where it is true also when the ledger was lost."""
    me = desk.forge.me()
    mine = [pull for pull in desk.forge.open_pulls(desk.repo, PREFIX) if pull.author == me]
    most = desk.config.open_prs
    return Gate(f"limits.open_prs is {most}, and {len(mine)} are open") if len(mine) >= most else None
