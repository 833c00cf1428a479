"""What a RUN leaves behind in processes rather than in files: services that run on, a shell or a directory that is no longer
what the running shell takes it for, programs that moved. A RUN of its own starts anew; the next part of the same RUN does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.knowledge import filetools, images, tools
from rewriter.model import paths
from rewriter.model.command import Command
from rewriter.model.run import Run

#: programs that stay in the background after their call returns; at the end of the RUN they die with it
_DAEMONS: Final = frozenset(
    "service start-stop-daemon mysqld_safe mysqld mongod redis-server nginx apachectl apache2ctl httpd supervisord dockerd "
    "containerd sshd postmaster rabbitmq-server elasticsearch Xvfb invoke-rc.d systemctl catalina.sh startup.sh "
    "slapd memcached cron crond rsyslogd dbus-daemon ypserv hhvm php-fpm consul vault pg_ctl pg_ctlcluster pm2".split()
)
_SERVICES: Final = frozenset(("service", "invoke-rc.d", "systemctl"))
_STARTS: Final = frozenset(("start", "restart"))
#: "start" is a script of the project for these, and ends by itself or never
_PROJECT_TOOLS: Final = frozenset("npm yarn pnpm npx grunt gulp make rake bundle composer docker".split())
#: what makes a daemon's program end by itself
_ENDS: Final = frozenset(
    "-t -v -V --version --help -h --initialize --initialize-insecure configtest --test stop -M --validate-config "
    "--install-modules install -S -T".split()
)


def daemon(run: Run) -> str:
    """The name of a service that the RUN starts, or "". It is killed when its RUN ends, so nothing may follow it."""
    text = run.visible.text
    forks = "daemon" in text or "fork" in text
    for command in run.commands:
        path = command.simple.words[command.head].raw if command.simple.words else ""
        if command.tool in _SERVICES or "/init.d/" in path:
            if not _STARTS.isdisjoint(_given(command)):
                return command.tool
        elif command.tool in _DAEMONS:
            if _ENDS.isdisjoint(_given(command)):
                return command.tool
        elif (
            forks and (command.has("--daemonize", "--daemon", "--fork", "-daemonize") or "-daemon" in _given(command))
        ) or _starts(command, run):
            return command.tool
    return ""


def _given(command: Command) -> list[str]:
    return [word.value or word.raw for word in command.arguments]


def _starts(command: Command, run: Run) -> bool:
    """``neo4j start`` without a ``neo4j stop`` behind it, and build tools that leave a server of their own."""
    if command.tool in ("gradle", "gradlew"):
        return "--no-daemon" not in _given(command) and "daemon=false" not in run.visible.text
    if command.tool in ("bazel", "bazelisk"):
        return "--batch" not in _given(command)
    if command.tool in _PROJECT_TOOLS or _given(command)[:1] != ["start"]:
        return False
    return not any(
        other.tool == command.tool and "stop" in [word.value for word in other.arguments] for other in run.commands
    )


#: where the shell of the shell form lies
_SHELLS: Final = frozenset(("/bin/sh", "/usr/bin/sh"))
_MOVERS: Final = frozenset("ln cp mv rm install unlink dpkg-divert update-alternatives alternatives busybox".split())


def replaces_shell(run: Run) -> bool:
    """True when the RUN puts another program in the place of /bin/sh, which the next RUN would start and this one's shell
    does not become."""
    shells = _SHELLS.union(run.state.shell[:1])
    for command in run.commands:
        if command.tool == "dpkg-reconfigure" and "dash" in _given(command):
            return True
        if command.tool in _MOVERS and any(
            paths.literal(word, command, run.state) in shells or word.value in shells for word in command.arguments
        ):
            return True
    return False


#: working directories that well-known images set by themselves: php, golang, the onbuild images
_INHERITED: Final = ("/var/www/html", "/go", "/usr/src/app")


def removes_workdir(run: Run) -> str:
    """The working directory, when the RUN deletes or moves it or one above it; "" otherwise. For the next RUN Docker makes it
    anew, a running shell stands in the deleted one."""
    workdir = run.state.workdir
    places = (workdir,) if workdir else _INHERITED if workdir is None else ()
    for command in run.commands:
        if command.tool not in ("rm", "rmdir", "mv"):
            continue
        operands = command.operands[:-1] if command.tool == "mv" else command.operands
        for word in operands:
            path = paths.literal(word, command, run.state)
            if path is None or (command.tool == "rm" and not command.has("-r", "-R", "--recursive")):
                continue
            for one in paths.brace_expansions(path):
                for place in places:
                    if place != "/" and _gone(one.rstrip("/"), place):
                        return place
    return ""


def _gone(deleted: str, place: str) -> bool:
    if deleted.endswith(("/*", "/.*")):
        above = deleted[: deleted.rindex("/")] or "/"
        return place != above and paths.inside(place, above)
    return bool(deleted) and paths.inside(place, deleted)


class Moved(NamedTuple):
    """Programs that a command may put elsewhere in PATH: a shell that has called one remembers the old place."""

    command: Command
    programs: frozenset[str]


def replaced_programs(run: Run) -> Iterator[Moved]:
    """The commands of a RUN that may put programs elsewhere in PATH, each with these programs."""
    for command in run.commands:
        found = _replaced(command, run) - _ELSEWHERE
        if found:
            yield Moved(command, frozenset(found))


_PYTHON: Final = frozenset("python python2 python3 pip pip2 pip3".split())
#: pieces of addresses and of names of archives; none of these programs is ever brought in an archive of its name
_ELSEWHERE: Final = frozenset(
    ("", *"tar gzip unzip zip xz sh bash curl wget gpg apt yum dnf apk rpm dpkg sudo install".split())
)
#: what else comes with a program
_ALONG: Final = {"node": ("npm", "npx"), "nodejs": ("node", "npm", "npx"), "rustup": ("cargo", "rustc"), "bundler": ("bundle",),
          "jdk": ("java", "javac"), "openjdk": ("java", "javac"), "go": ("gofmt",)}  # fmt: skip


def _replaced(command: Command, run: Run) -> set[str]:
    tool = tools.canonical(command.tool)
    operands = [word.value or "" for word in command.operands]
    found: set[str] = set()
    if tool in ("pip", "easy_install", "conda"):
        named = {_distribution(name) for name in operands}
        found |= named - {"pip"} if tool != "conda" else set()
        if "pip" in named and not _own_pip(run):
            found |= {"pip", "pip2", "pip3"}
    elif tool in ("npm", "yarn") and command.has("-g", "--global"):
        found |= {name.rsplit("@", 1)[0] if not name.startswith("@") else name for name in operands}
        found |= {"npm", "node"} if "n" in operands else set()
    elif tool in ("gem", "cargo", "go") and command.subcommand in ("install", "update"):
        found |= {posixpath.basename(name).partition("@")[0].partition(":")[0] for name in operands}
        found |= {tool} if command.has("--system") and images.named(run.stage.image)[0] != "ruby" else set()
    elif tool in ("ln", "cp", "mv", "install") and len(operands) > 1:
        found.add(posixpath.basename(operands[-1]) or posixpath.basename(operands[0]))
        if operands[-1].rstrip("/").endswith("bin"):
            found |= {posixpath.basename(name) for name in operands[:-1]}
    elif tool in ("make", "gmake", "ninja", "cmake") and _installs(command):
        found |= _names(run)
    elif tool in ("update-alternatives", "alternatives"):
        link = command.option("--install")
        text = link if isinstance(link, str) or link is None else link.value
        found |= {posixpath.basename(text)} if text and posixpath.dirname(text) not in ("/usr/bin", "/bin") else set()
    elif tool == "n":
        found |= {"node", "npm", "npx"}
    elif any("get-pip.py" in name for name in operands):
        found |= {"pip", "pip2", "pip3"}
    elif "PATH" in run.state.environment and _environment(command, tool, operands):
        found |= _PYTHON
    elif tool in filetools.INTERPRETERS or tool in _UNPACKS:
        found |= {piece for name in operands[:2] for piece in _pieces(posixpath.basename(name))}
    elif tool in ("curl", "wget"):
        for option in ("-o", "-O", "--output", "--output-document"):
            value = command.option(option)
            text = value if isinstance(value, str) or value is None else value.value
            if text and "bin/" in text:
                found.add(posixpath.basename(text))
        if not run.tools.isdisjoint(_UNPACKS | filetools.INTERPRETERS):
            found |= {piece for word in command.arguments if "://" in word.raw for piece in _pieces(word.raw)}
    return found.union(*(_ALONG[name] for name in found if name in _ALONG))


_UNPACKS: Final = frozenset("tar bsdtar unzip 7z".split())


def _environment(command: Command, tool: str, operands: list[str]) -> bool:
    """True for what makes a Python environment, whose programs ENV may have put in front of PATH already."""
    if tool == "python":
        return any(name in ("venv", "virtualenv") for name in operands[:1])
    if tool in ("sh", "bash"):
        return any("conda" in name.lower() or "miniforge" in name.lower() for name in operands[:1])
    return tool == "virtualenv" or (tool == "uv" and command.subcommand == "venv")


def _distribution(requirement: str) -> str:
    """``pip`` of ``pip>=20``."""
    return requirement.split("=")[0].split(">")[0].split("<")[0].rstrip("~! ")


def _own_pip(run: Run) -> bool:
    """True for the official Python images: their pip is upgraded where it lies."""
    return images.named(run.stage.image)[0] == "python"


def _installs(command: Command) -> bool:
    return command.has("--install") or any((word.value or "").startswith("install") for word in command.arguments)


def _names(run: Run) -> set[str]:
    """The words that the arguments of a RUN are made of: a program is mostly built in a directory of its name."""
    texts = (word.value or word.raw for command in run.commands for word in command.arguments)
    return {name for text in texts for name in _pieces(text)} - {"install"}


def _pieces(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in text).split()


def remembered(run: Run, until: Command | None = None) -> frozenset[str]:
    """The programs that the RUN's own shell has looked for in PATH, up to a command, and remembers: not those called by
    their path, in a subshell or in a pipe."""
    return frozenset(
        _looked_for(command)
        for command in run.commands
        if (command.place.own_shell or run.form == "exec") and (until is None or command.start <= until.start)
    )


def looked_for(runs: Iterable[Run]) -> frozenset[str]:
    """The programs that the shells of the RUNs look for in PATH, wherever they do."""
    return frozenset(_looked_for(command) for run in runs for command in run.commands)


def _looked_for(command: Command) -> str:
    """The program that the shell itself starts: ``sudo``, ``env`` and ``python -m`` look for the next one anew."""
    words = [word.value or "" for word in command.simple.words if command.outer is None]
    while words[:1] in (["command"], ["time"]):
        del words[0]
    return words[0] if words and "/" not in words[0] else ""
