"""Which of the programs that go built an image starts: by its path, through PATH, or in a script of the context."""

from __future__ import annotations

from rewriter import posixpath
from rewriter.model import go_script, paths
from rewriter.model.go_build import Built
from rewriter.model.go_carried import Brought
from rewriter.model.go_sources import Sources
from rewriter.model.split_stage import Shipped
from rewriter.model.split_start import Start, resolved


def script(stage: Shipped, begun: Start, files: Sources, programs: list[Built]) -> go_script.Script | str | None:
    """The script of the context that the image starts, None when it starts none; why it cannot be judged."""
    path = begun.path if "/" in begun.path else posixpath.join("/usr/local/bin", begun.path)
    text = files.text(path)
    if text is None or not text.startswith("#!"):
        return None
    found = go_script.read(text)
    if found.why:
        return found.why
    calls = list(found.calls)
    if found.rest:
        command = next((step for step in reversed(stage.steps) if step.name == "CMD"), None)
        if command is None or command is begun.step or not command.instruction.args:
            return "the script starts what CMD says, and CMD names no program"
        calls.insert(0, command.instruction.args[0])
    if found.folder:
        calls = [posixpath.join(found.folder, name) if "/" in name else name for name in calls]
    paths_of = [places(name, stage) for name in calls]
    for name, there in zip(calls, paths_of, strict=True):
        if not any(one.path in there for one in programs):
            return f"the script calls {name}, which go does not build"
    if not calls:
        return "the script that it starts calls no program"
    return found._replace(calls=tuple(calls))


def unseen_script(stage: Shipped, begun: Start, brought: tuple[Brought, ...], written: list[tuple[str, str]]) -> str:
    """The path of a script that the image starts and that is not seen, or "": a COPY brings it, or a RUN puts it there."""
    named = [one for each in brought for one in each.named]
    folders = [*named, *(one for each in brought for one in each.hidden if one != "/")]
    for path in places(begun.path, stage):
        put = path.endswith(".sh") and any(path == one and tool in ("cp", "mv", "install") for one, tool in written)
        if put or path in named:
            return path
        if path.endswith(".sh") and any(paths.inside(path, one) for one in folders):
            return path
    return ""


def places(name: str, stage: Shipped) -> list[str]:
    """Where a program may lie, by its path or its bare name."""
    if "/" in name:
        return [resolved(name, stage)]
    folders = (stage.end.environment.get("PATH") or "").split(":")
    return [posixpath.join(folder, name) for folder in folders if folder]


def started(
    stage: Shipped, begun: Start, programs: list[Built], files: dict[str, str], unseen: Built | None
) -> tuple[Built, str] | str:
    """The program that the image starts, and its path; or why there is none. ``unseen`` may build any."""
    wanted = places(begun.path, stage)
    for path in wanted:
        if path in files:
            return f"{path} comes from the context, and no RUN builds it"
    for path in wanted:
        for one in reversed(programs):
            if one.path == path:
                return one, path
    for path in wanted:
        for one in reversed(programs):
            if one.may_be(path):
                return one, path
    system = begun.path.startswith(("/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/"))
    if unseen is not None and len(wanted) == 1 and not wanted[0].endswith((".sh", ".py")) and not system:
        return unseen._replace(path=wanted[0], named=True), wanted[0]
    return f"no RUN builds {begun.path}, as far as can be seen"
