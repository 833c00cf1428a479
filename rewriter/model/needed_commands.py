"""What one command of RUN, CMD, ENTRYPOINT or HEALTHCHECK needs of the base image.

A command that is not understood blocks the swap: silence here would be a guess. Sources: the manual pages of the tools;
which package brings which command: knowledge/programs.toml.
"""

from __future__ import annotations

import posixpath
import sys

from rewriter.knowledge import libraries, programs, tools
from rewriter.knowledge.unknown import Unknown
from rewriter.model import apt, base_tools
from rewriter.model.command import Command, command_of
from rewriter.model.context_tree import Tree
from rewriter.model.needs import Needs
from rewriter.model.node_packages import Packages, script_of
from rewriter.model.node_program import NodeProgram
from rewriter.model.python_packages import Installed
from rewriter.model.python_program import PythonProgram
from rewriter.model.run import Run, listed, nested_script
from rewriter.model.walk import Place
from rewriter.syntax.script import Script, Simple, Word
from rewriter.syntax.shell import read_shell

#: what may be installed where slim lacks it; each brings its command and nothing else that a full image would have
ADDABLE = frozenset("git curl wget unzip procps bzip2 xz-utils file patch openssl".split())
#: these fetch over https, and their packages only recommend the certificates
_FETCHING = frozenset(("git", "curl", "wget"))
_SHELLS = frozenset("sh bash dash ash".split())
_DOWNLOADERS = frozenset(("curl", "wget"))
_WEB = ("localhost", "127.0.0.1", "0.0.0.0", "[::1]")


class Site:
    """Where a command stands: in which RUN (or CMD), and whether the running container calls it."""

    def __init__(self, run: Run, at_run_time: bool) -> None:
        self.run = run
        self.at_run_time = at_run_time
        self.line = run.file.line(run.span.start)

    @property
    def index(self) -> int | None:
        """For :class:`Missing`: None at run time."""
        return None if self.at_run_time else self.run.index


class Judge:
    """Reads the commands of one stage. ``language`` is "python" or "node"."""

    def __init__(self, language: str, tree: Tree, needs: Needs, pip: Installed, npm: Packages) -> None:
        self.language = language
        self.tree = tree
        self.needs = needs
        self.pip = pip
        self.npm = npm
        self.scripts: set[tuple[str, str]] = set()

    def command(self, command: Command, site: Site) -> None:
        needs, line, tool = self.needs, site.line, command.tool
        if not tool:
            if command.simple.words:
                needs.block(f"line {line}: which command runs is only known later: {command.simple.words[0].raw}")
            return
        name = tools.canonical(tool)
        raw = command.simple.words[command.head].value or ""
        wrapper = base_tools.unknown_wrapper(command)
        if wrapper and wrapper not in needs.installed:
            needs.block(f"line {line} calls {wrapper}, which neither variant is known to have")
        if raw.startswith("/usr/bin/") and name in ("python", "pip", "node", "npm"):
            needs.block(f"line {line} calls {raw}, which only the full variant has")
            return
        if tool in ("which", "type", "hash"):
            for word in command.operands or command.arguments:
                if not (word.value or "-").startswith("-"):
                    self.program((word.value or "",), site)
        if name in ("apt-get", "apt", "aptitude"):
            self._apt(command, line)
        elif name == "pip" and self.language == "python":
            self.pip.judge(command, site.run)
        elif name == "python":
            self._python(command, site)
        elif name in ("node", "nodejs") and self.language == "node":
            self._node(command, site)
        elif name in ("npm", "yarn", "pnpm", "npx") and self.language == "node":
            self._npm(command, site)
        elif name in ("gunicorn", "uvicorn", "flask") and self.language == "python":
            self._server(command, site)
        elif name in _SHELLS:
            self._shell(command, site)
        elif "/" in raw and not raw.startswith(("/bin/", "/usr/bin/", "/sbin/", "/usr/sbin/", "/usr/local/bin/")):
            self._path(raw, command, site)
        elif name in base_tools.BLOCKED and name not in needs.installed:
            needs.block(f"line {line} calls {name}, which {base_tools.BLOCKED[name]}")
        elif name == "su" and nested_script(command) is None:
            needs.block(f"line {line}: what su starts is not seen")
        elif name == "su":
            needs.not_alpine(f"line {line} calls su, whose options differ")
        elif name in _DOWNLOADERS:
            self._download(command, site)
        elif name == "git" and command.subcommand in ("clone", "submodule", "pull", "fetch"):
            needs.block(f"line {line} fetches sources with git, of which nothing is known")
        else:
            self._program(tool, command, site)

    def program(self, words: tuple[str, ...], site: Site) -> None:
        """A program that another one starts, with the words that are known."""
        simple = Simple(0, 0, (), tuple(Word(0, 0, word, word) for word in words), ())
        command = command_of(simple, Place(own_shell=False), None, False)
        self.command(command, site)
        inner = nested_script(command)
        for each in listed(inner, None) if inner is not None else ():
            self.command(each, site)

    def _program(self, tool: str, command: Command, site: Site) -> None:
        needs, line = self.needs, site.line
        if programs.builtin(tool) or programs.in_debian(tool):
            self._options(tool, command, site)
            return
        needs.not_alpine(f"line {line} calls {tool}, which Alpine's base has not")
        if tool in needs.installed:
            if site.at_run_time and tool not in ADDABLE:
                needs.block(f"line {line} starts {tool}, and what that runs is not followed")
            return
        if self.language == "python" and libraries.brings_command(tool):
            needs.block(f"line {line} calls {tool}, and what it runs is not followed")
            return
        if self.language == "node" and libraries.npm_command(tool):
            return
        package = programs.package(tool)
        if isinstance(package, Unknown):
            needs.block(f"line {line} calls {tool}: {package.why} is not known")
        elif not programs.only_in_full(tool):
            needs.block(f"line {line} calls {tool}, which neither variant is known to have")
        elif package not in ADDABLE:
            needs.block(f"line {line} calls {tool}, which only the full variant has ({package})")
        else:
            self._missing(package, f"line {line} calls {tool}", site)

    def _missing(self, package: str, why: str, site: Site) -> None:
        self.needs.need(package, why, site.index)
        if package in _FETCHING:
            self.needs.need("ca-certificates", f"{why}, which wants certificates", site.index)

    def _options(self, tool: str, command: Command, site: Site) -> None:
        """A command of the base."""
        if tool in ("adduser", "addgroup", "deluser", "delgroup"):
            self.needs.block(f"line {site.line} calls {tool}, which slim variants of Debian 13 lack")
        base_tools.judge(command, site.line, self.needs)
        for package, ending in base_tools.helpers_of_tar(command) if tool == "tar" else ():
            if package in ADDABLE:
                self._missing(package, f"line {site.line} reads or writes {ending} with tar", site)
            else:
                self.needs.block(f"line {site.line}: tar wants {package} for {ending}")

    def _apt(self, command: Command, line: int) -> None:
        needs = self.needs
        if command.subcommand in ("update", "clean", "autoclean", "upgrade", "dist-upgrade", "full-upgrade"):
            needs.not_alpine(f"line {line} calls {command.tool}")
            return
        if command.subcommand not in ("install", "remove", "purge", "autoremove"):
            needs.block(f"line {line}: {command.tool} {command.subcommand or '?'} is not judged")
            return
        needs.not_alpine(f"line {line} installs Debian packages")
        for word in apt.asked_for(command):
            brings = programs.of_package(word)
            if isinstance(brings, Unknown) or word.startswith(("/", "./", "$")):
                needs.block(f"line {line}: whether {word} is installed on slim as on full is not known")
            elif command.subcommand != "install":
                if word not in needs.packages:
                    needs.block(f"line {line} uninstalls {word}, which the file did not install")
            elif libraries.breaks_on_slim(word):
                needs.block(
                    f"line {line}: {word} is not installed where the folders of manual pages are missing, as in slim"
                )
            elif command.place.certain:
                needs.packages.add(word)
                needs.installed.update(brings)
        if command.subcommand == "install":
            needs.fact(f"the packages of line {line} bring what they depend on")

    def _download(self, command: Command, site: Site) -> None:
        needs, line = self.needs, site.line
        addresses = [
            word.raw for word in command.arguments if "://" in word.raw or word.raw.strip("\"'").startswith(_WEB)
        ]
        local = addresses and all(any(host in address for host in _WEB) for address in addresses)
        plain = addresses and all(libraries.plain_download(address) for address in addresses)
        if not local and not plain and not command.has("--version"):
            what = addresses[0] if addresses else "something"
            needs.block(f"line {line} downloads {what}, which may need what only the full variant has")
        if plain:
            needs.not_alpine(f"line {line} downloads a program that may be linked to glibc")
        self._program(command.tool, command, site)

    def _shell(self, command: Command, site: Site) -> None:
        words = [word for word in command.arguments if not (word.value or "").startswith("-")]
        if command.tool == "bash":
            self.needs.not_alpine(f"line {site.line} runs bash, which Alpine's base has not")
        if any((word.value or "").startswith("-") and "c" in (word.value or "")[1:3] for word in command.arguments):
            if words and words[0].value is None:
                self.needs.block(f"line {site.line} runs a text in {command.tool} that is only known later")
            elif words and not isinstance(read_shell(words[0].value or ""), Script):
                self.needs.block(f"line {site.line} runs a text in {command.tool} that cannot be read")
            return  # its commands are listed of themselves
        if not words or words[0].value is None:
            self.needs.block(f"line {site.line} runs {command.tool} on what is not seen")
            return
        self._script(words[0].value, command, site)

    def _path(self, path: str, command: Command, site: Site) -> None:
        if path.startswith(("node_modules/", "./node_modules/")) or "/node_modules/" in path or "/venv/" in path:
            self.needs.block(f"line {site.line} runs {path}, and what it runs is not followed")
        else:
            self._script(path, command, site)

    def _script(self, path: str, command: Command, site: Site) -> None:
        """A script of the context that is run by its path: a shell script, or one that names its interpreter."""
        needs, line = self.needs, site.line
        full = path if path.startswith("/") else posixpath.join(command.cwd, path) if command.cwd else None
        text = self.tree.text(posixpath.normpath(full), site.index) if full else None
        if text is None or full is None:
            needs.block(f"line {line} runs {path}, which is not seen in the context")
            return
        full = posixpath.normpath(full)
        first = text.split("\n", 1)[0]
        shell = posixpath.basename(first.strip().split(" ")[-1]) if first.startswith("#!") else "sh"
        if "/usr/bin/python" in first:
            needs.block(f"{posixpath.basename(path)} is started by /usr/bin/python3, which only the full variant has")
            return
        if shell.rstrip("0123456789.") == "python":
            self._follow_python(site).script(full)
            return
        if shell == "node":
            self._follow_node(site).script(full)
            return
        if shell not in ("sh", "bash", "dash", "ash"):
            needs.block(f"line {line} runs {path}, a script for {shell}")
            return
        if shell == "bash":
            needs.not_alpine(f"{posixpath.basename(path)} is a script for bash")
        self._text(text.replace("\r\n", "\n"), command.cwd, site, posixpath.basename(path))

    def _text(self, text: str, cwd: str | None, site: Site, name: str) -> None:
        """The commands of a shell text from the context."""
        key = (name, text)
        if key in self.scripts:
            return
        self.scripts.add(key)
        script = read_shell(text)
        if not isinstance(script, Script):
            self.needs.block(f"{name} cannot be read: {script.reason}")
            return
        for command in listed(script, cwd):
            words = command.simple.words
            if command.tool in ("exec", "set", "shift", "cd") and command.head == 0:
                continue
            if words and words[command.head].raw in ('"$@"', "$@", "${@}", '"${@}"'):
                continue  # the CMD, which is judged of itself
            self.command(command, site)

    def _python(self, command: Command, site: Site) -> None:
        needs, line = self.needs, site.line
        if self.language != "python":
            needs.block(f"line {line} calls {command.tool}, which only the full variant has")
            return
        if "PYTHONPATH" in site.run.state.environment or "PYTHONHOME" in site.run.state.environment:
            needs.block("PYTHONPATH says where modules are looked for, which is not followed")
        arguments = list(command.arguments)
        while arguments and arguments[0].value in ("-u", "-B", "-OO", "-O", "-E", "-s", "-I", "-uB", "-Bu"):
            arguments.pop(0)
        first = arguments[0].value if arguments else None
        program = self._follow_python(site)
        if first in ("--version", "-V"):
            return
        if first == "-m" and len(arguments) > 1 and arguments[1].value:
            self._module(arguments[1].value, arguments[2:], command, site)
        elif first == "-c" and len(arguments) > 1 and arguments[1].value is not None:
            program.code(arguments[1].value, command.cwd)
        elif first is None or first.startswith("-"):
            needs.block(f"line {line}: what {command.tool} runs is not known")
        elif posixpath.basename(first) in ("setup.py", "manage.py"):
            needs.block(f"line {line} runs {first}, which is not followed")
        elif not first.startswith("/") and command.cwd is None:
            needs.block(f"line {line}: in which folder {first} is looked for is not known")
        else:
            program.script(posixpath.normpath(posixpath.join(command.cwd or "/", first)))
        self._started(program, site)

    def _module(self, module: str, rest: list[Word], command: Command, site: Site) -> None:
        if module in ("gunicorn", "uvicorn", "flask"):
            self._application(module, rest, command, site)
        elif module in ("venv", "compileall", "ensurepip", "json.tool", "site"):
            return
        elif module.partition(".")[0] in sys.stdlib_module_names or libraries.modules().get(module.partition(".")[0]):
            self.needs.block(f"line {site.line} runs the module {module}, and what that runs is not followed")
        else:
            program = self._follow_python(site)
            program.module(module, command.cwd)
            self._started(program, site)

    def _server(self, command: Command, site: Site) -> None:
        self._application(command.tool, list(command.arguments), command, site)

    def _application(self, server: str, words: list[Word], command: Command, site: Site) -> None:
        """``gunicorn app:create()``, ``uvicorn app.main:app``, ``flask run``: the module that the server loads."""
        needs, line = self.needs, site.line
        if server not in self.pip.names:
            needs.block(f"line {line} calls {server}, which the file is not seen to install")
        values = [word.value for word in words]
        if any(v is None or v in ("-c", "--config", "-k", "--worker-class", "--pythonpath", "--app-dir", "--loop", "--http")
               or v.startswith(("-c", "--config=", "-k", "--worker-class=", "--pythonpath=", "--app-dir=", "--chdir"))
               for v in values):  # fmt: skip
            needs.block(f"line {line}: an option of {server} names what is not followed")
            return
        if server == "flask":
            name = site.run.state.environment.get("FLASK_APP") or "app"
        else:
            name = next((v for v in values if v and ":" in v and not v.startswith("-") and not v[-1].isdigit()), "")
        module = name.removesuffix(".py").partition(":")[0]
        if not module or "/" in module or "GUNICORN_CMD_ARGS" in site.run.state.environment:
            needs.block(f"line {line}: which module {server} loads is not known")
            return
        program = self._follow_python(site)
        if (
            command.cwd is not None
            and self.tree.text(posixpath.join(command.cwd, "gunicorn.conf.py"), site.index) is not None
        ):
            program.script(posixpath.join(command.cwd, "gunicorn.conf.py"))
        if command.cwd is not None and self.tree.text(posixpath.join(command.cwd, ".flaskenv"), site.index) is not None:
            needs.block(".flaskenv says what flask loads, which is not followed")
        program.module(module, command.cwd)
        self._started(program, site)

    def _started(self, program: PythonProgram, site: Site) -> None:
        for words in sorted(program.programs):
            self.program(words, site)

    def _follow_python(self, site: Site) -> PythonProgram:
        return PythonProgram(self.tree, self.needs, site.index, site.line)

    def _follow_node(self, site: Site) -> NodeProgram:
        return NodeProgram(self.tree, self.needs, site.index, site.line)

    def _node(self, command: Command, site: Site) -> None:
        needs, line = self.needs, site.line
        arguments = list(command.arguments)
        while arguments and (arguments[0].value or "").startswith(("--max-old-space-size", "--max_old_space_size", "--trace",
                                                                   "--enable-source-maps")):  # fmt: skip
            arguments.pop(0)
        first = arguments[0].value if arguments else None
        program = self._follow_node(site)
        if first in ("--version", "-v"):
            return
        if first in ("-e", "-p") and len(arguments) > 1 and arguments[1].value is not None:
            program.code(arguments[1].value, command.cwd)
        elif first is None or first.startswith("-") or (command.cwd is None and not first.startswith("/")):
            needs.block(f"line {line}: what node runs is not known")
        else:
            path = posixpath.normpath(posixpath.join(command.cwd or "/", first))
            manifest = self.npm.manifest(path, site.index)
            main = manifest.get("main") if manifest else None
            program.script(posixpath.join(path, main) if isinstance(main, str) else path)

    def _npm(self, command: Command, site: Site) -> None:
        needs, line = self.needs, site.line
        name = command.subcommand
        if command.tool == "npx":
            needs.block(f"line {line}: npx fetches and runs what is not followed")
            return
        if name in ("run", "run-script") and command.operands:
            name = command.operands[0].value or ""
        elif name not in ("start", "test", "stop"):
            before = len(self.npm.hooks)
            self.npm.judge(command, site.run)
            for text, folder, index in self.npm.hooks[before:]:
                self._hook(text, folder, site, index)
            return
        manifest = self.npm.manifest(command.cwd, site.index)
        if manifest is None or command.has("--prefix", "--cwd", "-C"):
            needs.block(f"line {line}: the script {name} is in a package.json that is not seen in the context")
            return
        found = False
        for each in (f"pre{name}", name, f"post{name}"):
            text = script_of(manifest, each)
            if text:
                found = found or each == name
                self._text(text, command.cwd, site, f"the script {each} of package.json")
        if not found and name == "start":
            self._follow_node(site).script(posixpath.join(command.cwd or "/", "server.js"))
        elif not found:
            needs.block(f"line {line}: package.json has no script {name}")

    def _hook(self, text: str, folder: str, site: Site, index: int) -> None:
        self._text(text, folder, site, "a script of package.json that runs with the installation")
