"""What was answered once is not asked again, whatever else a newer dslim finds in the same file."""

from __future__ import annotations

from pathlib import Path

import pytest

from dslim import rewrite
from dslim.bot import states
from dslim.bot.config import default, parse
from dslim.bot.forge.protocol import FILE, Entry
from dslim.bot.ledger import Answer
from dslim.bot.plan import Plan, Rewritten, Snapshot, Source, plan
from dslim.bot.questions import ANSWERED, Instructions, unanswered
from dslim.bot.wanted import Wanted
from rewriter.report import Outcome
from rewriter.text import Span
from tests.bot.conftest import Forge
from tests.bot.robot import AFTER, BEFORE, FILES, NAME, Robot, proposed, the_pull

TWO = BEFORE.replace(b"CMD", b"RUN pip install flask\nCMD")
#: an older dslim, which does not know these rules yet
OLDER = b"rules: {ignore: [pip-cache-kept, consecutive-runs]}\n"
CONFIG = ".github/dslim.yml"


@pytest.fixture
def robot(forge: Forge, tmp_path: Path) -> Robot:
    return Robot(forge, tmp_path)


def planned(text: bytes, only: frozenset[str] | None = None, config: str = "") -> Plan:
    snapshot = Snapshot((Entry("Dockerfile", FILE, "0" * 40),), (Source("Dockerfile", FILE, text),), {}, default())
    return plan(snapshot._replace(only=only, config=parse(config, "dslim.yml")))


def the_file(made: Plan) -> Rewritten:
    ((file,),) = (proposal.files for proposal in made.proposals)
    return file


def test_an_insertion_belongs_to_the_instruction_behind_it() -> None:
    text = "FROM a\n# why\nRUN b\nRUN c\n"
    found = Instructions(text)
    end = len(text)
    places = {0: "FROM a", 7: "FROM a", 13: "RUN b", 18: "RUN b", 19: "RUN c", end: "RUN c"}
    assert {at: found.touched(Span(at, at)) for at in places} == {at: [text] for at, text in places.items()}
    assert found.touched(Span(14, 20)) == ["RUN b", "RUN c"]
    assert Instructions("").touched(Span(0, 0)) == [""]


def test_a_finding_is_new_when_all_its_questions_are() -> None:
    findings = [frozenset("a"), frozenset("ab"), frozenset("c")]
    assert unanswered(findings, {"a"}) == {"c"}
    assert unanswered(findings, {"b"}) == {"a", "c"}


def test_what_is_kept_is_not_applied_and_says_why() -> None:
    text = TWO.decode()
    kept = rewrite(text, level="safe", kept=lambda told: "no" if told.transform == "pip-cache-kept" else "")
    assert "rm -rf /var/lib/apt/lists" in kept.text and "no-cache-dir" not in kept.text
    assert {told.note for told in kept.findings if told.outcome is Outcome.KEPT} == {"no"}
    everything = rewrite(text, level="safe", kept=lambda told: "no")
    assert not everything.changed and not everything.unsettled


@pytest.mark.parametrize("config", ["", "group: rule", "pr: {commits: rule}"])
def test_a_plan_of_some_questions_asks_no_others(config: str) -> None:
    """Each question alone, and each but one: nothing is applied that asks something else."""
    text = TWO + b"RUN apt-get update && apt-get install -y git\nRUN npm install -g yarn\n"
    all_ = {question for one in planned(text).proposals for file in one.files for question in file.questions}
    assert len(all_) > 3
    for question in all_:
        for only in (frozenset({question}), frozenset(all_ - {question})):
            made = planned(text, only, config)
            asked = {one for proposal in made.proposals for file in proposal.files for one in file.questions}
            assert asked <= only
            for proposal in made.proposals:
                for file in proposal.files:
                    assert not file.steps or file.steps[-1][1] == file.after
    assert planned(text, frozenset()).proposals == ()


def test_what_cannot_be_had_alone_is_not_proposed() -> None:
    """Two RUNs are joined, or they are not: an answer for one of them is one for both."""
    text = b"FROM debian:12\nRUN echo one\nRUN echo two\n"
    file = the_file(planned(text))
    (joined,) = file.asks
    assert len(joined) == 2
    for question in joined:
        assert unanswered(file.asks, {question}) == frozenset()
        assert planned(text, joined - {question}).proposals == ()


def test_places_spaces_and_other_instructions_change_no_question() -> None:
    asks = the_file(planned(BEFORE)).questions
    for text in (
        b"# why\n" + BEFORE.replace(b"RUN", b"LABEL a=b\nRUN"),
        BEFORE.replace(b"-y", b" \\\n  -y"),
        BEFORE.replace(b"\n", b"\r\n"),
    ):
        assert the_file(planned(text)).questions == asks
    assert the_file(planned(BEFORE.replace(b"curl", b"wget"))).questions.isdisjoint(asks)


def test_a_newer_dslim_does_not_ask_again(robot: Robot, forge: Forge, tmp_path: Path) -> None:
    """It finds more in the same file; what was closed is not in its proposal, with the ledger or without."""
    forge.world.repository(NAME, {**FILES, "Dockerfile": TWO, CONFIG: OLDER})
    first = proposed(robot)
    assert forge.world.file(NAME, first.head, "Dockerfile") == TWO.replace(BEFORE[:-13], AFTER[:-13])
    forge.world.close(NAME, first.number)
    robot.later()
    assert robot.run().state == states.CLOSED
    forge.world.push(NAME, "main", {CONFIG: b""})
    without_memory = Robot(forge, tmp_path)
    for one in (robot, without_memory):
        one.later()
        one.run()
        second = the_pull(forge)
        proposal = forge.world.file(NAME, second.head, "Dockerfile")
        assert b"rm -rf" not in proposal and b"--no-cache-dir" in proposal
        assert "apt-lists-left-behind" not in second.body.partition("What was left alone")[0]
    forge.world.close(NAME, second.number)
    for one in (robot, without_memory, Robot(forge, tmp_path)):
        one.later()
        assert one.run().state == states.CLOSED
    assert len(forge.world.pulls(NAME)) == 2


def test_an_open_pull_request_is_not_made_of_what_was_closed_elsewhere(robot: Robot, forge: Forge) -> None:
    """The grouping changed meanwhile; an answer holds wherever its question would stand."""
    forge.world.repository(NAME, {**FILES, "web/Dockerfile": BEFORE, CONFIG: b"group: directory\n"})
    robot.run()
    root, _ = forge.world.pulls(NAME, "open")
    forge.world.close(NAME, root["number"])
    robot.later()
    robot.run()
    forge.world.push(NAME, "main", {CONFIG: b"group: one\n"})
    robot.later()
    robot.run()
    (pull,) = forge.world.pulls(NAME, "open")
    assert len(forge.world.changed(NAME, forge.world.tip(NAME, "main"), pull["head"]["sha"])) == 1


def old_answer(robot: Robot, number: int = 1) -> str:
    """As an older dslim kept it: one for the whole file."""
    (known,) = robot.ledger.repositories()
    key = the_file(planned(TWO, config=OLDER.decode())).answer_key
    place = f"{known.host}/{known.id}/"
    robot.ledger.forget_answers(place, robot.ledger.answers(place))
    robot.ledger.answered([Answer(place, key, number, "closed")])
    return place


def test_an_answer_of_an_older_version_holds_and_is_taken_apart(robot: Robot, forge: Forge) -> None:
    forge.world.repository(NAME, {"README.md": b"# api\n", CONFIG: OLDER})
    robot.run()
    place = old_answer(robot)
    forge.world.push(NAME, "main", {"Dockerfile": TWO})
    for _ in range(2):
        robot.later()
        assert robot.run().state == states.CLOSED
    assert len(robot.ledger.answers(place)) == 1 + len(the_file(planned(TWO, config=OLDER.decode())).questions)
    forge.world.push(NAME, "main", {CONFIG: b""})
    robot.later()
    robot.run()
    assert b"rm -rf" not in forge.world.file(NAME, the_pull(forge).head, "Dockerfile")


def test_whoever_opens_it_again_takes_all_answers_back(robot: Robot, forge: Forge) -> None:
    """Also those that were taken apart."""
    forge.world.repository(NAME, {**FILES, "Dockerfile": TWO, CONFIG: OLDER})
    pull = proposed(robot)
    forge.world.close(NAME, pull.number)
    robot.later()
    robot.run()
    place = old_answer(robot, pull.number)
    robot.later()
    assert robot.run().state == states.CLOSED
    forge.world.edit(NAME, pull.number, {"state": "open"})
    robot.later()
    assert robot.run().state == states.OPEN
    assert robot.ledger.answers(place) == {}
    assert the_pull(forge) == pull


def test_far_too_many_questions_are_answered_file_by_file() -> None:
    """The hidden comment must fit, whatever is in the files."""
    runs = b"".join(b"RUN apt-get update && apt-get install -y p%d\nWORKDIR /p%d\n" % (nth, nth) for nth in range(60))
    file = the_file(planned(b"FROM debian:12\n" + runs))
    (proposal,) = planned(b"FROM debian:12\n" + runs).proposals
    few, many = Wanted(proposal, {}, "", 0), Wanted(proposal._replace(files=(_many(file),)), {}, "", 0)
    assert few.answers == tuple(sorted(file.questions)) and len(few.answers) >= 60
    assert many.answers == (file.answer_key,)


def _many(file: Rewritten) -> Rewritten:
    return file._replace(asks=tuple(frozenset({str(nth)}) for nth in range(3_000)))


def test_the_note_of_what_was_answered() -> None:
    file = the_file(planned(TWO))
    pip = next(asks for asks, told in zip(file.asks, file.applied, strict=True) if told.transform == "pip-cache-kept")
    left = the_file(planned(TWO, pip))
    assert {told.note for told in left.others if told.outcome is Outcome.KEPT} == {ANSWERED}
