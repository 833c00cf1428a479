"""Reading a build by the SDK of .NET: in which folders it works, and where it publishes programs."""

from __future__ import annotations

import re
from typing import Final

from rewriter import posixpath
from rewriter.model import paths, split_purpose
from rewriter.model.command import Command
from rewriter.model.effect import Effect
from rewriter.model.file import Step
from rewriter.model.run import Run
from rewriter.model.split_folders import shared
from rewriter.model.split_page import Call, Page
from rewriter.model.split_stage import Against, Shipped
from rewriter.model.split_start import resolved
from rewriter.model.split_traces import Traces

_PROJECTS: Final = (".csproj", ".fsproj", ".vbproj", ".sln", ".slnx", ".proj")
#: a switch of MSBuild, which begins like a path
_SWITCH: Final = re.compile(r"/(?:m|nologo|\w+:.*)", re.DOTALL)
#: commands whose words name no project
_NO_PROJECT: Final = ("new", "sln", "build-server", "add", "remove", "list")
#: where it publishes without a word: bin/Release/net8.0/publish. Source: dotnet-publish
_DEFAULT: Final = "/publish"


class DotnetPage(Page):
    """``outputs`` are the folders that ``dotnet publish -o`` names, ``version`` is that of the SDK."""

    wholes = frozenset(("/opt", "/home", "/app"))

    def __init__(self, traces: Traces, stage: Shipped, version: tuple[int, ...] | None) -> None:
        super().__init__("dotnet", traces)
        self.stage = stage
        self.version = version
        self.outputs: list[str] = []

    def leaves(self, run: Run, command: Command, tool: str, effect: Effect | None) -> str | None:
        if tool == "dotnet":
            return self._dotnet(run, command)
        return super().leaves(run, command, tool, effect)

    def _dotnet(self, run: Run, command: Command) -> str:
        sub = command.subcommand
        if not sub or command.has("--info", "--version", "--list-sdks", "--help"):
            return ""
        if command.cwd is None:
            return "the folder in which dotnet works is not known"
        if sub == "nuget":
            return ""  # its caches, and its settings in the home
        if sub != "publish" and sub not in self.words("inside"):
            return f"what dotnet {sub} leaves is not known"
        folder = self._project(run, command)
        if folder is None:
            return "the project that dotnet works on is only known when it runs"
        self.calls.append(Call(run, command, folder))
        given = [word.value or word.raw for word in command.arguments]
        if any("PublishDir" in word or "OutDir" in word or "OutputPath" in word for word in given):
            return "a property of MSBuild names where it writes, which is not followed"
        output = command.option("-o", "--output")
        if output is None:
            return ""
        name = output if isinstance(output, str) else paths.symbolic(output, run.state)
        if name is None or "$" in name:
            return f"where dotnet {sub} writes is only known when it runs"
        if not name.startswith("/") and folder != command.cwd and (self.version is None or self.version < (3,)):
            return "an SDK before 3.0 takes a relative folder from the project, later ones from where it is called"
        path = posixpath.normpath(posixpath.join("/", command.cwd, name))
        if shared(path) and path not in self.empty and path not in self.wholes:
            return f"dotnet {sub} writes into {path}, among files of the base image's own"
        self.traces.folders.make(path, run.state.user)
        self.traces.wrote(path)
        if sub == "publish":
            self.outputs.append(path)
        return ""

    def _project(self, run: Run, command: Command) -> str | None:
        """The folder of the project or solution that is named, or the one where the command runs; None when not known."""
        cwd = command.cwd or "/"
        named = [word for word in command.operands if not _SWITCH.fullmatch(word.raw)]
        if not named or command.subcommand in _NO_PROJECT:
            return cwd
        name = paths.symbolic(named[0], run.state)
        if name is None or "$" in name:
            return None
        path = posixpath.normpath(posixpath.join(cwd, name))
        return posixpath.dirname(path) if path.endswith(_PROJECTS) else path

    def published(self) -> list[str]:
        """The folders that go along: those that are named, and the one that the program lies in.

        Raises:
            Against: the program is in none that is seen.
        """
        step, program = self._program()
        if not program:
            raise Against(step, "which program of .NET it starts is not seen")
        inside = [one for one in self.outputs if paths.inside(program, one)]
        head, sign, _ = program.rpartition(f"{_DEFAULT}/")
        if not inside and sign and "/bin/" in head and any(paths.inside(head, call.cwd) for call in self.calls):
            inside = [head + _DEFAULT]
        if not inside:
            raise Against(step, f"{program} is in no folder that dotnet publish is seen to write: -o would name one")
        return list(dict.fromkeys([*self.outputs, *inside]))

    def _program(self) -> tuple[Step, str]:
        """The program that the image starts, "" where it is not seen."""
        step, commands = split_purpose.started(self.stage)
        for command in commands:
            words = command.arguments if command.tool == "dotnet" else command.simple.words[command.head :]
            names = [paths.symbolic(word, self.stage.end) or "" for word in words]
            if command.tool == "dotnet":
                names = [one for one in names if one.endswith(".dll")]
            name = next(iter(names), "")  # assignments by themselves have no word
            if command.tool == "dotnet" or "/" in name:
                return step, resolved(name if "/" in name else f"./{name}", self.stage) if name else ""
        return step, ""

    def starts(self, command: Command, places: list[str]) -> str:
        names = [word.value or "" for word in command.arguments]
        return "" if any(one.endswith(".dll") for one in names) else "it starts dotnet with what is no program"

    def question(self, path: str) -> str:
        return f"does {path} start nothing but a program of .NET, and what goes along?"
