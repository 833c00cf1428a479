"""Whose work a branch and a pull request are. In doubt they are a person's, and left alone."""

from __future__ import annotations

from collections.abc import Collection

from dslim.bot.desk import Desk
from dslim.bot.forge.protocol import Commit, PullRequest
from dslim.bot.keys import text_key
from dslim.bot.ledger import Slot
from dslim.bot.metadata import Metadata, trailer

_FORGE = "noreply@"  # how the address begins of a forge that commits what was asked for by its API


def pushed_by_us(desk: Desk, slot: Slot, sha: str) -> Commit | None:
    """The commit, when we made it.

    We remember what we pushed. What we forgot (killed before it was written down) says so itself: its trailers name the slot
    and the very tree that it has, and nobody else committed it. An amended commit has another tree, or another committer.
    """
    commit = desk.forge.commit(desk.repo, sha)
    if sha == slot.head:
        return commit
    said = trailer(commit.message)
    alone = commit.committer == commit.author or commit.committer.startswith(_FORGE)
    return commit if said.get("slot") == slot.slot and said.get("tree") == commit.tree and alone else None


def touched(desk: Desk, slot: Slot, pull: PullRequest, metadata: Metadata) -> str:
    """What a person did to an open pull request of ours, in a few words; "" for nothing.

    Labels, assignees, reviewers, a milestone and the text of the description may change: we set them once, or keep what is
    there. The head, the base and the title are what we would overwrite.
    """
    if pull.base != desk.base:
        return f"its base is {pull.base} now, not {desk.base}"
    if text_key(pull.title) != metadata.title:
        return "its title was edited"
    if pull.head in (metadata.head, slot.head) or pushed_by_us(desk, slot, pull.head):
        return ""
    ours = (metadata.head, slot.head)
    others = [one for one in desk.forge.commits(desk.repo, pull.base, pull.head) if one.sha not in ours]
    people = [one for one in others if not _ignored(one, desk.config.ignored_authors)]
    return "somebody pushed to it" if people or not others else ""


def _ignored(commit: Commit, ignored: Collection[str]) -> bool:
    """True for another bot's work, as long as no person amended it."""
    made = commit.committer in (commit.author, *ignored) or commit.committer.startswith(_FORGE)
    return commit.author in ignored and made
