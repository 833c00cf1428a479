"""What the commands of a RUN leave that the program may need, beside what go builds."""

from __future__ import annotations

import posixpath
from typing import NamedTuple

from rewriter.knowledge import golang
from rewriter.model import apt, paths
from rewriter.model.command import Command
from rewriter.model.go_build import Built, Unknown, built
from rewriter.model.go_sources import Sources
from rewriter.model.run import Run

#: leave nothing that an image needs; chmod's modes go along with the files
_HARMLESS = frozenset(
    "cd set true : echo ls pwd which test [ chmod strip update-ca-certificates printf cat date env".split()
)
_PACKAGES = frozenset("update upgrade clean autoclean autoremove purge remove del dist-upgrade info".split())
_USERS = {True: frozenset(("adduser", "addgroup")), False: frozenset(("useradd", "groupadd", "adduser", "addgroup"))}


class Traces:
    """What the RUNs of the builder leave, filled in from RUN to RUN.

    ``programs`` are what go built; ``packages`` what is installed at the end, ``installed`` what ever was, ``virtual`` their
    groups; ``folders`` and ``users`` the commands that make them, as written, ``names`` the words of the latter. ``gone`` is
    what was deleted, with the instruction and whether whole folders certainly are; ``owners`` what ``chown`` gave to whom,
    last in instruction ``owned_at``.
    ``generated`` is True after go generate, ``tests`` after go test, ``cloned`` after git clone; ``auto_modules`` where
    GO111MODULE decides (before Go 1.16). ``only_fetches``: see :func:`rewriter.model.go_build.built`.
    """

    def __init__(self) -> None:
        self.programs: list[Built] = []
        self.packages: list[str] = []
        self.installed: set[str] = set()
        self.folders: list[tuple[str, str]] = []
        self.users: list[str] = []
        self.names: set[str] = set()
        self.gone: list[tuple[str, int, bool]] = []
        self.virtual: dict[str, list[str]] = {}
        self.owners: list[tuple[str, str, bool]] = []
        self.owned_at = -1
        self.only_fetches = False
        self.auto_modules = False
        self.tests = False
        self.cloned = False
        self.generated = False


class Refused(NamedTuple):
    """Why a RUN cannot be judged; completes "left alone, because ..."."""

    why: str


def follow(run: Run, traces: Traces, sources: Sources | None, alpine: bool) -> Refused | None:
    """Add what the RUN leaves to ``traces``."""
    if run.script is None:
        return Refused("its script cannot be read")
    for command in run.commands:
        why = _command(run, command, traces, sources, alpine)
        if why:
            return Refused(why)
    return None


def _command(run: Run, command: Command, traces: Traces, sources: Sources | None, alpine: bool) -> str:
    tool = command.tool
    written = [one for one in command.simple.redirects if one.operator not in ("<", "<<", "<<<", "<<-", ">&", "<&")]
    if any(one.target.value != "/dev/null" for one in written):
        return f"{tool or 'it'} writes a file, which the program may read"
    if not tool:
        return "" if command.simple.assignments and not command.simple.words else "a command is only known when it runs"
    if tool == "go":
        return _go(run, command, traces, sources)
    if tool in _HARMLESS or tool in golang.names("commands", "builders") or (tool == "upx" and not command.has("-o")):
        return ""
    if tool == "git":
        traces.cloned = traces.cloned or command.subcommand in ("clone", "pull", "checkout", "submodule")
        return ""
    if tool in ("curl", "wget", "sh", "bash") and _installer(run, command):
        return ""
    if tool in ("apt-get", "apt", "apk"):
        return _packages(command, traces, alpine)
    if tool == "mkdir":
        return _folders(run, command, traces)
    if tool in _USERS[alpine]:
        return _user(run, command, traces)
    if tool == "chown":
        return _owned(run, command, traces)
    if tool == "rm":
        gone = [paths.literal(word, command, run.state) for word in command.operands]
        whole = command.place.certain and command.has("-r", "-R", "--recursive")
        traces.gone += [(one, run.index, whole) for one in gone if one is not None]
        return "" if None not in gone else "what it deletes is not known"
    if tool in ("cp", "mv"):
        return _moved(run, command, traces)
    return f"it runs {tool}, which may leave files that the program needs"


def _installer(run: Run, command: Command) -> bool:
    """True for fetching a tool that a build uses, and for the shell that runs its installer."""
    if command.tool in ("sh", "bash"):
        fetched = [one for one in run.commands if one.tool in ("curl", "wget")]
        alone = not [word for word in command.arguments if word.raw not in ("-", "-s", "--")]
        return alone and command.place.piped and bool(fetched) and all(_installer(run, one) for one in fetched)
    text = " ".join(word.raw for word in command.arguments)
    target = command.option("-o", "-O", "--output", "--output-document")
    path = target if isinstance(target, str) or target is None else target.value
    known = any(one in text for one in golang.listed("commands", "installers"))
    return known and (path is None or posixpath.basename(path) in golang.names("commands", "builders") or path == "-")


def _go(run: Run, command: Command, traces: Traces, sources: Sources | None) -> str:
    if command.subcommand not in ("build", "install", "get"):
        if command.subcommand == "run":
            return "go run may leave anything"
        if command.subcommand not in golang.names("commands", "harmless"):
            return f"go {command.subcommand} is not known"
        traces.generated = traces.generated or command.subcommand == "generate"
        traces.tests = traces.tests or command.subcommand in ("test", "vet")
        return ""
    if sources is not None and traces.auto_modules and "GO111MODULE" in dict(command.environment):
        return "GO111MODULE is set for one command: how the program is called depends on it"
    found = built(run, command, sources, traces.only_fetches)
    if isinstance(found, Unknown):
        return found.why
    made = [path for path, _ in traces.folders]
    if any(one.path in made or (sources is not None and sources.holds(one.path)) for one in found):
        return "whether -o names a file or a folder is not known"
    traces.programs += found
    return ""


def _packages(command: Command, traces: Traces, alpine: bool) -> str:
    words = [word.value for word in command.operands]
    if command.subcommand in ("del", "purge", "remove"):
        for name in words:
            for one in traces.virtual.get(name or "", [name or ""]):
                if one in traces.packages:
                    traces.packages.remove(one)
        return ""
    if command.subcommand in _PACKAGES:
        return ""
    if command.subcommand not in ("install", "add") or None in words:
        return f"what {command.tool} {command.subcommand} installs is not known"
    asked = apt.asked_for(command) if command.tool != "apk" else [str(word) for word in words]
    plain = [name.partition("=")[0].partition(">")[0].partition("<")[0].partition("~")[0] for name in asked]
    if any(name.startswith((".", "/")) or "/" in name or "@" in name for name in plain):
        return f"what {command.tool} {command.subcommand} installs is not known"
    traces.installed |= set(plain)
    traces.packages += [name for name in plain if name not in traces.packages]
    group = command.option("-t", "--virtual")
    name = group if isinstance(group, str) or group is None else group.value
    if name:
        traces.virtual[name] = plain
    return ""


def _folders(run: Run, command: Command, traces: Traces) -> str:
    assert run.script is not None
    made = [paths.literal(word, command, run.state) for word in command.operands]
    for word, path in zip(command.operands, made, strict=True):
        if path is None or word.pattern:
            return "which folder it makes is not known"
        if command.option("-m", "--mode") is not None:
            if not command.editable:
                return "a mode in a quoted script"
            traces.folders.append((path, run.script.text[command.start : command.end]))
        else:
            traces.folders.append((path, ""))
    return ""


def _user(run: Run, command: Command, traces: Traces) -> str:
    if run.script is None or not command.place.certain or not command.editable:
        return "a user is made under a condition"
    if any(word.value is None for word in command.arguments) or command.simple.assignments:
        return "which user it makes is not known"
    traces.users.append(run.script.text[command.start : command.end])
    traces.names |= {word.value or "" for word in command.arguments}
    return ""


def _owned(run: Run, command: Command, traces: Traces) -> str:
    """A folder of which the program, running as a user, is the owner."""
    if len(command.operands) < 2 or command.has("--reference", "--from"):
        return "whom chown makes the owner of what is not known"
    who, *places = command.operands
    found = [paths.literal(word, command, run.state) for word in places]
    if who.value is None or None in found or not command.place.certain:
        return "whom chown makes the owner of what is not known"
    traces.owners += [(str(path), who.value, command.has("-R", "--recursive")) for path in found]
    return ""


def _moved(run: Run, command: Command, traces: Traces) -> str:
    """A program that is put elsewhere."""
    places = [paths.literal(word, command, run.state) for word in command.operands]
    if len(places) != 2 or None in places or any(word.pattern for word in command.operands):
        return f"what {command.tool} copies may be files that the program needs"
    source, target = str(places[0]), str(places[1])
    known = next((one for one in traces.programs if one.path == source), None)
    if known is None or not command.place.certain:
        return f"what {command.tool} copies may be files that the program needs"
    if target.endswith("/") or posixpath.basename(target) in ("bin", "sbin") or target == run.state.workdir:
        target = posixpath.join(target, posixpath.basename(source))
    if command.tool == "mv":
        traces.programs.remove(known)
    traces.programs.append(known._replace(path=target))
    return ""
