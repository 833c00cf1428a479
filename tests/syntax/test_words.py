"""Docker's word expansion and splitting."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rewriter.syntax.words import KeyValue, Malformed, expand, key_values, split

ENVIRONMENT = {"X": "abcabc", "E": "", "U": None, "P": "/usr/local/bin", "S": "a b", "G": "a*c"}

EXPANSIONS = [
    ("plain", "plain"),
    ("a$X", "aabcabc"),
    ("${X}y", "abcabcy"),
    ("$Xy|${none}|$none", "||"),
    ("$", "$"),
    ("a$/b", "a$/b"),
    ("'$X'\"$X\"", "$Xabcabc"),
    ("\\$X", "$X"),
    ('"\\$X \\" \\a \\\\"', '$X " \\a \\'),
    ("'a\\'b", "a\\b"),
    ("a\\", "a"),
    ("a b  c", "a b  c"),
    ("$1x", "x"),
    ("${X:-y}${none:-y}${E:-y}${E-y}${none-y}", "abcabcyyy"),
    ("${X:+y}${none:+y}${E:+y}${E+y}", "yy"),
    ("${X:?e}${E?e}", "abcabc"),
    ("${none:-${X:+'a b'}}", "a b"),
    ('${none:-"}"}', "}"),
    ("${X#a}|${X#*b}|${X##*b}|${X##z}|${X#?}", "bcabc|cabc|c|abcabc|bcabc"),
    ("${X%c}|${X%b*}|${X%%b*}|${X%%z}", "abcab|abca|a|abcabc"),
    ("${P##*/}|${P%/*}", "bin|/usr/local"),
    ("${X/b/_}|${X//b/_}|${X//?/z}|${X/z/y}|${X/b*/!}", "a_cabc|a_ca_c|zzzzzz|abcabc|a!"),
    ("${P//\\//_}", "_usr_local_bin"),
    ("${X//*/y}|${none//a/b}", "y|"),
    ("${G#a\\*}|${G%\\*c}", "c|a"),
    ("$U", None),
    ("${U:-x}", None),
    ("${U:+x}", None),
    ("${U#x}", None),
    ("${U/x/y}", None),
    ("${X#$U}", None),
    ("${X/$U/y}", None),
    ('"a$U"', None),
    ("'$U'", "$U"),
    ("${X:-$U}", "abcabc"),
    ("${none:-$U}", None),
    ("${", None),
    ("${}", None),
    ("${X", None),
    ("${X:-y", None),
    ("${X!y}", None),
    ("${X:=y}", None),
    ("${none?gone}", None),
    ("${E:?gone}", None),
    ("${X/a}", None),
    ("${X#\\a}", None),
    ("'a", None),
    ('"a', None),
]


@pytest.mark.parametrize(("word", "value"), EXPANSIONS)
def test_expansion(word: str, value: str | None) -> None:
    assert expand(word, ENVIRONMENT, "\\") == value


def test_the_backtick_escapes_when_it_is_in_force() -> None:
    assert expand('`$X\\$X"`""', ENVIRONMENT, "`") == '$X\\abcabc"'


def test_nesting_beyond_measure_is_unknown() -> None:
    assert expand("${a:-" * 5_000 + "}" * 5_000, {}, "\\") is None


def test_patterns_take_no_exponential_time() -> None:
    assert expand("${A##" + "*a" * 30 + "b}", {"A": "a" * 2_000}, "\\") == "a" * 2_000


def test_split() -> None:
    text = "a=\"b c\" d\\ e 'f \\' g\\"
    parts = split(text, "\\")
    assert [part.raw for part in parts] == ['a="b c"', "d\\ e", "'f \\'", "g"]
    assert all(text[part.start : part.end] == part.raw for part in parts)
    assert [part.raw for part in split("a` b 'c", "`")] == ["a` b", "'c"]
    assert split("  ", "\\") == ()


def test_key_values() -> None:
    assert key_values('a=b c="d e"', "\\") == (KeyValue("a", "b", 0, 3), KeyValue("c", '"d e"', 4, 11))
    assert key_values("a b  c=d", "\\") == (KeyValue("a", "b  c=d", 0, 8),)
    assert key_values("a b=", "\\", legacy=False) == (KeyValue("a", None, 0, 1), KeyValue("b", "", 2, 4))
    assert key_values("", "\\") == ()


@pytest.mark.parametrize("text", ["a", "a=b c"])
def test_a_pair_without_value_is_refused(text: str) -> None:
    with pytest.raises(Malformed):
        key_values(text, "\\")


@given(st.text(max_size=40), st.sampled_from("\\`"))
def test_words_are_where_they_say(text: str, escape: str) -> None:
    parts = split(text, escape)
    assert all(text[part.start : part.end] == part.raw != "" for part in parts)
    assert all(before.end <= after.start for before, after in pairwise(parts))


@given(st.text(st.sampled_from("aX$U{}:-+#%/?*'\"\\ "), max_size=30))
def test_expansion_never_fails(word: str) -> None:
    value = expand(word, ENVIRONMENT, "\\")
    assert value is None or isinstance(value, str)


@given(st.text(st.characters(exclude_characters="'\"$\\", exclude_categories=["Cs"])))
def test_plain_text_stands_for_itself(word: str) -> None:
    assert expand(word, {}, "\\") == word.removeprefix("\ufeff")
