"""What a fixture says and how it is checked: each case, and each variant of it, becomes a list of complaints.

A case is a folder of raw bytes, ``fixtures/<transform>/<case>/``:

``before.Dockerfile``   the input
``after.Dockerfile``    the expected output; none means "must not change"
``case.toml``           optional; the keys are the fields of ``Notes``
``context/``            optional; the build context

Folders below ``fixtures/pipeline`` run the whole pipeline, every other folder only the transform of its name.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

import dockerfile as buildkit

from dslim.context import may_build
from rewriter.engine import run
from rewriter.report import Outcome, Report, Status, Told
from rewriter.rule import Ask, Safety, Settings, Transform
from rewriter.syntax.dockerfile import Unreadable, read
from rewriter.syntax.nodes import Dockerfile, Instruction, Kind
from rewriter.text import BOM, Edit, Undecodable, apply, decode, encode

Engine = Callable[[Sequence[Transform], str, Ask | None], Report]

WHOLE = "pipeline"
KNOWN = frozenset(name.upper() for name in buildkit.all_cmds())


@dataclass(frozen=True)
class Notes:
    """The keys of ``case.toml``.

    ``why`` is what the case teaches. ``level``, ``join_runs``, ``base``, ``keep_tools``, ``mirrors``, ``final`` are the user's.
    ``safety`` are the levels of the applied findings. ``because`` are texts that must occur in the facts of an applied or held
    back finding.
    ``declines``, ``held_back`` and ``kept`` are texts: each must occur in one such result, and each such result must be
    named by one. ``reason`` makes the case an unreadable one and must occur in the report's reason. ``no_variants``
    names the variants that do not behave like the case, each with the cause.
    """

    why: str = ""
    level: str = "review"
    join_runs: str = "shipped"
    base: str = "auto"
    keep_tools: tuple[str, ...] = ()
    mirrors: tuple[str, ...] = ()
    final: str = "keep"
    safety: tuple[str, ...] | None = None
    because: tuple[str, ...] = ()
    declines: tuple[str, ...] = ()
    held_back: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    reason: str | None = None
    no_variants: dict[str, str] = field(default_factory=dict)


TEXTS = ("keep_tools", "mirrors", "safety", "because", "declines", "held_back", "kept")


def notes(text: str) -> Notes:
    """Read a ``case.toml``.

    Raises:
        ValueError: an unknown key, or a value of the wrong type.
    """
    table = tomllib.loads(text)
    unknown = table.keys() - {key.name for key in fields(Notes)}
    if unknown:
        raise ValueError(f"case.toml: unknown keys {sorted(unknown)}")
    for key, value in table.items():
        if key in TEXTS:
            value = [value] if isinstance(value, str) else value
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                raise ValueError(f"case.toml: {key} is neither a string nor a list of strings")
            table[key] = tuple(value)
        elif key == "no_variants":
            if not isinstance(value, dict) or not value.keys() <= VARIANTS.keys() or not all(value.values()):
                raise ValueError(f"case.toml: no_variants is a table of variant = cause; variants are {list(VARIANTS)}")
        elif not isinstance(value, str):
            raise ValueError(f"case.toml: {key} is not a string")
    return Notes(**table)


@dataclass(frozen=True)
class Case:
    """One input with what is expected of it. ``after`` is None when nothing may change."""

    transform: str
    name: str
    before: bytes
    after: bytes | None
    notes: Notes
    folder: Path
    variant: str = ""

    @property
    def id(self) -> str:
        return f"{self.transform}/{self.name}" + (f"[{self.variant}]" if self.variant else "")


def load(folder: Path) -> Case:
    """Read one case from its folder."""
    after, toml = folder / "after.Dockerfile", folder / "case.toml"
    return Case(
        transform=folder.parent.name,
        name=folder.name,
        before=(folder / "before.Dockerfile").read_bytes(),
        after=after.read_bytes() if after.exists() else None,
        notes=notes(toml.read_text("utf-8")) if toml.exists() else Notes(),
        folder=folder,
    )


def load_all(root: Path) -> list[Case]:
    """All cases below ``root``, sorted."""
    return [load(path.parent) for path in sorted(root.glob("*/*/before.Dockerfile"))]


# Running a case ------------------------------------------------------------------------------------------------------


def chosen(case: Case, pipeline: Sequence[Transform]) -> tuple[Transform, ...]:
    """The transforms that a case runs; not the one that speaks of what the variant adds."""
    unwanted = SMELLS.get(case.variant, "")
    return tuple(each for each in pipeline if case.transform in (WHOLE, each.name) and each.name != unwanted)


def asked(case: Case) -> Ask:
    """What the transforms may ask in a case."""
    context = (case.folder / "context").resolve()

    def file(path: str) -> str | None:
        found = (context / path).resolve()
        return found.read_text("utf-8") if found.is_file() and found.is_relative_to(context) else None

    def files() -> tuple[str, ...] | None:
        if not context.is_dir():
            return None
        return tuple(sorted(str(path.relative_to(context)) for path in context.rglob("*") if path.is_file()))

    def building() -> tuple[tuple[str, str | None], ...] | None:
        names = files()
        return None if names is None else tuple((name, file(name)) for name in names if may_build(name))

    noted = case.notes
    words = (noted.join_runs, noted.base, noted.keep_tools, noted.mirrors, noted.final)
    settings = Settings(Safety[noted.level.upper()], *words)
    return Ask(settings, file, files, building=building)


def report_on(case: Case, transforms: Sequence[Transform], engine: Engine = run) -> Report:
    """Run a case, from its bytes."""
    try:
        return engine(transforms, decode(case.before), asked(case))
    except Undecodable as error:
        return Report(Status.UNREADABLE, "", "", reason=str(error))


# Checking a case -----------------------------------------------------------------------------------------------------


def complaints(case: Case, pipeline: Sequence[Transform], engine: Engine = run) -> list[str]:
    """Everything that is wrong with what ``engine`` does to ``case``. Empty when all is well."""
    transforms = chosen(case, pipeline)
    if not transforms and case.transform != WHOLE:
        return [f"no transform is named {case.transform}"]
    report = report_on(case, transforms, engine)
    if case.notes.reason is not None or report.status is Status.UNREADABLE:
        return list(_unreadable(case, report))
    out = list(_output(case, report))
    out += _readable("before", report.before)
    out += _readable("after", report.text)
    out += [f"crashed: {each}" for each in report.crashed]
    out += [f"not settled: {each}" for each in report.unsettled]
    out += [f"reverted: {each.transform}: {each.note}" for each in told(report, Outcome.REVERTED)]
    out += lost_bytes(report)
    if not out:
        out += _touched(report, transforms)
        out += _second_run(report, transforms, case, engine)
    if case.variant != "onbuild":
        out += _said(case, report)
    return out


def _unreadable(case: Case, report: Report) -> Iterator[str]:
    if report.status is not Status.UNREADABLE:
        yield f"was read, expected unreadable because {case.notes.reason!r}"
    elif case.notes.reason is None or case.notes.reason not in report.reason:
        yield f"unreadable: {report.reason!r}, expected {case.notes.reason!r}"
    if case.after is not None:
        yield "an unreadable file has no after.Dockerfile"
    if report.text != report.before or report.findings:
        yield "an unreadable file was changed"


def _output(case: Case, report: Report) -> Iterator[str]:
    expected = case.before if case.after is None else case.after
    got = encode(report.text)
    if got != expected and not (case.variant == "no-final-newline" and _newline_left(case.before, expected, got)):
        yield f"output differs\n--- expected\n{_shown(expected)}\n--- got\n{_shown(got)}"
    if encode(report.before) != case.before:
        yield "the report's `before` is not the input"
    if report.changed != (report.text != report.before):
        yield f"status is {report.status.value}, which is not what became of the text"
    if report.changed != bool(told(report, Outcome.APPLIED)):
        yield f"status is {report.status.value} with {len(told(report, Outcome.APPLIED))} applied findings"


def _newline_left(before: bytes, expected: bytes, got: bytes) -> bool:
    """Where the last line itself went, the newline in front of it may stay."""
    gone = before.splitlines()[-1] != expected.splitlines()[-1]
    return gone and got == expected + b"\n"


def _readable(which: str, text: str) -> Iterator[str]:
    try:
        nodes = read(text).nodes
    except (Unreadable, ValueError) as error:
        yield f"{which}: our reader refuses it: {error}"
    else:
        if "".join(node.span.of(text) for node in nodes) != text:
            yield f"{which}: the nodes do not tile the source"
    try:
        commands = buildkit.parse_string(text)
    except buildkit.GoParseError as error:
        yield f"{which}: BuildKit refuses it: {error}"
    else:
        for command in commands:
            for name in filter(None, (command.cmd, command.sub_cmd)):
                if name.upper() not in KNOWN:
                    yield f"{which}: BuildKit knows no instruction {name}, line {command.start_line}"


def _second_run(report: Report, transforms: Sequence[Transform], case: Case, engine: Engine) -> Iterator[str]:
    again = engine(transforms, report.text, asked(case))
    if again.text != report.text or told(again, Outcome.APPLIED):
        yield f"a second run changes it again\n--- got\n{_shown(encode(again.text))}"


def _said(case: Case, report: Report) -> Iterator[str]:
    applied, held = told(report, Outcome.APPLIED), told(report, Outcome.HELD_BACK)
    if case.notes.safety is not None:
        got, wanted = {each.safety.name.lower() for each in applied}, set(case.notes.safety)
        if got != wanted:
            yield f"safety of the applied findings is {sorted(got)}, expected {sorted(wanted)}"
    facts = [fact for each in applied + held for fact in each.because]
    yield from (f"no fact says {text!r}: {facts}" for text in case.notes.because if not any(text in f for f in facts))
    yield from _named("declined", case.notes.declines, [each.why for each in report.declined])
    yield from _named("held back", case.notes.held_back, [each.title for each in held])
    yield from _named("kept", case.notes.kept, [each.title for each in told(report, Outcome.KEPT)])


def _named(what: str, wanted: Sequence[str], got: Sequence[str]) -> Iterator[str]:
    """Silence and noise both fail: each of ``wanted`` occurs in one of ``got``, each of ``got`` holds one."""
    for text in wanted:
        if not any(text in each for each in got):
            yield f"nothing {what} says {text!r}: {list(got)}"
    for each in got:
        if not any(text in each for text in wanted):
            yield f"{what}, but case.toml does not name it: {each!r}"


def told(report: Report, outcome: Outcome) -> list[Told]:
    """The findings with one outcome."""
    return [each for each in report.findings if each.outcome is outcome]


def lost_bytes(report: Report) -> Iterator[str]:
    """The original between the reported edits must be in the output: whole, in order, at both ends where it was."""
    spans = sorted(edit.span for each in told(report, Outcome.APPLIED) for edit in each.edits)
    pieces, at = [], 0
    for span in spans:
        if span.start >= at:
            pieces.append(report.before[at : span.start])
        at = max(at, span.end)
    last = report.before[at:]
    if not spans:
        if report.text != last:
            yield "the text changed without a reported edit"
        return
    if not report.text.startswith(pieces[0]):
        yield f"lost in front of the first edit: {pieces[0]!r}"
        return
    at = len(pieces[0])
    for piece in pieces[1:]:
        found = report.text.find(piece, at)
        if found == -1:
            yield f"lost between edits: {piece!r}"
            return
        at = found + len(piece)
    if not report.text.endswith(last) or len(report.text) - len(last) < at:
        yield f"lost after the last edit: {last!r}"


def _touched(report: Report, transforms: Sequence[Transform]) -> Iterator[str]:
    """Instructions that no applied transform may touch are there, as they were and in the same order."""
    names = {each.transform for each in told(report, Outcome.APPLIED)}
    touches = {name for each in transforms if each.name in names for name in each.touches}
    before, after = _others(report.before, touches), _others(report.text, touches)
    if before != after:
        changed = [each for each in before if each not in after] or after
        yield f"touches {sorted(touches)}, but another instruction changed: {changed}"


def _others(text: str, touches: set[str]) -> list[str]:
    return [each.span.of(text).rstrip("\r\n") for each in read(text).instructions if each.name not in touches]


def _shown(data: bytes) -> str:
    return "\n".join(repr(line)[2:-1] for line in data.splitlines(keepends=True))


# Variants: the same case in other clothes -----------------------------------------------------------------------------

Derive = Callable[[str], str | None]
"""The same text in other clothes, or None where the clothes do not fit."""


def _crlf(text: str) -> str | None:
    return None if "\r" in text or "\n" not in text else text.replace("\n", "\r\n")


def _no_final_newline(text: str) -> str | None:
    if not text.endswith("\n") or text.endswith(("\r\n", "\n\n", "\\\n", "`\n")) or not text.strip():
        return None
    return text[:-1]


def _bom(text: str) -> str | None:
    return None if text.startswith(BOM) else BOM + text


def _lower_case(text: str) -> str | None:
    keywords = [word.keyword for each in read(text).instructions for word in (each, each.trigger) if word is not None]
    lower = apply(text, [Edit.replace(span, span.of(text).lower()) for span in keywords])
    return None if lower == text else lower


def _backtick(text: str) -> str | None:
    """Only where every backslash is a continuation mark, so that the escape character means nothing else."""
    if any(sign in text for sign in ("`", "<<", "\r", BOM)) or "escape" in text.partition("FROM")[0]:
        return None
    lines = text.split("\n")
    if any("\\" in line.rstrip(" \t")[:-1] for line in lines):
        return None
    turned = [line.rstrip(" \t")[:-1] + "`" if line.rstrip(" \t").endswith("\\") else line for line in lines]
    return "# escape=`\n" + "\n".join(turned)


def _stage_in_front(text: str) -> str | None:
    """``FROM scratch AS unrelated`` before the first stage and its comments, after the global ARGs."""
    if text.startswith(BOM) or "\r" in text or "unrelated" in text or _by_number(read(text)):
        return None
    at = 0
    for node in read(text).nodes:
        if isinstance(node, Instruction) and node.name == "FROM":
            return text[:at] + "FROM scratch AS unrelated\n" + text[at:]
        if isinstance(node, Instruction) or node.kind is Kind.DIRECTIVE:
            at = node.span.end
    return None


def _by_number(file: Dockerfile) -> bool:
    """True when a stage is named by its number, which a stage in front would change."""
    flags = [flag for each in file.instructions for flag in each.flags]
    return any(
        (flag.name == "from" and (flag.value or "").isdigit()) or f",{flag.value}".rpartition(",from=")[2][:1].isdigit()
        for flag in flags
    )


def _onbuild(text: str) -> str | None:
    runs = [each for each in read(text).instructions if each.name == "RUN"]
    if not runs or "<<" in text:
        return None
    return apply(text, [Edit.insert(each.keyword.start, "ONBUILD ") for each in runs])


VARIANTS: dict[str, Derive] = {
    "crlf": _crlf,
    "no-final-newline": _no_final_newline,
    "bom": _bom,
    "lower-case": _lower_case,
    "backtick": _backtick,
    "stage-in-front": _stage_in_front,
    "onbuild": _onbuild,
}


#: variants that are a smell themselves, and the transform that speaks of it
SMELLS = {"stage-in-front": "stage-without-use"}


def variants(case: Case) -> Iterator[Case]:
    """The variants that fit the case. What is expected of each is derived as its input is; ONBUILD must not change."""
    if case.notes.reason is not None:
        return
    before, after = decode(case.before), None if case.after is None else decode(case.after)
    for name, derive in VARIANTS.items():
        if name in case.notes.no_variants or SMELLS.get(name) == case.transform:
            continue
        try:
            new = derive(before)
            expected = None if after is None or name == "onbuild" else derive(after)
        except Unreadable:
            continue
        if new is None or (expected is None and after is not None and name != "onbuild"):
            continue
        expectation = None if expected is None else encode(expected)
        yield replace(case, before=encode(new), after=expectation, variant=name)


def bless(case: Case, pipeline: Sequence[Transform], engine: Engine = run) -> None:
    """Write what the pipeline does now as what is expected of the case."""
    report = report_on(case, chosen(case, pipeline), engine)
    after = case.folder / "after.Dockerfile"
    if report.changed:
        after.write_bytes(encode(report.text))
    else:
        after.unlink(missing_ok=True)
