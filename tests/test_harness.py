"""The harness itself: each complaint is provoked once by a fake engine, so that no check is one that cannot fail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from rewriter.report import Declined, Outcome, Report, Status, Told
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, Transform
from rewriter.text import BOM, Edit, Span, apply
from tests.harness import Case, Engine, Notes, bless, complaints, load, notes, variants

BEFORE = 'FROM debian:12\nRUN apt-get update \\\n && install-it\n# a comment\nCMD ["x"]\n'
AFTER = BEFORE.replace("install-it", "install-it && clean")


def nothing(file: object, ask: Ask) -> Iterator[Finding | Decline]:
    return iter(())


SMELL = Transform(
    "smell", Phase.COMMANDS, frozenset({"RUN"}), Safety.SAFE, frozenset(), frozenset(), frozenset(), "Page.", nothing
)


def a_case(before: str = BEFORE, after: str | None = AFTER, **toml: Any) -> Case:
    expected = None if after is None else after.encode()
    return Case("smell", "case", before.encode(), expected, replace(Notes(), **toml), Path("nowhere"))


def finding(source: str, edits: tuple[Edit, ...], **more: Any) -> Told:
    told = Told("smell", 2, 3, "Clean up", Safety.SAFE, Outcome.APPLIED, ("it ran",), None, edits)
    return told._replace(**more)


def changed(source: str, edits: tuple[Edit, ...], **more: Any) -> Report:
    return Report(Status.CHANGED, source, apply(source, edits), findings=(finding(source, edits, **more),))


def good(transforms: Sequence[Transform], source: str, ask: Ask | None) -> Report:
    """Appends ``&& clean`` where it is missing, outside ONBUILD."""
    at = source.find("install-it") + len("install-it")
    if "install-it" not in source or "&& clean" in source or "ONBUILD" in source:
        return quiet(source)
    return changed(source, (Edit.insert(at, " && clean"),))


def by(make: Callable[[str], Report]) -> Engine:
    """An engine that looks at nothing but the source."""
    return lambda transforms, source, ask: make(source)


def quiet(source: str) -> Report:
    return Report(Status.UNCHANGED, source, source)


def spoilt(spoil: Callable[[Report], Report]) -> Engine:
    return lambda transforms, source, ask: spoil(good(transforms, source, ask))


def check(case: Case, engine: Engine = good) -> str:
    return "\n".join(complaints(case, [SMELL], engine))


def test_a_good_engine_passes_with_all_variants() -> None:
    case = a_case(safety=("safe",), because=("ran",))
    names = [each.variant for each in variants(case)]
    assert names == ["crlf", "no-final-newline", "bom", "lower-case", "backtick", "stage-in-front", "onbuild"]
    assert [check(each) for each in (case, *variants(case))] == [""] * 8


def test_an_unknown_transform() -> None:
    assert complaints(a_case(), [], good) == ["no transform is named smell"]


def test_a_wrong_after() -> None:
    assert "output differs" in check(a_case(after=AFTER.replace("clean", "tidy")))
    assert "output differs" in check(a_case(after=None))
    assert "output differs" in check(a_case(), by(quiet))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (AFTER[1:], "lost in front of the first edit"),
        (AFTER[:-2] + "\n", "lost after the last edit"),
        (AFTER.replace("# a comment", "# a, comment"), "lost after the last edit"),
    ],
)
def test_a_byte_lost_outside_the_edits(text: str, complaint: str) -> None:
    engine = spoilt(lambda report: report._replace(text=text) if report.changed else report)
    assert complaint in check(a_case(after=text), engine)


def test_a_byte_lost_between_edits() -> None:
    edits = (Edit.insert(len("FROM debian:12"), "-slim"), Edit.insert(BEFORE.index("install-it"), "time "))
    text = apply(BEFORE, edits).replace("update", "upgrade")
    told = (finding(BEFORE, edits),)
    engine = by(lambda source: Report(Status.CHANGED, BEFORE, text, findings=told))
    assert "lost between edits" in check(a_case(after=text), engine)


def test_pieces_that_only_overlap_are_lost() -> None:
    told = (finding("aXa", (Edit.delete(Span(1, 2)),)),)
    engine = by(lambda source: Report(Status.CHANGED, source, "a", findings=told))
    assert "lost after the last edit" in check(a_case(before="aXa", after="a"), engine)


def test_a_change_without_an_edit() -> None:
    engine = spoilt(lambda report: report._replace(findings=()))
    assert "without a reported edit" in check(a_case(), engine)
    assert "0 applied findings" in check(a_case(), engine)


def test_a_status_that_lies() -> None:
    assert "status is unchanged" in check(a_case(), spoilt(lambda report: report._replace(status=Status.UNCHANGED)))


def test_a_before_that_is_not_the_input() -> None:
    assert "`before` is not the input" in check(a_case(), spoilt(lambda report: report._replace(before="")))


def test_an_instruction_that_may_not_be_touched() -> None:
    edit = Edit.replace(Span(5, 14), "debian:13")
    engine = by(lambda source: changed(source, (edit,)) if "debian:12" in source else quiet(source))
    assert "another instruction changed" in check(a_case(after=apply(BEFORE, [edit])), engine)


def test_a_second_run_that_is_not_quiet() -> None:
    engine = by(lambda source: changed(source, (Edit.insert(source.index("install-it") + 10, " && clean"),)))
    assert "a second run changes it again" in check(a_case(), engine)


def test_an_output_that_buildkit_refuses_or_does_not_know() -> None:
    unknown = "FROM debian:12\n&& install-it\n"
    engine = by(quiet)
    assert "BuildKit knows no instruction &&" in check(a_case(before=unknown, after=None), engine)
    assert "BuildKit refuses it" in check(a_case(before="FROM a\nENV X\n", after=None), engine)
    assert "our reader refuses it" in check(a_case(before="", after=None), engine)


def test_declines_missing_and_declines_not_named() -> None:
    said = spoilt(lambda report: report._replace(declined=(Declined("smell", 2, "its end may be skipped"),)))
    assert not check(a_case(declines=("may be skipped",)), said)
    assert "case.toml does not name it" in check(a_case(), said)
    assert "nothing declined says" in check(a_case(declines=("may be skipped",)))
    assert "nothing declined says" in check(a_case(declines=("may be skipped", "other")), said)


@pytest.mark.parametrize("outcome", ["held_back", "kept"])
def test_findings_that_are_not_applied(outcome: str) -> None:
    def named(*texts: str) -> dict[str, Any]:
        return {outcome: texts}

    one = finding(BEFORE, (), outcome=Outcome[outcome.upper()])
    engine = by(lambda source: Report(Status.UNCHANGED, source, source, findings=(one,)))
    assert not check(a_case(after=None, **named("Clean")), engine)
    assert "case.toml does not name it" in check(a_case(after=None), engine)
    assert "says 'Tidy'" in check(a_case(after=None, **named("Clean", "Tidy")), engine)


def test_safety_and_facts() -> None:
    assert "expected ['review']" in check(a_case(safety=("review",)))
    assert "no fact says 'it slept'" in check(a_case(because=("it slept",)))


def test_mistakes_of_the_engine() -> None:
    assert "crashed: smell" in check(a_case(), spoilt(lambda report: report._replace(crashed=("smell: boom",))))
    assert "not settled: smell" in check(a_case(), spoilt(lambda report: report._replace(unsettled=("smell",))))
    one = finding(BEFORE, (), outcome=Outcome.REVERTED, note="words differ")
    reverted = spoilt(lambda report: report._replace(findings=(*report.findings, one)))
    assert "reverted: smell: words differ" in check(a_case(), reverted)


def test_unreadable() -> None:
    engine = by(lambda source: Report(Status.UNREADABLE, source, source, "a template"))
    case = a_case(after=None, reason="template")
    assert not check(case, engine)
    assert not list(variants(case))
    assert "expected 'binary'" in check(a_case(after=None, reason="binary"), engine)
    assert "expected None" in check(a_case(after=None), engine)
    assert "was read" in check(a_case(after=None, reason="template"))
    assert "no after.Dockerfile" in check(a_case(reason="template"), engine)
    eaten = spoilt(lambda report: report._replace(status=Status.UNREADABLE, reason="template"))
    assert "an unreadable file was changed" in check(a_case(after=None, reason="template"), eaten)
    assert not check(replace(case, before=b"FROM \xff\n", notes=Notes(reason="byte 5 is not UTF-8")))


def test_a_variant_that_behaves_differently() -> None:
    engine = by(lambda source: quiet(source) if "\r" in source else good([SMELL], source, None))
    wrong = {each.variant: check(each, engine) for each in variants(a_case())}
    assert "output differs" in wrong.pop("crlf")
    assert set(wrong.values()) == {""}
    eager = by(
        lambda source: (
            good([SMELL], source, None)
            if "ONBUILD" not in source
            else changed(source, (Edit.insert(source.index("install-it"), "x "),))
        )
    )
    wrong = {each.variant: check(each, eager) for each in variants(a_case())}
    assert "output differs" in wrong.pop("onbuild")
    assert set(wrong.values()) == {""}


def test_variants_do_not_apply_where_they_would_change_the_meaning() -> None:
    def names(before: str, **toml: Any) -> set[str]:
        return {each.variant for each in variants(a_case(before, None, **toml))}

    assert "backtick" not in names("FROM a\nRUN printf 'a\\n'\n")
    assert "backtick" not in names("FROM a\nRUN echo `id`\n")
    assert "backtick" not in names("# escape=`\nFROM a\nRUN b\n")
    assert "stage-in-front" not in names("FROM a\nRUN b\nFROM c\nCOPY --from=0 /b /b\n")
    assert "stage-in-front" not in names("FROM a\nRUN b\nFROM c\nRUN --mount=type=bind,from=0,target=/b d\n")
    assert "onbuild" not in names("FROM a\nCOPY b c\n")
    assert "lower-case" not in names("from a\nrun b\n")
    assert "crlf" not in names("FROM a\r\nRUN b\r\n")
    assert "bom" not in names(BOM + "FROM a\nRUN b\n")
    assert "no-final-newline" not in names("FROM a\nRUN b")
    assert "crlf" not in names("FROM a\nRUN b\n", no_variants={"crlf": "the shell sees the carriage return"})


def test_the_stage_in_front_goes_behind_directives_and_arguments_and_before_comments() -> None:
    case = a_case("# syntax=x\n# one\nARG V=1\n# two\nFROM a:$V\nRUN b\n", None)
    text = {each.variant: each.before.decode() for each in variants(case)}["stage-in-front"]
    assert text == "# syntax=x\n# one\nARG V=1\nFROM scratch AS unrelated\n# two\nFROM a:$V\nRUN b\n"


def test_a_newline_may_stay_where_the_last_line_went() -> None:
    before, after = "FROM a\nRUN b\nRUN c", "FROM a\nRUN b && c"
    edits = (Edit.insert(before.index("\nRUN c"), " && c"), Edit.delete(Span(before.index("RUN c"), len(before))))
    engine = by(lambda source: changed(source, edits) if source == before else quiet(source))
    assert not check(replace(a_case(before, after), variant="no-final-newline"), engine)
    assert "output differs" in check(a_case(before, after), engine)


def test_notes() -> None:
    assert notes('declines = "a"\nno_variants = {crlf = "b"}') == Notes(declines=("a",), no_variants={"crlf": "b"})
    assert notes('safety = ["safe", "review"]').safety == ("safe", "review")
    for wrong in (
        'decline = "a"',
        "declines = 1",
        "level = 2",
        'no_variants = {other = "b"}',
        'no_variants = {crlf = ""}',
    ):
        with pytest.raises(ValueError, match="case"):
            notes(wrong)


def test_load_and_bless(tmp_path: Path) -> None:
    folder = tmp_path / "smell" / "case"
    folder.mkdir(parents=True)
    (folder / "before.Dockerfile").write_bytes(BEFORE.encode())
    assert load(folder) == replace(a_case(after=None), folder=folder)
    bless(load(folder), [SMELL], good)
    assert load(folder).after == AFTER.encode()
    bless(load(folder), [SMELL], by(quiet))
    assert load(folder).after is None


def test_the_context_is_read_and_not_left(tmp_path: Path) -> None:
    folder = tmp_path / "smell" / "case"
    (folder / "context").mkdir(parents=True)
    (folder / "context" / "go.mod").write_text("module m")
    seen: list[str | None] = []

    def asking(transforms: Sequence[Transform], source: str, ask: Ask | None) -> Report:
        assert ask is not None
        seen.extend(ask.context(path) for path in ("go.mod", "none", "../before.Dockerfile"))
        return quiet(source)

    (folder / "before.Dockerfile").write_text(BEFORE)
    assert not check(replace(a_case(after=None), folder=folder), asking)
    assert seen[:3] == ["module m", None, None]


def test_bless_is_refused_in_ci(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    pytester.makeconftest((Path(__file__).parent / "conftest.py").read_text("utf-8"))
    monkeypatch.setenv("CI", "true")
    assert pytester.runpytest_inprocess("--bless").ret is pytest.ExitCode.USAGE_ERROR
    monkeypatch.delenv("CI")
    assert pytester.runpytest_inprocess("--bless").ret is pytest.ExitCode.NO_TESTS_COLLECTED
