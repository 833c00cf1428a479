"""Add `--no-install-recommends` where nothing that is recommended can be missed.

## What it does
Adds the option to `apt-get install` (`--without-recommends` for aptitude) when every package asked for is known and
what these packages recommend is documentation and the like, or is asked for by name, or comes with another package or
the base.

## Why it saves
apt installs recommended packages by default: manuals, translations, a message bus, fonts, a compiler for `python3-pip`.

## When it is safe
When nobody relies on a recommended package. The table is made from the package lists of Debian 11 to 13; older releases
recommend other things now and then, so this is REVIEW.

## What it leaves alone
Packages that recommend something of use which is not asked for by name (`curl` and `git`: `ca-certificates`; `gcc`:
`libc6-dev`), each with the name; packages of which nothing is known; files that set `APT::Install-Recommends`
themselves; stages that do not ship.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge import apt as facts
from rewriter.model import apt, style
from rewriter.model.caches import NOT_SHIPPED, span_of
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform

#: what a file that checks signatures, or adds a repository with its key, has somewhere
_SIGNATURES = ("gpg", "gnupg", "apt-key", "add-apt-repository")


@transform(
    phase=Phase.COMMANDS,
    touches={"RUN"},
    safety=Safety.REVIEW,
    tools={"apt-get", "apt", "aptitude"},
    hadolint={"DL3015"},
)
def apt_recommends_installed(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if "Install-Recommends" in file.source:
        return
    told_of: set[int] = set()
    against: list[Decline] = []
    for run in file.runs:
        for command in run.commands:
            if not apt.is_apt(command, "install", "satisfy") or not command.operands or _decided(command):
                continue
            if all(map(facts.recommends_nothing, apt.asked_for(command))):
                continue  # the option would change nothing
            at = span_of(run, command)
            if not run.stage.ships:
                if run.stage.index not in told_of:
                    told_of.add(run.stage.index)
                    yield Decline(at, NOT_SHIPPED)
                continue
            there = apt.there_before(file, run, command)
            if not any(sign in file.source for sign in _SIGNATURES):
                there |= {"gnupg"}  # it would come with build-essential, to sign Debian packages
            why = _missed(apt.asked_for(command), there)
            option = "--without-recommends" if command.tool == "aptitude" else "--no-install-recommends"
            change = style.Refusal(why) if why else style.add_option(run, command, option)
            if isinstance(change, style.Refusal):
                against.append(Decline(at, change.why))
                continue
            because = (
                "what these packages recommend in Debian 11, 12 and 13 is asked for by name, or documentation, "
                "translations and the like"
            )
            yield Finding(at, f"Add {option} to {command.tool} install", change, Safety.REVIEW, (because,))
    if against:  # one for the file: a long list of packages is nothing that anybody reads
        yield Decline(against[0].at, "; ".join(dict.fromkeys(one.why for one in against)))


def _decided(command: Command) -> bool:
    return command.has("--no-install-recommends", "--install-recommends", "--without-recommends", "--with-recommends",
                       "-R", "-r", "-d", "--download-only", "-s", "--simulate", "--help")  # fmt: skip


def _missed(packages: tuple[str, ...], there: frozenset[str]) -> str:
    """What stands against the option, or ""."""
    unknown = [name for name in packages if facts.recommended(name) is None]
    if unknown:
        return f"nothing shows that what {_listed(unknown)} recommend{'s' if len(unknown) == 1 else ''} is needless"
    present = there | set(packages)
    for name in packages:
        wanted = [one for one in sorted(facts.recommended(name) or ()) if facts.brought_by(one).isdisjoint(present)]
        if wanted:
            return f"{name} recommends {_listed(wanted)}, which would have to be asked for by name"
    return ""


def _listed(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
