"""What goes along with the programs: files that they name, or every folder that the Dockerfile brings."""

from __future__ import annotations

from rewriter import posixpath
from rewriter.knowledge import golang
from rewriter.model import go_carried, go_stage, paths
from rewriter.model.go_access import Access
from rewriter.model.go_program import Program
from rewriter.model.go_programs import Programs
from rewriter.model.go_reading import Reading
from rewriter.model.go_sources import Sources
from rewriter.model.go_traces import GoTraces
from rewriter.model.split_folders import system
from rewriter.model.split_stage import Shipped


def whole(stage: Shipped, traces: GoTraces, access: Access | None) -> str:
    """Why every file may be read when the program runs, or ""."""
    if traces.written and not traces.blind:
        return f"{traces.written[0][1]} writes {traces.written[0][0]}"
    for step in stage.steps:
        text = step.instruction.body.text
        if step.name in ("CMD", "ENTRYPOINT") and step.instruction.args is None and any(one in text for one in "*?["):
            return f"{step.name} names files by a pattern"
        if ">" in text.replace(">&", "") and step.name in ("CMD", "ENTRYPOINT") and step.instruction.args is None:
            return f"{step.name} writes a file"
    if access is None:
        return ""
    if access.unnamed:
        return f"it opens files by names that its sources do not show ({access.unnamed})"
    if traces.tests and access.files:
        return "its tests may have left files"
    workdir = stage.end.workdir or "/"
    for name in sorted(access.files):
        if paths.inside(workdir, posixpath.normpath(posixpath.join(workdir, name))):
            return f'it opens the folder "{name}"'
    return ""


def carried(read: Reading, texts: list[str], access: Access | None, chosen: Programs, whole: bool) -> list[str] | str:
    """The files and folders that go along beside the programs; why that is not known."""
    traces, programs = read.traces, chosen.paths
    tops: list[str] = []
    if whole:
        tops = _tops(read)
        places = [*tops, *(path for path in read.brought.files if not any(paths.inside(path, top) for top in tops))]
    elif access is None:
        written = _left_by_commands(read, programs)
        if isinstance(written, str):
            return written
        named = _by_name(read, chosen)
        base, brought = go_stage.folders(read.stage), {*read.brought.named, *read.brought.hidden}
        mixed = next((one for one in named if one in brought and (one == "/" or base.known(one))), "")
        if mixed:
            return f"what is copied into {mixed}, where the base image has files of its own, is not seen"
        places = list(dict.fromkeys([*named, *written]))
        tops = [path for path, _ in traces.written]
    else:
        places = go_carried.named(read.brought.files, texts, access.files, read.stage.end.workdir or "/")
    if traces.users.homes:
        places = ["/home", *(one for one in places if not paths.inside(one, "/home"))]
        tops.append("/home")
    for path, tool in traces.written:
        temporary = path not in traces.remade and any(paths.inside(path, one.rstrip("/*")) for one, _, _ in traces.gone)
        if not temporary and not any(paths.inside(path, top) for top in tops):
            return f"{tool or 'it'} writes {path}, which the program may read"
    last = max((step.index for step in read.stage.steps[: read.at] if step.name in ("COPY", "ADD")), default=-1)
    gone = [(one, sure and index > last) for one, index, sure in traces.gone]
    kept = go_carried.left([*programs, *(one for one in places if one not in programs)], gone, tops)
    if isinstance(kept, str) or not set(programs) <= set(kept):
        return f"{kept if isinstance(kept, str) else chosen.started} may be deleted in part"
    return [one for one in kept if one not in programs]


def _tops(read: Reading) -> list[str]:
    """Every folder that the Dockerfile brings or makes."""
    made = [one for one in read.traces.folders.made if not system(one)]
    return read.traces.folders.tops([*read.brought.folders, *made])


def _by_name(read: Reading, chosen: Programs) -> list[str]:
    """What goes along while the context is not seen: what is no Go source by its name, what CMD names, and what a script that
    is not seen may start, with the script."""
    workdir = read.stage.end.workdir or "/"
    asked = [posixpath.normpath(posixpath.join(workdir, name)) for name in _words(read.stage)]
    hidden = [one for one in read.brought.hidden if any(paths.inside(name, one) for name in asked)]
    script = [chosen.behind] if chosen.behind and chosen.behind not in read.after.named else []
    found = [*(one for one in read.brought.named if not _key(one)), *hidden, *chosen.folders]
    return [*found, *(one for one in script if not any(paths.inside(one, place) for place in found))]


def _left_by_commands(read: Reading, programs: list[str]) -> list[str] | str:
    """What commands wrote and may be read, while the context is not seen: it goes along, each to its own place. Or why not."""
    written = {path: tool for path, tool in read.traces.written if not _stays(path, read)}
    # where it is not known whether a target is a folder, the command may have made either: what lies in another goes with it
    tops = [one for one in (*written, *programs) if not read.traces.folders.known(one)]
    found: list[str] = []
    for path, tool in written.items():
        if path in programs or any(path != top and paths.inside(path, top) for top in tops):
            continue
        if not _can_go(path, read):
            return f"{tool or 'it'} writes {path}, which the program may read"
        if not read.traces.folders.known(path) or not _holds(path, read):
            found.append(path)
    return found


def _stays(path: str, read: Reading) -> bool:
    """True for what is deleted again, and for what only a build reads, unless the image starts with its name."""
    if path in [posixpath.join(read.stage.end.workdir or "/", name) for name in _words(read.stage)]:
        return False
    deleted = path not in read.traces.remade and any(
        paths.inside(path, one.rstrip("/*")) for one, _, _ in read.traces.gone
    )
    own = any(paths.inside(path, one) for one in golang.listed("files", "of_the_builder"))
    own = own or read.traces.of_the_toolchain(path)
    return deleted or own or _key(path) or golang.only_for_the_build(path)


def _key(path: str) -> bool:
    """True for what a build fetches modules with: no running program needs it, and nobody wants it in an image."""
    return any(paths.inside(path, one) for one in golang.listed("files", "keys"))


def _can_go(path: str, read: Reading) -> bool:
    """True for what is certainly there, and is no folder of the base image's own."""
    if path in read.traces.unsure | read.traces.remade or path == "/" or any(sign in path for sign in "*?["):
        return False
    if read.traces.folders.known(path):
        return _holds(path, read) or not (system(path) or read.traces.folders.of_the_toolchain(path) or path == "/root")
    return (
        not system(path)
        or posixpath.dirname(path) in golang.fact("final", "path").split(":")
        or paths.inside(path, "/etc")
    )


def _holds(folder: str, read: Reading) -> bool:
    """True for a folder into which a command writes a file of known name."""
    return any(path != folder and paths.inside(path, folder) for path, _ in read.traces.written)


def _words(stage: Shipped) -> list[str]:
    """What CMD and ENTRYPOINT hand to the program and may be the name of a file."""
    found: list[str] = []
    entry = any(step.name == "ENTRYPOINT" and step.instruction.args != () for step in stage.steps)
    for step in stage.steps:
        if step.name in ("CMD", "ENTRYPOINT"):
            words = step.instruction.words
            given = words if entry and step.name == "CMD" else words[1:]
            parts = [part for word in given for part in word.strip("\"'").split("=")]
            found += [part for part in parts if "/" in part and "://" not in part and "$" not in part]
    return found


def texts(stage: Shipped, program: Program | None, files: Sources, begun: str, traces: GoTraces) -> list[str]:
    """Where a file may be named: what the image starts, its script, its variables, settings, what the linker puts into the
    program, and the strings of the sources."""
    said = [step.instruction.body.text for step in stage.steps if step.name in ("CMD", "ENTRYPOINT", "HEALTHCHECK")]
    build = {"PATH", "GOPATH", *golang.names("commands", "variables")}
    said += [value or "" for name, value in stage.end.environment.items() if name not in build]
    flags = (one.command.option("-ldflags", "--ldflags") for one in traces.programs)
    said += [flag if isinstance(flag, str) else flag.raw for flag in flags if flag is not None]
    settings = files.settings() if program is not None else []
    return [
        *(f" {text.replace('<', ' ')}" for text in (*said, files.text(begun) or "", *settings)),
        *([] if program is None else program.strings),
    ]
