"""What is proposed once people's answers are heard, and the values that go to the forge for it. Nothing is written here."""

from __future__ import annotations

from typing import NamedTuple

from dslim import __version__
from dslim.bot import body, metadata
from dslim.bot.desk import Desk
from dslim.bot.forge.protocol import MERGED, OPEN, Change, NewCommit, PullRequest, Push
from dslim.bot.keys import blob_sha, text_key
from dslim.bot.ledger import Answer, Slot
from dslim.bot.plan import Proposal, in_order

#: what a person may ask for: our commits anew, also over other people's work (or only where there is none: "rebase")
RECREATE = "recreate"


class Wanted(NamedTuple):
    """What is proposed once the files that people answered are left out, and the tree that would come out."""

    proposal: Proposal
    blobs: dict[str, str]
    tree: str
    later: int

    def says(self, desk: Desk) -> body.Facts:
        return body.Facts(desk.config, desk.proofs, desk.alone, self.later, desk.config_path)


def answers_to(desk: Desk, slot: Slot, pulls: tuple[PullRequest, ...], here: PullRequest | None) -> set[str]:
    """The answer keys that people gave, those of lost ledgers included. A wish takes them back."""
    me = desk.forge.me()
    given: dict[str, Answer] = {}
    again: set[str] = set()
    open_ = metadata.find(here.body) if here is not None and here.author == me else None
    if open_ is not None:
        again.update(open_.answers)
    for pull in pulls:
        said = metadata.find(pull.body) if pull.author == me else None
        if pull.state == OPEN or said is None or said.slot != slot.slot or said.closed:
            continue
        answer = "merged" if pull.state == MERGED else "closed"
        for key in said.answers:
            given.setdefault(key, Answer(desk.place, key, pull.number, answer))
    known = desk.ledger.answers(desk.place)
    if slot.asked == RECREATE:
        desk.ledger.forget_answers(desk.place, given)
        return set(known) - set(given)
    if again & known.keys():  # reopened by a person: a yes, later than the no
        desk.ledger.forget_answers(desk.place, again & known.keys())
    new = [answer for key, answer in given.items() if key not in known and key not in again]
    if new:
        desk.ledger.answered(new)
    return (set(known) | set(given)) - again


def without_answered(desk: Desk, proposal: Proposal | None, answers: set[str]) -> Wanted | None:
    """What is left of a proposal, as much of it as goes into one pull request; None for nothing."""
    if proposal is None:
        return None
    files = [file for file in proposal.files if file.answer_key not in answers]
    if not files:
        return None
    most = desk.config.files_per_pr
    kept = Proposal(proposal.group, tuple(files[:most]))
    blobs = {file.path: blob_sha(file.after) for file in kept.files}
    return Wanted(kept, blobs, desk.tree(blobs), max(0, len(files) - most))


def push_of(desk: Desk, slot: Slot, wanted: Wanted, expected: str) -> Push:
    """The branch as it shall be, if it points at ``expected`` now."""
    parent_tree = desk.tree({}) or desk.forge.commit(desk.repo, desk.head).tree
    return Push(slot.branch, desk.head, parent_tree, _commits(desk, slot, wanted), expected, wanted.tree)


def _commits(desk: Desk, slot: Slot, wanted: Wanted) -> tuple[NewCommit, ...]:
    """One in all, or one for each rule, each file as that rule leaves it. The last has the trailers."""
    files = wanted.proposal.files
    notes = metadata.trailers(slot.slot, wanted.proposal.change_key, wanted.tree)
    whole = NewCommit(
        body.message(wanted.proposal, desk.config, notes),
        tuple(Change(file.path, file.mode, file.after) for file in files),
    )
    rules = in_order(rule for file in files for rule, _ in file.steps)
    if not all(file.steps for file in files) or len(rules) < 2:
        return (whole,)
    commits = []
    for rule in rules:
        changes = tuple(
            Change(file.path, file.mode, text) for file in files for name, text in file.steps if name == rule
        )
        last = notes if rule == rules[-1] else ""
        commits.append(NewCommit(body.message(wanted.proposal, desk.config, last, rule), changes))
    return tuple(commits)


def metadata_of(desk: Desk, slot: Slot, wanted: Wanted, title: str) -> metadata.Metadata:
    """What the pull request shall know of itself; the slot knows what was pushed."""
    return metadata.Metadata(
        slot.slot,
        slot.grouping,
        wanted.proposal.change_key,
        wanted.proposal.plan_key,
        tuple(file.answer_key for file in wanted.proposal.files),
        slot.head,
        wanted.tree,
        desk.head,
        title=text_key(title),
        labels=desk.config.labels,
        version=__version__,
    )
