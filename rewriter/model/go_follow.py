"""Following the RUNs of a Go build: what go, make and the tools around them leave that the program may need."""

from __future__ import annotations

from rewriter import posixpath
from rewriter.knowledge import golang
from rewriter.model import go_called, go_make, split_follow, split_written
from rewriter.model.command import Command
from rewriter.model.effect import Effect
from rewriter.model.go_build import Built
from rewriter.model.go_sources import Sources
from rewriter.model.go_traces import GoTraces
from rewriter.model.run import Run
from rewriter.model.split_follow import Refused


def follow(run: Run, traces: GoTraces, sources: Sources | None) -> Refused | None:
    """Add what the RUN leaves to ``traces``."""
    own = _Go(traces, sources)
    return split_follow.follow(run, traces, lambda command: go_called.variables(run, command, sources), own.leaves)


class _Go:
    """The commands that build Go, and those that only serve that."""

    def __init__(self, traces: GoTraces, sources: Sources | None) -> None:
        self.traces = traces
        self.sources = sources

    def leaves(self, run: Run, command: Command, tool: str, effect: Effect | None) -> str | None:
        traces, sources = self.traces, self.sources
        if traces.brings(run, command):
            return ""
        if tool == "go":
            return go_called.go(run, command, traces, sources)
        if tool == "go-wrapper":
            return go_called.wrapper(run, command, traces, sources)
        if tool == "godep" and [word.value for word in command.arguments[:1]] == ["go"]:
            return go_called.go(run, go_called.without(command, 1), traces, sources)
        if tool in golang.names("commands", "builders") or tool in golang.names("commands", "printing"):
            return ""
        if tool in golang.names("commands", "generators"):
            traces.generated = True
            return ""
        if tool == "git":
            traces.cloned = traces.cloned or command.subcommand not in golang.names("commands", "git")
            return ""
        if tool in ("curl", "wget", "sh", "bash") and _installer(run, command):
            return ""
        if tool == "make":
            return self._make(run, command)
        names = {posixpath.basename(one.path) for one in traces.programs}
        if traces.blind and (tool in names or ("*" in names and tool == traces.starts)):
            traces.asks.append(f"does it read files that {tool} leaves when it runs in the build?")
            return ""
        return "" if tool in ("cp", "mv") and go_called.moved(run, command, traces) else None

    def _make(self, run: Run, command: Command) -> str:
        """What a simple Makefile of the context does."""
        traces, sources = self.traces, self.sources
        if sources is None:
            cgo = run.state.environment.get("CGO_ENABLED") or ""
            traces.unseen = Built("", "", run, command, cgo)
            return ""
        if command.cwd is None or command.options or command.environment:
            return "it runs make, and what its Makefile does is not seen"
        text = next(
            (one for name in ("GNUmakefile", "makefile", "Makefile") if (one := sources.text(f"{command.cwd}/{name}"))),
            "",
        )
        words = [word.value for word in command.arguments]
        if not text or None in words:
            return "it runs make, and what its Makefile does is not seen"
        given = dict(word.split("=", 1) for word in words if word and "=" in word)
        targets = [word for word in words if word and "=" not in word]
        found = go_make.commands(text, targets, given, sources.beside(command.cwd), command.cwd, run.state.environment)
        if isinstance(found, str):
            return f"it runs make: {found}"
        steps = (
            split_written.redirects(run, one, traces) or split_follow.leaves(run, one, traces, None, self.leaves)
            for one in found
        )
        return next((why for why in steps if why), "")


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
