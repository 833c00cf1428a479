"""What a program that Go built needs to run: the C library, certificates and zones, packages. And what is not known."""

from __future__ import annotations

from typing import NamedTuple

from rewriter.knowledge import golang
from rewriter.model.go_build import Built
from rewriter.model.go_sources import Program
from rewriter.model.go_stage import GoStage
from rewriter.model.go_traces import Traces


class Needs(NamedTuple):
    """``image`` is the base of the final stage. ``static`` is True when cgo has to be turned off for that. ``packages`` are
    those of the final stage. ``because`` are facts, ``open`` questions that a person must answer. ``why`` says why there is no
    answer at all, or is ""."""

    image: str = ""
    static: bool = False
    packages: tuple[str, ...] = ()
    because: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    why: str = ""


def needs(stage: GoStage, built: list[Built], traces: Traces, program: Program | None) -> Needs:
    """What the programs need. ``program`` is None while the context is not seen."""
    alpine = stage.alpine is not None
    image = "alpine" if stage.alpine == "latest" else f"alpine:{stage.alpine or golang.fact('final', 'alpine')}"
    because: list[str] = []
    questions: list[str] = []
    why = _refused(program)
    if why:
        return Needs(why=why)
    static, why = _cgo(stage, built, traces, program, because, questions)
    if why:
        return Needs(why=why)
    packages, why = _packages(alpine, traces, program, static)
    if why:
        return Needs(why=why)
    name = built[0].path
    if program is None:
        questions.append(f"does {name} call other programs, such as git or curl? The golang image has them")
    else:
        _calls(program, name, because, questions)
    if traces.generated:
        questions.append("does go generate leave files that are read at run time?")
    return Needs(image, static, tuple(packages), tuple(because), tuple(questions))


def _refused(program: Program | None) -> str:
    if program is None:
        return ""
    name = program.imported("toolchain")
    return f"it imports {name}, which needs the toolchain at run time" if name else ""


def _cgo(
    stage: GoStage,
    built: list[Built],
    traces: Traces,
    program: Program | None,
    because: list[str],
    questions: list[str],
) -> tuple[bool, str]:
    """Whether cgo must be turned off, or why that cannot be decided."""
    said = {one.cgo for one in built}
    if said == {"0"}:
        because.append("CGO_ENABLED=0 is set: the program is static")
        return False, ""
    compiler = not golang.names("packages", "compilers").isdisjoint(traces.packages)
    libraries = [
        name for name in traces.packages if name.endswith("-dev") and name not in golang.names("packages", "build")
    ]
    if "1" in said or (program is not None and program.cgo):
        return _linked(stage, traces, program, libraries, because)
    if libraries:
        return False, f"{libraries[0]} is installed: what is linked to it needs the library at run time"
    if stage.alpine is not None and not compiler:
        because.append("Alpine's golang image has no C compiler, so nothing but musl can be linked")
        return False, ""
    if program is None:
        questions.append(
            'does anything that it is built of need cgo (import "C", SQLite)? It is built with CGO_ENABLED=0'
        )
        return True, ""
    if program.unseen:
        questions.append(f"does {program.unseen[0]} need cgo? Its sources are not in the context; CGO_ENABLED=0 is set")
    else:
        because.append('no package that it is built of imports "C", so it is built with CGO_ENABLED=0 and is static')
    return True, ""


def _linked(
    stage: GoStage, traces: Traces, program: Program | None, libraries: list[str], because: list[str]
) -> tuple[bool, str]:
    """With cgo in use: nothing but the C library may be linked, and the final stage must have the same one."""
    if stage.alpine is None:
        return False, "cgo is in use, so the program is linked to the C library of Debian, and alpine has another"
    if program is None or program.unseen:
        return False, "cgo is in use, and what is linked is not seen"
    if program.libraries or libraries:
        return False, f"cgo links {(program.libraries or libraries)[0]}, which the final stage would need"
    if not golang.names("packages", "cxx").isdisjoint(traces.packages):
        return False, "cgo is in use with a C++ compiler: libstdc++ may be linked"
    because.append("cgo links nothing but musl, which the same Alpine release has")
    return False, ""


def _packages(alpine: bool, traces: Traces, program: Program | None, static: bool) -> tuple[list[str], str]:
    """The packages of the final stage, or why they are not known."""
    found = ["ca-certificates", "tzdata"]
    calls = program is None or bool(program.imported("programs") or program.says("calls"))
    for name in traces.packages:
        if name in found or name in golang.names("packages", "always") or name.endswith("-dev"):
            continue
        if name in golang.names("packages", "build") and not (calls and name == "git" and alpine):
            continue
        if not alpine:
            return [], f"{name} is installed, which the program may call"
        found.append(name)
    if not alpine and program is not None and program.says("types"):
        found.append("mailcap")
    return found, ""


def _calls(program: Program, name: str, because: list[str], questions: list[str]) -> None:
    """Whether the program starts others, or asks for its sources' place."""
    if program.unread:
        questions.append(f"what is in {program.unread[0]}? A file there cannot be read")
    if program.unseen:
        questions.append(
            f"does {program.unseen[0]} need more than the program itself? Its sources are not in the context"
        )
    caller = program.imported("programs") or program.says("calls")
    if caller:
        questions.append(f"which programs does {name} start? It uses {caller}, and alpine has few")
    else:
        because.append("the sources start no other program")
    place = program.says("places") or program.imported("sources")
    if place:
        questions.append(f"what does {name} read through {place}? Sources and toolchain stay in the builder")
