"""What lies on the desk while one repository is handled: the tools, and what is known of one base branch."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple

from dslim.bot.body import Proof
from dslim.bot.config import Config
from dslim.bot.forge.protocol import Entry, Forge, Repository
from dslim.bot.gittree import tree_sha
from dslim.bot.ledger import Ledger, place
from dslim.bot.plan import Alone, Plan, Proposal


class Desk(NamedTuple):
    """``head`` is the commit of ``base`` that was planned on, ``entries`` its tree. ``asked`` says that a person wants this
    run, so that no schedule holds it up. ``prove`` builds what is about to be proposed; ``proofs`` are of files that were.
    ``again`` plans once more, of some questions only. ``approved`` are the slots whose boxes people ticked in the dashboard."""

    forge: Forge
    ledger: Ledger
    repository: Repository
    base: str
    head: str
    entries: tuple[Entry, ...]
    config: Config
    config_path: str = ".github/dslim.yml"
    alone: tuple[Alone, ...] = ()
    proofs: Mapping[str, Proof] = {}
    asked: bool = False
    clock: Callable[[], float] = time.time
    prove: Callable[[Proposal], Mapping[str, Proof]] = lambda proposal: {}
    again: Callable[[frozenset[str]], Plan] = lambda questions: Plan()
    approved: Callable[[], frozenset[str]] = frozenset

    def proven(self, proposal: Proposal) -> Desk:
        """The desk with the proofs that there are for a proposal."""
        return self._replace(proofs=self.prove(proposal))

    @property
    def repo(self) -> str:
        return self.repository.name

    @property
    def place(self) -> str:
        return place(self.repository.host, self.repository.id, self.base_key)

    @property
    def base_key(self) -> str:
        """The base in keys: "" for the default branch, whatever its name is."""
        return "" if self.base == self.repository.default_branch else self.base

    def tree(self, blobs: Mapping[str, str], new: Collection[str] = ()) -> str:
        """The root tree of the base with other files in it, some of them ``new``; "" where it cannot be told.

        A name that is no UTF-8 comes out of JSON as another name.
        """
        if any("\ufffd" in entry.path for entry in self.entries):
            return ""
        return tree_sha(self.entries, blobs, new)
