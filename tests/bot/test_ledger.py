"""The memory: what was written is there, what two want only one has, and what a newer dslim wrote is left alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dslim.bot.alive import me, somebody
from dslim.bot.database import Database, Newer, about
from dslim.bot.ledger import Answer, Known, Ledger, ReadOnly, Slot

SLOT = Slot("12345678", "github.com", "42", "", "all", branch="dslim/x", state="open", number=7, said=("a:7", "b:7"))


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(Database(str(tmp_path / "state" / "ledger.db")), lambda: 1000.0)


def test_what_was_written_is_there(ledger: Ledger) -> None:
    assert ledger.write(SLOT) == ledger.slot("12345678") == SLOT._replace(updated_at=1000.0)
    ledger.write(SLOT._replace(state="merged"))
    other = ledger.write(SLOT._replace(slot="0", repository="43"))
    assert [slot.state for slot in ledger.slots("github.com", "42")] == ["merged"]
    assert len(ledger.slots()) == 2 and ledger.slot("0") == other and ledger.slot("none") is None


def test_a_repository_is_known_by_any_case_of_its_name(ledger: Ledger) -> None:
    known = Known("github.com", "42", "Acme/API", "main", {"main": "abc"}, 5.0, "1", "open", "why", 6.0)
    ledger.remember(known)
    assert ledger.known("github.com", "acme/api") == known
    assert ledger.known("other.host", "acme/api") is None
    ledger.remember(known._replace(name="Acme/backend", looked_at=9.0))
    assert ledger.known("github.com", "acme/api") is None
    assert [one.name for one in ledger.repositories()] == ["Acme/backend"]


def test_of_two_repositories_with_a_name_the_later_counts(ledger: Ledger) -> None:
    ledger.remember(Known("github.com", "1", "a/b", "main", {}, 5.0))
    ledger.remember(Known("github.com", "2", "a/b", "main", {}, 6.0))
    found = ledger.known("github.com", "a/b")
    assert found is not None and found.id == "2"


def test_answers_hold_until_they_are_taken_back(ledger: Ledger) -> None:
    ledger.answered(
        [Answer("here", "k1", 1, "closed"), Answer("here", "k2", 1, "merged"), Answer("there", "k1", 2, "closed")]
    )
    assert {key: one.answer for key, one in ledger.answers("here").items()} == {"k1": "closed", "k2": "merged"}
    ledger.forget_answers("here", ["k1"])
    assert set(ledger.answers("here")) == {"k2"} and set(ledger.answers("there")) == {"k1"}


def test_a_lease_is_of_one(ledger: Ledger) -> None:
    one, other = somebody(), somebody()
    assert ledger.lease("repo", one, 60) and ledger.lease("repo", one, 60)
    assert not ledger.lease("repo", other, 60)
    ledger.release("repo", other)
    assert not ledger.lease("repo", other, 60)
    ledger.release("repo", one)
    assert ledger.lease("repo", other, 60)


def test_a_lease_ends(tmp_path: Path) -> None:
    now = [0.0]
    ledger = Ledger(Database(str(tmp_path / "l.db")), lambda: now[0])
    assert ledger.lease("repo", "elsewhere/1/x", 60)
    now[0] = 59.0
    assert not ledger.lease("repo", me(), 60)
    now[0] = 61.0
    assert ledger.lease("repo", me(), 60)


def test_the_lease_of_a_dead_process_is_void(ledger: Ledger) -> None:
    program = "from dslim.bot.alive import somebody; print(somebody())"
    dead = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()
    assert ledger.lease("repo", dead, 600)
    assert ledger.lease("repo", somebody(), 60)


def test_a_dry_memory_is_told_nothing(ledger: Ledger) -> None:
    dry = ReadOnly(ledger.database)
    assert dry.write(SLOT) == SLOT
    dry.remember(Known("github.com", "42", "a/b", "main", {}))
    dry.answered([Answer("here", "k", 1, "closed")])
    assert dry.lease("x", "me", 1) and ledger.lease("x", "you", 1)
    assert ledger.slots() == () and ledger.repositories() == () and ledger.answers("here") == {}


def test_a_newer_memory_is_left_alone(ledger: Ledger, tmp_path: Path) -> None:
    with ledger.database.transaction() as there:
        ledger.database.upsert(there, about, name="version", value="99")
    with pytest.raises(Newer, match=r"written by a newer dslim \(version 99\)"):
        Database(str(tmp_path / "state" / "ledger.db"))


def test_the_folder_of_the_memory_is_private(ledger: Ledger, tmp_path: Path) -> None:
    assert (tmp_path / "state").stat().st_mode & 0o077 == 0


def test_what_was_promised_is_on_the_disk() -> None:
    """As everybody has it but these tests, which cut no power (`preload.py`)."""
    asked = "from dslim.bot import database; print(database.SYNCHRONOUS)"
    assert subprocess.run([sys.executable, "-c", asked], capture_output=True, check=True).stdout == b"FULL\n"
