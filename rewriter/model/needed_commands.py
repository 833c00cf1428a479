"""What one command of RUN, CMD, ENTRYPOINT or HEALTHCHECK needs of the base image.

A command that is not understood is asked about: silence here would be a guess. Sources: the manual pages of the tools;
which package brings which command: knowledge/programs.toml; Dockerfiles of buildpack-deps.
"""

from __future__ import annotations

from typing import Final

from rewriter.knowledge import libraries, programs, tools, variants
from rewriter.knowledge.unknown import Unknown
from rewriter.model import apt, apt_marks, base_tools, gem_lock, needed_node, needed_php, needed_python, python_tools
from rewriter.model.command import Command, command_of
from rewriter.model.context_tree import Tree
from rewriter.model.needed_scripts import Scripts
from rewriter.model.needs import Needs
from rewriter.model.node_packages import Packages
from rewriter.model.python_packages import Installed
from rewriter.model.run import Run, listed, nested_script
from rewriter.model.scope import POSIX_SHELLS
from rewriter.model.walk import Place
from rewriter.syntax.script import Simple, Word

#: what may be installed where slim lacks it: the full variant has the very same package, installed without recommended ones
ADDABLE: Final = frozenset(
    "git curl wget unzip procps bzip2 xz-utils file patch openssl gnupg openssh-client mercurial subversion imagemagick "
    "media-types adduser ca-certificates".split()
)
#: commands that go by the name of another package in the table
_RENAMED: Final = {"gpg": "gnupg", "gpg-agent": "gnupg", "dirmngr": "gnupg", "imagemagick-6.q16": "imagemagick"}
#: what these do when they are installed by the file itself is their own: no tool of the base is called
_SELF_CONTAINED: Final = frozenset(
    "git curl wget unzip zip bzip2 bunzip2 xz unxz file patch openssl gpg jq rsync ps pgrep pkill top free uptime tini dumb-init "
    "gosu su-exec nc ncat ping telnet dig nslookup envsubst vim nano less tree htop ffmpeg ffprobe sqlite3 redis-cli nginx "
    "locale-gen update-locale localedef sudo dos2unix unix2dos bc psql mysql mysqladmin mysqldump pg_dump pg_isready ssh scp "
    "ssh-keygen ssh-keyscan hg svn netstat ifconfig ip lsof strace convert identify".split()
)
_JDK: Final = frozenset("java javac jar keytool jlink jshell javadoc".split())
#: by image: its own commands, and those of them that compile what is written in C
_OWN: Final = {
    "openjdk": _JDK,
    "tomcat": _JDK,
    "eclipse-temurin": _JDK,
    "maven": _JDK | {"mvn", "mvn-entrypoint.sh"},
    "ruby": frozenset("ruby irb rake erb gem bundle bundler".split()),
    "perl": frozenset("prove cpan cpanm".split()),
}
_COMPILING: Final = frozenset("gem bundle bundler cpan cpanm".split())
#: paths that Debian and Alpine share
_EVERYWHERE: Final = frozenset(("/bin/sh", "/bin/bash", "/usr/bin/env"))
_DOWNLOADERS: Final = frozenset(("curl", "wget"))
#: these fetch over https, and their packages only recommend the certificates
_FETCHING: Final = frozenset("git curl wget hg svn".split())
_WEB: Final = ("localhost", "127.0.0.1", "0.0.0.0", "[::1]")


class Site:
    """Where a command stands: in which RUN (or CMD), whether the running container calls it, and whether bash reads it."""

    def __init__(self, run: Run, at_run_time: bool, bash: bool = False) -> None:
        self.run = run
        self.at_run_time = at_run_time
        self.bash = bash or run.state.shell[0].endswith("bash")
        self.line = run.file.line(run.span.start)

    def holds(self, command: Command) -> bool:
        """True for a command of the RUN itself, not of a script that it runs."""
        return not self.at_run_time and any(one is command for one in self.run.commands)

    @property
    def index(self) -> int | None:
        """For :class:`Missing`: None at run time."""
        return None if self.at_run_time else self.run.index


class Judge:
    """Reads the commands of one stage. ``language`` is the name of the image: "python", "node", "debian" ..."""

    def __init__(self, language: str, tree: Tree, needs: Needs, pip: Installed, npm: Packages) -> None:
        self.language = language
        self.tree = tree
        self.needs = needs
        self.pip = pip
        self.npm = npm
        self.major = 0  # of the image's version; 0 where that is not known
        self.folders: list[str] = []  # those that ENV puts into PATH so far
        self.scripts = Scripts(self)

    def command(self, command: Command, site: Site) -> None:
        needs, line, tool = self.needs, site.line, command.tool
        base_tools.variables(command, line, needs)
        if _puts_in_front(command):
            needs.ask(f"line {line} sets PATH, and which programs are found there is not followed")
        if not tool:
            if command.simple.words:
                needs.ask(f"line {line}: which command runs is only known later: {command.simple.words[0].raw}")
            return
        marks = apt_marks.taking_away(site.run)  # nearly no RUN has any
        if marks and site.holds(command) and apt_marks.belongs(command, marks):
            return
        name = tools.canonical(tool)
        raw = command.simple.words[command.head].value or ""
        wrapper = base_tools.unknown_wrapper(command)
        if wrapper and wrapper not in needs.installed:
            needs.ask(f"line {line} calls {wrapper}, which neither variant is known to have")
        if raw.startswith("/usr/bin/") and name in ("python", "pip", "node", "npm") and tool not in needs.installed:
            needs.block(f"line {line} calls {raw}, which only the full variant has")
            return
        self.elsewhere(raw, line)
        if "/" not in raw and self.scripts.first_in_path(tool, command, site):
            return
        if tool in ("which", "type", "hash"):
            for word in command.operands or command.arguments:
                if not (word.value or "-").startswith("-"):
                    self.program((word.value or "",), site)
        if name in base_tools.OF_DEBIAN:
            needs.not_alpine(f"line {line} calls {name}, which Alpine has not")
        if name in ("apt-get", "apt", "aptitude"):
            self._apt(command, site)
        elif name == "apk":  # of a file whose packages were translated: the tables of names have answered for them
            needs.installed.update(word.value or "" for word in command.operands)
        elif name == "pip" and self.language == "python":
            self.pip.judge(command, site.run)
        elif name == "python":
            needed_python.python(self, command, site)
        elif name in ("node", "nodejs") and self.language == "node":
            needed_node.node(self, command, site)
        elif name == "corepack" and self.language == "node" and command.subcommand in ("enable", "prepare", "install"):
            return  # both variants have it, and it fetches programs in JavaScript only
        elif name in ("npm", "yarn", "pnpm", "npx") and self.language == "node":
            needed_node.npm(self, command, site)
        elif name in ("gunicorn", "uvicorn", "flask") and self.language == "python":
            needed_python.application(self, command.tool, list(command.arguments), command, site)
        elif self.language == "python" and name in python_tools.TOOLS:
            python_tools.judge(self, command, site)
        elif self.language == "python" and tool in self.pip.commands:
            needed_python.of_project(self, command, site)
        elif self.language == "php" and needed_php.is_its_own(self, name, command, site):
            return
        elif name in variants.SERVES.get(self.language, ()):
            return  # the program of the image
        elif name in _OWN.get(self.language, ()):
            self._own(command, site)
        elif name in POSIX_SHELLS:
            self.scripts.shell(command, site)
        elif "/" in raw and not raw.startswith(("/bin/", "/usr/bin/", "/sbin/", "/usr/sbin/", "/usr/local/bin/")):
            self.scripts.path(raw, command, site)
        elif name in base_tools.UNSEEN and name not in needs.installed:
            needs.ask(f"line {line} calls {name}, which {base_tools.UNSEEN[name]}")
            self._of_package(name, site)
        elif name == "su":
            if nested_script(command) is None:
                needs.ask(f"line {line}: what su starts is not seen")
            needs.not_alpine(f"line {line} calls su, whose options differ")
        elif name in _DOWNLOADERS:
            self._download(command, site)
        else:
            if name == "git" and command.subcommand in ("clone", "submodule", "pull", "fetch"):
                needs.ask(f"line {line} fetches sources with git, of which nothing is known")
            self._program(tool, command, site)

    def program(self, words: tuple[str, ...], site: Site, cwd: str | None = None) -> None:
        """A program that another one starts, with the words that are known."""
        simple = Simple(0, 0, (), tuple(Word(0, 0, word, word) for word in words), ())
        command = command_of(simple, Place(own_shell=False), cwd, False)
        self.command(command, site)
        inner = nested_script(command)
        for each in listed(inner, cwd) if inner is not None else ():
            self.command(each, site)

    def elsewhere(self, path: str, line: int) -> None:
        """A program by its whole path, which Alpine may have in another folder."""
        if path.startswith(("/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/")) and path not in _EVERYWHERE:
            self.needs.not_alpine(f"line {line} calls {path}, which Alpine may have in another folder")

    def missing(self, package: str, why: str, site: Site) -> None:
        """A package of the full variant has to be installed."""
        self.needs.need(package, why, site.index)

    def _program(self, tool: str, command: Command, site: Site) -> None:
        needs, line = self.needs, site.line
        if programs.builtin(tool) or programs.in_debian(tool):
            self._options(tool, command, site)
            return
        if tool in needs.installed:
            if tool in _FETCHING and "ca-certificates" not in needs.packages and not _local(command):
                needs.need("ca-certificates", f"line {line} calls {tool}, which wants certificates", site.index)
            if (site.at_run_time or tool not in _SELF_CONTAINED) and tool not in ADDABLE:
                needs.ask(f"line {line} starts {tool}, and what that calls or reads is not followed")
            return
        if self.language == "python" and libraries.brings_command(tool):
            needs.ask(f"line {line} calls {tool}, and what it runs is not followed")
            return
        if self.language == "node" and libraries.npm_command(tool):
            return
        package = programs.package(tool)
        if tool in needs.doubted and (isinstance(package, Unknown) or not programs.only_in_full(tool)):
            return
        if isinstance(package, Unknown):
            needs.ask(f"line {line} calls {tool}: {package.why} is not known")
        elif not programs.only_in_full(tool):
            needs.ask(f"line {line} calls {tool}, which neither variant is known to have")
        elif _RENAMED.get(package, package) not in ADDABLE:
            needs.block(
                f"line {line} calls {tool}, which only the full variant has: an apt-get install of {package} in the file would do"
            )
        else:
            self.missing(_RENAMED.get(package, package), f"line {line} calls {tool}", site)

    def _own(self, command: Command, site: Site) -> None:
        """A command of the language that the image is for, whose programs are not followed."""
        tool, line, needs = command.tool, site.line, self.needs
        names = [word.value or word.raw for word in command.operands]
        if tool == "java" and self._java(command, site):
            return
        if tool in ("bundle", "bundler") and command.subcommand == "exec":
            needs.ask(f"line {line} calls bundle exec, and what that runs is not followed")
        elif tool in ("bundle", "bundler") and command.subcommand == "config" and gem_lock.is_harmless(command):
            return
        elif tool not in _COMPILING or (tool == "gem" and command.subcommand not in ("install", "update")):
            needs.ask(f"line {line} calls {tool}, and what that runs is not followed")
        elif tool in ("bundle", "bundler") and command.subcommand in ("install", ""):
            gem_lock.bundle(self, command, site)
        elif needs.compiler:
            needs.ask(f"line {line}: what {tool} compiles may want more than the compiler that the file installs")
        elif tool != "gem":
            needs.block(f"line {line}: {tool} installs what is often written in C, and slim has no compiler")
        elif any(map(libraries.gem_compiled, names)):
            gem = next(filter(libraries.gem_compiled, names))
            needs.block(
                f"line {line}: {gem} is written in C, or brings a gem that is, and slim has no compiler: with gcc, make and "
                "libc6-dev of its own it may go"
            )
        elif not all(map(libraries.gem_pure, names)):
            needs.ask(f"line {line}: whether {names[0]} needs a compiler, a library or a program is not known")
            needs.doubted.add(names[0])

    def _java(self, command: Command, site: Site) -> bool:
        from rewriter.model import needed_java  # here: few files start Java

        return needed_java.is_followed(self, command, site)

    def _of_package(self, tool: str, site: Site) -> None:
        """A command that works on slim only when a package is installed, which the full variant has, or which neither has."""
        package = base_tools.NEEDS_PACKAGE.get(tool, "")
        if package in ADDABLE and package not in self.needs.packages:
            self.missing(package, f"line {site.line} calls {tool}", site)

    def _options(self, tool: str, command: Command, site: Site) -> None:
        """A command of the base."""
        if tool in ("adduser", "addgroup", "deluser", "delgroup") and "adduser" not in self.needs.packages:
            self.missing("adduser", f"line {site.line} calls {tool}, which slim variants of Debian 13 lack", site)
        grouped = tool == "addgroup" or command.has("--group")
        if tool in ("adduser", "addgroup") and grouped and command.has("--system") and not command.has("--gid"):
            self.needs.fact(
                f"the group of line {site.line} may get another number, which counts for volumes that have files of it: only "
                "the full variant has the group of openssh-client"
            )
        base_tools.judge(command, site, self.needs)
        database = command.arguments[0].value if tool == "getent" and command.arguments else ""
        if database in ("services", "protocols", "networks") and self.language != "python":
            self.needs.ask(f"line {site.line} asks for {database}, of which slim variants have no list")
        for package, ending in base_tools.helpers_of_tar(command) if tool == "tar" else ():
            if package in ADDABLE:
                self.missing(package, f"line {site.line} reads or writes {ending} with tar", site)
            else:
                self.needs.ask(f"line {site.line}: which program tar calls for {ending or 'its archive'} is not known")

    def _apt(self, command: Command, site: Site) -> None:
        needs, line = self.needs, site.line
        if command.subcommand in ("update", "clean", "autoclean", "upgrade", "dist-upgrade", "full-upgrade"):
            if not site.holds(command):
                needs.not_alpine(f"line {line} calls {command.tool} in a script, where it is not translated")
            return
        if command.subcommand not in ("install", "remove", "purge", "autoremove"):
            needs.ask(f"line {line}: {command.tool} {command.subcommand or '?'} is not judged")
            return
        if command.subcommand != "install" or not site.holds(command):
            needs.not_alpine(f"line {line}: {command.tool} {command.subcommand} is not translated there")
        for word in apt.packages(site.run, command):
            brings = programs.of_package(word)
            if isinstance(brings, Unknown) or word.startswith(("/", "./", "$")):
                needs.ask(f"line {line}: whether {word} is installed on slim as on full is not known")
            elif command.subcommand != "install":
                if word not in needs.packages:
                    needs.ask(f"line {line} uninstalls {word}, which the file did not install")
            else:
                if libraries.breaks_on_slim(word) and not needs.folders:
                    needs.links_pages(word, f"line {line}: {word}")
                if command.place.certain:
                    needs.packages.add(word)
                    needs.installed.update(brings, _along(word))
        if command.subcommand == "install" and apt.without_recommends(site.run, command):
            self._headers(apt.packages(site.run, command), site)
        if command.subcommand == "install":
            needs.fact(f"the packages of line {line} bring what they depend on")

    def _headers(self, packages: tuple[str, ...], site: Site) -> None:
        """A compiler only recommends the headers of libc, which full variants have and slim ones lack. They are there in time
        when they are installed beside it."""
        if "gcc" in packages and self.needs.brought().isdisjoint(("libc6-dev", "g++")):
            at = None if site.index is None else site.index + 1
            self.needs.need(
                "libc6-dev", f"line {site.line} installs gcc, which only recommends the headers of libc", at
            )

    def _download(self, command: Command, site: Site) -> None:
        needs, line = self.needs, site.line
        addresses, local = _addresses(command), _local(command)
        plain = addresses and all(libraries.plain_download(address) for address in addresses)
        scripted = self.language == "php" and addresses and all(map(needed_php.is_composer, addresses))
        if not local and not plain and not scripted and not command.has("--version"):
            what = addresses[0] if addresses else "something"
            needs.ask(f"line {line} downloads {what}, which may need what only the full variant has")
        if plain or any(libraries.names_glibc(address) for address in addresses):
            needs.not_alpine(f"line {line} downloads a program that may be linked to glibc")
        self._program(command.tool, command, site)


_PYTHON2: Final = frozenset(
    "python python-minimal python-dev python-all python-all-dev python-pip python-setuptools python-virtualenv".split()
)


def _along(package: str) -> tuple[str, ...]:
    """Commands that come with what a package depends on: python3 with python3-dev, make with build-essential. Source: Debian's
    Python policy, 3.5; the package lists of Debian 8 to 13."""
    if package == "build-essential":
        return ("make", "gcc", "cc", "g++", "c++")
    if package == "python3" or package.startswith("python3-"):
        return ("python3",)
    return ("python", "python2", "python2.7") if package in _PYTHON2 else ()


def _addresses(command: Command) -> list[str]:
    """What a command fetches, as far as it is written down."""
    return [word.raw for word in command.arguments if "://" in word.raw or word.raw.strip("\"'").startswith(_WEB)]


def _local(command: Command) -> bool:
    """True where all that is fetched comes from the container itself."""
    addresses = _addresses(command)
    return bool(addresses) and all(any(host in address for host in _WEB) for address in addresses)


def _puts_in_front(command: Command) -> bool:
    """True for ``PATH=/x:$PATH command`` and ``export PATH=/x:$PATH``: other programs may go before those of the image."""
    texts = [one.value.raw for one in command.simple.assignments if one.name == "PATH" and one.value is not None]
    texts += [word.raw.partition("=")[2] for word in command.simple.words if word.raw.startswith(("PATH=", '"PATH='))]
    return any(not text.strip('"').startswith(("$PATH:", "${PATH}:")) for text in texts)
