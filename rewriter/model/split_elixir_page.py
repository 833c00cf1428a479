"""Reading a build by Mix or rebar3: where it makes a release, which of them the image starts, and whether Erlang is in it."""

from __future__ import annotations

import re
from typing import Final

from rewriter import posixpath
from rewriter.model import paths, split_named, split_purpose
from rewriter.model.command import Command
from rewriter.model.context_tree import Tree as Context
from rewriter.model.run import Run
from rewriter.model.split_outputs import within
from rewriter.model.split_page import Page
from rewriter.model.split_stage import Against, Shipped
from rewriter.model.split_start import resolved
from rewriter.model.split_traces import Traces

#: a release below the folder of its project: _build/prod/rel/NAME; rel/NAME of exrm; _rel/NAME of relx
_RELEASE: Final = re.compile(r"(/.*/_?rel/[^/]+)(?:/|$)")
#: tasks that make a release, and those that make what needs Erlang. Source: hexdocs.pm/mix, hexdocs.pm/distillery, rebar3.org
_RELEASES: Final = frozenset(("release", "distillery.release", "tar"))
_ESCRIPTS: Final = frozenset(("escript.build", "escript.install", "escriptize"))
#: where a project says what a release has in it
_SETTINGS: Final = ("mix.exs", "rel/config.exs", "rebar.config", "relx.config")
_WITHOUT: Final = re.compile(
    r"include_erts:?\s*,?\s*:?false|dev_mode:?\s*,?\s*:?true|\{\s*mode\s*,\s*(?:dev|minimal)\s*\}"
)
_WITH: Final = re.compile(r"include_erts:?\s*,?\s*:?true|\{\s*mode\s*,\s*prod\s*\}")
_COMMENT: Final = re.compile(r"^\s*[#%].*$", re.MULTILINE)


class ElixirPage(Page):
    """``starting`` are paths that the image names when it starts, those in a script that is seen too; ``scripts`` are these.
    ``releases`` are the folders of releases that are made, ``escripts`` says that a script of Erlang's is."""

    wholes = frozenset(("/opt", "/home"))

    def __init__(self, traces: Traces, stage: Shipped, context: Context) -> None:
        super().__init__("elixir", traces)
        self.stage = stage
        self.context = context
        self.starting: list[str] = []
        self.scripts: list[str] = []
        self.releases: list[str] = []
        self.projects: list[str] = []
        self.escripts = False

    def looks_at_what_starts(self) -> None:
        """Gather what the image starts, through the scripts that are seen.

        Raises:
            Against: a script calls Mix, or what Erlang alone runs.
        """
        step = split_purpose.started(self.stage)[0]
        self.starting = split_named.started(self.stage, [])
        self.scripts = [path for path in self.starting if self.context.text(path) is not None]
        for path, command in split_named.in_scripts(list(self.starting), self.context):
            if command.tool in self.words("toolchain"):
                why = f"{path} calls {command.tool}, which no release has: `bin/NAME eval` runs its code"
                raise Against(step, why)
            words = command.simple.words[command.head :]
            name = paths.symbolic(words[0], self.stage.end) if words else None
            if name and "/" in name and "$" not in name:
                self.starting.append(resolved(name, self.stage))

    def built(self, run: Run, command: Command, tool: str) -> str:
        why = super().built(run, command, tool)
        if why:
            return why
        cwd = self.calls[-1].cwd
        tasks = {word.raw.strip(",\"'") for word in command.arguments}
        self.escripts = self.escripts or not _ESCRIPTS.isdisjoint(tasks)
        if _RELEASES.isdisjoint(tasks):
            return ""
        self.projects.append(cwd)
        for path in self.starting:
            found = _RELEASE.match(path)
            if found is not None and paths.inside(found[1], cwd):
                self.traces.folders.make(found[1], run.state.user)
                self.traces.wrote(found[1])
                self.releases += [found[1]] if found[1] not in self.releases else []
        return ""

    def released(self) -> list[str]:
        """The folders that what the image starts lies in: releases, and what commands made of them.

        Raises:
            Against: no release is made, it has no Erlang in it, or nothing that is started lies in one.
        """
        step = split_purpose.started(self.stage)[0]
        if not self.projects:
            why = "an escript is made" if self.escripts else "no release is made"
            raise Against(
                step, f"{why}, and that needs Erlang: `mix release`, or `rebar3 as prod release`, brings it along"
            )
        self._erlang()
        written = [path for path, _ in self.traces.written if any(paths.inside(one, path) for one in self.starting)]
        return list(dict.fromkeys([*self.releases, *written]))

    def _erlang(self) -> None:
        """Ask, or find out, whether a release has Erlang's runtime in it.

        Raises:
            Against: settings of the project say that it has not.
        """
        places = [posixpath.join(folder, name) for folder in dict.fromkeys(self.projects) for name in _SETTINGS]
        seen = {path: _COMMENT.sub("", text) for path in places if (text := self.context.text(path)) is not None}
        bare = next((path for path, text in seen.items() if _WITHOUT.search(text) and not _WITH.search(text)), "")
        if bare:
            raise Against(
                self.stage.stage.steps[0],
                f"by {bare} the release has no Erlang in it, or links to what was compiled: include_erts would bring it",
            )
        if not seen or any(_WITHOUT.search(text) for text in seen.values()):
            self.asks.append(
                "has the release Erlang in it, and no links to what was compiled (no include_erts: false, no dev_mode)? "
                "A folder erts-* beside its bin tells"
            )

    def question(self, path: str) -> str:
        if path in self.scripts:
            return f"does {path} call nothing but the release, and what the final stage has?"
        if within(path, self.releases):
            return f"do native libraries in {path} (NIFs) find what they link? `ldd` in the new image names one that is missing"
        return f"does {path} start the release, and call neither Mix nor git?"

    def serves_the_build(self, package: str) -> bool:
        return super().serves_the_build(package) or package.startswith("erlang")
