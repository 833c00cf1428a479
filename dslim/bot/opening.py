"""A slot without an open pull request: open one, or say why not."""

from __future__ import annotations

from dslim.bot import body, metadata, states, whose, words
from dslim.bot.desk import Desk
from dslim.bot.forge.protocol import MERGED, Annotate, Commit, OpenPull, PullRequest
from dslim.bot.ledger import Slot
from dslim.bot.plan import ONBOARDING
from dslim.bot.wanted import Wanted, metadata_of, push_of


def quiet(desk: Desk, slot: Slot, pulls: tuple[PullRequest, ...], answered: bool) -> Slot:
    """Nothing to propose, or nothing that people have not answered."""
    me = desk.forge.me()
    last = next((pull for pull in pulls if pull.author == me and metadata.find(pull.body)), None)
    if last is None:
        return at(desk, slot, states.CLOSED if answered else states.NO_CHANGE, "closed before" if answered else "")
    slot = slot._replace(number=last.number)
    if last.state == MERGED:
        return at(desk, slot, states.MERGED, "merged before, so not proposed again" if answered else "")
    said = metadata.find(last.body)
    if said is not None and said.closed:
        return at(desk, slot, states.SUPERSEDED, "nothing left to propose")
    if slot.grouping == ONBOARDING:
        slot = words.say_once(desk, slot, last.number, words.DECLINED, desk.config_path)
        return at(
            desk, slot, states.CLOSED, f"closed by a person: nothing is proposed before there is {desk.config_path}"
        )
    slot = words.say_once(desk, slot, last.number, words.CLOSED)
    return at(desk, slot, states.CLOSED, "closed by a person")


def opened(desk: Desk, slot: Slot, wanted: Wanted) -> Slot:
    """Branch, pull request, labels.

    Raises:
        AlreadyExists: somebody opened one meanwhile, perhaps we, and the answer was lost. Look again.
    """
    there = desk.forge.head(desk.repo, slot.branch)
    commit = whose.pushed_by_us(desk, slot, there) if there else None
    if there and commit is None:
        reason = f"the branch {slot.branch} exists, and not all of it is ours; rename or delete it"
        return at(desk, slot, states.BLOCKED, reason)
    head = there
    if commit is None or not is_right(desk, commit, wanted):
        head = desk.forge.push(desk.repo, push_of(desk, slot, wanted, there))
    slot = pushed(desk, slot, wanted, head)
    title = body.title(wanted.proposal, desk.config)
    text = metadata.sealed(body.body(wanted.proposal, wanted.says(desk)), metadata_of(desk, slot, wanted, title))
    pull = desk.forge.open_pull(desk.repo, OpenPull(slot.branch, desk.base, title, text, desk.config.draft))
    slot = desk.ledger.write(slot._replace(number=pull.number, opened_at=desk.clock()))
    return annotated(desk, slot, pull)


def is_right(desk: Desk, commit: Commit, wanted: Wanted) -> bool:
    """True when a commit is what we would push: the same tree, on the same base."""
    return bool(wanted.tree) and commit.tree == wanted.tree and commit.parents[-1:] == (desk.head,)


def pushed(desk: Desk, slot: Slot, wanted: Wanted, head: str, state: str = states.PUSHED) -> Slot:
    """The slot, which remembers what the branch points at; the pull request does not know it yet."""
    return desk.ledger.write(
        slot._replace(
            state=state,
            head=head,
            tree=wanted.tree,
            change_key=wanted.proposal.change_key,
            plan_key=wanted.proposal.plan_key,
            reason="",
            not_before=0.0,
        )
    )


def annotated(desk: Desk, slot: Slot, pull: PullRequest) -> Slot:
    """Labels and people, once, as far as it goes; a pull request never fails for them."""
    config = desk.config
    wish = Annotate(pull.number, config.labels, config.assignees, config.reviewers)
    failed: tuple[str, ...] = ()
    if any(wish[1:]):
        failed = desk.forge.annotate(desk.repo, wish)
    return at(desk, slot._replace(asked=""), states.OPEN, "; ".join(failed))


def at(desk: Desk, slot: Slot, state: str, reason: str = "", not_before: float = 0.0) -> Slot:
    """The slot, remembered in this state."""
    return desk.ledger.write(slot._replace(state=state, reason=reason, not_before=not_before))
