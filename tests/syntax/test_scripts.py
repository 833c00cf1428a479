"""``Scripts``: what is taken over from a script that begins alike is what reading anew would give."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from rewriter.syntax.script import Script, Simple
from rewriter.syntax.scripts import Scripts, alike_in
from rewriter.syntax.shell import read_shell
from tests.syntax.test_shell import AGREED, FRAGMENTS, SENTENCES

LONG = "apt-get update && apt-get install -y --quiet curl"


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


def test_the_beginning_is_taken_over() -> None:
    scripts = Scripts()
    before, after = scripts.read(LONG), scripts.read(f"{LONG} && rm -rf /var/lib/apt/lists/*")
    assert isinstance(before, Script)
    assert isinstance(after, Script)
    old, new = before.body.statements[0].list.pipelines, after.body.statements[0].list.pipelines
    assert new[0] is old[0]
    assert new[1] is not old[1], "its last word could have gone on"
    assert [command for one in new for command in one.commands if not isinstance(command, Simple)] == []


def test_the_same_text_is_read_once() -> None:
    scripts = Scripts()
    assert scripts.read(LONG) is scripts.read(LONG)


def test_alike() -> None:
    assert alike_in("abc", "abd") == 2
    assert alike_in("abc", "abc") == 3
    assert alike_in("abc", "ab") == 2
    assert alike_in("", "ab") == 0
    assert alike_in("xbc", "abc") == 0
