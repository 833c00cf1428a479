"""What Bundler installs, by Gemfile.lock: which gems are compiled, and which come compiled or from elsewhere.

Source: https://bundler.io/man/bundle-lock.1.html, https://bundler.io/guides/gemfile.html (platforms), and the
files that Bundler writes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from rewriter import posixpath
from rewriter.knowledge import libraries
from rewriter.model import apt
from rewriter.model.needs import Compiled

if TYPE_CHECKING:
    from rewriter.model.command import Command
    from rewriter.model.needed_commands import Judge, Site

#: endings of versions of gems that come compiled, on both machines
_BOTH: Final = ("x86_64-linux", "aarch64-linux")
_COUNT: Final = re.compile(r"-j?\d+")
_HARMLESS: Final = frozenset(
    "-j --jobs --retry --without --with --deployment --frozen --no-cache --quiet --path --system --clean --no-prune --full-index "
    "--prefer-local --local".split()
)


#: settings of Bundler that change nothing in how a gem is built
_SETTINGS: Final = frozenset(
    "path without with deployment frozen jobs retry system clean no-cache silence_root_warning".split()
)


class Gem(NamedTuple):
    """A gem of the lock file, and the platforms for which a compiled one is named."""

    name: str
    platforms: tuple[str, ...]


class Lock(NamedTuple):
    """Its gems, and where others than those of rubygems.org come from."""

    gems: dict[str, Gem]
    elsewhere: tuple[str, ...]


def read(text: str) -> Lock | None:
    """The text of a Gemfile.lock; None for one that is none."""
    gems: dict[str, Gem] = {}
    elsewhere: list[str] = []
    section = ""
    for line in text.replace("\r\n", "\n").split("\n"):
        if line.startswith(("<<<<<<<", ">>>>>>>")):
            return None  # a merge that nobody finished
        if line and not line.startswith(" "):
            section = line.strip()
        elif section in ("GEM", "GIT", "PATH", "PLUGIN SOURCE") and line.startswith("  remote: "):
            remote = line.removeprefix("  remote: ").strip()
            if section != "GEM" or remote.rstrip("/") != "https://rubygems.org":
                elsewhere.append(remote)
        elif section == "GEM" and line.startswith("    ") and line[4:5].strip():
            name, _, version = line.strip().partition(" ")
            platform = version.strip("()").partition("-")[2].removesuffix("-gnu")
            known = gems.get(name, Gem(name, ()))
            gems[name] = Gem(name, (*known.platforms, platform) if platform else known.platforms)
    return Lock(gems, tuple(elsewhere)) if section else None


def is_harmless(command: Command) -> bool:
    """True for a ``bundle config`` of a setting that changes nothing in what is compiled."""
    words = [word.value or word.raw for word in command.operands if word.value not in ("set", "--global", "--local")]
    return bool(words) and words[0] in _SETTINGS


def bundle(judge: Judge, command: Command, site: Site) -> None:
    """``bundle install``: a gem that is compiled gets a compiler for its RUN, where it is known with what."""
    needs, line = judge.needs, site.line
    odd = next(
        (name for name in sorted(command.option_names) if name not in _HARMLESS and not _COUNT.fullmatch(name)), ""
    )
    folder = command.cwd
    path = None if folder is None else posixpath.join(folder, "Gemfile.lock")
    text = None if path is None else judge.tree.text(path, site.index)
    lock = None if text is None else read(text)
    if odd or lock is None or "BUNDLE_GEMFILE" in site.run.state.environment:
        if needs.compiler:
            needs.ask(f"line {line}: what bundle compiles may want more than the compiler that the file installs")
            return
        why = f"bundle install {odd} is not judged" if odd else _lacking(judge, site, text)
        needs.block(f"line {line}: bundle installs what is often written in C, and slim has no compiler ({why})")
        return
    if "BUNDLE_FORCE_RUBY_PLATFORM" in site.run.state.environment or "force_ruby_platform" in site.run.file.source:
        needs.ask(f"line {line}: gems that would come compiled are compiled here")
    for place in lock.elsewhere:
        needs.ask(f"Gemfile.lock takes gems from {place}, which may be built with git and a compiler")
    at = site.run.index if site.holds(command) and command.editable and command.place.certain else None
    for gem in lock.gems.values():
        _gem(judge, gem, at, line)
    needs.fact(f"Gemfile.lock names the gems that line {line} installs")


def _lacking(judge: Judge, site: Site, text: str | None) -> str:
    """What would tell the gems, where no lock file is read."""
    if text is not None:
        return "Gemfile.lock would tell, and cannot be read"
    copies = (step for stage in judge.tree.stage.lineage for step in stage.steps if step.name in ("COPY", "ADD"))
    named = any("Gemfile.lock" in step.instruction.body.text for step in copies if step.index < site.run.index)
    return (
        "Gemfile.lock would tell, and is not seen in the context"
        if named
        else "a Gemfile.lock, copied before, would tell"
    )


def _gem(judge: Judge, gem: Gem, at: int | None, line: int) -> None:
    needs = judge.needs
    ready = all(any(one.startswith(machine) for one in gem.platforms) for machine in _BOTH)
    if ready:
        needs.not_alpine(f"Gemfile.lock names {gem.name} as it was compiled for glibc")
        return
    recipe = libraries.recipe("ruby", gem.name)
    why = f"line {line}: {gem.name} of Gemfile.lock is written in C, and slim has no compiler"
    if recipe is not None and needs.brought().issuperset(recipe.build) and not apt.uninstalls(judge.tree.file):
        needs.fact(f"{gem.name} is compiled with {', '.join(recipe.build)}, which the file installs")
        needs.not_alpine(f"{gem.name} of Gemfile.lock is compiled, with what on Alpine is not judged")
    elif needs.compiler and (recipe is not None or libraries.gem_compiled(gem.name)):
        needs.ask(f"line {line}: {gem.name} may want more than the compiler that the file installs")
    elif recipe is not None and at is not None:
        needs.compile(Compiled("ruby", gem.name, at, why))
        for question in libraries.compiled_otherwise(gem.name):
            needs.ask(question)
    elif recipe is not None or (libraries.gem_compiled(gem.name) and not libraries.gem_plain(gem.name)):
        needs.block(f"{why}: with gcc, make and libc6-dev of its own it may go")
    elif not libraries.gem_pure(gem.name) and not libraries.gem_plain(gem.name):
        needs.ask(f"whether {gem.name} of Gemfile.lock is written in C, or needs a library, is not known")
