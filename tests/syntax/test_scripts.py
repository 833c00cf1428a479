"""``Scripts``: what is taken over from a script that begins alike is what reading anew would give."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rewriter.syntax.script import Pipeline, Script, Simple
from rewriter.syntax.scripts import Scripts
from rewriter.syntax.shell import read_shell
from tests.syntax.test_shell import AGREED, FRAGMENTS, SENTENCES

LONG = "apt-get update && apt-get install -y --quiet curl"
LONG_COMMANDS = [
    "curl -fsSL https://example.org/tool.tar.gz",
    "! A=1 B=$C tool --with 'a && b' \"$D; e\" >out 2>&1 <in",
    "tool --list of --many words | sort -u | tee /tmp/list",
    "tool --list of --many words",
    "tool --list of --many words | sort $(which) | tee `x`",
    "cat --number --squeeze <<E | sort\nbody\nE\n",
    "tool --list of --many words |\n# comment\nsort -u",
    "declare -x VARIABLE=value OTHER=(a b c d e f)",
    "find / -name '*.pyc' -exec rm -rf '{}' \\;",
]
BETWEEN = [" && ", " || ", "; ", "\n", " & ", " \\\n  && ", "&&", " | ", " ;; ", " # x\n", "\\\n", " <<E\n"]


def dump(node: object) -> object:
    """The node and all below it as plain values."""
    if isinstance(node, tuple) and not hasattr(node, "_fields"):
        return [dump(one) for one in node]
    names = getattr(node, "_fields", None) or getattr(type(node), "__slots__", ())
    return [type(node).__name__, *(dump(getattr(node, name)) for name in names)] if names else node


@settings(max_examples=400, deadline=None, derandomize=True)
@given(
    st.lists(
        st.sampled_from(["a -b c", "(d; e)", "f | g", "! h", "{ i; }", "j >k", 'l "$(m)"', "n=1", *AGREED]), max_size=5
    ),
    st.sampled_from([" && ", " || ", "; ", "\n", " & ", " \\\n  && "]),
    st.lists(st.tuples(st.floats(0, 1), st.sampled_from([*FRAGMENTS, *SENTENCES])), min_size=1, max_size=3),
)
def test_edited_scripts_are_read_as_new_ones(commands: list[str], between: str, edits: list[tuple[float, str]]) -> None:
    text = between.join([LONG, *commands])
    scripts = Scripts()
    scripts.read(text)
    for share, fragment in edits:
        at = int(share * len(text))
        text = text[:at] + fragment + text[at:]
        assert dump(scripts.read(text)) == dump(read_shell(text))


@settings(max_examples=400, deadline=None, derandomize=True)
@given(
    st.lists(st.sampled_from([LONG, *LONG_COMMANDS, *AGREED, *FRAGMENTS]), min_size=1, max_size=4),
    st.lists(st.sampled_from([*BETWEEN, *FRAGMENTS]), min_size=4, max_size=4),
)
def test_what_stands_again_is_read_as_new(commands: list[str], between: list[str]) -> None:
    scripts = Scripts()
    for command in commands:
        scripts.read(command)
    text = "".join(part for pair in zip(commands, between, strict=False) for part in pair)
    assert dump(scripts.read(text)) == dump(read_shell(text))


def pipelines(script: object) -> list[Pipeline]:
    assert isinstance(script, Script)
    return [one for statement in script.body.statements for one in statement.list.pipelines]


def test_the_beginning_is_taken_over() -> None:
    scripts = Scripts()
    before, after = scripts.read(LONG), scripts.read(f"{LONG} && rm -rf /var/lib/apt/lists/*")
    old, new = pipelines(before), pipelines(after)
    assert new[1] is old[1]
    assert [command for one in new for command in one.commands if not isinstance(command, Simple)] == []


def test_what_stands_elsewhere_is_moved() -> None:
    scripts = Scripts()
    old = pipelines(scripts.read(f"n=1 {LONG_COMMANDS[0]} >log"))
    new = pipelines(scripts.read(f"cd / && n=1 {LONG_COMMANDS[0]} >log; ls"))
    assert dump(new[1]) == dump(pipelines(read_shell(f"cd / && n=1 {LONG_COMMANDS[0]} >log"))[1])
    assert new[1].start == old[0].start + len("cd / && ")


@pytest.mark.parametrize("command", LONG_COMMANDS)
def test_each_is_read_as_new_behind_another(command: str) -> None:
    scripts = Scripts()
    scripts.read(command)
    assert dump(scripts.read(f"cd / && {command}; ls")) == dump(read_shell(f"cd / && {command}; ls"))


@pytest.mark.parametrize("end", ["x", " x", ">x", " | x", "|& x", " & x", "(", "\\\nx", "#", " # x"])
def test_what_goes_on_is_read_anew(end: str) -> None:
    scripts = Scripts()
    scripts.read(LONG_COMMANDS[0])
    assert dump(scripts.read(LONG_COMMANDS[0] + end)) == dump(read_shell(LONG_COMMANDS[0] + end))


def test_the_same_text_is_read_once() -> None:
    scripts = Scripts()
    assert scripts.read(LONG) is scripts.read(LONG)
