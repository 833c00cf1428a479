"""Ruby: the gems that RubyGems or Bundler compile, on the slim image of the same Ruby, without the compilers."""

from __future__ import annotations

import re
from typing import Final

from rewriter.knowledge import dev_packages, languages, programs, variants
from rewriter.knowledge.unknown import Unknown
from rewriter.model import (
    bases,
    split_compilers,
    split_elsewhere,
    split_purpose,
    split_ruby_calls,
    split_stage,
    split_tree,
    split_whole,
)
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.model.scope import State
from rewriter.model.split_ruby_calls import BUNDLE
from rewriter.model.split_ruby_page import RubyPage
from rewriter.model.split_stage import Against, whole
from rewriter.model.split_traces import of_whole_folders
from rewriter.model.split_tree import Tree
from rewriter.model.split_whole import Runtime
from rewriter.rule import Ask, Decline, Finding

_UNFOLLOWED: Final = (
    "compilers are installed there by what is not followed, and whether they are taken away is not known"
)
_HIDDEN: Final = "another tool calls Bundler or RubyGems, and where gems go is not known"
#: the first version of the image whose gems lie in /usr/local/bundle, in every tag. Source: docker-library/ruby
_FIRST: Final = (2, 2)
#: the first one whose moving tag was last built on a release of dev_packages.toml
_NEW: Final = (2, 6)
_LOCKED: Final = re.compile(r"^    ([\w.-]+) \(", re.MULTILINE)


def split(file: File, ask: Ask) -> Finding | Decline | None:
    """The split of the shipped stage; why there is none; None where nothing compiles for Ruby."""
    first, taken = split_compilers.compiling(file, "ruby")
    runs = [run for run in file.runs if run.stage.ships]
    unfollowed = _unfollowed(file, runs) if first is None and taken is None else None
    if first is None and unfollowed is None:  # or the RUN that brings a compiler takes it away again
        return None
    seen = any(split_ruby_calls.installing(command) for run in runs for command in run.commands)
    hidden = None if seen else split_ruby_calls.hidden(runs)
    if not seen and hidden is None:
        return None
    try:
        kept = _kept(file)
    except Against as against:
        return Decline(against.step.span, against.why)
    if kept is not None:
        return kept
    if unfollowed is not None:
        return Decline(unfollowed.span, _UNFOLLOWED)
    if hidden is not None:
        return Decline(hidden.span, _HIDDEN)
    return _of_stage(file, ask)


def _unfollowed(file: File, runs: list[Run]) -> Run | None:
    """The RUN that names compilers and calls no package manager that is known, if there is one."""
    if not any(name in file.source for name in ("gcc", "g++", "build-", "-dev")):
        return None
    own = languages.names("ruby", "compilers")
    return next((run for run in runs if not own.isdisjoint(split_compilers.named(run))), None)


def _kept(file: File) -> Decline | None:
    """Why an image is one to build with, by what it starts; None when it may run a program."""
    stage = whole(file)
    found = split_elsewhere.kept(stage, "ruby")
    if found is not None:
        return found
    step, commands = split_purpose.started(stage)
    for command in commands:
        why = split_ruby_calls.starts_build(command.tool, [word.value or "" for word in command.arguments])
        if why:
            return Decline(step.span, why)
    return None


def _of_stage(file: File, ask: Ask) -> Finding | Decline:
    stage = split_elsewhere.lone(file)
    if isinstance(stage, Decline):
        return stage
    repository, tag = bases.shipped_base(file)
    why = _base(repository, tag)
    if why:
        return Decline(stage, why)
    alpine, distribution = "alpine" in tag, repository != "ruby"
    runtime = _runtime(file.stages[-1].image, repository, tag, alpine)
    if isinstance(runtime, str):
        return Decline(stage, runtime)
    variables: dict[str, str | None] = {"PATH": programs.PATH}
    if not distribution:
        variables = {"PATH": f"{BUNDLE}/bin:{programs.PATH}", "GEM_HOME": BUNDLE}
    start = State(environment=variables, workdir="/")
    shipped = split_stage.shipped(file, start, "latest" if alpine else None)
    traces = of_whole_folders(shipped)
    page = RubyPage(traces, shipped, distribution, "" if alpine else _release(repository, tag))
    page.git = _gemspec_calls_git(ask)
    try:
        against = split_compilers.called_by_a_script(shipped, page, ask, split_ruby_calls.installing)
        if against is not None:
            return against
        tree = split_tree.tree(shipped, page, ask)
    except Against as error:
        return Decline(error.step.span, error.why)
    full = runtime.image != shipped.stage.image
    tree = split_compilers.with_places(tree, _places(page))
    tree = tree._replace(packages=_packages(tree.packages, page, full, ask))
    return _finding(tree, page, runtime, full, ask)


def _finding(tree: Tree, page: RubyPage, runtime: Runtime, full: bool, ask: Ask) -> Finding | Decline:
    left = [name for name in page.traces.packages if name in page.dropped]
    gone = ", ".join(left) or "what a RUN deletes"
    where = ", ".join(_places(page)) or page.stage.end.workdir or "/"
    found = [one for one in _places(page) if one not in ("/root/.bundle", "/usr/local/bin")] or [where]
    page.asks += [
        f"does nothing that runs call a compiler, `bundle install` or another of {gone}? They stay in the builder",
        f"does every gem load? `find {' '.join(found)} -name '*.so' | xargs ldd | grep 'not found'` in a container of "
        "the new image names a library that is missing",
        *(f"does `{one}` leave nothing outside of the folder that it runs in?" for one in dict.fromkeys(page.lone)),
    ]
    if not page.distribution and any(split_ruby_calls.headers(one) or one == "ruby" for one in page.traces.packages):
        page.asks.append("does nothing start /usr/bin/ruby? That is another Ruby, which a package brings")
    last = ["mkdir -p /root/.bundle"] if page.settings else []
    because = (
        *runtime.because,
        f"gems lie in {where}, and the same Ruby finds them there",
        f"what only compiles stays in the builder: {gone}{', and what the full image has beside Ruby' if full else ''}",
    )
    title = "Ship the gems that are compiled, without the compilers"
    return split_whole.finding(tree, page, runtime._replace(because=because), title, last, [], ask)


def _base(repository: str, tag: str) -> str:
    """Why what an image brings is not known well enough, or ""."""
    if repository not in languages.names("ruby", "images"):
        if repository == "alpine":
            return "gems go among the files of Alpine's own Ruby: on ruby:alpine it could be split"
        if repository in languages.names("c", "others"):
            return f"Ruby is one tool of several: {repository} brings another language"
        return f"which Ruby compiles on {repository or 'an image'} is not known: only ruby, debian and ubuntu are split"
    if "$" in tag or any(one in tag for one in ("windows", "nanoserver", "onbuild")):
        return f"which image {repository}:{tag} is, or what its triggers do, is not known"
    version = bases.version_of(tag)
    if repository == "ruby" and version is not None and version < _FIRST and version != _FIRST[:1]:
        return f"where gems lie in {repository}:{tag} is not known: since 2.2 it is {BUNDLE}"
    return ""


def _runtime(image: str, repository: str, tag: str, alpine: bool) -> Runtime | str:
    """The image that runs it: the slim variant of the official one, or the same; or why there is none."""
    if repository != "ruby" or alpine or "slim" in tag:
        return Runtime(image, alpine, because=(f"{image} is the same image: the same Ruby",))
    slim = variants.sibling("ruby", tag, "slim")
    if isinstance(slim, Unknown):
        return f"compilers come with {image} itself, and it is not known {slim.why}"
    name = f"ruby:{slim.tag}"
    asks = (
        "does nothing that runs call git, curl, ImageMagick or another program that only the full image has?",
        *((f"are {image} and {name} built on the same release of Debian?",) if slim.doubt else ()),
    )
    return Runtime(name, False, because=(f"{name} is the same Ruby",), asks=asks)


def _release(repository: str, tag: str) -> str:
    """The release of Debian below an image, where it is known."""
    if repository == "ruby":
        named = next((part for part in tag.split("-") if dev_packages.linked("gems", part)), "")
        version = bases.version_of(tag)
        line = ".".join(str(one) for one in (version or ())[:2])
        return named or variants.built_on("ruby", line or "3")
    return split_compilers.named_release(repository, tag, "ruby", _NEW)


def _places(page: RubyPage) -> list[str]:
    """Where gems go: into the folder of the image, and into those of the author's."""
    own: list[str] = []
    if page.shared:
        own = ["/var/lib/gems", "/usr/local/bin"] if page.distribution else [BUNDLE]
    if page.newer:
        own += ["/usr/local/lib/ruby", "/usr/local/bin"] if not page.distribution else []
    if page.home:
        own.append("/root/.bundle")
    return [*own, *page.places]


def _packages(found: list[str], page: RubyPage, full: bool, ask: Ask) -> list[str]:
    """The packages of the final stage, with the libraries that gems link and only the full image has."""
    if not full:
        return found
    found = [*found, *(one for one in split_compilers.fetched(page.stage, ask) if one not in found)]
    libraries = dev_packages.linked("gems", page.release)
    locked = _locked(ask)
    if locked is None or not libraries:
        page.asks.append(
            "which libraries do gems link that only the full image has? Those of packages that the Dockerfile names go along; pg "
            "wants libpq5, sqlite3 libsqlite3-0, mysql2 libmariadb3, typhoeus and curb libcurl4, rmagick ImageMagick"
        )
        return found
    others = sorted(locked & dev_packages.others())
    if others:
        page.asks.append(
            f"which packages bring the libraries that {', '.join(others)} want? Only the full image has them"
        )
    wanted = [libraries[one] for one in libraries if one in locked or one in page.gems]
    return [*found, *(one for one in dict.fromkeys(wanted) if one not in found)]


def _locked(ask: Ask) -> frozenset[str] | None:
    """The gems of the context's Gemfile.lock, None where none is seen."""
    return split_compilers.locked(ask, "Gemfile.lock", _LOCKED)


def _gemspec_calls_git(ask: Ask) -> bool:
    """True where a gemspec of the context asks git for its files, each time that Bundler reads it."""
    return any("git ls-files" in (ask.context(path) or "") for path in ask.files() or () if path.endswith(".gemspec"))
