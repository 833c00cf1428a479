"""Install gems without their documents.

## What it does
Adds `--no-document` to `gem install` and `gem update`; where the distribution's RubyGems is older than 2.0 and does
not know it, `--no-ri --no-rdoc`.

## Why it saves
RubyGems makes a directory of HTML or ri pages for each gem, often larger than the gem. Making them also takes time.

## When it is safe
Programs do not read these pages, `ri` does: REVIEW.

## What it leaves alone
Official ruby images and files that write a gemrc, where it is off already; a RubyGems whose version is not known here
(an option that it does not know would break the build); `--document`, `--ri`, `--rdoc`; stages that do not ship.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter.model import gems, style
from rewriter.model.caches import span_of
from rewriter.model.file import File
from rewriter.model.shipping import Unshipped
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform

UNKNOWN: Final = "which options this RubyGems has is not known: --no-document came in 2.0, --no-ri left in 3.0"


@transform(phase=Phase.COMMANDS, touches={"RUN"}, safety=Safety.REVIEW, tools={"gem"})
def gem_documents_installed(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if gems.documents_off(file):
        return
    unshipped = Unshipped()
    for run in file.runs:
        for command in run.uses("gem"):
            if command.subcommand not in ("install", "i", "update") or command.has(*gems.ABOUT_DOCUMENTS):
                continue
            at = span_of(run, command)
            if not run.stage.ships:
                yield from unshipped.once(run.stage, at)
                continue
            option = gems.no_documents(file)
            if not option:
                yield Decline(at, UNKNOWN)
                continue
            change = style.add_option(run, command, option)
            if isinstance(change, style.Refusal):
                yield Decline(at, change.why)
                continue
            facts = ("RubyGems makes documents of each gem unless told otherwise", gems.SOURCE)
            yield Finding(at, f"Add {option} to gem {command.subcommand}", change, Safety.REVIEW, facts)
