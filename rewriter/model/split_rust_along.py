"""What of a Rust build goes along: the programs, the folders that they run in, and no object file."""

from __future__ import annotations

from typing import Final

from rewriter import posixpath
from rewriter.knowledge import languages, programs
from rewriter.model import paths, split_named, split_purpose, split_start
from rewriter.model.scope import POSIX_SHELLS
from rewriter.model.split_folders import above
from rewriter.model.split_outputs import folders_again
from rewriter.model.split_rust_page import RustPage
from rewriter.model.split_stage import Against
from rewriter.model.split_start import commands_of, resolved
from rewriter.model.split_tree import Tree
from rewriter.rule import Ask

#: what Cargo leaves beside the programs: object files, what build scripts write. Source: the Cargo book, "Build cache"
_BESIDE: Final = ("build", "deps", "incremental")
_TARGET: Final = "/target/"
#: files of a context of which no program asks for one when it runs
_SOURCES: Final = (
    ".rs",
    ".md",
    ".lock",
    "/.gitignore",
    "/.dockerignore",
    "/Cargo.toml",
    "/.travis.yml",
    "/rustfmt.toml",
)
_NAMED: Final = (
    "/LICENSE",
    "/README",
    "/Dockerfile",
    "/rust-toolchain",
    "/Makefile",
    "/.git/",
    "/.github/",
    "/tests/",
    "/benches/",
)


def tree(found: Tree, page: RustPage, ask: Ask) -> Tree:
    """The same, with the programs, and without folders that only hold sources.

    Raises:
        Against: which program runs is not known.
    """
    installed = _installed(page, ask)
    started = split_named.started(page.stage, [*found.tops, *found.files, *found.written])
    page.targets += [one.partition(_TARGET)[0] + _TARGET[:-1] for one in started if _TARGET in one]  # of a workspace
    page.programs += [*installed, *(one for one in started if _program(one, page))]
    tops, files = [], [*found.files, *installed]
    workdir = page.stage.end.workdir or "/"
    named = [workdir, *started, *split_named.named(page.stage)]
    places = [*page.copied, *page.targets, *(call.cwd for call in page.calls)]
    places += [step.state.workdir or "/" for step in page.stage.steps] + [page.stage.end.workdir or "/"]
    own = {folder for one in places for folder in (*above(one), one)}  # the others are made to be written to
    for top in found.tops:
        built = any(paths.inside(call.cwd, top) for call in page.calls)
        if not built:
            tops.append(top)
            continue
        inside = [one for one in page.programs if paths.inside(one, top)]
        written = any(paths.inside(path, top) and path not in inside for path, _ in page.traces.written)
        written = written or any(paths.inside(one, top) and one not in own for one in page.traces.folders.made)
        wanted = [one for one in named if paths.inside(one, top) and one not in inside]
        plain = not written and {*wanted} <= {top, workdir} and _only_sources(ask)
        if page.programs and (not wanted or plain):
            page.left.append(top)
            files += inside
        else:
            tops.append(top)
    if page.left:
        page.asks.append(
            f"does nothing read files of {' or '.join(page.left)} when it runs? The sources stay in the builder"
        )
    tops_ = tuple(tops)
    files = [one for one in dict.fromkeys(files) if not any(paths.inside(one, top) for top in tops_)]
    commands = folders_again(found, page, tops, files) if page.left else found.commands
    return found._replace(tops=tops, files=files, commands=commands)


def tidied(found: Tree, page: RustPage) -> list[str]:
    """The command that takes away what Cargo leaves beside the programs, at the end of the builder.

    Raises:
        Against: it would run as another user than Cargo did.
    """
    targets = [one for one in dict.fromkeys(page.targets) if any(paths.inside(one, top) for top in found.tops)]
    if not targets:
        return []
    steps = page.stage.steps
    state = steps[found.at].state if found.at < len(steps) else page.stage.end
    calls = [call for call in page.calls if call.command.tool == "cargo"]
    if not state.root and any(call.run.state.user != state.user for call in calls):
        step = next(one for one in steps if one.index == calls[-1].run.index)
        raise Against(step, "Cargo runs as another user than what follows: nobody may take its object files away there")
    depth = "*/*" if static(page) or any("--target" in call.command.option_names for call in calls) else "*"
    page.asks.append(
        'does no program open what a build script wrote (env!("OUT_DIR")) when it runs? Object files do not go along'
    )
    levels = ["*", "*/*"] if depth == "*/*" else ["*"]
    places = [f"{one}/{level}/{name}" for one in targets for level in levels for name in _BESIDE]
    return [f"rm -rf {' '.join(places)}"]


def static(page: RustPage) -> bool:
    """True where every build names musl as its target."""
    calls = [call.command for call in page.calls if call.command.tool == "cargo"]
    calls = [one for one in calls if not {"new", "init"} & {word.value for word in one.arguments}]
    flags = page.stage.end.environment.get("CARGO_BUILD_TARGET") or ""
    return bool(calls) and all("-musl" in one.words_text or "-musl" in flags for one in calls)


def _installed(page: RustPage, ask: Ask) -> list[str]:
    """The programs of ``cargo install`` that are started.

    Raises:
        Against: a script starts them, and which they are is not known.
    """
    if not page.names and not page.unnamed:
        return []
    known = {posixpath.join(place, name) for name, place in page.names}
    found: list[str] = []
    for step, command in split_named.calls(page.stage):
        words = command.simple.words[command.head :]
        if command.tool in POSIX_SHELLS and command.arguments and not command.arguments[0].raw.startswith("-"):
            words = command.arguments
        name = paths.symbolic(words[0], page.stage.end) if words else None
        if not name or "$" in name or (words[0].raw == command.tool and command.tool in POSIX_SHELLS):
            continue
        path = resolved(f"./{name}" if "/" not in name and words is command.arguments else name, page.stage)
        text = page.context.text(path) if path.startswith("/") else None
        if text is not None:
            inner = commands_of(text)
            if inner is None:
                raise Against(step, f"which program {name} starts is not known")
            found += [one for each in inner for one in _of(each.tool, page, known)]
            continue
        found += _of(path, page, known)
    if not found:
        certain = [one for one in known if one.rpartition("/")[0] not in page.unnamed]
        if certain and len(certain) == len(known):
            return sorted(certain)
        step = split_purpose.started(page.stage)[0]
        raise Against(
            step, "which program of cargo install it starts is not seen: the script, or Cargo.toml, would tell"
        )
    return list(dict.fromkeys(found))


def _of(name: str, page: RustPage, known: set[str]) -> list[str]:
    """The places where ``cargo install`` puts a program of this name or path, as far as is known."""
    base = programs.of_base("debian")
    if "/" in name:
        return [name] if name in known or name in page.beside or posixpath.dirname(name) in page.unnamed else []
    others = languages.names("every", "idle") | languages.names("c", "runtimes") | split_start.OWN
    if not name or name in base or name in others:
        return []
    certain = [one for one in (*sorted(known), *page.beside) if posixpath.basename(one) == name]
    return certain or [posixpath.join(one, name) for one in dict.fromkeys(page.unnamed)]


def _program(path: str, page: RustPage) -> bool:
    return any(paths.inside(path, one) for one in page.targets) or path in {one for one, _ in page.traces.written}


def _only_sources(ask: Ask) -> bool:
    """True for a context that is seen, and has nothing that a program might ask for."""
    files = ask.files()
    if not files or not any(path.rpartition("/")[2] == "Cargo.toml" for path in files):
        return False
    return all(f"/{path}".endswith(_SOURCES) or any(one in f"/{path}" for one in _NAMED) for path in files)
