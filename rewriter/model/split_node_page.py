"""Reading a Node.js build: what is installed and built in which folder, and what the image starts."""

from __future__ import annotations

from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.model import paths, split_node_package, split_purpose
from rewriter.model.command import Command
from rewriter.model.context_tree import Tree as Context
from rewriter.model.run import Run
from rewriter.model.split_node_calls import MANAGERS
from rewriter.model.split_node_package import Package
from rewriter.model.split_page import Page
from rewriter.model.split_stage import Against, Shipped
from rewriter.model.split_start import commands_of
from rewriter.model.split_traces import Traces
from rewriter.model.split_tree import Tree

_INSTALLS: Final = frozenset(("i", "install", "ci", "add", "isntall", "clean-install", "import"))
#: subcommands that leave nothing in the folder
_HARMLESS: Final = frozenset(
    "config set get cache version -v --version audit view info whoami login logout ping root bin help".split()
)
_BERRY: Final = (".yarnrc.yml", ".yarn/", ".yarn ", "yarn set version", "yarn@2", "yarn@3", "yarn@4")
_PRODUCTION: Final = ("--production", "--prod", "--only=production", "--only=prod", "--omit=dev", "-P")


class Install(NamedTuple):
    """An installation in a folder; ``production`` is None where a variable of unknown value decides; ``names`` are the
    packages that it names."""

    at: int
    tool: str
    cwd: str
    production: bool | None
    user: str | None
    names: tuple[str, ...]


class NodePage(Page):
    """Folders with a package.json. ``globals`` are packages that are installed for everybody and may be started, as written;
    ``managers`` are those of them that install others, by name."""

    wholes = frozenset(("/home/node", "/opt"))

    def __init__(self, traces: Traces, stage: Shipped, context: Context) -> None:
        super().__init__("node", traces)
        self.stage = stage
        self.context = context
        self.globals: list[str] = []
        self.managers: dict[str, str] = {}
        self.installs: list[Install] = []
        self.pruned: list[tuple[str, int]] = []
        self.asked = False

    def built(self, run: Run, command: Command, tool: str) -> str:
        words = [word.value or "$" for word in command.arguments]
        sub = command.subcommand
        if tool in MANAGERS and (sub in _HARMLESS or (words and words[0] in _HARMLESS)):
            return ""
        if tool in ("node", "nodejs", "npx") and words[:1] in (["-v"], ["--version"]):
            return ""
        wide = tool in MANAGERS and (command.has("-g", "--global", "--location=global") or sub == "global")
        if wide:
            return self._global(command, tool)
        why = super().built(run, command, tool)
        if why or tool not in MANAGERS:
            return why
        cwd = self.calls[-1].cwd
        production = self._production(run, command)
        if sub in _INSTALLS or (tool == "yarn" and not sub):
            named = tuple(word.raw for word in command.operands if not word.raw.startswith(("-", ".", "/")))
            dev = command.has("-D", "--save-dev", "--dev")
            self.installs.append(Install(run.index, tool, cwd, production, run.state.user, () if dev else named))
        elif sub == "prune" and production:
            self.pruned.append((cwd, run.index))
        return ""

    def _global(self, command: Command, tool: str) -> str:
        """Packages for everybody: those that build stay."""
        names = [word.value or "" for word in command.operands if not (word.value or "").startswith("-")]
        names = names[1:] if tool == "yarn" and names[:1] in (["add"], ["global"]) else names
        if command.subcommand in ("uninstall", "rm", "remove", "un"):
            return ""
        own = self.words("globals")
        for name in names:
            bare = _bare(name)
            if not name or "$" in name or "/" in name.lstrip("@").partition("/")[2]:
                return "what is installed for everybody is not known"
            if bare in ("cnpm", "yarn", "pnpm"):
                self.managers[bare] = name
            if bare not in own and name not in self.globals:
                self.globals.append(name)
        return ""

    def _production(self, run: Run, command: Command) -> bool | None:
        """Whether devDependencies are left out."""
        text = command.words_text
        if any(one in text for one in _PRODUCTION) or "--omit dev" in text or "--only production" in text:
            return True
        if any(one in text for one in ("--dev", "--include=dev", "--production=false", "--only=dev")):
            return False
        variables = {**run.state.environment, **dict(command.environment)}
        if "NODE_ENV" not in variables:
            return False
        return None if variables["NODE_ENV"] is None else variables["NODE_ENV"] == "production"

    def brings(self, tool: str) -> bool:
        return any(_bare(one) == tool for one in self.globals) or (
            tool.startswith("pm2") and any(_bare(one) == "pm2" for one in self.globals)
        )

    def installs_again(self) -> None:
        """What starts the program is installed for everybody too, where the author does so.

        Raises:
            Against: pnpm starts it, and no instruction is seen to install it by npm.
        """
        step, commands = split_purpose.started(self.stage)
        for tool in dict.fromkeys(one.tool for one in commands):
            if tool in self.managers:
                self.globals.append(self.managers[tool])
            elif tool == "pnpm":
                raise Against(step, "pnpm starts the program, and what brings it is not known")

    def starts(self, command: Command, places: list[str]) -> str:
        if command.tool not in MANAGERS:
            return self._script(command, places)
        names = [word.value or "" for word in command.arguments if not (word.value or "-").startswith("-")]
        name = next((one for one in names if one not in ("run", "run-script")), "")
        told = f"{command.tool} {' '.join(names)}".strip()
        package = self._package()
        scripts = package.scripts(name) if package is not None else []
        if package is None or not scripts:
            self.asks.append(f"does `{told}` start a program, and build nothing?")
            return ""
        for text in scripts:
            commands = commands_of(text)
            if commands is None:
                self.asks.append(f"does `{told}` build nothing?")
            for one in commands or []:
                why = split_purpose.workbench(one, self.key, False)
                if not why and one.tool in package.developed:
                    why = f"{split_purpose.KEPT}: it starts {one.tool}, one of devDependencies"
                if why:
                    return f"{why}, by `{told}`"
        return ""

    def _package(self) -> Package | None:
        """The package.json of the working directory, None where it is not seen."""
        text = self.context.text(posixpath.join(self.stage.end.workdir or "/", "package.json"))
        return None if text is None else split_node_package.read(text)

    def _script(self, command: Command, places: list[str]) -> str:
        """What stands against the file that ``node`` is told to run, or ""."""
        operand = next((word for word in command.arguments if not word.raw.startswith("-")), None)
        if operand is None or any(word.raw in ("-e", "-p", "--eval", "-r", "--require") for word in command.arguments):
            return ""
        name = paths.symbolic(operand, self.stage.end)
        if name is None or "$" in name:
            return f"what {operand.raw} is cannot be known"
        path = posixpath.normpath(posixpath.join(self.stage.end.workdir or "/", name))
        return "" if any(paths.inside(path, one) for one in places) else f"no instruction is seen to make {path}"

    def served(self, tree: Tree) -> str:
        """The folder that the image serves and does nothing else with, or ""."""
        _, commands = split_purpose.started(self.stage)
        if len(commands) != 1 or commands[0].tool not in self.words("servers") or not self.brings(commands[0].tool):
            return ""
        values = ("-p", "-l", "--listen", "--port", "-a", "-c", "-d", "--config", "-P", "--proxy")
        words = iter(commands[0].arguments)
        for word in words:
            if (word.raw in values and commands[0].tool != "serve") or word.raw in (
                "-p",
                "-l",
                "--listen",
                "-c",
                "--config",
            ):
                next(words, None)
            elif not word.raw.startswith("-") and word.value:
                path = posixpath.normpath(posixpath.join(self.stage.end.workdir or "/", word.value))
                below = any(path != top and paths.inside(path, top) for top in tree.tops)
                later = any(paths.inside(one, path) or paths.inside(path, one) for one in tree.after)
                settings = any(one.raw in ("-c", "--config") for one in commands[0].arguments)
                return path if below and not later and not settings else ""
        return ""

    def prunes(self, tree: Tree, version: tuple[int, ...] | None) -> list[str]:
        """The commands at the end of the builder that take away what only built, with a question.

        Raises:
            Against: they would run as a user who may not.
        """
        found: list[str] = []
        state = tree.stage.steps[tree.at - 1].state
        for cwd in dict.fromkeys(one.cwd for one in self.installs):
            last = [one for one in self.installs if one.cwd == cwd][-1]
            if last.production or any(where == cwd and at >= last.at for where, at in self.pruned):
                continue
            if any(paths.inside(cwd, gone.rstrip("/*")) for gone, _, _ in self.traces.gone):
                continue
            if any(
                paths.inside(posixpath.join(cwd, "node_modules"), gone.rstrip("/*")) for gone, _, _ in self.traces.gone
            ):
                continue
            if last.production is None:
                self.asks.append(
                    f"are there no devDependencies in {cwd}? A variable decides, and what is installed goes along"
                )
                continue
            if not state.root and state.user != last.user:
                raise Against(
                    tree.stage.steps[tree.at - 1],
                    f"another user than the last one installs in {cwd}",
                )
            if last.tool == "yarn" and self.berry():
                raise Against(
                    tree.stage.steps[tree.at - 1], "Yarn 2 and later take devDependencies away in another way"
                )
            if last.tool == "yarn":
                self.asks.append("is it Yarn 1? Later ones take devDependencies away in another way")
            found += [] if cwd == state.workdir and not found else [f"cd {cwd}"]
            old = version is not None and version[0] < 15
            found.append(_PRUNE[last.tool] if last.tool != "npm" or not old else "npm prune --production")
            self.asks.append(f"does what runs in {cwd} need nothing of devDependencies? They stay in the builder")
            named = [name for one in self.installs if one.cwd == cwd for name in one.names]
            if named:
                self.asks.append(
                    f"does package.json in {cwd} name {', '.join(named)} in the end? Pruning takes away what it does not name"
                )
            self.asks += self._loaded()
        return found

    def berry(self) -> bool:
        """True where the Dockerfile or the context shows Yarn 2 or later."""
        source = self.stage.file.source
        named = any(sign in source for sign in _BERRY)
        return named or any(path.rpartition("/")[2] == ".yarnrc.yml" for path in self.context.ask.files() or ())

    def _loaded(self) -> list[str]:
        """A question about a source that loads what is among devDependencies, if there is one."""
        package = self._package()
        found = package.loaded(self.context.ask) if package is not None and not self.asked else ""
        self.asked = True
        return [f"is what {found} bundled, or needed when it runs? It is one of devDependencies"] if found else []

    def left_below(self, tree: Tree) -> bool:
        """True where a layer has what a later one deletes, or packages that only build."""
        installed = {one.cwd: one.at for one in reversed(self.installs)}
        deleted = [(path, at) for path, at, _ in self.traces.gone]
        below = any(at > installed.get(cwd, at) for cwd, at in self.pruned)
        below = below or any(
            at > first and paths.inside(path, cwd) for path, at in deleted for cwd, first in installed.items()
        )
        return below or len(self.traces.packages) > len(tree.packages)


def _bare(package: str) -> str:
    """The name of a package without its version: ``@vue/cli`` of ``@vue/cli@4``."""
    return package[:1] + package[1:].partition("@")[0]


_PRUNE: Final = {
    "npm": "npm prune --omit=dev",
    "cnpm": "rm -rf node_modules && cnpm install --production",  # npm takes its links for packages that nobody asked for
    "yarn": "yarn install --production --ignore-scripts --prefer-offline",
    "pnpm": "pnpm prune --prod",
}
