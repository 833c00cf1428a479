"""Branches of GitHub, moved and deleted only from where they were seen.

REST's PATCH and DELETE of a ref compare nothing, so what a person pushes between our look and our write would be lost.
GraphQL's ``updateRefs`` compares and swaps (``beforeOid``, ``force``), on GitHub and on Enterprise Server. Where it is missing,
or a token may not use GraphQL, the branch is read just before REST writes it.
"""

from __future__ import annotations

from dslim.bot.forge import steps, trouble
from dslim.bot.forge.github_client import Client, at

NOWHERE = "0" * 40  # what a ref that does not exist points at
_MUTATION = "mutation($input:UpdateRefsInput!){updateRefs(input:$input){clientMutationId}}"
_MISSING = ("doesn't exist on type", "isn't a defined input type", "not accessible by")


class Refs:
    """The branches behind one client. ``nodes`` has GraphQL's name of each repository that was looked up."""

    def __init__(self, client: Client, forge: steps.Reader) -> None:
        self._client = client
        self._forge = forge
        self._swaps = True
        self.nodes: dict[str, str] = {}

    def move(self, repo: str, branch: str, before: str, after: str) -> None:
        """Also where that is no fast-forward.

        Raises:
            Conflict: the branch does not point at ``before``.
        """
        if not self._swapped(repo, branch, before, after):
            steps.expect(self._forge, repo, branch, before)
            self._client.write("PATCH", at(repo, "git/refs/heads", branch), {"sha": after, "force": True})

    def drop(self, repo: str, branch: str, before: str) -> None:
        """As :meth:`move`, to nowhere."""
        if not self._swapped(repo, branch, before, NOWHERE):
            steps.expect(self._forge, repo, branch, before)
            self._client.write("DELETE", at(repo, "git/refs/heads", branch))

    def _swapped(self, repo: str, branch: str, before: str, after: str) -> bool:
        """False where this GitHub, or this token, cannot."""
        node = self.nodes.get(repo.lower(), "")
        if not self._swaps or not node:
            return False
        update = {"name": f"refs/heads/{branch}", "beforeOid": before, "afterOid": after, "force": True}
        try:
            said = self._client.graphql(_MUTATION, {"input": {"repositoryId": node, "refUpdates": [update]}})
        except trouble.NotFound:  # no GraphQL at that address
            said = _MISSING[0]
        except trouble.Refused as error:
            said = str(error)
        if any(words in said for words in _MISSING):
            self._swaps = False
            return False
        if said:
            steps.expect(self._forge, repo, branch, before)
            raise trouble.Refused(f"{repo}: {said}; allow the bot to push to its own branches (dslim/**)")
        return True
