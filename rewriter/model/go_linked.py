"""How a program that go built relates to the C library: from facts, and a question where there is none."""

from __future__ import annotations

from rewriter.knowledge import golang, languages
from rewriter.model import go_stage
from rewriter.model.go_asked import Asked


def cgo_module(asked: Asked) -> str:
    """A module that is known to need cgo, where it is named: in the Dockerfile or among the imports; or ""."""
    program = asked.program
    names = program.unseen if program is not None else []
    texts = [asked.stage.file.source, *(program.manifests if program is not None and names else ())]
    for module in golang.listed("imports", "cgo"):
        if any(module in text for text in texts) or any(name.startswith(module) for name in names):
            return module
    return ""


def with_bundled(asked: Asked, module: str) -> str:
    """With a module that brings its C with it: the C library must be the same, and cgo stays on."""
    if "0" in {one.cgo for one in asked.built}:
        return f"{module} needs cgo, which CGO_ENABLED=0 turns off"
    asked.because.append(f"{module} needs cgo, and links nothing but the C library: it stays the same")
    asked.questions.append(f"does anything else than {module} link a C library (cgo)?")
    return "same"


def linked(asked: Asked) -> str:
    """How the program relates to the C library: "static" when cgo can be turned off, "as it is" when nothing is to be done,
    "same" when the final stage needs the C library of the builder; else why it cannot be decided."""
    stage, traces, program = asked.stage, asked.traces, asked.program
    said = {one.cgo for one in asked.built}
    known = go_stage.version(stage)
    old = known is not None and len(known) > 1 and known < (1, 10) and not all(one.whole for one in asked.built)
    if said == {"0"} and not (old and stage.alpine is None):
        asked.because.append("CGO_ENABLED=0 is set: the program is static")
        return "as it is"
    libraries = [
        name
        for name in sorted(traces.installed)
        if name.endswith("-dev") and name not in languages.names("every", "build")
    ]
    if "1" in said or (program is not None and program.cgo):
        return _with_cgo(asked, libraries)
    if libraries:
        return f"{libraries[0]} is installed: what is linked to it needs the library at run time"
    if any(flag in run.visible.text for run in stage.runs.values() for flag in ("-race", "-msan", "-asan")):
        asked.because.append("the builder tests with cgo (-race), so cgo stays on there, and the C library is the same")
        return "same"
    if traces.tests and asked.tests_use_cgo:
        asked.because.append("a test needs cgo, so cgo stays on there, and the C library is the same")
        return "same"
    compiler = not golang.names("packages", "compilers").isdisjoint(traces.installed)
    if stage.alpine is not None and not compiler:
        asked.because.append("Alpine's golang image has no C compiler, so nothing but musl can be linked")
        return "as it is"
    if program is None and stage.alpine is not None:
        asked.questions.append("does it link (cgo) a library other than musl? The final image has musl alone")
        return "same"
    if program is None:
        asked.questions.append("does anything that it is built of link a C library of its own (cgo)?")
    elif program.unseen:
        asked.questions.append(f"does {program.unseen[0]} link a C library? Its sources are not in the context")
    if old:
        asked.because.append("before Go 1.10, CGO_ENABLED=0 may leave a program linked to the C library: Debian stays")
        return "same"
    if program is not None and not program.unseen:
        asked.because.append(
            'no package that it is built of imports "C", so it is built with CGO_ENABLED=0 and is static'
        )
    return "static"


def _with_cgo(asked: Asked, libraries: list[str]) -> str:
    """With cgo in use: nothing but the C library may be linked, and the final stage must have the same one."""
    program = asked.program
    if program is None or program.unseen:
        return "cgo is in use, and what is linked is not seen"
    if program.libraries or libraries:
        return f"cgo links {(program.libraries or libraries)[0]}, which the final stage would need"
    if asked.stage.alpine is not None and not golang.names("packages", "cxx").isdisjoint(asked.traces.installed):
        return "cgo is in use with a C++ compiler: libstdc++ may be linked"
    call = program.foreign_call()
    if call:
        return f"cgo is in use with {call}, which may need more than the C library"
    asked.because.append("cgo links nothing but the C library, which the final stage has from the same release")
    return "same"
