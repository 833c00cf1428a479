"""Add `--no-install-recommends` where nothing that is recommended can be missed.

## What it does
Adds the option to `apt-get install` (`--without-recommends` for aptitude) when every package asked for is known and
what these packages recommend is documentation and the like, or is asked for by name, or comes with another package or
the base.

## Why it saves
apt installs recommended packages by default: manuals, translations, a message bus, fonts, a compiler for `python3-pip`.

## When it is safe
When nobody relies on a recommended package: REVIEW. The table is made from the package lists of Debian 11 to 13. Debian 10,
Ubuntu since 19.10 and bases whose release is not known recommend other things now and then, which the finding says. Of what
is older nothing was read, so a person has to decide: SHOW.

## What it leaves alone
Packages that recommend something of use which is not asked for by name (`curl` and `git`: `ca-certificates`; `gcc`:
`libc6-dev`), each with the name; packages of which nothing is known, told once for the file; files that set
`APT::Install-Recommends` themselves; stages that do not ship.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from rewriter.knowledge import apt as facts
from rewriter.knowledge import images
from rewriter.model import apt, style
from rewriter.model.caches import span_of
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.model.shipping import Unshipped
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform
from rewriter.text import Span

#: the releases whose package lists the table is made from; "current" moves along with Debian's newest
_READ: Final = ("bullseye", "bookworm", "trixie", "current")
#: the oldest release that differs little from what was read; Ubuntu of the same years counts with it
_NEAR: Final = "buster"
#: what a file that checks signatures, or adds a repository with its key, has somewhere
_SIGNATURES: Final = ("gpg", "gnupg", "apt-key", "add-apt-repository")


@transform(
    phase=Phase.COMMANDS,
    touches={"RUN"},
    safety=Safety.SHOW,
    tools={"apt-get", "apt", "aptitude"},
    hadolint={"DL3015"},
)
def apt_recommends_installed(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if "Install-Recommends" in file.source:
        return
    unshipped, installs = Unshipped(), apt.Installs(file)
    signatures: bool | None = None
    against: list[_Against] = []
    for run in file.runs:
        for command in run.commands:
            if not apt.is_apt(command, "install", "satisfy") or not command.operands or _decided(run, command):
                continue
            packages = apt.packages(run, command)
            if all(map(facts.recommends_nothing, packages)):
                continue  # the option would change nothing
            at = span_of(run, command)
            if not run.stage.ships:
                yield from unshipped.once(run.stage, at)
                continue
            there = installs.before(run, command)
            if signatures is None:
                signatures = any(sign in file.source for sign in _SIGNATURES)
            if not signatures:
                there |= {"gnupg"}  # it would come with build-essential, to sign Debian packages
            missed = _against(run, at, file.line(at.start), packages, there)
            if missed.any:
                if not _answered(file, run):
                    against.append(missed)
                continue
            option = "--without-recommends" if command.tool == "aptitude" else "--no-install-recommends"
            change = style.add_option(run, command, option)
            if isinstance(change, style.Refusal):
                yield Decline(at, change.why)
                continue
            because = (
                "what these packages recommend in Debian 11, 12 and 13 is asked for by name, comes with what is installed "
                "before, or is documentation, translations and the like",
                *_other_release(run),
            )
            safety = Safety.SHOW if images.surely_older(run.stage.lineage[-1].image, _NEAR) else Safety.REVIEW
            yield Finding(at, f"Add {option} to {command.tool} install", change, safety, because)
    if against:  # one for the file: a long list of packages is nothing that anybody reads
        facts_of = "" if _read_release(against[0].run) else " (in Debian 11 to 13)"
        yield Decline(against[0].at, "; ".join(filter(None, (_to_ask_for(against, facts_of), _not_known(against)))))


def _read_release(run: Run) -> bool:
    """True on a release of which the package lists were read."""
    image = run.stage.lineage[-1].image
    return images.release(image) in _READ and "ubuntu" not in image


def _other_release(run: Run) -> Iterator[str]:
    """What is to be said where the image is on another release, or on one that its name does not tell."""
    image = run.stage.lineage[-1].image
    if images.surely_older(image, _NEAR):
        yield f"to confirm: nothing was read of what they recommend in the release below {image}, which is older"
    elif not images.release(image):
        yield f"which release {image} is built on is not known; in another one they may recommend more"
    elif not _read_release(run):
        yield f"{image} is another release, in which they may recommend more"


_DECIDED: Final = ("--no-install-recommends", "--install-recommends", "--without-recommends", "--with-recommends",
            "-R", "-r", "-d", "--download-only", "-s", "--simulate", "--help")  # fmt: skip


def _decided(run: Run, command: Command) -> bool:
    return command.has(*_DECIDED) or apt.has_inside(run, command, _DECIDED)


class _Against(NamedTuple):
    """What stands against the option at one command: packages of which nothing is known, or those that recommend others
    of use."""

    run: Run
    at: Span
    line: int
    unknown: tuple[str, ...]
    recommends: tuple[tuple[str, tuple[str, ...]], ...]

    @property
    def any(self) -> bool:
        return bool(self.unknown or self.recommends)


def _against(run: Run, at: Span, line: int, packages: tuple[str, ...], there: frozenset[str]) -> _Against:
    unknown = tuple(name for name in packages if facts.recommended(name) is None)
    present = there | set(packages)
    found = {
        name: tuple(one for one in sorted(facts.recommended(name) or ()) if facts.brought_by(one).isdisjoint(present))
        for name in (() if unknown else packages)
    }
    return _Against(run, at, line, unknown, tuple((name, wanted) for name, wanted in found.items() if wanted))


def _answered(file: File, run: Run) -> bool:
    """True when a comment for hadolint says that the author knows."""
    return any("DL3015" in comment.span.of(file.source) for comment in file.comments_above(run.instruction))


def _to_ask_for(against: list[_Against], where: str) -> str:
    """``line 3: git recommends less and patch: ask for ...``"""
    some = [one for one in against if one.recommends]
    if not some:
        return ""
    names = dict.fromkeys(name for one in some for name, _ in one.recommends)
    wanted = dict.fromkeys(name for one in some for _, each in one.recommends for name in each)
    verb = "recommends" if len(names) == 1 else "recommend"
    return (
        f"{_lines(some)}: {_listed([*names])} {verb} {_listed([*wanted])}{where}; "
        "ask by name for what is needed of them, then --no-install-recommends can be added"
    )


def _not_known(against: list[_Against]) -> str:
    some = [one for one in against if one.unknown]
    names = [*dict.fromkeys(name for one in some for name in one.unknown)]
    variables = [name for name in names if name.strip('"').startswith("$")]
    packages = [name for name in names if name not in variables]
    verb = "recommends" if len(packages) == 1 else "recommend"
    said = [f"nothing is known of what {_listed(packages)} {verb}"] if packages else []
    if variables:
        said.append(f"what {_listed(variables)} stand{'s' if len(variables) == 1 else ''} for is not known")
    return f"{_lines(some)}: {', and '.join(said)}" if some else ""


def _lines(some: list[_Against]) -> str:
    lines = [*dict.fromkeys(one.line for one in some)]
    return f"line{'s' if len(lines) > 1 else ''} {', '.join(map(str, lines))}"


def _listed(names: list[str]) -> str:
    if len(names) > 4:
        return f"{', '.join(names[:3])} and {len(names) - 3} more"
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
