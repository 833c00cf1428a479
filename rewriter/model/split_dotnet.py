""".NET: what ``dotnet publish`` writes, on the image of ASP.NET beside the SDK."""

from __future__ import annotations

from typing import Final

from rewriter import posixpath
from rewriter.knowledge import programs, toolchains
from rewriter.model import (
    bases,
    paths,
    split_built,
    split_elsewhere,
    split_purpose,
    split_stage,
    split_tree,
    split_whole,
)
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.scope import State
from rewriter.model.split_dotnet_page import DotnetPage
from rewriter.model.split_stage import Against, Shipped
from rewriter.model.split_traces import of_whole_folders
from rewriter.model.split_tree import Tree
from rewriter.model.split_whole import Runtime
from rewriter.rule import Ask, Decline, Finding
from rewriter.text import Span

_STARTS_SDK: Final = (
    "it starts dotnet {}, which needs the SDK and every source: a CMD of what dotnet publish writes "
    '(["dotnet", "NAME.dll"]) would start the program itself, and then the stage could be split'
)
_ICU: Final = (
    "{} has no ICU, which the SDK has: with icu-libs installed and DOTNET_SYSTEM_GLOBALIZATION_INVARIANT set, "
    "the program would find what it finds now"
)
_PORTS: Final = ("ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "URLS", "DOTNET_URLS")
#: commands of the SDK, as an image may start them
_OF_SDK: Final = frozenset("run watch test build publish restore ef fsi script".split())


def split(file: File, ask: Ask) -> Finding | Decline | None:
    """The split of the shipped stage; why there is none; None where nothing is published."""
    stage = split_elsewhere.begun(file, "dotnet", building)
    if not isinstance(stage, Span):
        return stage
    repository, tag = bases.shipped_base(file)
    image = file.stages[-1].image
    other = toolchains.aspnet(repository, tag)
    shipped = split_stage.shipped(file, State(environment={"PATH": programs.PATH}, workdir="/"), None)
    page = DotnetPage(of_whole_folders(shipped), shipped, bases.version_of(tag))
    try:
        step, commands = split_purpose.started(shipped)
        sub = next((one.subcommand for one in commands if one.tool == "dotnet" and one.subcommand in _OF_SDK), "")
        if sub:
            return Decline(step.span, _STARTS_SDK.format(sub))
        kept = split_elsewhere.kept(shipped, "dotnet")
        if kept is not None:
            return kept
        if not other:
            return Decline(stage, f"which image of ASP.NET runs what {image} publishes is not in the tables")
        if "alpine" in tag and "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT" not in shipped.end.environment:
            return Decline(stage, _ICU.format(other))
        tree = _published(split_tree.tree(shipped, page, ask), page)
    except Against as against:
        return Decline(against.step.span, against.why)
    facts = [f"{other} has the runtimes of the same version"]
    version = bases.version_of(tag) or (0,)
    if (3,) <= version < (8,) and not _port_is_set(shipped):
        page.environment.append("ENV ASPNETCORE_URLS=")
        facts.append(f"{other} sets a port, which {image} does not: it is taken back")
    page.asks.append(
        "does the program compile nothing while it runs (Razor views, scripts of Roslyn), and does nobody call git, curl, "
        "PowerShell or dotnet-trace in a container?"
    )
    users = frozenset(("app",) if version >= (8,) else ())
    runtime = Runtime(other, "alpine" in tag, users=users, because=tuple(facts))
    return split_whole.finding(
        tree, page, runtime, f"Ship what dotnet publishes on {other}, without the SDK", [], [], ask
    )


def building(command: Command) -> bool:
    """True for a call that compiles a program."""
    return split_elsewhere.name_of(command) == "dotnet" and command.subcommand in ("publish", "build")


def _port_is_set(shipped: Shipped) -> bool:
    texts = [step.instruction.body.text for step in shipped.steps if step.name in ("CMD", "ENTRYPOINT")]
    return any(one in shipped.end.environment for one in _PORTS) or any("--urls" in text for text in texts)


def _published(found: Tree, page: DotnetPage) -> Tree:
    """The same with the folders that are published, and without those of sources.

    Raises:
        Against: the program that the image starts is in none of them.
    """
    outputs = page.published()
    workdir = page.stage.end.workdir or "/"  # where ASP.NET looks for settings
    started = [workdir, *split_built.run_time_paths(page.stage, [])]
    tops: list[str] = []
    for top in found.tops:
        inside = [one for one in outputs if paths.inside(one, top)]
        builds = any(paths.inside(call.cwd, top) or paths.inside(top, call.cwd) for call in page.calls)
        if top in inside or not (builds or inside):
            tops.append(top)
            continue
        read = [*(path for path, _ in page.traces.written), *started]
        if any(paths.inside(path, top) and not _within(path, outputs) for path in read):
            tops.append(top)
            continue
        page.left.append(top)
        tops += inside
    beside = [one for one in outputs if not _within(one, [*found.tops, *found.written])]
    if page.left:
        page.asks.append(
            f"does nothing read files of {' or '.join(page.left)} when it runs? The sources stay in the builder"
        )
    tops = [one for one in dict.fromkeys([*tops, *beside]) if not _within(one, [top for top in tops if top != one])]
    files = [one for one in found.files if not _within(one, page.left)]
    found = found._replace(tops=tops, files=files)
    return found._replace(commands=split_built.folders_again(page, page.stage, found))


def _within(path: str, folders: list[str]) -> bool:
    return any(paths.inside(posixpath.normpath(path), one) for one in folders)
