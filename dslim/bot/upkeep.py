"""A slot with an open pull request: leave it, make it anew, close it, or leave it to the people who took it over."""

from __future__ import annotations

from dslim.bot import body, gates, metadata, states, whose, words
from dslim.bot.desk import Desk
from dslim.bot.forge.protocol import CLOSED, DropBranch, EditPull, PullRequest
from dslim.bot.forge.trouble import Conflict, ForgeTrouble, RateLimited
from dslim.bot.keys import text_key
from dslim.bot.ledger import Slot
from dslim.bot.opening import annotated, at, is_right, pushed
from dslim.bot.wanted import APPROVE, RECREATE, Wanted, metadata_of, push_of


def kept_up(desk: Desk, slot: Slot, pull: PullRequest, wanted: Wanted | None, why_none: str) -> Slot:
    """What becomes of an open pull request; ``why_none`` is for people, where nothing is wanted any more."""
    said = metadata.find(pull.body) if pull.author == desk.forge.me() else None
    slot = slot._replace(number=pull.number)
    if said is None or said.slot != slot.slot:
        return at(desk, slot, states.BLOCKED, f"{slot.branch} has a pull request that is not ours, or lost our note")
    wish = RECREATE if metadata.ticked(pull.body) else slot.asked if slot.asked != APPROVE else ""
    theirs = whose.touched(desk, slot, pull, said)
    if theirs and wanted is None:
        return at(desk, slot, states.BLOCKED, f"{why_none}, but {theirs}")
    if theirs and (wish != RECREATE or pull.base != desk.base):
        slot = words.say_once(desk, slot, pull.number, words.BLOCKED, theirs)
        return at(desk, slot._replace(asked=""), states.BLOCKED, theirs)
    reason = why_none if wanted is None else wish or _outdated(desk, slot, pull, said, wanted)
    if not reason:
        return _as_it_should_be(desk, slot, pull, said)
    if not wish and (gate := gates.schedule(desk)):
        return at(desk, slot, states.OPEN, f"{reason}; {gate.reason}", gate.not_before)
    if wanted is None:
        return _superseded(desk, slot, pull, said, why_none)
    if desk.config.rebase == "never" and not wish:
        return at(desk, slot, states.OPEN, f"{reason}; rebase is never")
    return _made_anew(desk, slot, pull, said, wanted)


def _as_it_should_be(desk: Desk, slot: Slot, pull: PullRequest, said: metadata.Metadata) -> Slot:
    slot = slot._replace(head=said.head, tree=said.tree, change_key=said.change_key, plan_key=said.plan_key)
    if slot.state == states.PUSHED:  # we were stopped before the labels
        return annotated(desk, slot._replace(opened_at=slot.opened_at or desk.clock()), pull)
    return at(desk, slot._replace(asked=""), states.OPEN)


def _outdated(desk: Desk, slot: Slot, pull: PullRequest, said: metadata.Metadata, wanted: Wanted) -> str:
    """Why the branch has to be made anew, the cheapest reason to find out first; "" when it is right as it is."""
    if said.change_key != wanted.proposal.change_key:
        return "the proposal changed"
    if pull.head != said.head and whose.pushed_by_us(desk, slot, pull.head):
        return "it was not finished"  # what other bots add on top of ours is none of our business
    if said.base_head == desk.head:
        return ""
    if desk.config.rebase == "behind":
        return "its base moved"
    mergeable = pull.mergeable if pull.mergeable is not None else desk.forge.pull(desk.repo, pull.number).mergeable
    return "it conflicts with its base" if mergeable is False else ""


def _made_anew(desk: Desk, slot: Slot, pull: PullRequest, said: metadata.Metadata, wanted: Wanted) -> Slot:
    """Our commits on the base as it is now, and the text that goes with them."""
    desk = desk.proven(wanted.proposal)
    if gate := gates.worth(desk, wanted.proposal):
        return at(desk, slot, states.OPEN, f"not made anew: {gate.reason}")
    now = _still(desk, pull)
    commit = desk.forge.commit(desk.repo, now.head)
    head = now.head
    if not is_right(desk, commit, wanted):
        head = desk.forge.push(desk.repo, push_of(desk, slot, wanted, now.head))
    slot = pushed(desk, slot, wanted, head, states.OPEN)  # its labels were set, or taken away by people
    title = now.title  # one that a person edited stays
    if text_key(title) == said.title:
        title = body.title(wanted.proposal, desk.config)
    new = metadata_of(desk, slot, wanted, title)._replace(labels=said.labels)
    desk.forge.edit_pull(
        desk.repo,
        EditPull(pull.number, None if title == now.title else title, _text(desk, slot, now, said, new, wanted)),
    )
    return at(desk, slot._replace(asked=""), states.OPEN)


def _text(
    desk: Desk,
    slot: Slot,
    now: PullRequest,
    said: metadata.Metadata,
    new: metadata.Metadata,
    wanted: Wanted,
) -> str:
    """The body; one that a person edited keeps its words, unless that person asked for ours."""
    asked = slot.asked == RECREATE or metadata.ticked(now.body)
    if metadata.body_key(now.body) != said.body and not asked:
        return metadata.resealed(now.body, new._replace(body=said.body))
    return metadata.sealed(body.body(wanted.proposal, wanted.says(desk)), new)


def _still(desk: Desk, pull: PullRequest) -> PullRequest:
    """The pull request this moment, just before it is written to.

    Raises:
        Conflict: somebody changed what we would overwrite.
    """
    now = desk.forge.pull(desk.repo, pull.number)
    if (now.state, now.head, now.base, now.title) != (pull.state, pull.head, pull.base, pull.title):
        raise Conflict(f"{desk.repo}#{pull.number} changed while we looked at it")
    return now


def _superseded(desk: Desk, slot: Slot, pull: PullRequest, said: metadata.Metadata, reason: str) -> Slot:
    """Close our own pull request, so that everybody sees that it was us, and take the branch along."""
    now = _still(desk, pull)
    marked = metadata.resealed(now.body, said._replace(closed=metadata.SUPERSEDED))
    desk.forge.edit_pull(desk.repo, EditPull(pull.number, None, marked, CLOSED))
    slot = words.say_once(desk, slot, pull.number, words.SUPERSEDED, reason)
    try:
        desk.forge.drop_branch(desk.repo, DropBranch(slot.branch, pull.head))
    except RateLimited:
        raise
    except ForgeTrouble:
        return at(desk, slot._replace(asked=""), states.SUPERSEDED, f"{reason}; the branch is left")
    return at(desk, slot._replace(asked="", head=""), states.SUPERSEDED, reason)
