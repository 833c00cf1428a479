"""``read_shell``: every construct, every refusal, and agreement with ``shfmt`` on random texts."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rewriter.syntax.script import (
    Arithmetic,
    Case,
    Command,
    For,
    Function,
    Group,
    If,
    Loop,
    Opaque,
    Redirect,
    Script,
    Simple,
    Subshell,
    Word,
)
from rewriter.syntax.script import (
    Test as Condition,
)
from rewriter.syntax.shell import read_shell
from tests.oracle_shell import differences


def script(text: str) -> Script:
    """The tree of a text that must be read."""
    read = read_shell(text)
    assert isinstance(read, Script), read
    return read


def command(text: str) -> Command:
    """The only command of a text."""
    (statement,) = script(text).body.statements
    (pipeline,) = statement.list.pipelines
    (only,) = pipeline.commands
    return only


def simple(text: str) -> Simple:
    """The only command of a text, which must be a simple one."""
    only = command(text)
    assert isinstance(only, Simple)
    return only


def word(text: str) -> Word:
    """The word after ``x``."""
    (_, only) = simple("x " + text).words
    return only


AGREED = [
    "a",
    "a b  c\td",
    "a; b;c ;",
    "a & b &",
    "a && b || c",
    "a | b |& c",
    "! a | b && ! c",
    "a &&\n\n b |\n c",
    "a # one\n# two\nb",
    "a;#c",
    "a#b c",
    "x=1 y+=2 a b=5",
    "x=1 y[3]=2",
    "x= y='' a",
    "x=(1 'b c' $d\n e # f\n)",
    "x=()",
    "a >b 2>&1 <c >>d &>e &>>f >|g <>h <&- {fd}>i",
    ">a b",
    "<<<'x y' a",
    "(a; b) >c",
    "((a)) ; ( (a) )",
    "{ a; b; } 2>&1 | c",
    "{ a; } && { b\n}",
    "if a; then b; elif c\nthen d; else e; fi >f",
    "if (a) then b; fi",
    "while a; do b; done <c",
    "until a\ndo\nb\ndone",
    "for x in a b$c 'd'; do e; done",
    "for x do a; done",
    "for x; do a; done",
    "for x in; do a; done",
    "for ((i=0; i<3; i++)); do a; done",
    "for ((;;)) do a; done",
    "case $x in a|b) c;; (d*) e;& f) ;;& *) g; esac",
    "case x in esac",
    "f() { a; }",
    "f () (a)",
    "f() { a; } && b | c || d",
    "function f { a; } >b",
    "function f() { a; }; f",
    "[ -f a ] && [[ -f a && ! ( $b == c* || x -nt y ) ]]",
    "[[ $a =~ ^(b|c)+\\.[0-9]{2}$ ]]",
    "[[ a ]] || [[ -z $b ]]",
    "((i = 1 + 2 * (3 - $x), j++)) && echo $((i ? 1 : 2))",
    'echo $(a | b) `c d` "$(e "f $(g)")" <(h) >(i)',
    "echo `a \\$c`",
    'echo "`a \\"b\\"`"',
    'echo ${a} ${#b} ${c:-d $e "f"} ${g%%.*} ${h/i/j} ${k:1:2} ${l[@]} ${m^^} ${n@Q}',
    'echo "${c:+"d"}"',
    "echo $'a\\n\\'b' $\"c\" $1 $@ $# $? $$ $! $- $",
    'echo \\a \\" a\\ b \'c\'"d"e',
    "echo {a,b} {1..3} * ? [ab] ~ a=~",
    "cat <<EOF >x\nhi $x $(a) \\$\nEOF\nb",
    "cat <<'EOF' | b && c\nhi $(\nEOF\n",
    'cat <<-A <<"B"\n\ta\n\tA\nb\nB',
    "(cat <<A)\na\nA\n",
    "x=$(cat <<A\na\nA\n)",
    'export A=b C="d $e" f; local g=$h; declare -x i; readonly j',
    "time a b | c",
    "a | time b | c",
    'é=1; echo é "ü $x" | ß # ñ',
    "a \\\n  b \\\n  && c",
    "a 'b\nc'",
    "",
    "  \n # only a comment\n",
]


@pytest.mark.parametrize("text", AGREED)
def test_reads_like_shfmt(text: str) -> None:
    script(text)
    assert differences(text) == []


REFUSED = [
    ("a 'b", "the quote opened at 2 is never closed"),
    ('a "b', "the quote opened at 2 is never closed"),
    ('a "$(b "c)"', "the parenthesis opened at 3 is never closed"),
    ("a $'b", "the quote opened at 3 is never closed"),
    ("a `b", "the backquote opened at 2 is never closed"),
    ("a $(b", "the parenthesis opened at 2 is never closed"),
    ("a ${b:-c", "the brace opened at 2 is never closed"),
    ("(a", "the parenthesis opened at 0 is never closed"),
    ("a && && b", "`&&` is out of place"),
    ("a; && b", "`&&` is out of place"),
    ("a | | b", "`|` is out of place"),
    ("a &&", "the text ends too early"),
    ("a;;", "`;;` is out of place"),
    ("; a", "`;` is out of place"),
    ("a & ; b", "`;` is out of place"),
    ("()", "`)` is out of place"),
    ("a)", "`)` is out of place"),
    ("a >", "the text ends too early"),
    ("a >\nb", "the line ends too early"),
    ("{ a; } b", "`b` is out of place"),
    ("{ a }", "`}` was expected"),
    ("if a; then b", "`fi` was expected"),
    ("if a; then b; done", "`fi` was expected, not `done`"),
    ("if a; fi", "`then` was expected, not `fi`"),
    ("if a; then fi", "`fi` is out of place"),
    ("while a; done", "`do` was expected, not `done`"),
    ("for 1 in a; do b; done", "`1` is out of place"),
    ("for x in a do b; done", "`do` was expected, not `done`"),
    ("case x in a) b", "`esac` or `;;` was expected"),
    ("case x on a) b;; esac", "`in` was expected"),
    ("fi", "`fi` is out of place"),
    ("! ! a", "`!` is out of place"),
    ("a | ! b", "`!` is out of place"),
    ("a (b)", "`)` was expected"),
    ("a b (c)", "`(` is out of place"),
    ("f() a", "a function without a body in braces"),
    ("1f() { a; }", "a function with a strange name"),
    ("x=(1) a", "an array before a command"),
    ("x[1]=2 a", "an array before a command"),
    ("time -p a", "`time` before something else than a plain command"),
    ("export 1=2", "`1=2` is out of place"),
    ("export >b a", "a redirect before the words of `export`"),
    ("a | f() { b; }", "a function inside a pipeline"),
    ("a `b \\`c\\``", "backquotes inside backquotes"),
    ("a > # b", "`#` is out of place"),
    ("x=\\\n1", "a line continuation inside an assignment"),
    ("x=([a]=b)", "an array with named elements"),
    ("x[$i]=1", "an array element that is not understood"),
    ("declare x=(1)", "`(` is out of place"),
    ("select x in a; do b; done", "`select` is out of place"),
    ("coproc a", "`coproc` is out of place"),
    ("let a=1", "`let` is out of place"),
    ("time { a; }", "`time` before something else than a plain command"),
    ("rm !(a)", "an extended pattern"),
    ("a ${!b}", "an expansion with `${` that is not understood"),
    ("a $[1]", "`$[`"),
    ("a \\", "a backslash ends the text"),
    ("a\r\nb", "a carriage return or a null character"),
    ("cat <<EOF", "the here-document has no lines"),
    ("cat <<EOF\na", "the here-document `EOF` is never closed"),
    ("cat <<$x\na\n$x", "a here-document with a name that is not understood"),
    ("cat <<A 'b\nc'\nA\n", "a word runs over the line that a here-document follows"),
    ("a $(cat <<A)\nA\n", "a here-document is not complete inside its parentheses"),
    ("cat <<A\nb.\\\nA\n", "a line continuation before the end of a here-document"),
    ("i\\\nf a; then b; fi", "a line continuation inside a word or an operator"),
    ("a &\\\n& b", "a line continuation inside a word or an operator"),
    ("((a b))", "`((` that does not begin arithmetic"),
    ("((a) | (b))", "`((` that does not begin arithmetic"),
    ("a $((1 +))", "`)` is out of place"),
    ("a $((1 = 2))", "`=` is out of place"),
    ("[[ a", "the text ends too early"),
    ("[[ -f ]]", "`]]` is out of place"),
    ("[[ a b ]]", "`]]` was expected"),
    ("(" * 50 + "a" + ")" * 49, "`((` that does not begin arithmetic"),
    ("( " * 50 + "a" + ")" * 50, "nested too deeply"),
    ("a " + "$(" * 5000, "nested too deeply"),
    ("a " + "${b:-" * 5000, "nested too deeply"),
    ("a " + "$((" * 5000, "nested too deeply"),
    ("if " * 5000, "nested too deeply"),
    ("a # b.\\\nc", "a comment that ends in a backslash"),
    ("a $'b'#c", "a `#` right after a quote or an expansion"),
    ("a $(b $c#d)", "a `#` right after a quote or an expansion"),
    ("local() { a; }", "a function with a strange name"),
    ("a `b \\$c#d`", "a `#` inside backquotes with escapes"),
    ("x=(a $b=c)", "`$b=c` is out of place"),
    ("+=a", "`+=a` is out of place"),
    ("for x in a", "`do` was expected"),
    ("Write-Host ('a' -f $b)", "`)` was expected"),
]


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_refuses(text: str, reason: str) -> None:
    read = read_shell(text)
    assert isinstance(read, Opaque)
    assert read.reason == reason
    assert 0 <= read.at <= len(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a", "a"),
        ("'a b'", "a b"),
        ('"a \\$ \\` \\" \\\\ \\n"', 'a $ ` " \\ \\n'),
        ("a\\ b\\'", "a b'"),
        ("$'a\\tb\\x41\\101\\''", "a\tbAA'"),
        ("$'\\u00e9'", None),
        ("a$", "a$"),
        ('"$"', "$"),
        ("$a", None),
        ('"a$(b)"', None),
        ("`a`", None),
        ("<(a)", None),
        ("$((1))", None),
        ("~/a", None),
        ("a=~/b", None),
        ("'~/a'", "~/a"),
        ("a~", "a~"),
        ('"a-\\\nb"', "a-b"),
        ("''", ""),
        ("{a,b}", "{a,b}"),
    ],
)
def test_value(text: str, value: str | None) -> None:
    assert word(text).value == value


@pytest.mark.parametrize("text", ["*", "a?", "[ab]", '["a"]', "{a,b}", "{1..3}", "a*'b'", "$x*"])
def test_pattern(text: str) -> None:
    assert word(text).pattern


@pytest.mark.parametrize("text", ["'*'", "\\*", '"a?"', "[", "[]", "{}", "{a}", "'{a,b}'", "{'a,b'}", "a", "$x"])
def test_no_pattern(text: str) -> None:
    assert not word(text).pattern


@pytest.mark.parametrize(
    ("text", "parameters", "assigns"),
    [
        ("$a$1${b}", ("a", "1", "b"), False),
        ('"${a:-$b}${#c}"', ("a", "b", "c"), False),
        ("${a:=b}", ("a",), True),
        ("${a=b}", ("a",), True),
        ("$((a + $b))", ("a", "b"), False),
        ("$((a++))", ("a",), True),
        ("$((a += 1))", ("a",), True),
        ("$((a == 1))", ("a",), False),
        ("${a:b:2}", ("a", "b"), False),
        ("$(x $a)", (), False),
        ("$@$*$#$?", ("@", "*", "#", "?"), False),
    ],
)
def test_parameters(text: str, parameters: tuple[str, ...], assigns: bool) -> None:
    assert word(text).parameters == parameters
    assert word(text).assigns == assigns


def test_quoted() -> None:
    assert [word(text).quoted for text in ("a", "'a'", 'a"b"', "\\a", "$'a'", "$a")] == [
        False,
        True,
        True,
        True,
        True,
        False,
    ]


def test_substitutions_are_the_outermost_ones() -> None:
    inner = word('"$(a $(b))`c`"').substitutions
    assert [len(sequence.statements) for sequence in inner] == [1, 1]
    assert [sequence.start for sequence in inner] == [5, 13]


def test_terminators() -> None:
    statements = script("a; b & c\nd").body.statements
    assert [(item.ended_by, item.ended_at) for item in statements] == [(";", 1), ("&", 5), ("\n", 8), ("", 10)]


def test_assignments() -> None:
    first, second, third = simple("a=1 b= c=(d e) ").assignments
    assert first.value is not None and first.value.value == "1" and (first.start, first.end) == (0, 3)
    assert second.value is None and second.elements is None
    assert third.value is None and third.elements is not None and [item.raw for item in third.elements] == ["d", "e"]


@pytest.mark.parametrize(
    ("text", "body", "value"),
    [
        ("cat <<A\nx $y\nA\n", "x $y\n", None),
        ("cat <<A\nx \\$y\nA\n", "x \\$y\n", "x $y\n"),
        ("cat <<'A'\nx $y\nA", "x $y\n", "x $y\n"),
        ("cat <<-A\n\tx\n\t\tA\n", "\tx\n", "x\n"),
        ("cat <<A\nA\n", "", ""),
    ],
)
def test_here_documents(text: str, body: str, value: str | None) -> None:
    (redirect,) = simple(text).redirects
    assert redirect.body is not None and redirect.content is not None
    assert text[slice(*redirect.body)] == redirect.content.raw == body
    assert redirect.content.value == value
    assert redirect.target.value == "A"


def test_kinds_of_commands() -> None:
    texts = [
        "(a)", "{ a; }", "if a; then b; fi", "while a; do b; done", "for a in b; do c; done", "case a in b) ;; esac",
        "a() (b)", "[[ a ]]", "((a))", "[ a ]",
    ]  # fmt: skip
    kinds = [Subshell, Group, If, Loop, For, Case, Function, Condition, Arithmetic, Simple]
    assert [type(command(text)) for text in texts] == kinds


def test_condition_words() -> None:
    test = command("[[ -f $a && ( b =~ (c|d) ) ]]")
    assert isinstance(test, Condition)
    assert [item.raw for item in test.words] == ["-f", "$a", "&&", "(", "b", "=~", "(c|d)", ")"]


def test_arithmetic_keeps_its_variables() -> None:
    arithmetic, loop = command("((a = $b))"), command("for ((i=0; i<n; i++)); do c; done")
    assert isinstance(arithmetic, Arithmetic) and arithmetic.expression.parameters == ("a", "b")
    assert isinstance(loop, For) and [item.raw for item in loop.words or ()] == ["i=0", "i<n", "i++"]


def test_comments() -> None:
    text = "a # b\nc$(d # e\n) '#' f#g"
    assert [text[start:end] for start, end in script(text).comments] == ["# b", "# e"]


def test_same_text_is_read_once() -> None:
    assert read_shell("a b") is read_shell("a b")


@pytest.mark.parametrize(
    "unit", ["a b 'c' && ", "{", "[", "\\a", "$x", "a=(", "`b` ", "cat <<A\nA\n", '"', "x\\\n", "=~"]
)
def test_large_scripts_are_read_or_refused(unit: str) -> None:
    """A reader that is not linear does not come back from these; benchmarks/speed.py says how it grows."""
    read = read_shell(unit * (1_000_000 // len(unit)))
    assert isinstance(read, Script) or read.reason


FRAGMENTS = [
    "a", "b", "x", "echo", " ", " ", " ", " ", " ", "\n", "; ", " && ", " || ", " | ", " |& ", " & ", ";", "&",
    "!", "! ", "(", ")", "{ ", "; }", "}", "if ", "; then ", "; else ", "; elif ", "; fi", "while ", "until ",
    "; do ", "; done", "for x in ", "for x", "case x in ", "esac", ";; ", ";& ", "a) ", "|", "f() ",
    "function f ", "f", "=", "x=", "x+=", "x[1]=", "x=(", "'", '"', "'a b'", '"a $x"', "$x", "${x}", "${x:-",
    "${#x}", "${x%", "${x/", "${x:", "${x:=", "}", "$(", "$((", "))", "((", "`", "\\`", "\\", "\\\n", "\\$",
    "$'a\\n'", "$'", '$"', "$", "$$", "$1", "<", ">", ">>", "2>&1", "&>", "<<<", "<(", ">(", "<<A", "<<-A",
    "<<'A'", "\nA\n", "A", "\tA\n", "# c", "#", "*", "?", "[", "]", "[[ ", " ]]", "-f ", " == ", " =~ ",
    "^(a|b)$", "~", "{a,b}", "1", "2", "+", "-", "++", "--", ",", ":", "?", "==", "export ", "local ",
    "declare ", "time ", "[ ", " ]", "é", "%", "/", "time -p ", "@", "in ", "do ", "then ", "{", "\t", "i=1",
    "+=", "0x1f", "**",
]  # fmt: skip

SENTENCES = [text for text in AGREED if "\n" not in text and text]

TEXTS = st.one_of(
    st.lists(st.sampled_from(FRAGMENTS), max_size=14).map("".join),
    st.lists(st.sampled_from([*FRAGMENTS, *SENTENCES]), max_size=7).map("".join),
    st.tuples(st.sampled_from(AGREED), st.sampled_from(FRAGMENTS), st.floats(0, 1)).map(
        lambda drawn: _inserted(drawn[0], drawn[1], int(len(drawn[0]) * drawn[2]))
    ),
    st.tuples(st.sampled_from(AGREED), st.floats(0, 1)).map(
        lambda drawn: drawn[0][: int(len(drawn[0]) * drawn[1])] + drawn[0][int(len(drawn[0]) * drawn[1]) + 1 :]
    ),
)


def _inserted(text: str, fragment: str, at: int) -> str:
    return text[:at] + fragment + text[at:]


@settings(max_examples=400, deadline=None, derandomize=True)
@given(TEXTS)
def test_random_texts_agree_with_shfmt(text: str) -> None:
    assert differences(text) == []


@settings(max_examples=400, deadline=None, derandomize=True)
@given(TEXTS)
def test_ranges(text: str) -> None:
    read = read_shell(text)
    if isinstance(read, Script):
        _check(read.body, text, 0, len(text))


def _check(node: object, text: str, start: int, end: int) -> None:
    """Check that a node lies in its parent, its words are what the text says, and so on below it."""
    if isinstance(node, tuple):
        for item in node:
            _check(item, text, start, end)
    if not dataclasses.is_dataclass(node):
        return
    inner_start, inner_end = getattr(node, "start"), getattr(node, "end")  # noqa: B009
    assert start <= inner_start <= inner_end <= end
    if isinstance(node, Word):
        assert text[inner_start:inner_end] == node.raw
        if "\\" in node.raw and "`" in node.raw:
            return
    for field in dataclasses.fields(node):
        outside = isinstance(node, Redirect) and field.name == "content"
        _check(getattr(node, field.name), text, 0 if outside else inner_start, len(text) if outside else inner_end)
