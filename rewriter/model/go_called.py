"""Calls of go in a RUN, by itself or through another program, and what its shell sets for them."""

from __future__ import annotations

from typing import Final

from rewriter import posixpath
from rewriter.knowledge import golang
from rewriter.model import go_wrapper, paths
from rewriter.model.command import Command, command_of
from rewriter.model.go_build import Unknown, built, shell_sets
from rewriter.model.go_sources import Sources
from rewriter.model.go_traces import GoTraces
from rewriter.model.run import Run
from rewriter.syntax.script import Simple

#: options of env that take variables away, CGO_ENABLED among them
_CLEARS: Final = frozenset("- -i -u --ignore-environment --unset".split())


def variables(run: Run, command: Command, sources: Sources | None) -> str:
    """Why what the shell of the RUN sets may change what go or make does in a way that is not followed, or ""."""
    sets = any(one.tool in ("export", "unset") or not one.tool for one in run.commands)
    if command.tool == "make" and sets and sources is not None:
        return "the RUN sets variables of its shell"
    if command.tool == "make" and sources is None:
        given = [name for name, _ in command.environment] + [word.raw.partition("=")[0] for word in command.arguments]
        name = shell_sets(run, False) or next((one for one in given if golang.of_the_build(one)), "")
        return f"the RUN sets {name} for make" if name else ""
    name = shell_sets(run, sources is None) if command.tool in ("go", "go-wrapper", "godep") else ""
    return f"the RUN sets {name} in its shell" if name else ""


def go(run: Run, command: Command, traces: GoTraces, sources: Sources | None) -> str:
    """What a call of go leaves; why that is not known, or ""."""
    if command.subcommand not in ("build", "install", "get"):
        if command.subcommand == "run":
            return "go run may leave anything"
        if command.subcommand not in golang.names("commands", "harmless"):
            return f"go {command.subcommand} is not known"
        if command.subcommand == "env" and command.has("-w", "-u"):
            return "go env -w changes what every later call does"
        if command.subcommand == "mod" and [word.value for word in command.arguments[1:2]] == ["edit"]:
            return "go mod edit changes which modules it is built of"
        traces.generated = traces.generated or command.subcommand == "generate"
        traces.tests = traces.tests or command.subcommand in ("test", "vet")
        return ""
    if sources is not None and traces.auto_modules and "GO111MODULE" in dict(command.environment):
        return "GO111MODULE is set for one command: how the program is called depends on it"
    if traces.blind and _on_the_side(command):
        traces.asks.append("does anybody call what go builds under a condition? It stays in the builder")
        return ""
    arch = {**run.state.environment, **dict(command.environment)}.get("GOARCH")
    if traces.blind and arch and command.subcommand != "build":
        traces.asks.append(
            f"is the image built on linux/{arch}? Elsewhere go install puts the program into another folder"
        )
    if any(word.raw in _CLEARS for word in command.wrappers) or "sudo" in {word.value for word in command.wrappers}:
        return f"{command.wrappers[0].raw} takes variables away from go"
    found = built(run, command, sources, traces.only_fetches, traces.roots)
    if isinstance(found, Unknown):
        return found.why
    if any(traces.folders.known(one.path) or (sources is not None and sources.holds(one.path)) for one in found):
        return "whether -o names a file or a folder is not known"
    traces.programs += found
    return ""


def wrapper(run: Run, command: Command, traces: GoTraces, sources: Sources | None) -> str:
    """What go-wrapper calls go for."""
    inner = go_wrapper.called(command)
    if traces.no_wrapper or inner is None:
        return traces.no_wrapper or "how go-wrapper is called is not modelled"
    other = go_wrapper.another_name(inner.cwd, sources) if sources is not None and inner.cwd else ""
    return f"{other} gives the program another name" if other else go(run, inner, traces, sources)


def without(command: Command, count: int) -> Command:
    """The command that follows ``count`` words: ``go build`` of ``godep go build``."""
    simple = command.simple
    words = simple.words[command.head + count :]
    inner = Simple(simple.start, simple.end, simple.assignments, words, simple.redirects)
    return command_of(inner, command.place, command.cwd, False)


def _on_the_side(command: Command) -> bool:
    """True for tools of others that are installed under a condition."""
    words = [word.value or "." for word in command.arguments[1:] if not word.raw.startswith("-")]
    remote = all("." in word.partition("/")[0].lstrip(".") and "..." not in word for word in words)
    return not command.place.certain and command.subcommand in ("get", "install") and bool(words) and remote


def moved(run: Run, command: Command, traces: GoTraces) -> bool:
    """True for a program that go built and that is put elsewhere."""
    places = [paths.literal(word, command, run.state) for word in command.operands]
    if len(places) != 2 or None in places or any(word.pattern for word in command.operands):
        return False
    source, target = str(places[0]), str(places[1])
    known = next((one for one in traces.programs if one.may_be(source)), None)
    if known is None or not command.place.certain:
        return False
    if target.endswith("/") or traces.folders.known(target):
        target = posixpath.join(target, posixpath.basename(source))
    if command.tool == "mv" and posixpath.basename(known.path) != "*":
        traces.programs.remove(known)
    traces.programs.append(known._replace(path=target, named=known.named or traces.blind))
    return True
