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
from dslim.bot.questions import unanswered

#: what a person may ask for: our commits anew, also over other people's work (or only where there is none: "rebase")
RECREATE = "recreate"
#: or that a pull request which waits for that is opened
APPROVE = "approve"
_BYTES = 20  # that the key of a question takes in the hidden metadata
_MOST = 2_300  # questions that are kept one by one


class Wanted(NamedTuple):
    """What is proposed once all that people answered is left out, and the tree that would come out."""

    proposal: Proposal
    blobs: dict[str, str]
    tree: str
    later: int

    def says(self, desk: Desk) -> body.Facts:
        room = body.LONGEST - _BYTES * len(self.answers)
        return body.Facts(desk.config, desk.proofs, desk.alone, self.later, desk.config_path, max(room, body.LEAST))

    @property
    def answers(self) -> tuple[str, ...]:
        """What is answered when it is closed or merged: question by question, or as there are far too many, file by file."""
        files = self.proposal.files
        found = sorted(frozenset[str]().union(*(file.questions for file in files)))
        return tuple(found) if len(found) <= _MOST else tuple(file.answer_key for file in files)


def answers_to(desk: Desk, slot: Slot, pulls: tuple[PullRequest, ...], here: PullRequest | None) -> set[str]:
    """The questions that people answered, those of lost ledgers included. A wish takes the answers back."""
    me = desk.forge.me()
    known = desk.ledger.answers(desk.place)
    given: dict[str, Answer] = {}
    for pull in pulls:
        said = metadata.find(pull.body) if pull.author == me else None
        if pull.state == OPEN or said is None or said.slot != slot.slot or said.closed:
            continue
        answer = "merged" if pull.state == MERGED else "closed"
        for key in said.answers:
            given.setdefault(key, Answer(desk.place, key, pull.number, answer))
    back: set[int] = set()  # the pull requests whose answers do not count any more
    if slot.asked == RECREATE and here is None:
        back = {answer.number for answer in given.values()}
    elif here is not None:  # reopened by a person: a yes, later than the no
        back = {here.number}
    now = {**known, **{key: answer for key, answer in given.items() if key not in known}}
    open_ = metadata.find(here.body) if here is not None and here.author == me else None
    gone = {key for key, answer in now.items() if answer.number in back or (open_ and key in open_.answers)}
    desk.ledger.forget_answers(desk.place, gone & known.keys())
    desk.ledger.answered(answer for key, answer in now.items() if key not in known and key not in gone)
    return now.keys() - gone


def without_answered(desk: Desk, proposal: Proposal | None, answers: set[str]) -> Wanted | None:
    """What is left of a proposal, as much of it as goes into one pull request; None for nothing.

    Where a file has new findings beside answered ones, it is planned again with the new ones alone; those that cannot be had
    without the others are not proposed.
    """
    if proposal is None:
        return None
    known = answers | _of_old(desk, proposal, answers)
    if not all(known.isdisjoint(file.questions) for file in proposal.files):
        new = unanswered((asks for file in proposal.files for asks in file.asks), known)
        remade = desk.again(new).proposals if new else ()
        proposal = next((one for one in remade if one.group == proposal.group), None)
    if proposal is None:
        return None
    most = desk.config.files_per_pr
    kept = proposal._replace(files=proposal.files[:most])
    blobs = {file.path: blob_sha(file.after) for file in kept.files}
    return Wanted(
        kept,
        blobs,
        desk.tree(blobs, [file.path for file in kept.files if file.new]),
        max(0, len(proposal.files) - most),
    )


def _of_old(desk: Desk, proposal: Proposal, answers: set[str]) -> set[str]:
    """The questions of files that were answered as a whole, as older versions of dslim asked; from now on by question."""
    found = {file.answer_key: file.questions for file in proposal.files if file.answer_key in answers}
    old = desk.ledger.answers(desk.place) if found else {}
    desk.ledger.answered(
        old[key]._replace(answer_key=question)
        for key, questions in found.items() if key in old
        for question in questions - old.keys()
    )  # fmt: skip
    return set().union(*found.values())


def push_of(desk: Desk, slot: Slot, wanted: Wanted, expected: str) -> Push:
    """The branch as it shall be, if it points at ``expected`` now."""
    parent_tree = desk.tree({}) or desk.forge.commit(desk.repo, desk.head).tree
    return Push(slot.branch, desk.head, parent_tree, _commits(desk, slot, wanted), expected, wanted.tree)


def _commits(desk: Desk, slot: Slot, wanted: Wanted) -> tuple[NewCommit, ...]:
    """One in all, or one for each rule, each file as that rule leaves it.

    Only the last names its tree: a branch that somebody cut back to an earlier one is that person's.
    """
    files = wanted.proposal.files
    notes = metadata.trailers(slot.slot, wanted.proposal.change_key, wanted.tree)
    whole = NewCommit(
        body.message(wanted.proposal, desk.config, notes),
        tuple(Change(file.path, file.mode, file.after, file.new) for file in files),
    )
    rules = in_order(rule for file in files for rule, _ in file.steps)
    if not all(file.steps for file in files) or len(rules) < 2:
        return (whole,)
    commits = []
    for rule in rules:
        changes = tuple(
            Change(file.path, file.mode, text) for file in files for name, text in file.steps if name == rule
        )
        said = notes if rule == rules[-1] else metadata.trailers(slot.slot)
        commits.append(NewCommit(body.message(wanted.proposal, desk.config, said, rule), changes))
    return tuple(commits)


def metadata_of(desk: Desk, slot: Slot, wanted: Wanted, title: str) -> metadata.Metadata:
    """What the pull request shall know of itself; the slot knows what was pushed."""
    return metadata.Metadata(
        slot.slot,
        slot.grouping,
        wanted.proposal.change_key,
        wanted.proposal.plan_key,
        wanted.answers,
        slot.head,
        wanted.tree,
        desk.head,
        title=text_key(title),
        labels=desk.config.labels,
        version=__version__,
    )
