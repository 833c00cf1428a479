"""Proof by building in a checkout: figures that were measured, and nothing where the checkout is not what was planned on."""

from __future__ import annotations

from pathlib import Path

import pytest

from dslim.bot import body, prove
from dslim.bot.body import Facts
from dslim.bot.config import default
from dslim.bot.plan import Proposal
from dslim.images.engine import Engine
from dslim.verify.sizes import Side
from dslim.verify.verdict import DIFFERENT, NOT_BUILT, Verified
from tests.bot.test_plan import settled

WASTE = b"FROM alpine:3.23\nRUN dd if=/dev/zero of=/big bs=1024 count=3000\nRUN rm /big\nCOPY a /a\n"


@pytest.fixture
def proposal(tmp_path: Path) -> Proposal:
    (tmp_path / "svc").mkdir()
    (tmp_path / "svc" / "Dockerfile").write_bytes(WASTE)
    (tmp_path / "svc" / "a").write_text("a")
    (found,) = settled({"svc/Dockerfile": WASTE}).proposals
    return found


def test_what_was_built_is_measured(engine: Engine, proposal: Proposal, tmp_path: Path) -> None:
    proofs = prove.prover(str(tmp_path))(proposal)
    proof = proofs["svc/Dockerfile"]
    assert proof.holds and proof.verdict == "equivalent"
    assert 3_000_000 < proof.before - proof.after < 3_200_000
    assert "smaller: **" in body.first_line(proposal, proofs) and "measured by building" in body.first_line(
        proposal, proofs
    )
    assert "- `svc/Dockerfile`: **equivalent**" in body.body(proposal, Facts(default(), proofs))


def test_another_checkout_proves_nothing(proposal: Proposal, tmp_path: Path) -> None:
    (tmp_path / "svc" / "Dockerfile").write_bytes(WASTE + b"\n")
    assert prove.prover(str(tmp_path))(proposal) == {}
    assert prove.prover(str(tmp_path / "none"))(proposal) == {}


@pytest.mark.parametrize(("verdict", "said"), [(DIFFERENT, [False]), (NOT_BUILT, [])])
def test_only_a_verdict_is_one(
    proposal: Proposal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verdict: str, said: list[bool]
) -> None:
    side = Side(True, 0.0)
    monkeypatch.setattr(prove, "run", lambda *words: Verified(verdict, ("why",), side, side))
    assert [proof.holds for proof in prove.prover(str(tmp_path))(proposal).values()] == said
