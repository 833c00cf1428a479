"""Hard case 5: kill -9 between tree, commit, branch, pull request and labels. The next run finishes what it finds."""

from __future__ import annotations

from pathlib import Path

import pytest

from dslim.bot import metadata
from tests.bot.conftest import Forge, thoroughly
from tests.bot.counterparts.wire import Fault
from tests.bot.process import Process
from tests.bot.robot import AFTER, FILES, NAME, ours, the_pull

STEPS = ["git/refs", "pulls", "labels", *thoroughly("git/trees", "git/commits")]


def complaints(forge: Forge, name: str = NAME, forgot: bool = False) -> list[str]:
    """What is not as it must be: one branch, one pull request, nothing lost, nothing more.

    ``forgot``: the ledger was lost as well. A pull request without labels stays without them then: perhaps a person took
    them away, and that is not asked of people twice.
    """
    pulls = forge.world.pulls(name)
    if [pull["state"] for pull in pulls] != ["open"] or len(ours(forge, name)) != 1:
        return [f"pull requests: {[pull['state'] for pull in pulls]}, branches: {ours(forge, name)}"]
    pull = the_pull(forge, name)
    main = forge.world.tip(name, "main")
    known = metadata.find(pull.body)
    facts = {
        "the branches": (sorted(forge.world.branches(name)), sorted(["main", pull.branch])),
        "what changed": (forge.world.changed(name, main, pull.head), ["Dockerfile"]),
        "the bytes": (forge.world.file(name, pull.head, "Dockerfile"), AFTER),
        "the parents": ([one["sha"] for one in forge.world.commit(name, pull.head)["parents"]], [main]),
        "the labels": ([label["name"] for label in pulls[0]["labels"]] or forgot * ["docker"], ["docker"]),
        "the head in the metadata": (known and known.head, pull.head),
        "the comments": (forge.world.comments(name, pull.number), []),
    }
    return [f"{what}: {found!r}, not {wanted!r}" for what, (found, wanted) in facts.items() if found != wanted]


@pytest.mark.parametrize("after", [True, *thoroughly(False)], ids=["after", "before"])
@pytest.mark.parametrize("step", STEPS)
def test_case_5_killed_at_a_step(forge: Forge, tmp_path: Path, step: str, after: bool) -> None:
    forge.world.repository(NAME, FILES)
    first = Process(forge, tmp_path / "ledger.sqlite")
    forge.shim.faults.append(Fault(f"POST .*/{step}$", drop=True, after=after, then=first.kill))
    assert first.wait(60) == -9
    second = Process(forge, tmp_path / "ledger.sqlite")
    assert second.wait(60) == 0, second.said
    assert complaints(forge) == []
    forge.shim.calls.clear()
    third = Process(forge, tmp_path / "ledger.sqlite")
    assert third.wait(60) == 0, third.said
    assert forge.shim.writes == []
