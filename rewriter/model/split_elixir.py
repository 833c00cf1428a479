"""Elixir and Erlang: the release that ``mix release`` or ``rebar3 release`` makes, on the system below the builder's image."""

from __future__ import annotations

from typing import Final

from rewriter.knowledge import dev_packages, images, languages, programs, toolchains
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
from rewriter.model.context_tree import Tree as Context
from rewriter.model.file import File
from rewriter.model.scope import State
from rewriter.model.split_elixir_page import ElixirPage
from rewriter.model.split_stage import Against
from rewriter.model.split_traces import of_whole_folders
from rewriter.model.split_whole import Runtime
from rewriter.rule import Ask, Decline, Finding

_STARTS_MIX: Final = (
    "it starts {}, which needs {} and every source: a release (`{}`), and a CMD that starts its program "
    '(["_build/prod/rel/NAME/bin/NAME", "{}"]), would bring Erlang with it, and then the stage could be split'
)
#: what an image starts with nothing behind it, to work in
_SHELLS: Final = frozenset(("iex", "erl", "rebar3", "rebar", "mix"))


def split(file: File, ask: Ask) -> Finding | Decline | None:
    """The split of the shipped stage; why there is none; None where nothing is compiled."""
    if not any(building(command) for run in file.runs if run.stage.ships for command in run.commands):
        return None
    mix = _starts_mix(file)
    if mix is not None:
        return mix
    repository, tag = bases.shipped_base(file)
    if repository not in languages.names("elixir", "images"):
        return split_elsewhere.left_alone(file, "elixir", building)
    stage = split_elsewhere.lone(file)
    if isinstance(stage, Decline):
        return stage
    image = file.stages[-1].image
    system = toolchains.below_erlang(repository, tag)
    alpine = system.startswith("alpine")
    shipped = split_stage.shipped(file, State(environment={"PATH": programs.PATH}, workdir="/"), None)
    page = ElixirPage(of_whole_folders(shipped), shipped, Context(file, file.stages[-1], ask))
    try:
        kept = split_elsewhere.kept(shipped, "elixir")
        if kept is not None:
            return kept
        if not system or "$" in tag:
            return Decline(
                stage,
                f"on which system {image} is built is not known: a tag that names it would do",
            )
        page.looks_at_what_starts()
        tree = split_tree.tree(shipped, page, ask)
        outputs = page.released()
        if outputs:  # else what a script starts is not known, and everything goes along
            read = [*page.starting, *split_named.named(shipped)]
            tree = split_outputs.without_sources(tree, page, outputs, read, page.scripts)
    except Against as against:
        return Decline(against.step.span, against.why)
    tree = tree._replace(packages=[*tree.packages, *(one for one in _libraries(system) if one not in tree.packages)])
    page.started = "a release"
    if repository.endswith("elixir"):
        page.environment.append("ENV LANG=C.UTF-8")
    runtime = _runtime(image, system, alpine, repository.startswith("hexpm/"))
    return split_whole.finding(
        tree, page, runtime, f"Ship the release on {system}, without Erlang's toolchain", [], [], ask
    )


def building(command: Command) -> bool:
    """True for a call that compiles or releases."""
    return split_elsewhere.name_of(command) in languages.names("elixir", "builders")


def _starts_mix(file: File) -> Decline | None:
    """Why an image that starts Mix, or Erlang itself, is not split, whatever it is built on."""
    try:
        step, commands = split_purpose.started(split_stage.whole(file))
    except Against:
        return None
    for command in commands:
        alone = command.tool in _SHELLS and not command.arguments
        if command.tool in languages.names("elixir", "toolchain") and not alone:
            words = " ".join([command.tool, *(word.raw for word in command.arguments[:2])]).rstrip(",")
            mix = command.tool not in ("erl", "erlc", "escript", "rebar3", "rebar")
            needs, release, start = (
                ("Mix", "mix release", "start") if mix else ("Erlang", "rebar3 as prod release", "foreground")
            )
            return Decline(step.span, _STARTS_MIX.format(words, needs, release, start))
    return None


def _libraries(system: str) -> list[str]:
    """The packages that Erlang's runtime needs."""
    if system.startswith("alpine"):
        return sorted(toolchains.words("erlang", "alpine_packages"))
    ssl = dev_packages.linked("crates", images.named_release(system)).get("openssl-sys", "openssl")
    return sorted([*toolchains.words("erlang", "debian_packages"), ssl])


def _runtime(image: str, system: str, alpine: bool, told: bool) -> Runtime:
    calls = programs.of_base("alpine" if alpine else "debian")
    release = "/etc/alpine-release" if alpine else "/etc/os-release"
    asks = (
        ()
        if told
        else (
            f"is {image} built on {system.removesuffix('-slim')}? Its last build that is known was: "
            f"`docker run --rm {image} cat {release}` tells",
        )
    )
    fact = f"{system} is the system of {image}: a release runs where it was made"
    return Runtime(system, alpine, calls=calls, because=(fact,), asks=asks)
