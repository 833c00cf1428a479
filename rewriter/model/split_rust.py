"""Rust: what Cargo builds or installs, on the slim image of the same Debian, or on Alpine where that built it."""

from __future__ import annotations

from typing import Final

from rewriter.knowledge import dev_packages, images, programs, variants
from rewriter.model import (
    bases,
    split_built,
    split_cargo,
    split_compilers,
    split_elsewhere,
    split_purpose,
    split_stage,
    split_systems,
    split_tree,
    split_whole,
)
from rewriter.model.command import Command
from rewriter.model.context_tree import Tree as Context
from rewriter.model.file import File
from rewriter.model.scope import State
from rewriter.model.split_rust_page import RustPage
from rewriter.model.split_stage import Against, Shipped
from rewriter.model.split_traces import of_whole_folders
from rewriter.model.split_whole import Runtime
from rewriter.rule import Ask, Decline, Finding
from rewriter.text import Span

_CARGO: Final = "/usr/local/cargo"
_STARTS_CARGO: Final = (
    "it starts cargo run, which needs the toolchain and every source: a CMD of the program itself "
    '(["./target/release/NAME"]) would start what a RUN has built, and then the stage could be split'
)
#: what Cargo leaves beside the programs: object files, what build scripts write. Source: the Cargo book, "Build cache"
_BESIDE: Final = ("build", "deps", "incremental")
_OF_SCRIPTS: Final = (
    'does no program open what a build script wrote (env!("OUT_DIR")) when it runs? Object files do not go along'
)


def split(file: File, ask: Ask) -> Finding | Decline | None:
    """The split of the shipped stage; why there is none; None where Cargo builds nothing."""
    stage = split_elsewhere.begun(file, "rust", building)
    if not isinstance(stage, Span):
        return stage
    repository, tag = bases.shipped_base(file)
    official, alpine = repository == "rust", "alpine" in f"{repository}:{tag}"
    release = _release(repository, tag)
    home = _CARGO if official else "/root/.cargo"
    start = State(environment={"PATH": f"{_CARGO}/bin:{programs.PATH}" if official else programs.PATH}, workdir="/")
    shipped = split_stage.shipped(file, start, "latest" if alpine else None)
    home = shipped.end.environment.get("CARGO_HOME") or home
    traces = of_whole_folders(shipped)
    context = Context(file, file.stages[-1], ask)
    page = RustPage(traces, shipped, context, home, "alpine" if alpine else release)
    page.same_image = not official
    try:
        return _of_stage(shipped, page, stage, ask)
    except Against as against:
        return Decline(against.step.span, against.why)


def building(command: Command) -> bool:
    """True for a call of Cargo that compiles a program."""
    words = [word.value or "" for word in command.arguments if not word.raw.startswith(("+", "-"))]
    return split_elsewhere.name_of(command) == "cargo" and words[:1] in (["build"], ["b"], ["install"], ["rustc"])


def _of_stage(shipped: Shipped, page: RustPage, stage: Span, ask: Ask) -> Finding | Decline | None:
    step, commands = split_purpose.started(shipped)
    runs = any(one.tool == "cargo" and one.subcommand in ("run", "r") for one in commands)
    if runs:
        return Decline(step.span, _STARTS_CARGO)
    kept = split_elsewhere.kept(shipped, "rust")
    if kept is not None:
        return kept
    if page.same_image and split_elsewhere.gone(shipped, "rust"):
        return None
    image = shipped.stage.image
    if any("prefer-dynamic" in (value or "") for value in shipped.end.environment.values()):
        return Decline(stage, "RUSTFLAGS links the standard library of Rust dynamically, which only the toolchain has")
    runtime = _runtime(image, page)
    if isinstance(runtime, str):
        return Decline(stage, runtime)
    tree = split_tree.tree(shipped, page, ask)
    tree = split_built.tree(tree, page, ask)
    static = _static(page)
    if static and not runtime.alpine and not tree.packages and not page.traces.users:
        runtime = _alpine("alpine", f"{image} builds for musl: the program is static, and runs on any Linux")
    tree = tree._replace(packages=_packages(tree.packages, page, runtime, static, ask))
    deep = static or any("--target" in call.command.option_names for call in page.calls)
    levels = ("*", "*/*") if deep else ("*",)
    beside = [f"{one}/{level}/{name}" for one in page.targets for level in levels for name in _BESIDE]
    last = split_built.tidied(tree, page, beside, _OF_SCRIPTS, [])
    if any(one.startswith(page.home) for one in page.programs) and page.home == _CARGO:
        page.environment.append(f"ENV PATH={_CARGO}/bin:$PATH")
    return split_whole.finding(tree, page, runtime, f"Ship what Cargo builds on {runtime.image}", last, [], ask)


def _static(page: RustPage) -> bool:
    """True where every build names musl as its target."""
    calls = [call.command for call in page.calls if call.command.tool == "cargo"]
    calls = [one for one in calls if not {"new", "init"} & {word.value for word in one.arguments}]
    flags = page.stage.end.environment.get("CARGO_BUILD_TARGET") or ""
    return bool(calls) and all("-musl" in one.words_text or "-musl" in flags for one in calls)


def _release(repository: str, tag: str) -> str:
    """The release of Debian below an image, "" on another system or where it is not known."""
    if repository == "rust":
        named = [part for part in tag.split("-") if dev_packages.linked("crates", part)]
        return named[0] if named else variants.built_on("rust", tag.removesuffix("-slim") or "1") or _of_patch(tag)
    if repository != "debian":
        return ""
    name = images.of_debian(tag)
    return name if dev_packages.linked("crates", name) else ""


def _of_patch(tag: str) -> str:
    """The release below ``1.70.0``, ``slim``, ``latest``."""
    if tag in ("", "latest", "slim", "alpine"):
        return variants.built_on("rust", "1-alpine" if tag == "alpine" else "1")
    return split_systems.of_line("rust", tag)


def _runtime(image: str, page: RustPage) -> Runtime | str:
    """The image that runs the programs, or why it is not known."""
    repository, tag = bases.base_of(page.stage.stage)
    if "$" in tag or any(one in tag for one in ("windows", "nanoserver", "onbuild")):
        return f"which image {image} is, or what its triggers do, is not known"
    if repository != "rust":
        return split_systems.on_itself(image, repository)
    if "alpine" in tag:
        named = next((part for part in tag.split("-") if part.startswith("alpine")), "alpine")
        release = (named if named != "alpine" else _of_patch(tag)).removeprefix("alpine")
        runs = f"alpine:{release}" if release else "alpine"
        return _alpine(runs, f"{image} is built on {runs}, and links musl statically")
    return split_systems.on_slim(image, page.system)


def _alpine(image: str, fact: str) -> Runtime:
    return Runtime(image, True, True, frozenset(), programs.of_base("alpine"), (fact,))


def _packages(found: list[str], page: RustPage, runtime: Runtime, static: bool, ask: Ask) -> list[str]:
    """The packages of the final stage, with the libraries that the crates link."""
    repository, tag = bases.base_of(page.stage.stage)
    wanted = ["ca-certificates"] if repository == "rust" else []
    full = repository == "rust" and "slim" not in tag and "alpine" not in tag
    locked = split_cargo.crates(ask)
    known = locked is not None and not page.crates
    if full and not static:
        libraries = dev_packages.linked("crates", page.system)
        names = [libraries[one] for one in libraries if one in locked] if known and locked else []
        if known and locked and "openssl-src" in locked:
            names = [one for one in names if not one.startswith("libssl")]
        wanted += names if known else [libraries["openssl-sys"]]
        if not known:
            page.asks.append(
                f"which libraries do the crates link? Without a Cargo.lock to read, {libraries['openssl-sys']} goes along, which "
                "most clients of https need; libpq5 (diesel), libsqlite3-0 or libmariadb3 may be wanted beside it"
            )
    dynamic = "-crt-static" in page.stage.file.source
    if runtime.alpine and (page.same_image or dynamic) and not static:
        wanted.append("libgcc")
    called = split_compilers.fetched(page.stage, ask) if full else []
    return [*found, *(one for one in dict.fromkeys([*wanted, *called]) if one not in found)]
