"""Which of the programs that go built go along: what the image starts, and what somebody may call in it."""

from __future__ import annotations

from typing import NamedTuple

from rewriter import posixpath
from rewriter.knowledge import golang
from rewriter.model import go_script, go_stage, go_started
from rewriter.model.go_build import Built
from rewriter.model.go_program import Program
from rewriter.model.go_reading import Reading
from rewriter.model.go_text import last_part
from rewriter.model.split_stage import Against


class Programs(NamedTuple):
    """``main`` is what the image starts, through ``script`` where there is one; ``others`` are certainly there as well.
    ``program`` is what all of them are compiled of, None while the sources are not seen. ``tool`` is one that stays in the
    builder although somebody may call it, or ""."""

    main: Built
    others: list[Built]
    script: go_script.Script | None
    program: Program | None
    tool: str
    behind: str = ""
    folders: tuple[str, ...] = ()

    @property
    def started(self) -> str:
        """What the image starts."""
        return self.behind or self.main.path

    @property
    def paths(self) -> list[str]:
        """Where they lie, what the image starts first."""
        built = (one.path for one in (self.main, *self.others) if not one.path.endswith("/*"))
        return [one for one in dict.fromkeys(built) if one != self.behind]


def programs(read: Reading) -> Programs:
    """The programs.

    Raises:
        Against: it is not certain what the image starts.
    """
    found = go_started.script(read.stage, read.begun, read.everything, read.traces.programs)
    if isinstance(found, str):
        raise Against(read.begun.step, found, _empty(read))
    behind = ""
    if found is None and read.seen is None:
        behind = go_started.unseen_script(read.stage, read.begun, (read.brought, read.after), read.traces.written)
    made = read.traces.programs or (read.traces.unseen is not None and read.traces.written)
    if behind and made and not any(one.path == behind for one in read.traces.programs):
        return _behind(read, behind)
    built, path = _started(read, found)
    lasting = [one for one in read.traces.programs if one is not built and not one.run.mounted(one.path)]
    others = [one for one in lasting if _certain(one, read)]
    left = [one for one in lasting if one not in others]
    if found is not None:
        _known_to_the_script(read, found, left)
    if read.sources is not None and (not built.folder or not read.sources.is_main(built.folder)):
        raise Against(read.begun.step, f"the context does not show the sources of {path}", True)
    program = _program(read, [built, *others])
    tools = [one.path for one in left if _tool(one, program)]
    return Programs(built._replace(path=path), others, found, program, tools[0] if tools else "")


def _behind(read: Reading, script: str) -> Programs:
    """Every program that go built, for a script that is not seen."""
    built = [one for one in read.traces.programs if not one.run.mounted(one.path)]
    if read.traces.unseen is not None and not built:
        return Programs(read.traces.unseen._replace(path=script), [], None, None, "", script)
    known = [one for one in built if not one.path.endswith("/*")]
    folders = list(dict.fromkeys(posixpath.dirname(one.path) for one in built if one not in known))
    if not built or any(one in ("/", go_stage.gopath(read.stage.end)) for one in folders):
        raise Against(read.begun.step, f"which programs {script} starts is not known")
    main, *others = built
    return Programs(main, others, None, None, "", script, tuple(folders))


def _empty(read: Reading) -> bool:
    return read.sources is not None and read.sources.empty


def _started(read: Reading, script: go_script.Script | None) -> tuple[Built, str]:
    """What the image starts, as it was built, and its path."""
    wanted = read.begun if script is None else read.begun._replace(path=script.calls[0])
    chosen = go_started.started(read.stage, wanted, read.traces.programs, read.brought.files, read.traces.unseen)
    if isinstance(chosen, str):
        raise Against(read.begun.step, chosen, _empty(read))
    built, path = chosen
    if built.run.mounted(path):
        raise Against(read.begun.step, f"{path} is written to a mount")
    return built, path


def _known_to_the_script(read: Reading, script: go_script.Script, left: list[Built]) -> None:
    """What the script calls must go along."""
    wanted = {path for name in script.calls for path in go_started.places(name, read.stage)}
    called = next((one.path for one in left if one.path in wanted), "")
    if called:
        raise Against(read.begun.step, f"its script calls {called}, whose sources are not seen")


def _program(read: Reading, built: list[Built]) -> Program | None:
    if read.sources is None:
        return None
    return read.sources.program([one.folder for one in built], read.stage.end.environment.get("GOPATH") or "")


def _certain(one: Built, read: Reading) -> bool:
    """True when the program is certainly where it is said to be."""
    return one.named or (read.sources is not None and bool(one.folder) and read.sources.is_main(one.folder))


def _tool(one: Built, program: Program | None) -> bool:
    """True for what somebody may call: no tool that builds Go, and no package that go get fetched because it is imported. What
    the sources import is not seen without them: then go get may have fetched a package, and go install did not."""
    name = posixpath.basename(one.path)
    if program is None:
        return one.command.subcommand == "install" and name not in golang.names("commands", "builders")
    return not (
        name in golang.names("commands", "builders") or any(last_part(path) == name for path in program.imports)
    )
