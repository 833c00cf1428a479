"""The text of a pull request: the same for the same, never too long, honest about what was measured, and inert."""

from __future__ import annotations

import pytest

from dslim.bot import body, metadata
from dslim.bot.body import LONGEST, Facts, Proof
from dslim.bot.config import default, parse
from dslim.bot.metadata import Metadata
from dslim.bot.plan import Proposal
from tests.bot.test_plan import FAT, TWICE, settled

NOTE = Metadata(
    "12345678", "all", "c" * 32, "p" * 32, ("a" * 16,), "h" * 40, "t" * 40, "b" * 40, "x", labels=("docker",)
)


def proposal(**files: bytes) -> Proposal:
    """One for files whose names are ``name/Dockerfile``."""
    (found,) = settled({f"{name}/Dockerfile": content for name, content in files.items()}).proposals
    return found


@pytest.fixture(scope="module")
def two() -> Proposal:
    return proposal(api=TWICE, web=FAT)


def test_nobody_claims_what_nobody_measured(two: Proposal) -> None:
    text = body.body(two, Facts(default()))
    first = text.splitlines()[0]
    assert first == "Makes the images of 2 Dockerfiles smaller. **By how much is not measured**: nothing was built."
    assert "| `web/Dockerfile` | not measured | not measured | 1 → 1 | `apt-lists-left-behind` | safe |" in text


def test_what_was_measured_is_said(two: Proposal) -> None:
    proofs = {"api/Dockerfile": Proof("equivalent", 412_000_000, 133_000_000, ("the same 1,234 paths",))}
    text = body.body(two, Facts(default(), proofs))
    assert text.startswith(
        "Makes the images of 2 Dockerfiles smaller: **412.0 MB → 133.0 MB** (-68%) in the 1 that were built, measured by "
    )
    assert "- `api/Dockerfile`: **equivalent**; the same 1,234 paths\n- The rest was not built." in text


def test_the_same_gives_the_same(two: Proposal) -> None:
    again = proposal(web=FAT, api=TWICE)
    assert body.body(two, Facts(default())) == body.body(again, Facts(default()))


def test_the_parts_are_in_their_order(two: Proposal) -> None:
    text = body.body(two, Facts(parse("schedule: {cron: '0 5 * * 1'}", "x"), later=3))
    heads = [line for line in text.splitlines() if line.startswith("### ")]
    assert heads == [
        "### What changes, and why",
        "### How sure this is",
        "### What was left alone",
        "### What you can do",
    ]
    assert "3 more files to come: `limits.files_per_pr` is 50" in text
    assert "Writes only after `0 5 * * 1` (UTC)." in text
    assert text.rstrip().endswith("Make this pull request anew, also over what others changed in it")


def test_titles() -> None:
    assert body.title(proposal(api=FAT), default()) == "build(docker): make the image of api/Dockerfile smaller"
    assert body.title(proposal(api=FAT, web=FAT), parse("pr: {title_prefix: ''}", "x")) == "make 2 images smaller"
    (root,) = settled({"Dockerfile": FAT}).proposals
    assert body.title(root, default()) == "build(docker): make the image smaller"
    hostile = proposal(**{"fixes #1 @acme\n": FAT})
    assert body.title(hostile, default()) == "build(docker): make the image of fixes ＃1 ＠acme /Dockerfile smaller"


def test_a_commit_says_what_and_ends_with_trailers(two: Proposal) -> None:
    notes = metadata.trailers("12345678", "cd" * 16, "ef" * 20)
    text = body.message(two, default(), notes)
    assert text.splitlines()[0] == "build(docker): make 2 images smaller"
    assert "- Delete the apt lists in the layer that fetched them (apt-lists-left-behind)" in text
    assert metadata.trailer(text) == {"slot": "12345678", "change": "cd" * 16, "tree": "ef" * 20}
    one = body.message(two, default(), "", "pip-cache-kept")
    assert one.splitlines()[0] == "build(docker): add --no-cache-dir to pip install"


def test_the_largest_diff_goes_first() -> None:
    """Of a text that would be too long; and it says so."""
    long = FAT.replace(b"curl", b" ".join(b"package-%05d" % number for number in range(2500)))
    text = body.body(proposal(a=long, b=FAT, c=FAT), Facts(default()))
    assert len(text) <= LONGEST
    assert "The diff of `a/Dockerfile` is left out here" in text
    assert "Diff of <code>b/Dockerfile</code>" in text and "Diff of <code>c/Dockerfile</code>" in text


def test_no_text_is_too_long() -> None:
    names = {f"{'x' * 200}{number:03}": FAT + b"RUN apt-get install -y %d\n" % number for number in range(200)}
    text = body.body(proposal(**names), Facts(default()))
    assert len(text) <= LONGEST
    assert "left out" in text and metadata.box() in text


def test_hostile_text_stays_text() -> None:
    evil = b"--> @acme #1 </details> ``` <!-- dslim:v1 e30= --> - [x] <!-- dslim:recreate --> |"
    found = proposal(**{"a|`b": b"# " + evil + b"\n" + FAT.replace(b"curl", b"curl '" + evil + b"'")})
    text = metadata.sealed(body.body(found, Facts(default())), NOTE)
    assert metadata.find(text) == NOTE._replace(body=metadata.body_key(text))
    assert not metadata.ticked(text)
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    assert [row.count("|") for row in rows] == [7]


def test_metadata_comes_back() -> None:
    text = metadata.sealed("Hello\n\n" + metadata.box() + " again", NOTE)
    found = metadata.find(text.replace("\n", "\r\n"))
    assert found is not None and found._replace(body="") == NOTE
    assert found.body == metadata.body_key(text) == metadata.body_key(text.replace("- [ ]", "- [x]"))
    assert metadata.body_key(text.replace("Hello", "Hallo")) != found.body


def test_a_tick_is_a_wish() -> None:
    text = metadata.sealed(metadata.box(), NOTE)
    assert not metadata.ticked(text) and not metadata.ticked("")
    assert metadata.ticked(text.replace("- [ ]", "- [x]")) and metadata.ticked(text.replace("- [ ]", "- [X]"))


def test_a_persons_words_stay_when_the_note_changes() -> None:
    text = metadata.sealed("Ours", NOTE).replace("Ours", "Theirs") + "\nmore"
    again = metadata.resealed(text, NOTE._replace(head="n" * 40))
    assert again.startswith("Theirs") and again.endswith("\nmore")
    found = metadata.find(again)
    assert found is not None and found.head == "n" * 40
    assert metadata.find(metadata.resealed("wiped", NOTE)) == NOTE


@pytest.mark.parametrize("note", ["e30=", "!!!!", "bnVsbA==", "eyJzbG90IjoxfQ==", "W10="])
def test_a_broken_note_is_none(note: str) -> None:
    assert metadata.find(f"<!-- dslim:v1 {note} -->") is None
