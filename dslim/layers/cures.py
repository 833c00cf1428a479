"""Which transform would cure a waste: a candidate by its kind and its instructions, and whether it proposes something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dslim.context import Context
from dslim.layers import places
from dslim.layers.blame import Origin, Written
from dslim.layers.history import Said, Script, run
from dslim.layers.waste import Waste

_REMOVES = {"apk": ("del",), "apt-get": ("purge", "remove", "autoremove"), "apt": ("purge", "remove", "autoremove")}
#: instructions that stand between two RUNs without keeping them from being joined
_TRANSPARENT = frozenset({"LABEL", "EXPOSE", "CMD", "ENTRYPOINT", "STOPSIGNAL", "HEALTHCHECK", "MAINTAINER"})


class Proposal(NamedTuple):
    """A finding of a transform: the steps of the history that it is about, first and last."""

    transform: str
    first: int
    last: int


class Cures:
    """Names the cure of each waste.

    With the Dockerfile a transform is named when it proposes a change at the lines to blame. From the history alone the
    transforms see a Dockerfile put together from it: what they propose there goes first, and where they decline, often
    only since the base image is not known, the first candidate stands.
    """

    def __init__(
        self, origins: Sequence[Origin], scripts: Sequence[Script], history: Sequence[Said], written: Written | None
    ) -> None:
        """``written`` is the Dockerfile, None where none is given or its lines do not fit."""
        self._origins = origins
        self._scripts = scripts
        self._history = history
        self._certain = written is not None
        self._proposals = tuple(_of_lines(origins, written) if written else _of_history(history))

    def cure(self, one: Waste) -> str | None:
        """The name of the transform, None where there is none."""
        candidates = list(dict.fromkeys(self._candidates(one)))
        for candidate in candidates:
            if self._proposed(candidate, one):
                return candidate
        return candidates[0] if candidates and not self._certain else None

    def _proposed(self, transform: str, one: Waste) -> bool:
        steps = {self._origins[layer].step for layer in (one.layer, one.by) if layer is not None}
        return any(
            proposal.transform == transform
            and any(proposal.first <= step <= proposal.last for step in steps if step is not None)
            for proposal in self._proposals
        )

    def _candidates(self, one: Waste) -> Iterator[str]:
        maker = self._origins[one.layer]
        if maker.base:
            return
        name = maker.said.name
        archive = bool(places.archive_stem(one.path))
        if archive and name == "ADD" and "://" in maker.said.body and one.kind in ("deleted", "archive"):
            yield "archive-added-from-url"
        if one.kind == "metadata" and name in ("COPY", "ADD") and one.by is not None:
            yield from self._set_later(one.by)
        if name != "RUN":
            return
        if one.kind == "cache":
            yield one.transform
        elif one.kind == "archive":
            yield from ("archive-kept", "archive-unpacked-in-later-layer")
        elif one.kind == "temporary":
            yield from ("temporary-files-left", "source-tree-left")
        elif one.kind == "docs" and "/gems/" in f"/{one.path}/":
            yield "gem-documents-installed"
        elif one.by is not None and self._origins[one.by].said.name == "RUN":
            yield from self._across(one, archive, one.by)

    def _across(self, one: Waste, archive: bool, by: int) -> Iterator[str]:
        """What a RUN made and a later RUN hides."""
        cache = places.cache(f"{one.path}/", self._scripts[one.layer].tools)
        adjacent = self._adjacent(one.layer, by)
        if one.kind == "deleted":
            removed = [
                command.tool for command in self._scripts[by].commands if _removes(command.tool, command.subcommand)
            ]
            if "apk" in removed:
                yield "apk-virtual-deleted-later"
            if removed:
                yield "build-packages-purged-later"
            elif archive:
                yield "archive-unpacked-in-later-layer"
            if not removed or "rm" in self._scripts[by].tools:
                yield "cleanup-in-later-layer"
        if cache is not None:
            yield cache.transform
        if adjacent:
            yield "consecutive-runs"

    def _set_later(self, by: int) -> Iterator[str]:
        tools = self._scripts[by].tools
        if tools & {"chown", "chgrp"}:
            yield "ownership-changed-later"
        if "chmod" in tools:
            yield "mode-changed-later"

    def _adjacent(self, layer: int, by: int) -> bool:
        """True when nothing but RUNs, and instructions that do not touch them, stands from one layer's RUN to the other's."""
        first, last = self._origins[layer].step, self._origins[by].step
        if first is None or last is None:
            return False
        return all(one.name == "RUN" or one.name in _TRANSPARENT for one in self._history[first : last + 1])


def _removes(tool: str, subcommand: str) -> bool:
    return subcommand in _REMOVES.get(tool, ())


def _of_lines(origins: Sequence[Origin], written: Written) -> Iterator[Proposal]:
    """What the transforms propose for the Dockerfile."""
    import os

    steps = {origin.step: (origin.line, origin.end) for origin in origins if origin.line and origin.step is not None}
    context = Context(os.path.dirname(written.path) or os.curdir, written.path)
    for transform, first, last in _findings(written.text, context):
        touched = [step for step, (line, end) in steps.items() if step is not None and line <= last and first <= end]
        if touched:
            yield Proposal(transform, min(touched), max(touched))


def _of_history(history: Sequence[Said]) -> Iterator[Proposal]:
    """What the transforms propose for a Dockerfile that says what the history says."""
    lines = ["FROM scratch\n"]
    steps: list[int] = [-1]  # the step of each line
    for at, one in enumerate(history):
        text = run(one.body) if one.name == "RUN" else f"{' '.join(one.text.split())}\n" if one.name in _PLAIN else ""
        lines.append(text)
        steps += [at] * text.count("\n")
    for transform, first, last in _findings("".join(lines), None):
        yield Proposal(transform, steps[first - 1], steps[min(last, len(steps)) - 1])


#: what the history writes as a Dockerfile would
_PLAIN = frozenset({"COPY", "ADD", "WORKDIR", "USER", "ENTRYPOINT", "CMD", "STOPSIGNAL"})


def _findings(text: str, context: Context | None) -> Iterator[tuple[str, int, int]]:
    """Transform, first and last line of every finding, whatever its level."""
    import dslim

    for told in dslim.rewrite(text, level="show", context=context).findings:
        yield told.transform, told.line, told.end_line
