"""A branch of ours beside the real one, where commits are made before the real one moves; it goes away afterwards.

GitLab and Forgejo make one commit for each request. On the real branch, a run that was killed in between would leave half a
change that nobody can tell from a person's work. So all commits but the last are made here, and the last one takes the real
branch along, in one request.
"""

from __future__ import annotations

from typing import Protocol

from dslim.bot.forge import trouble
from dslim.bot.forge.protocol import Commit, Push
from dslim.bot.metadata import trailer


class Reader(Protocol):
    """A forge, as far as it is needed here."""

    def head(self, repo: str, branch: str) -> str: ...

    def commits(self, repo: str, base: str, head: str) -> tuple[Commit, ...]: ...


def name(write: Push) -> str:
    """Of the branch. No slot has a name that ends so."""
    return f"{write.branch}-base"


def left(forge: Reader, repo: str, write: Push) -> str:
    """The commit that it points at, where a killed run left it; "" where it is not there.

    Raises:
        Refused: it holds something that is not ours.
    """
    head = forge.head(repo, name(write))
    if not head or head == write.parent:
        return head
    slot = trailer(write.commits[-1].message).get("slot", "")
    if any(trailer(one.message).get("slot") != slot for one in forge.commits(repo, write.parent, head)):
        raise trouble.Refused(f"{repo}: the branch {name(write)} has commits that are not ours; rename or delete it")
    return head
