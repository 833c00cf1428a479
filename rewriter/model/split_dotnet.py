""".NET: what ``dotnet publish`` writes, on the image of ASP.NET beside the SDK."""

from __future__ import annotations

from typing import Final

from rewriter.knowledge import languages, programs, toolchains
from rewriter.model import (
    bases,
    split_elsewhere,
    split_named,
    split_outputs,
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
    for kind in ("mono", "dnx"):
        if not languages.names("dotnet", kind).isdisjoint(file.tools):
            return split_elsewhere.left_alone(file, "dotnet", _older, languages.fact("dotnet", f"{kind}_why"))
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
        tree = split_tree.tree(shipped, page, ask)
        settings = shipped.end.workdir or "/"  # ASP.NET looks for them where it starts
        tree = split_outputs.without_sources(tree, page, page.published(), [settings, *split_named.named(shipped)])
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


def _older(command: Command) -> bool:
    """True for a call of what compiled .NET before the SDK."""
    return command.tool in languages.names("dotnet", "mono") | languages.names("dotnet", "dnx")


def _port_is_set(shipped: Shipped) -> bool:
    texts = [step.instruction.body.text for step in shipped.steps if step.name in ("CMD", "ENTRYPOINT")]
    return any(one in shipped.end.environment for one in _PORTS) or any("--urls" in text for text in texts)
