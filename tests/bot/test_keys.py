"""The keys are the bot's memory: what may change under them, and what must not."""

from __future__ import annotations

import subprocess
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from dslim.bot import keys
from dslim.bot.forge.protocol import Entry
from dslim.bot.gittree import tree_sha
from dslim.bot.keys import Replaced

ONE = Replaced("api/Dockerfile", ("apt-lists-left-behind",), ("RUN apt-get update",), ("RUN apt-get update && clean",))


def test_the_keys_of_this_version_stay() -> None:
    """Whoever changes one of these makes every open pull request a stranger's, and every closed one forgotten."""
    assert keys.slot("github.com", "42", "", "all") == "af3471f0"
    assert keys.branch("dockerfiles", "af3471f0") == "dslim/dockerfiles-af3471f0"
    assert keys.answer_key(ONE) == "ebe1bb673583016e"
    assert keys.change_key([ONE]) == "da6b1ba412bc8bc57fdadadc4b7fa28a"
    assert keys.plan_key([("a", "1", "2")]) == "9e0120acf59303dbe88feedf4a1b0c98"
    assert keys.text_key("a title") == "4bc9cb802ea6a663"


def test_a_slot_is_of_a_repository_whatever_it_is_called() -> None:
    assert keys.slot("GitHub.com", "42", "", "all") == keys.slot("github.com", "42", "", "all")
    different = {
        keys.slot("github.com", number, base, group)
        for number in ("1", "11")
        for base in ("", "1")
        for group in ("", "1", "all")
    }
    assert len(different) == 12


def test_a_branch_can_always_be_made() -> None:
    names = [keys.branch(group, "12345678") for group in ("svc/API", "..", "a b~^:?*[\\", "x" * 99, "é/ü", "-", "@{")]
    for name in names:
        assert (
            subprocess.run(["git", "check-ref-format", "--branch", name], capture_output=True, check=False).returncode
            == 0
        )
    assert names[0] == "dslim/svc-api-12345678" and names[1] == "dslim/root-12345678"
    assert max(map(len, names)) < 60


def test_an_answer_does_not_depend_on_places_and_spaces() -> None:
    moved = ONE._replace(before=("RUN  apt-get \\\r\n    update",))
    assert keys.answer_key(moved) == keys.answer_key(ONE)
    assert keys.change_key([moved]) == keys.change_key([ONE])


def test_an_answer_is_to_a_question_and_not_to_a_wording() -> None:
    reworded = ONE._replace(after=("RUN apt-get update; clean",))
    assert keys.answer_key(reworded) == keys.answer_key(ONE)
    assert keys.change_key([reworded]) != keys.change_key([ONE])


def test_another_file_rule_or_instruction_is_another_question() -> None:
    others = [
        ONE._replace(path="web/Dockerfile"),
        ONE._replace(rules=("consecutive-runs",)),
        ONE._replace(before=("RUN apt-get update -q",)),
        ONE._replace(before=("RUN apt-get", "update")),
    ]
    assert len({keys.answer_key(one) for one in (ONE, *others)}) == 5
    assert keys.change_key([ONE, others[0]]) == keys.change_key([others[0], ONE])


@settings(max_examples=10, deadline=None)
@given(st.binary(max_size=200))
def test_a_blob_has_gits_name(content: bytes) -> None:
    made = subprocess.run(["git", "hash-object", "--stdin"], input=content, capture_output=True, check=True)
    assert keys.blob_sha(content) == made.stdout.decode().strip()


def test_a_tree_has_gits_name(tmp_path: Path) -> None:
    """Names that git sorts in its own way, modes, folders in folders; one file is another at a time, and two at once."""

    def git(*words: str) -> str:
        made = subprocess.run(["git", "-C", str(tmp_path), *words], capture_output=True, check=True)
        return made.stdout.decode()

    git("init", "-q")
    paths = ["a/b", "a.b", "a-b", "a0", "a/b-c/d/Dockerfile", "a/b-c.d", "Dockerfile", "é/ü", "new\nline", "z/y/x/w"]
    for path in paths:
        place = tmp_path / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("old")
    (tmp_path / "a0").chmod(0o755)
    (tmp_path / "link").symlink_to("a0")

    def listed() -> tuple[str, list[Entry]]:
        git("add", "-A")
        root = git("write-tree").strip()
        lines = git("ls-tree", "-r", "-t", "-z", root).split("\0")[:-1]
        return root, [Entry(line.partition("\t")[2], line.split()[0], line.split()[2]) for line in lines]

    root, entries = listed()
    assert tree_sha(entries, {}) == root
    for changed in (["a.b"], ["a/b-c/d/Dockerfile"], ["a0"], ["é/ü", "new\nline", "z/y/x/w"]):
        for path in changed:
            (tmp_path / path).write_text(f"new {changed}")
        blobs = {path: keys.blob_sha(f"new {changed}".encode()) for path in changed}
        expected, after = listed()
        assert tree_sha(entries, blobs) == expected
        entries = after
