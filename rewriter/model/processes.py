"""What a RUN leaves behind in processes rather than in files: services that run on, a shell or a directory that is no longer
what the running shell takes it for, programs that moved. A RUN of its own starts anew; the next part of the same RUN does not.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable

from rewriter.knowledge import images
from rewriter.model import paths
from rewriter.model.command import Command
from rewriter.model.run import Run

#: programs that stay in the background after their call returns; at the end of the RUN they die with it
_DAEMONS = frozenset(
    "service start-stop-daemon mysqld_safe mysqld mongod redis-server nginx apachectl apache2ctl httpd supervisord dockerd "
    "containerd sshd postmaster rabbitmq-server elasticsearch Xvfb invoke-rc.d systemctl catalina.sh startup.sh "
    "slapd memcached cron crond rsyslogd dbus-daemon ypserv hhvm php-fpm consul vault pg_ctl pg_ctlcluster pm2".split()
)
_SERVICES = frozenset(("service", "invoke-rc.d", "systemctl"))
#: "start" is a script of the project for these, and ends by itself or never
_PROJECT_TOOLS = frozenset("npm yarn pnpm npx grunt gulp make rake bundle composer docker".split())
#: what makes a daemon's program end by itself
_ENDS = frozenset(
    "-t -v -V --version --help -h --initialize --initialize-insecure configtest --test stop -M --validate-config "
    "--install-modules install -S -T".split()
)


def daemon(run: Run) -> str:
    """The name of a service that the RUN starts, or "". It is killed when its RUN ends, so nothing may follow it."""
    for command in run.commands:
        words = [word.value or word.raw for word in command.arguments]
        path = command.simple.words[command.head].raw if command.simple.words else ""
        if command.tool in _SERVICES or "/init.d/" in path:
            if "start" in words or "restart" in words:
                return command.tool
        elif command.tool in _DAEMONS:
            if _ENDS.isdisjoint(words):
                return command.tool
        elif (
            command.has("--daemonize", "--daemon", "--fork", "-daemonize")
            or "-daemon" in words
            or _starts(command, words, run)
        ):
            return command.tool
    return ""


def _starts(command: Command, words: list[str], run: Run) -> bool:
    """``neo4j start`` without a ``neo4j stop`` behind it, and build tools that leave a server of their own."""
    if command.tool in ("gradle", "gradlew"):
        return "--no-daemon" not in words and "daemon=false" not in run.visible.text
    if command.tool in ("bazel", "bazelisk"):
        return "--batch" not in words
    if words[:1] != ["start"] or command.tool in _PROJECT_TOOLS:
        return False
    return not any(
        other.tool == command.tool and "stop" in [word.value for word in other.arguments] for other in run.commands
    )


#: where the shell of the shell form lies
_SHELLS = frozenset(("/bin/sh", "/usr/bin/sh"))
_MOVERS = frozenset("ln cp mv rm install unlink dpkg-divert update-alternatives alternatives busybox".split())


def replaces_shell(run: Run) -> bool:
    """True when the RUN puts another program in the place of /bin/sh, which the next RUN would start and this one's shell
    does not become."""
    shells = _SHELLS | set(run.state.shell[:1])
    for command in run.commands:
        words = [word.value or "" for word in command.arguments]
        if command.tool == "dpkg-reconfigure" and "dash" in words:
            return True
        if command.tool in _MOVERS and any(
            paths.literal(word, command, run.state) in shells or word.value in shells for word in command.arguments
        ):
            return True
    return False


#: working directories that well-known images set by themselves: php, golang, the onbuild images
_INHERITED = ("/var/www/html", "/go", "/usr/src/app")


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


def replaced_programs(run: Run) -> frozenset[str]:
    """Programs that the RUN may put elsewhere in PATH: a shell that has already called one remembers the old place."""
    found: set[str] = set()
    for command in run.commands:
        operands = [word.value or "" for word in command.operands]
        if command.tool.startswith("pip") or command.tool in ("easy_install", "conda"):
            if not _own_pip(run) and any(_distribution(name) == "pip" for name in operands):
                found |= {"pip", "pip2", "pip3"}
        elif command.tool in ("npm", "yarn") and command.has("-g", "--global"):
            found |= {name.rsplit("@", 1)[0] if not name.startswith("@") else name for name in operands}
            found |= {"npm", "node"} if "n" in operands else set()
        elif command.tool in ("ln", "cp", "mv", "install") and len(operands) > 1:
            found.add(posixpath.basename(operands[-1]) or posixpath.basename(operands[0]))
            if operands[-1].rstrip("/").endswith("bin"):
                found |= {posixpath.basename(name) for name in operands[:-1]}
        elif command.tool in ("make", "gmake", "ninja", "cmake") and _installs(command):
            found |= _names(run)
        elif any("get-pip.py" in name for name in operands):
            found |= {"pip", "pip2", "pip3"}
        for option in ("-o", "-O", "--output", "--output-document"):
            value = command.option(option) if command.tool in ("curl", "wget") else None
            text = value if isinstance(value, str) or value is None else value.value
            if text and "bin/" in text:
                found.add(posixpath.basename(text))
    return frozenset(found - {""})


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


def uses(runs: Iterable[Run]) -> frozenset[str]:
    """The programs that the shells of the RUNs look for in PATH: not those called by their path, nor ``python -m pip``, nor
    those of a ``sh -c``, which is a shell of its own."""
    own = (command for run in runs for command in run.commands if command.outer is None)
    return frozenset(command.tool for command in own if _looked_for(command))


def _looked_for(command: Command) -> bool:
    words = command.simple.words
    if not words or "/" in words[command.head].raw:
        return False
    return not command.head or words[command.head - 1].raw != "-m"
