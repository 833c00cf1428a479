"""Proof by building: a checkout of the base branch, the Dockerfile before and after, and `dslim verify` on both."""

from __future__ import annotations

import os
from collections.abc import Mapping

from dslim.bot.body import Proof
from dslim.bot.plan import Proposal, Rewritten
from dslim.bot.run import Prover
from dslim.files import read
from dslim.verify.build import Settings
from dslim.verify.command import run
from dslim.verify.verdict import EQUIVALENT, NOT_BUILT, SAME_PROGRAM
from dslim.verify.verify import Asked
from rewriter.rule import Safety


def prover(folder: str) -> Prover:
    """Builds in one checkout. A file that differs there from the base branch is not built, and so not proven."""

    def prove(proposal: Proposal) -> Mapping[str, Proof]:
        made = ((file.path, _proof(folder, file)) for file in proposal.files)
        return {path: proof for path, proof in made if proof is not None}

    return prove


def _proof(folder: str, file: Rewritten) -> Proof | None:
    path = os.path.join(folder, file.path)
    if read(path) != file.before:
        return None
    strict = all(told.safety >= Safety.SAFE for told in file.applied)
    settings = Settings(context=os.path.dirname(path) or os.curdir, dockerfile=path)
    verified = run(file.before, file.after, settings, Asked(strict=strict), lambda doing: None)
    if verified.verdict == NOT_BUILT:  # which says nothing about the change
        return None
    holds = verified.verdict in (EQUIVALENT, SAME_PROGRAM)
    return Proof(verified.verdict, verified.before.bytes, verified.after.bytes, tuple(verified.because), holds)
