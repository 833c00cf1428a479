"""Reading a build by Cargo: in which folders it compiles, where ``cargo install`` puts programs, and what runs of all that."""

from __future__ import annotations

from typing import Final

from rewriter import posixpath
from rewriter.knowledge import languages
from rewriter.model import paths, split_cargo
from rewriter.model.command import Command
from rewriter.model.context_tree import Tree as Context
from rewriter.model.effect import Effect
from rewriter.model.run import Run
from rewriter.model.split_built_page import BuiltPage
from rewriter.model.split_page import Call
from rewriter.model.split_stage import Shipped
from rewriter.model.split_traces import Traces
from rewriter.syntax.script import Word

_BUILDS: Final = frozenset(("build", "b", "rustc", "chef", "bench"))
#: leave nothing but what is compiled, or caches in the home. Source: the Cargo book, "Cargo commands"
_HARMLESS: Final = frozenset(
    "fetch update test t check c clippy fmt search login metadata tree version verify-project locate-project pkgid clean help "
    "generate-lockfile audit".split()
)
#: options of ``cargo install`` whose next word is no crate
_VALUES: Final = frozenset(
    "--root --path --git --branch --tag --rev --version --vers --features -F --bin --example --target --target-dir --profile -j "
    "--jobs --index --registry --config -Z --color --message-format".split()
)
_FETCHES: Final = ("rustup", "static.rust-lang.org")


class RustPage(BuiltPage):
    """``home`` is the folder of Cargo, ``crates`` are those of the registry that are installed."""

    manifest = "Cargo.toml"
    builder = "Cargo"
    installer = "cargo install"

    def __init__(self, traces: Traces, stage: Shipped, context: Context, home: str, system: str) -> None:
        super().__init__("rust", traces, stage, context, system)
        self.home = home
        self.crates: list[str] = []

    def leaves(self, run: Run, command: Command, tool: str, effect: Effect | None) -> str | None:
        if tool in ("sh", "bash") and any(sign in run.visible.text for sign in _FETCHES):
            return ""  # rustup's script, which fills the homes of rustup and Cargo
        if tool == "rustup-init" or tool.startswith("rustup-init"):
            return ""
        return super().leaves(run, command, tool, effect)

    def built(self, run: Run, command: Command, tool: str) -> str:
        if tool == "rustc":
            return self.compiled(run, command)
        given = [word for word in command.arguments if not word.raw.startswith("+")]
        sub = next((word.value or "" for word in given if not word.raw.startswith("-")), "")
        if not sub or sub in _HARMLESS or "--version" in {word.raw for word in given}:
            return ""
        if sub == "install":
            return self._install(run, command, given)
        if sub in ("new", "init"):
            return self._new(run, command, given)
        if sub not in _BUILDS:
            return f"what cargo {sub} leaves is not known"
        target = self.path(run, command, command.option("--target-dir"), "CARGO_TARGET_DIR")
        return self.builds_in(run, command, self._manifest_folder(run, command), target)

    def _install(self, run: Run, command: Command, given: list[Word]) -> str:
        root = self.path(run, command, command.option("--root"), "CARGO_INSTALL_ROOT")
        if root is None:
            return "where cargo install puts programs is not known"
        place = posixpath.join(root or self.home, "bin")
        crates = [
            word.value or "$"
            for at, word in enumerate(given)
            if not word.raw.startswith("-") and (not at or given[at - 1].raw not in _VALUES)
        ][1:]
        chosen = command.option("--bin")
        name = chosen if isinstance(chosen, str) or chosen is None else chosen.value
        local = command.option("--path")
        if local is None and (crates or command.has("--git")):
            self.crates += crates or ["git"]
            bare = [one.partition("@")[0] for one in crates]
            renamed = dict(one.split(":") for one in languages.listed("rust", "programs"))
            self.names += [(name, place)] if name else [(renamed.get(one, one), place) for one in bare]
            self.unnamed += [] if name or crates else [place]
            return ""
        folder = self.path(run, command, local, "") or command.cwd
        if folder is None:
            return "the folder in which Cargo builds is not known"
        self.calls.append(Call(run, command, folder))
        self.targets.append(posixpath.join(folder, "target"))
        text = self.context.text(posixpath.join(folder, "Cargo.toml"))
        found = split_cargo.programs(text or "") or ()
        if name is None and not found:
            self.unnamed.append(place)
        self.names += [(one, place) for one in ([name] if name else found)]
        self.beside += [posixpath.join(place, one) for one in split_cargo.beside(self.context.ask)]
        return ""

    def _new(self, run: Run, command: Command, given: list[Word]) -> str:
        words = [word for word in given if not word.raw.startswith("-")][1:]
        if command.cwd is None or len(words) > 1:
            return "where Cargo makes a package is not known"
        name = paths.symbolic(words[0], run.state) if words else "."
        if name is None or "$" in name:
            return "where Cargo makes a package is not known"
        path = posixpath.normpath(posixpath.join(command.cwd, name))
        self.traces.folders.make(path, run.state.user)
        self.calls.append(Call(run, command, path))
        return ""

    def _manifest_folder(self, run: Run, command: Command) -> str | None:
        """The folder of ``--manifest-path``, or the one that the command runs in; None when it is not known."""
        given = command.option("--manifest-path")
        name = given if isinstance(given, str) or given is None else paths.symbolic(given, run.state)
        if given is None or command.cwd is None:
            return command.cwd
        if name is None or "$" in name:
            return None
        return posixpath.normpath(posixpath.join(command.cwd, posixpath.dirname(name)))

    def serves_the_build(self, package: str) -> bool:
        return super().serves_the_build(package) or package.startswith(("gcc-", "g++-", "clang", "llvm", "libclang"))
