"""What a command of Debian's base does with its options: programs that it starts, and what busybox lacks.

What these tools start is reasoned from their manual pages; busybox: knowledge/alpine.toml, which was run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rewriter.knowledge import alpine, programs
from rewriter.model import alpine_users, busybox_alike, shell_dialect
from rewriter.model.command import Command
from rewriter.model.needs import Needs

if TYPE_CHECKING:
    from rewriter.model.needed_commands import Site

#: these do what their arguments say to files, users and text, and start no other program
_ON_FILES: Final = frozenset(
    "mkdir rm cp mv ln chmod chown chgrp touch cat ls rmdir echo printf test [ : true false cd pwd export set unset exit return "
    "shift local readonly umask read wait kill sleep grep egrep fgrep sed awk tar gzip gunzip zcat head tail tee tr cut sort "
    "uniq wc date id whoami hostname uname mktemp basename dirname readlink realpath stat find useradd groupadd usermod "
    "groupmod userdel groupdel passwd chpasswd getent which type hash sha1sum sha256sum sha512sum md5sum base64 dd df du nproc "
    "seq expr install sync truncate cmp diff ulimit times break continue ldconfig adduser addgroup deluser delgroup".split()
)
#: what these do is not seen, whoever brings them
UNSEEN: Final = {
    "apt-key": "manages keys of other package sources",
    "add-apt-repository": "adds another package source",
    "dpkg": "installs or asks for Debian packages by itself",
    "gdebi": "installs a Debian package from a file",
    "update-alternatives": "chooses among programs that the base image has",
    "service": "starts a service of the system",
    "systemctl": "starts a service of the system",
    "locale-gen": "makes locales",
    "localedef": "makes locales",
    "update-locale": "sets a locale",
    "perl": "runs Perl, of which slim variants have a part only",
    "xargs": "starts a program that only its input names",
    "eval": "runs text that is not seen",
    "source": "runs a file that is not seen",
    ".": "runs a file that is not seen",
    "watch": "starts a program",
    "trap": "runs text that is not seen",
}
#: those of them that Alpine has not
OF_DEBIAN: Final = frozenset(
    "apt-key add-apt-repository dpkg gdebi update-alternatives service systemctl locale-gen localedef update-locale".split()
)
#: commands of these that slim variants have only when a package of their own is installed
NEEDS_PACKAGE: Final = {"apt-key": "gnupg", "locale-gen": "locales", "localedef": "locales", "update-locale": "locales"}
#: Debian's commands that Alpine lacks, or has with other options
_USERS: Final = frozenset("useradd groupadd usermod groupmod userdel groupdel passwd chpasswd".split())
#: words of the shell that mean the same in dash and in busybox
_SHELL_WORDS: Final = frozenset("cd echo printf export set unset shift test [ : true false exit return".split())
#: wrappers that start the command behind them
HANDING: Final = frozenset("exec tini dumb-init gosu su-exec env nice sudo command".split())
#: variables that lead a program to code that is not followed, and those beside them that do not
_LEADING: Final = frozenset(
    "PATH NODE_OPTIONS NODE_PATH BASH_ENV ENV GUNICORN_CMD_ARGS FLASK_APP DJANGO_SETTINGS_MODULE JAVA_TOOL_OPTIONS "
    "JDK_JAVA_OPTIONS _JAVA_OPTIONS".split()
)
_QUIET: Final = frozenset("PYTHONUNBUFFERED PYTHONDONTWRITEBYTECODE PYTHONIOENCODING PYTHONHASHSEED PYTHONUTF8 PYTHONWARNINGS "
                   "PYTHONFAULTHANDLER PYTHONOPTIMIZE PYTHONNOUSERSITE PYTHONPYCACHEPREFIX".split())  # fmt: skip
#: parts of paths that belong to packages of the base
_PLACES: Final = tuple(
    "linux-gnu /usr/lib/ /usr/share/ /usr/include /etc/apt /etc/ld.so /etc/alternatives /var/lib/dpkg /lib64 /etc/default/ "
    "/etc/ssl /etc/mime /etc/fonts /etc/java /etc/mailcap /etc/ImageMagick /usr/local/lib/python /usr/local/lib/node".split()
)
_STARTING: Final = (
    "-exec", "-execdir", "-ok", "-okdir", "-I", "-F", "--use-compress-program", "--to-command", "--checkpoint-action",
    "--rsh-command", "--info-script", "--new-volume-script", "--filter", "--compress-program",
)  # fmt: skip


def judge(command: Command, site: Site, needs: Needs) -> None:
    """A command of the base, or a builtin of the shell."""
    tool, names, line = command.tool, command.option_names, site.line
    if tool not in _ON_FILES:
        needs.ask(f"line {line} calls {tool}, and what that starts or reads is not judged")
    words = [(word.value or word.raw).partition("=")[0] for word in command.arguments]
    if tool in ("find", "tar", "sort", "split") and not set(_STARTING).isdisjoint(words):
        needs.ask(f"line {line}: {tool} starts a program of its own")
    if tool == "awk" and any(sign in word for word in words for sign in ("system", "|", "getline")):
        needs.ask(f"line {line}: awk starts a program of its own")
    if tool == "sed" and any(word.endswith(("/e", "|e", "#e")) or word.startswith("e ") for word in words):
        needs.ask(f"line {line}: sed starts a program of its own")
    same = busybox_alike.alike(command)
    gap = set() if same else {option for option in alpine.gap(tool).options & names if not alpine.alike(tool, {option})}
    dialect = "" if site.bash else shell_dialect.odd(command, site.run.state.environment)
    if tool in alpine_users.USERS and site.holds(command) and alpine_users.adduser(command, needs.users) is not None:
        needs.users.add(alpine_users.named(command))
        if any((word.value or "").endswith("bash") for word in command.arguments):
            needs.need_on_alpine("bash", f"line {line} gives bash to a user", None)
    elif tool in _USERS:
        needs.not_alpine(f"line {line} calls {tool}, which Alpine has not, or with other options")
    elif gap:
        needs.not_alpine(f"line {line} calls {tool} {min(gap)}, which busybox lacks or reads otherwise")
    elif not all(map(needs.knows, _owners(command))):
        needs.not_alpine(f"line {line} names a user that Alpine may not have")
    elif dialect:
        needs.not_alpine(f"line {line} uses {dialect}")
    elif not same and tool not in _SHELL_WORDS and not alpine.alike(tool, names):
        needs.not_alpine(f"line {line} calls {_shown(command)}, which busybox is not known to read alike")


def variables(command: Command, line: int, needs: Needs) -> None:
    """Variables that lead to code, and are set in front of one command, by themselves, or by ``export``."""
    names = {name for name, _ in command.environment} | {one.name for one in command.simple.assignments}
    if command.tool in ("export", "readonly", "declare"):
        names |= {(word.value or word.raw).partition("=")[0] for word in command.arguments if "=" in word.raw}
    for name in sorted(names):
        if name in _LEADING or (name.startswith(("LD_", "PYTHON", "UVICORN_")) and name not in _QUIET):
            needs.ask(f"line {line}: {name}, set for a command, leads to what is not followed")


def places(text: str) -> str:
    """A path in a text that belongs to packages of the base image; "" for none."""
    text = text.replace("/var/lib/apt/lists", "")
    found = next((place for place in _PLACES if place in text), "")
    for piece in text.split("/usr/bin/")[1:] if not found else ():
        name = re.split(r"[^\w.+-]", piece, maxsplit=1)[0]
        if programs.only_in_full(name) or name.startswith(("python", "perl")):
            found = f"/usr/bin/{name}"
    return found


def unknown_wrapper(command: Command) -> str:
    """A wrapper in front of the command that Debian's base lacks (sudo), or ""."""
    names = [(word.value or word.raw).rpartition("/")[2] for word in command.wrappers]
    return next((name for name in names if name in ("sudo", "gosu", "su-exec", "eatmydata", "chronic", "fakeroot")), "")


def helpers_of_tar(command: Command) -> Iterator[tuple[str, str]]:
    """The packages whose programs tar calls, each with the ending that it is for; gzip is in the base. ("", "") where the
    archive's name is only known later, and its kind is not said."""
    texts = [word.value or word.raw for word in command.arguments]
    letters = {letter for place, text in enumerate(texts) for letter in _letters_of_tar(text, place)}
    for letter, option, endings, package in (
        ("j", "--bzip2", (".bz2", ".tbz", ".tbz2"), "bzip2"),
        ("J", "--xz", (".xz", ".txz"), "xz-utils"),
        ("", "--zstd", (".zst",), "zstd"),
        ("", "--lzma", (".lzma",), "xz-utils"),
        ("", "--lzip", (".lz",), "lzip"),
    ):
        if letter in letters or option in texts or any(text.strip("\"'").endswith(endings) for text in texts):
            yield package, endings[0]
    unknown = (word for word in command.arguments if word.value is None or word.pattern)
    if letters.isdisjoint("zjJ") and any("." not in word.raw or word.raw.endswith("*") for word in unknown):
        yield "", ""


def _letters_of_tar(text: str, place: int) -> str:
    """The short options in one word: those of ``xzf`` in front, of ``-xJf`` anywhere; none behind one that takes a value."""
    if text.startswith("--") or not (text.startswith("-") or (place == 0 and text.isalpha())):
        return ""
    first = next((at for at, letter in enumerate(text) if letter in "fCTXbgHIKLNVF"), len(text))
    return text[:first] if text.startswith("-") else text


def _shown(command: Command) -> str:
    """The tool with its options."""
    return " ".join((command.tool, *(word.value or word.raw for word in command.options)))


def _owners(command: Command) -> Iterator[str]:
    """The users and groups that a command names."""
    operands = [text for text in (word.value or word.raw for word in command.arguments) if not text.startswith("-")]
    if command.tool in ("chown", "chgrp", "id") and not command.has("--reference"):
        yield from operands[:1]
    for name in ("-o", "--owner", "-g", "--group", "-user", "-group") if command.tool in ("install", "find") else ():
        found = command.option(name)
        if found is not None:
            yield found if isinstance(found, str) else found.value or found.raw
