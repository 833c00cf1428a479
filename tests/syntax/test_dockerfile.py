"""The reader against BuildKit's parser, on traps known by name and on random text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rewriter.syntax.dockerfile import Unreadable, read
from rewriter.syntax.nodes import Instruction, Kind, Trivia, Visible
from tests.oracle_dockerfile import differences

AGREED = [
    "FROM a",
    "FROM a\n",
    "FROM a\r\nRUN a \\\r\n  b\r\n",
    "FROM a\rRUN b",
    "\ufeffFROM a\n",
    "\ufeff # escape=`\nFROM a`\nb\n",
    "\ufeff\ufeffFROM a\n",
    "\u2003FROM a",
    "FROM\u2003a b",
    "FROM \x85a\n",
    "FROM\x0ba",
    "\x1cFROM a",
    "# escape=`\nRUN a `\n b \\\nRUN c\n",
    "  # escape=`\nRUN a `\n b\n",
    "# SYNTAX = x\n#Escape=`\nRUN a `\n b\n",
    "# syntax= \nFROM a",
    "# syntax=\n# escape=`\nFROM a`\nb",
    "# other=x\n# escape=`\nFROM a`\nb",
    "#\n# escape=`\nFROM a`\nb",
    "\n# escape=`\nFROM a`\nb",
    "# check=skip=all\n# syntax=y\nFROM a\n",
    "RUN a \\\n# comment\n  # another \\\n\n \t\n  b \\ \t\n c\nFROM d",
    "RUN a\\\\\nb",
    "RUN a \\\\\\\nb",
    "RUN a\\\x0b\nb",
    "FROM a\\",
    "FROM a \\\n\n# end\n",
    "\\",
    "\\\nFROM a",
    "  \\\n\n# x\n \\\nFROM a",
    "RUN \\\n",
    "FROM",
    "from a as b\nrun c",
    "NONSENSE a b\nFROM c",
    "wor\u212adir a\n\u017fhell b\nonbu\u0130ld run a",
    'RUN ["a", "b"]',
    'RUN [ "a" , "\\u00e9\\ud83d\\ude00\\ud800" ] ',
    'RUN [\\\n "a", \\\n # c\n "b"]\n',
    "RUN []",
    "RUN ['a']",
    'RUN ["a",]',
    'RUN ["a\\x"]',
    'RUN ["a\tb"]',
    "RUN [NaN]",
    "RUN [1e999]",
    "CMD [ -d x ] && y",
    'COPY --from=x ["a b", "c"]\nADD a  b\tc\nVOLUME ["/a"]\nVOLUME /a  /b\nSHELL ["x"]\nENTRYPOINT []',
    'HEALTHCHECK --interval=3s CMD ["a"]\nHEALTHCHECK NONE\nHEALTHCHECK CMD a b\nHEALTHCHECK',
    'HEALTHCHECK CMD\u2003["a"]\nHEALTHCHECK CMD \u2003["a"]\nCMD ["a"] # more',
    "# check=x\n\ufeffFROM a",
    "RUN --mount=type=cache,target=/x --network=none apt\nRUN --x y\nRUN -- --x\nRUN --a -- --b\nRUN -x --y",
    'RUN --x="a b" y\nRUN --x=\'a \\\' b\\ c y\nRUN --x=a\\ b\\\nc\nRUN --x="a\\',
    'RUN --"" x\nRUN --x\\',
    "RUN --a=\\\n b c",
    'ENV a b  c\nENV a=b c="d e" f=\'g h\' i=\\ j\nENV "a b" c\nENV "a b"=c\nENV',
    "ENV a=b \\\n  c=d\\\\\\\x0b\nLABEL a b\nLABEL a=b\nARG a\nARG a b=c\nARG",
    "ONBUILD RUN a\nONBUILD\nONBUILD COPY --from=x a b\nONBUILD ONBUILD RUN a\nONBUILD nonsense\nONBUILD ENV",
    'ONBUILD RUN ["a"]\nONBUILD HEALTHCHECK CMD ["b"]',
    "RUN <<EOF\na\nEOF\nRUN b",
    "RUN <<EOF\r\na\r\nEOF\r\nRUN b",
    "RUN <<EOF\na\nEOF",
    "RUN <<EOF\nEOF\n",
    "RUN <<EOF\n EOF\nEOF\n",
    "RUN <<-EOF\n\ta\n\t\tEOF\n",
    "RUN <<a <<b 3<<-a\n1\na\n2\nb\n3\n\ta\n",
    "RUN 99999999999999999999999<<a\na\n",
    "RUN cat <<'EOF' <<\"a b\"\n$x\nEOF\na b\n",
    'RUN <<$a <<${b} <<E"O"F\n$a\n${b}\nEOF\n',
    "RUN <<\\EOF\nEOF\nFROM a",
    "RUN x \\\n # c\n <<a && \\\n y\nb \\\na\nFROM b",
    "COPY <<a <<b /x/\n1\na\nb\nADD <<c /y\nc\n",
    'COPY ["<<a", "b"]\nENV a="<<b"\nCMD <<c\nLABEL a=<<b',
    "ONBUILD RUN <<a\nx\na\nONBUILD ONBUILD RUN <<a\nONBUILD COPY <<a b\na\n",
    "RUN echo 'cat <<EOF'\nRUN echo \"cat <<EOF\"\nRUN a <<\"/\">>\n/>>\nRUN dpkg --compare-versions x '<<' y",
    'RUN a <<< b\nRUN a<<b\nRUN a << b\nRUN ((1<<2))\nRUN <<""\n',
    "RUN it's <<EOF\nEOF\n",
    "RUN ${ <<EOF\nEOF\n",
    "RUN ${x:-a b} <<${x:-a\nx\n",
    "RUN --x=<<a b\na\n",
    "# escape=`\nRUN `<<a \\<<b\na\n",
]
REFUSED = [
    ("", "no instruction"),
    ("\ufeff", "no instruction"),
    ("# only\n\n", "no instruction"),
    ("# escape=x\nFROM a", "escape"),
    ("# escape=`\n# ESCAPE=`\nFROM a", "twice"),
    ("# syntax=a\n# syntax=b\nFROM a", "twice"),
    ("FROM a\nENV a", "no value"),
    ("FROM a\nLABEL a=b c", "no '='"),
    ("FROM a\nONBUILD ENV a", "no value"),
    ("RUN [1]", "no string"),
    ('HEALTHCHECK CMD ["a", null]', "no string"),
    ("RUN <<EOF\na\n", "never ended"),
    ("RUN <<a <<b\na\n", "never ended"),
    ("FROM a\nRUN " + "x" * 65_532, "65535 bytes"),
    ("FROM a\nRUN <<a\n" + "\u00e9" * 32_768 + "\na\n", "65535 bytes"),
]


@pytest.mark.parametrize("source", AGREED)
def test_agrees_with_buildkit(source: str) -> None:
    assert differences(source) == []
    assert read(source).source == source


@pytest.mark.parametrize(("source", "cause"), REFUSED)
def test_refuses_what_buildkit_refuses(source: str, cause: str) -> None:
    assert differences(source) == []
    with pytest.raises(Unreadable, match=cause) as caught:
        read(source)
    assert caught.value.line >= 1
    assert f"line {caught.value.line}: " in str(caught.value)


def test_the_line_of_an_error() -> None:
    with pytest.raises(Unreadable) as caught:
        read("FROM a\nRUN b \\\n <<EOF\n")
    assert caught.value.line == 3


def test_a_check_directive_given_twice_is_refused() -> None:
    with pytest.raises(Unreadable, match="twice"):
        read("# check=a\n# check=b\nFROM a\n")


def test_a_check_directive_leaves_room_for_others() -> None:
    assert read("# check=skip=all\n# escape=`\nFROM a\n").escape == "`"


def test_a_flag_cut_inside_a_letter_is_refused() -> None:
    with pytest.raises(Unreadable, match="in two"):
        read("RUN --x=\u00e0 b")


def test_nesting_without_end_is_refused() -> None:
    for source in ("ONBUILD " * 8_000 + "RUN x", "RUN " + "[" * 50_000, "RUN <<a " + "${x:-" * 9_000 + "}" * 9_000):
        with pytest.raises(Unreadable, match="nested"):
            read(source)


@pytest.mark.parametrize("variable", ["${x%.*}", "${x##a}", "${x/a/b}", "${x:-y}"])
def test_a_heredoc_beside_a_variable_with_modifier(variable: str) -> None:
    node = read(f"RUN {variable} <<EOF\na\nEOF\n").instructions[0]
    assert [heredoc.name for heredoc in node.heredocs] == ["EOF"]


def test_trivia_by_kind() -> None:
    file = read("# syntax=x\n# note\n\nFROM a\n  # late\n \t\r\n")
    kinds = [node.kind for node in file.nodes if isinstance(node, Trivia)]
    assert kinds == [Kind.DIRECTIVE, Kind.COMMENT, Kind.BLANK, Kind.COMMENT, Kind.BLANK]


def test_parts_of_a_continued_instruction() -> None:
    source = "FROM a\n run --mount=x \\\n  # why\n\n  b && \\ \n  c  \r\nUSER d"
    node = read(source).instructions[1]
    assert (node.name, node.keyword.of(source)) == ("RUN", "run")
    assert [(flag.span.of(source), flag.name, flag.value) for flag in node.flags] == [("--mount=x", "mount", "x")]
    assert node.body.text == "b &&   c"
    assert node.body.span(0, 8).of(source) == "b && \\ \n  c"
    assert [span.of(source) for span in node.comments] == ["  # why\n"]
    assert source[: node.end].endswith("c  ")
    assert node.span.of(source).endswith("c  \r\n")


def test_the_end_of_a_continuation_that_never_comes() -> None:
    source = "RUN a \\\n  b \\\n# c\n\n"
    node = read(source).instructions[0]
    assert source[: node.end] == "RUN a \\\n  b "
    assert node.span.of(source) == source


def test_parts_of_a_heredoc() -> None:
    source = "ONBUILD RUN x 3<<-'EOF' \\\n && y\n\ta\n\tEOF\nUSER b"
    node = read(source).instructions[0]
    assert node.trigger is not None
    assert node.trigger.heredocs == node.heredocs
    assert node.trigger.body.text == "x 3<<-'EOF'  && y"
    (doc,) = node.heredocs
    assert (doc.name, doc.expand, doc.chomp, doc.fd) == ("EOF", False, True, 3)
    assert [span.of(source) for span in (doc.opener, doc.content, doc.terminator)] == [
        "3<<-'EOF'",
        "\ta\n",
        "\tEOF\n",
    ]
    assert source[: node.end].endswith("&& y")
    assert source[node.trigger.span.start : node.trigger.span.end].startswith("RUN x")
    assert source[node.span.end :] == "USER b"


def test_an_empty_body_has_a_place() -> None:
    source = "FROM a\nONBUILD  \nUSER --x"
    for node in read(source).instructions[1:]:
        assert node.body.text == ""
        assert node.span.start <= node.body.source(0) <= node.span.end


@pytest.mark.parametrize(
    "source",
    [
        "FROM a\nRUN x" + " \\\n  y" * 200_000,
        "RUN a\n" * 100_000,
        "RUN " + " " * 60_000 + "x" + "\nRUN a" + "\t" * 60_000 + "b" + " " * 5_000 + "\n",
        "RUN <<E\n" + "line of text\n" * 200_000 + "E\n",
        "RUN x <<E \\\n" + ' "$a" ${b} \\\n' * 50_000 + "\n y\nE\n",
        "ENV " + "a=\"b c\" d='e' \\\n" * 50_000 + "\n",
        "# syntax=" + " " * 60_000 + "x\nFROM a",
        "RUN --x=" + "\\" * 60_000 + "\nRUN --x=" + "''" * 30_000,
    ],
    ids=["continuation", "instructions", "blanks", "heredoc", "opener", "env", "directive", "flag"],
)
def test_large_sources_are_read(source: str) -> None:
    """A reader that is not linear does not come back from these; benchmarks/speed.py says how it grows."""
    assert read(source).instructions


WORDS = ["FROM", "RUN", "run", "COPY", "ADD", "ENV", "LABEL", "ARG", "CMD", "ONBUILD", "HEALTHCHECK", "VOLUME", "SHELL"]
LINES = [
    "EOF\n",
    "E\n",
    "\tE\n",
    "\n",
    "\n",
    "\r\n",
    "\\\n",
    "`\n",
    "\\ \n",
    "# escape=`\n",
    "# syntax=x\n",
    "# check=x\n",
]
PIECES = ["<<EOF", "<<-E", "<<'E'", "EOF", " ", " ", "\t", "--x=y", '["a"]', "${", ":-", "a", "b=c", "$x", "--"]
ODD = ["\ufeff", "\u2003", "\xe9", "\x0b", "\x1c", *"\\`#\"'$}=[],1<-"]
TOKENS = st.sampled_from(WORDS + LINES + PIECES + ODD)


@settings(max_examples=600, deadline=None)
@given(st.lists(TOKENS, max_size=40).map("".join))
def test_any_tokens_are_read_as_buildkit_reads_them(source: str) -> None:
    assert differences(source) == []


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\x85\xa0"), max_size=60))
def test_any_text_is_read_as_buildkit_reads_it(source: str) -> None:
    assert differences(source) == []
    assert differences("FROM a\nRUN " + source) == []


def shown(value: object) -> object:
    """The fields of nodes and of what they hold, all the way down."""
    if isinstance(value, tuple):
        return [shown(one) for one in value]
    if isinstance(value, (Instruction, Trivia, Visible)):
        fields = [name for name in dir(value) if not name.startswith("_")]
        return [(name, shown(field)) for name in fields if not callable(field := getattr(value, name))]
    return value


@settings(max_examples=600, deadline=None)
@given(*[st.lists(TOKENS, max_size=20).map("".join)] * 4)
def test_nodes_taken_over_are_those_that_would_be_read(same: str, old: str, new: str, rest: str) -> None:
    try:
        before = read(same + old + rest)
    except Unreadable:
        return
    results = []
    for arguments in ((), (before, len(same))):
        try:
            file = read(same + new + rest, *arguments)
            results.append(str((file.escape, shown(file.nodes))))
        except Unreadable as error:
            results.append(str(error))
    assert results[0] == results[1]
