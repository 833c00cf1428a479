"""What npm, yarn and pnpm install: whether it needs a compiler or anything of the system.

Sources: npm's documentation of package.json and package-lock.json; yarn 1's of yarn.lock; pnpm's of its settings.
"""

from __future__ import annotations

import json
from typing import Any, Final

from rewriter import posixpath
from rewriter.knowledge import libraries, musl
from rewriter.model import pnpm_lock
from rewriter.model.command import Command
from rewriter.model.context_tree import Tree
from rewriter.model.needs import Needs
from rewriter.model.run import Run

_QUIET: Final = frozenset("get version cache ls list prune dedupe help whoami root bin fund".split())
_INSTALLS: Final = frozenset("install i ci add clean-install".split())
#: options after which the same packages are installed, or fewer
_HARMLESS: Final = frozenset(
    "--production --prod --omit --only --no-audit --no-fund --silent --quiet --loglevel --unsafe-perm --no-optional "
    "--frozen-lockfile --no-progress --verbose --no-package-lock --no-save --save -s -q -g --global -f --force "
    "--legacy-peer-deps --ignore-scripts --prefer-offline --no-bin-links --pure-lockfile --non-interactive --save-exact "
    "--shamefully-hoist --reporter -P "
    "--network-timeout --ignore-optional --no-cache --network-concurrency --no-color --depth --save-dev -D -S -E".split()
)
#: parts of an address that git fetches from
_GIT: Final = ("git+", "git://", "git@", ".git#", "ssh://")
_REGISTRIES: Final = ("https://registry.npmjs.org/", "https://registry.yarnpkg.com/")
#: settings of npm that change nothing in what is installed
_SETTINGS: Final = frozenset("unsafe-perm loglevel progress fund audit update-notifier cache fetch-retries".split())
_WANTED: Final = ("dependencies", "optionalDependencies", "peerDependencies")
#: files beside package.json that change what is installed
_BESIDE: Final = {
    ".npmrc": "says how npm installs, which is not judged",
    ".yarnrc": "says how yarn installs, which is not judged",
    ".yarnrc.yml": "says how yarn installs, which is not judged",
    "pnpm-workspace.yaml": "says what pnpm installs, which is not judged",
    ".pnpmfile.cjs": "says what pnpm installs, which is not judged",
    "npm-shrinkwrap.json": "names the packages that npm installs, and is not judged",
    "binding.gyp": "is compiled when npm installs",
}
_HOOKS: Final = (
    "preinstall",
    "install",
    "postinstall",
    "preprepare",
    "prepare",
    "postprepare",
    "prepublish",
    "dependencies",
)


class Packages:
    """What the file installs. ``scripts`` are those of each package.json that was read, by its folder."""

    def __init__(self, tree: Tree, needs: Needs) -> None:
        self.tree = tree
        self.needs = needs
        self.hooks: list[tuple[str, str, int]] = []  # script, folder, index of the RUN

    def judge(self, command: Command, run: Run) -> None:
        """One call of npm, yarn or pnpm that is no script of package.json."""
        line = run.file.line(run.span.start)
        setting = command.operands[-2:-1] if command.subcommand == "config" else command.operands[:1]
        if command.subcommand in ("config", "set") and setting and setting[0].value in _SETTINGS:
            return
        if command.subcommand in _QUIET or (command.has("--version", "-v") and not command.subcommand):
            return
        bare = command.tool == "yarn" and not command.subcommand
        if not (bare or command.subcommand in _INSTALLS | {"global"}):
            self.needs.ask(f"line {line}: {command.tool} {command.subcommand or '?'} is not judged")
            return
        odd = sorted(
            name for name in command.option_names if name not in _HARMLESS and (name[1:2] == "-" or len(name) == 2)
        )
        if odd:
            self.needs.ask(f"line {line}: {command.tool} install {odd[0]} is not judged")
            return
        operands = command.operands[1:] if command.subcommand == "global" else command.operands
        for word in operands:
            self._named(word.value, line)
            self._source(word.raw, (word.value or "")[1:].partition("@")[2])
        if not operands:
            self._folder(command, run, line)

    def _named(self, requirement: str | None, line: int) -> None:
        name = (requirement or "")[:1] + (requirement or "")[1:].partition("@")[0]
        if not libraries.npm_pure(name):
            hazard = musl.hazard("node", name)
            why = f" ({hazard})" if hazard else ""
            text = (
                f"line {line}: whether {name or 'a package'} needs a compiler, a library or a program is not known{why}"
            )
            self.needs.ask(text)
            self.needs.doubted.add(name)

    def _folder(self, command: Command, run: Run, line: int) -> None:
        cwd = command.cwd
        manifest = self.manifest(cwd, run.index)
        if manifest is None or cwd is None:
            self.needs.ask(
                f"line {line}: {command.tool} installs what package.json names, which is not seen in the context"
            )
            return
        production = _production(command, run)
        wanted = {name: spec for key in _WANTED for name, spec in _table(manifest, key).items()}
        for key in ("overrides", "resolutions", "pnpm"):
            if key in manifest:
                self.needs.ask(f"package.json has {key}, which are not judged")
        locked = self.tree.text(posixpath.join(cwd, "yarn.lock"), run.index) if command.tool == "yarn" else None
        if locked is not None and any(sign in locked for sign in _GIT):
            self.needs.ask("yarn.lock takes a package from a repository, not from the registry")
        if "workspaces" in manifest:
            self.needs.ask("package.json has workspaces, which are not judged")
        for name, what in _BESIDE.items():
            if self.tree.text(posixpath.join(cwd, name), run.index) is not None:
                self.needs.ask(f"{name} {what}")
        developed = {} if production else _table(manifest, "devDependencies")
        lock = self._locked(cwd, run.index) if command.tool == "npm" else None
        pnpm = self._of_pnpm(cwd, run.index, production, line) if command.tool == "pnpm" else False
        for name, spec in wanted.items():
            self._named(name, line)
            self._source(name, spec)
        for name, spec in developed.items():
            self._source(name, spec)
            if lock is None and not pnpm:
                self._named(name, line)
        if pnpm:
            pass  # the lock file says which packages run a script
        elif lock is None:
            if command.tool == "npm":
                self._old_lock(_json(self.tree.text(posixpath.join(cwd, "package-lock.json"), run.index)))
            self.needs.not_alpine(
                "no package-lock.json of npm 7 or later shows that nothing else is built or made for glibc"
            )
        else:
            self._lock(lock, production)
        scripts = _table(manifest, "scripts")
        if not command.has("--ignore-scripts"):
            self.hooks += [(scripts[hook], cwd, run.index) for hook in _HOOKS if hook in scripts]

    def _of_pnpm(self, cwd: str, index: int, production: bool, line: int) -> bool:
        """True where a pnpm-lock.yaml says which packages run a script when they are installed: each is judged."""
        text = self.tree.text(posixpath.join(cwd, "pnpm-lock.yaml"), index)
        lock = None if text is None else pnpm_lock.read(text)
        if lock is None:
            what = "is not seen in the context" if text is None else "is of a version that is not read"
            self.needs.ask(f"line {line}: pnpm installs what pnpm-lock.yaml names, which {what}")
            return False
        for name in lock.elsewhere:
            self.needs.ask(f"pnpm-lock.yaml takes {name} from elsewhere than the registry")
        for name, development in lock.building:
            if not (production and development):
                self._script(name)
        if lock.scripts:
            self.needs.fact("pnpm-lock.yaml names no other package that runs a script when it is installed")
        return lock.scripts

    def _script(self, name: str) -> None:
        """A package that runs a script when it is installed."""
        if not libraries.harmless_script(name):
            hazard = musl.hazard("node", name)
            why = f" ({hazard})" if hazard else ""
            self.needs.ask(f"{name} has a script that runs when it is installed, and what it needs is not known{why}")

    def _source(self, name: str, spec: Any) -> None:
        if not isinstance(spec, str) or "/" in spec or ":" in spec:
            self.needs.ask(f"{name} comes from {spec}, not from the registry")

    def _lock(self, lock: dict[str, Any], production: bool) -> None:
        """Each package of a package-lock.json that is installed: no script of its own but harmless ones."""
        for path, entry in lock.items():
            if not path or not isinstance(entry, dict) or (production and entry.get("dev")):
                continue
            name = path.rpartition("node_modules/")[2]
            system = entry.get("os")
            if isinstance(system, list) and "linux" not in system:
                continue
            resolved = entry.get("resolved", "https://")
            if (
                entry.get("link")
                or not str(resolved).startswith("https://")
                or "git" in str(resolved).partition("/-/")[0]
            ):
                self.needs.ask(f"package-lock.json takes {name} from {resolved}, not from the registry")
            if entry.get("hasInstallScript"):
                self._script(name)
        self.needs.fact("package-lock.json names no other package that runs a script when it is installed")

    def _old_lock(self, lock: dict[str, Any] | None) -> None:
        """A package-lock.json of npm 6 or earlier, which does not say what has scripts: only where packages come from."""
        for name, entry in _table(lock or {}, "dependencies").items():
            version = entry.get("version", "") if isinstance(entry, dict) else ""
            if ":" in str(version):
                self.needs.ask(f"package-lock.json takes {name} from {version}, not from the registry")
            self._old_lock(entry if isinstance(entry, dict) else None)

    def _locked(self, cwd: str, index: int) -> dict[str, Any] | None:
        """The packages of a package-lock.json of npm 7 or later, which says which have scripts; None without one."""
        found = _json(self.tree.text(posixpath.join(cwd, "package-lock.json"), index))
        packages = found.get("packages") if found is not None else None
        return packages if isinstance(packages, dict) else None

    def manifest(self, cwd: str | None, index: int | None) -> dict[str, Any] | None:
        """The package.json of a folder of the image."""
        return None if cwd is None else _json(self.tree.text(posixpath.join(cwd, "package.json"), index))


def leads_npm(variable: str) -> bool:
    """True for a variable of the environment that tells npm how to install."""
    name = variable.lower()
    return name.startswith("npm_config_") and name.removeprefix("npm_config_").replace("_", "-") not in _SETTINGS


def script_of(manifest: dict[str, Any], name: str) -> str:
    """The text of a script of package.json, "" when there is none."""
    found = _table(manifest, "scripts").get(name, "")
    return found if isinstance(found, str) else ""


def _production(command: Command, run: Run) -> bool:
    text = command.words_text
    own = command.has("--production", "--prod") or "omit=dev" in text or "omit dev" in text or "only=prod" in text
    return own or run.state.environment.get("NODE_ENV") == "production"


def _table(manifest: dict[str, Any], key: str) -> dict[str, Any]:
    found = manifest.get(key, {})
    return found if isinstance(found, dict) else {}


def _json(text: str | None) -> dict[str, Any] | None:
    try:
        found = None if text is None else json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
