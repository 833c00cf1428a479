"""`dslim rewrite`, on the fake engine."""

from __future__ import annotations

import io
import json
import os
import subprocess
from pathlib import Path

import jsonschema
import pytest

from dslim.record import schema
from dslim.report import Tally, size
from dslim.terminal import Printer, one_line
from tests.front.conftest import BIG, SMALL, Call, written

DIFF = b"--- a/Dockerfile\n+++ b/Dockerfile\n@@ -1,2 +1,2 @@\n FROM debian\n-RUN big\n+RUN small\n"


def put(name: str, text: str | bytes = BIG) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_by_default_people_are_told_and_nothing_is_written(dslim: Call) -> None:
    path = put("Dockerfile")
    ran = dslim("rewrite")
    assert ran.code == 0
    assert ran.out.decode().splitlines() == [
        "Dockerfile: would be rewritten, 1 change, saves 41.0 MB",
        "  @@ -1,2 +1,2 @@",
        "   FROM debian",
        "  -RUN big",
        "  +RUN small",
        "  change     line 2    Make it small  (big-things, review)",
        "                       because it is \\x1b[31mbig",
        "                       saves 41.0 MB (a)",
        "  left alone line 1    it is\\u202e fine  (broken-things)",
        "  note                 a note",
        "",
    ]
    assert ran.err == "1 file would be rewritten\n"
    assert path.read_text() == BIG


def test_a_diff_and_only_that(dslim: Call) -> None:
    put("Dockerfile")
    put("a/Dockerfile", SMALL)
    ran = dslim("rewrite", "--diff")
    assert (ran.code, ran.out) == (0, DIFF)
    assert ran.err == "1 file would be rewritten, 1 left alone\n"


def test_in_place(dslim: Call) -> None:
    path = put("Dockerfile", b"\xef\xbb\xbfFROM a\r\nRUN big")
    ran = dslim("rewrite", "-i", "Dockerfile")
    assert (ran.code, ran.err) == (0, "1 file rewritten\n")
    assert ran.out.startswith(b"Dockerfile: rewritten, 1 change, saves 41.0 MB\n  change ")
    assert path.read_bytes() == b"\xef\xbb\xbfFROM a\r\nRUN small"


def test_check(dslim: Call) -> None:
    put("Dockerfile")
    assert dslim("rewrite", "--check").code == 1
    assert dslim("rewrite", "--check", "--diff").out == DIFF
    assert dslim("rewrite", "--check", "--level", "safe").code == 0
    assert dslim("rewrite", "--check", "--ignore", "layers").code == 0


def test_held_back_is_shown(dslim: Call) -> None:
    put("Dockerfile")
    ran = dslim("rewrite", "--level=safe")
    assert b"Dockerfile: left alone\n  held back  line 2    Make it small" in ran.out


def test_bad_files_cost_a_line_each_and_exit_2(dslim: Call) -> None:
    put("Dockerfile")
    put("Dockerfile.a", "FROM a\nRUN broken\n")
    put("Dockerfile.b", b"F\0R\0O\0M\0")
    put("Dockerfile.c", b"RUN caf\xe9")
    put("Dockerfile.d", "panic")
    Path("Dockerfile.e").symlink_to("Dockerfile.e")
    os.mkfifo("Dockerfile.f")
    ran = dslim("rewrite", "--diff", "--check", ".", "Dockerfile.g\x1b[2J")
    assert (ran.code, ran.out) == (2, DIFF)
    assert ran.err.splitlines() == [
        "Dockerfile.a:2: not a Dockerfile",
        "Dockerfile.b: NUL at byte 1: this is not a text file",
        "Dockerfile.c: byte 7 is not UTF-8",
        "Dockerfile.d: dslim failed, please report it: RuntimeError: a mistake",
        "Dockerfile.e: too many levels of symbolic links",
        "Dockerfile.f: a named pipe, not a file",
        "Dockerfile.g\\x1b[2J: no such file",
        "1 file would be rewritten, 7 could not be read",
    ]


def test_a_file_that_changes_meanwhile_is_not_overwritten(dslim: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    put("Dockerfile.a")
    put("Dockerfile.b")
    real = os.access

    def hurry(path: str, mode: int) -> bool:
        if path.endswith(".b"):
            put("Dockerfile.b", "FROM somebody else\n")
        return real(path, mode)

    monkeypatch.setattr(os, "access", hurry)
    ran = dslim("rewrite", "-i", "--format", "jsonl")
    assert (ran.code, ran.err) == (2, "Dockerfile.b: changed meanwhile, not overwritten\n")
    assert Path("Dockerfile.a").read_text() == SMALL
    assert Path("Dockerfile.b").read_text() == "FROM somebody else\n"


def test_a_failed_write_is_reported(dslim: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put("Dockerfile")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    ran = dslim("rewrite", "-i", "--diff")
    assert (ran.code, ran.out) == (2, DIFF)
    assert ran.err == "Dockerfile: no permission to write\n0 files rewritten, 1 could not be written\n"
    ran = dslim("rewrite", "-i", "--format", "jsonl")
    assert json.loads(ran.out)["reason"] == "not written: no permission to write"
    assert path.read_text() == BIG


def test_two_names_of_one_file_are_written_once(dslim: Call) -> None:
    put("Dockerfile")
    Path("Dockerfile.link").symlink_to("Dockerfile")
    os.link("Dockerfile", "Dockerfile.hard")
    assert dslim("rewrite", "-i").code == 0
    assert Path("Dockerfile.link").is_symlink()
    assert Path("Dockerfile.hard").read_text() == Path("Dockerfile").read_text() == SMALL


def test_json_follows_its_schema(dslim: Call) -> None:
    published = json.loads(schema())
    jsonschema.Draft202012Validator.check_schema(published)
    check = jsonschema.Draft202012Validator(published)
    put("Dockerfile")
    put("Dockerfile.a", "broken")
    put("Dockerfile.b", SMALL)
    listed = dslim("rewrite", "--format", "json")
    check.validate(json.loads(listed.out))
    streamed = [json.loads(line) for line in dslim("rewrite", "--format=jsonl").out.splitlines()]
    for each in streamed:
        check.validate(each)
    assert json.loads(listed.out) == streamed
    assert [(each["path"], each["status"], each["reason"], each["after"]) for each in streamed] == [
        ("Dockerfile", "changed", None, SMALL),
        ("Dockerfile.a", "unreadable", "not a Dockerfile", None),
        ("Dockerfile.b", "unchanged", None, None),
    ]
    finding = streamed[0]["findings"][0]
    assert finding["edits"] == [{"start": 16, "end": 19, "text": "small"}]
    assert (finding["saves"], finding["safety"]) == ({"bytes": 41_000_000, "source": "a"}, "review")
    assert not check.is_valid({**streamed[0], "after": None})
    assert not check.is_valid({**streamed[0], "version": 2})


def test_json_of_nothing_is_an_empty_list(dslim: Call) -> None:
    assert json.loads(dslim("rewrite", "--format", "json").out) == []
    assert dslim("rewrite").err == "no Dockerfiles found\n"


def test_the_schema_is_printed(dslim: Call) -> None:
    assert dslim("rewrite", "--schema").out == schema()


def test_standard_input_is_a_filter(dslim: Call) -> None:
    ran = dslim("rewrite", "-", stdin=BIG.encode())
    assert (ran.code, ran.out.decode()) == (0, SMALL)
    assert ran.err.startswith("-: would be rewritten, 1 change")
    assert dslim("rewrite", "-", stdin=b"FROM a\r\n").out == b"FROM a\r\n"
    assert dslim("rewrite", "--check", "-", stdin=BIG.encode()).code == 1


@pytest.mark.parametrize("data", [b"RUN broken\n", b"F\0", b"\xff\xfeF\0", b"caf\xe9", b"panic"])
def test_standard_input_that_is_no_dockerfile_goes_through(dslim: Call, data: bytes) -> None:
    ran = dslim("rewrite", "-", stdin=data)
    assert (ran.code, ran.out) == (2, data)
    assert ran.err.startswith(("-: ", "-:1: "))


def test_standard_input_as_diff_and_json(dslim: Call) -> None:
    assert dslim("rewrite", "-", "--diff", stdin=BIG.encode()).out == DIFF
    (one,) = json.loads(dslim("rewrite", "-", "--format", "json", stdin=BIG.encode()).out)
    assert (one["path"], one["after"]) == ("-", SMALL)


def test_standard_input_takes_the_configuration_of_its_name(dslim: Call) -> None:
    put("a/.dslim.toml", 'level = "safe"')
    words = ("rewrite", "-", "--stdin-filename", "a/x.Dockerfile")
    assert dslim(*words, stdin=BIG.encode()).out.decode() == BIG
    assert dslim(*words, "--level", "review", stdin=BIG.encode()).out.decode() == SMALL, "the command line wins"
    assert dslim("rewrite", "-", stdin=BIG.encode()).out.decode() == SMALL
    put("a/.dslim.toml", "lvel = 1")
    ran = dslim(*words, stdin=BIG.encode())
    assert (ran.code, ran.out.decode()) == (2, BIG)


def test_a_broken_configuration_is_named_once_and_others_are_handled(dslim: Call) -> None:
    put("Dockerfile")
    put("a/.dslim.toml", "\nlevle = 1\n")
    put("a/Dockerfile")
    put("a/b/Dockerfile")
    ran = dslim("rewrite", "--diff")
    assert (ran.code, ran.out) == (2, DIFF)
    assert ran.err.splitlines() == [
        "a/.dslim.toml:2: unknown key 'levle'; did you mean 'level'?",
        "1 file would be rewritten, 2 could not be read",
    ]


def test_excluded_files_are_left_out_of_a_search_only(dslim: Call) -> None:
    put(".dslim.toml", 'exclude = ["old/"]')
    put("old/Dockerfile")
    assert dslim("rewrite", "--diff").out == b""
    assert dslim("rewrite", "--diff", "old/Dockerfile").out != b""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--select", "big-thing"], "did you mean 'big-things'?"),
        (["--ignore", "layers,comands"], "did you mean 'commands'?"),
        (["--level", "saef"], "safe"),
        (["--format", "xml"], "jsonl"),
        (["--jobs", "many"], "--jobs"),
        (["--context", "nowhere"], "is not a folder"),
        (["--colour"], "--colour"),
        (["-", "Dockerfile"], "stands alone"),
        (["-i", "-"], "in place"),
        (["--diff", "--format", "json"], "exclude"),
    ],
)
def test_wrong_usage_exits_with_2(dslim: Call, words: list[str], said: str) -> None:
    put("Dockerfile")
    ran = dslim("rewrite", *words)
    assert (ran.code, ran.out) == (2, b"")
    assert said in ran.err


def test_colours_are_for_terminals(dslim: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    put("Dockerfile")
    assert b"\x1b[" not in dslim("rewrite").out
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert b"\x1b[32m+RUN small\x1b[0m" in dslim("rewrite").out
    monkeypatch.setenv("NO_COLOR", "1")
    assert b"\x1b[" not in dslim("rewrite").out


def test_a_terminal_is_told_nothing_that_drives_it(dslim: Call) -> None:
    put("Dockerfile", "FROM a\nRUN big \x1b]0;x\x07\x9b2J\u202e\r\n")
    out = dslim("rewrite").out.decode()
    assert "RUN small \\x1b]0;x\\x07\\x9b2J\\u202e\n" in out
    assert all(char == "\n" or char.isprintable() for char in out)


def test_lines_are_cut_for_people_only(dslim: Call) -> None:
    put("Dockerfile", "FROM a\nRUN big " + "x" * 1_000_000)
    assert len(dslim("rewrite").out) < 10_000
    assert len(dslim("rewrite", "--diff").out) > 2_000_000


def test_an_encoding_that_cannot_say_it(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), "ascii")
    Printer(stream).line(one_line("naïve\n"))
    assert written(stream) == b"na\\xefve\\n\n"


def test_sizes_and_counts() -> None:
    assert [size(count) for count in (0, 999, 1_000, 41_250_000, 2_000_000_000)] == [
        "0 B",
        "999 B",
        "1.0 kB",
        "41.2 MB",
        "2.0 GB",
    ]
    tally = Tally()
    tally.changed, tally.alone, tally.unread = 3, 10_000, 1
    assert tally.summary(False) == "3 files would be rewritten, 10,000 left alone, 1 could not be read"


def test_git_applies_what_we_print(dslim: Call) -> None:
    put("a b/Dockerfile")
    put("Dockerfile", BIG.replace("\n", "\r\n"))
    ran = dslim("rewrite", "--diff")
    subprocess.run(["git", "apply"], input=ran.out, check=True)
    assert Path("a b/Dockerfile").read_text() == SMALL
    assert Path("Dockerfile").read_bytes() == SMALL.replace("\n", "\r\n").encode()
