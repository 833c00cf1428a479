"""What a command of Debian's base does with its options: programs that it starts, and what busybox lacks.

What these tools start is reasoned from their manual pages; busybox: knowledge/alpine.toml, which was run.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge import alpine
from rewriter.model.command import Command
from rewriter.model.needs import Needs

#: these do what their arguments say to files, users and text, and start no other program
_ON_FILES = frozenset(
    "mkdir rm cp mv ln chmod chown chgrp touch cat ls rmdir echo printf test [ : true false cd pwd export set unset exit return "
    "shift local readonly umask read wait kill sleep grep egrep fgrep sed awk tar gzip gunzip zcat head tail tee tr cut sort "
    "uniq wc date id whoami hostname uname mktemp basename dirname readlink realpath stat find useradd groupadd usermod "
    "groupmod userdel groupdel passwd chpasswd getent which type hash sha1sum sha256sum sha512sum md5sum base64 dd df du nproc "
    "seq expr install sync truncate cmp diff ulimit times break continue ldconfig".split()
)
#: what stands against another base, whoever brings it
BLOCKED = {
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
#: Debian's commands that Alpine lacks, or has with other options
_USERS = frozenset("useradd groupadd usermod groupmod userdel groupdel passwd chpasswd".split())
#: words of the shell that mean the same in dash and in busybox
_SHELL_WORDS = frozenset("cd echo printf export set unset shift test [ : true false exit return".split())
_STARTING = ("-exec", "-execdir", "-ok", "-okdir", "-I", "-F", "--use-compress-program", "--to-command", "--checkpoint-action",
             "--rsh-command", "--info-script", "--new-volume-script", "--filter", "--compress-program")  # fmt: skip
#: wrappers that Debian's base has
_WRAPPERS = frozenset("env time nice ionice nohup command exec timeout builtin stdbuf setarch linux32".split())


def judge(command: Command, line: int, needs: Needs) -> None:
    """A command of the base, or a builtin of the shell."""
    tool, names = command.tool, command.option_names
    if tool not in _ON_FILES:
        needs.block(f"line {line} calls {tool}, and what that starts or reads is not judged")
    words = [(word.value or word.raw).partition("=")[0] for word in command.arguments]
    if tool in ("find", "tar", "sort", "split") and not set(_STARTING).isdisjoint(words):
        needs.block(f"line {line}: {tool} starts a program of its own")
    if tool == "awk" and any(sign in word for word in words for sign in ("system", "|", "getline")):
        needs.block(f"line {line}: awk starts a program of its own")
    if tool == "sed" and any(word.endswith(("/e", "|e", "#e")) or word.startswith("e ") for word in words):
        needs.block(f"line {line}: sed starts a program of its own")
    gap = alpine.gap(tool).options & names
    if tool in _USERS:
        needs.not_alpine(f"line {line} calls {tool}, which Alpine has not, or with other options")
    elif gap:
        needs.not_alpine(f"line {line} calls {tool} {min(gap)}, which busybox lacks or reads otherwise")
    elif tool == "chown" and not _plain_owner(command):
        needs.not_alpine(f"line {line} names a user that Alpine may not have")
    elif tool not in _SHELL_WORDS and not alpine.alike(tool, names):
        needs.not_alpine(f"line {line} calls {_shown(command)}, which busybox is not known to read alike")
    if tool in ("echo", "printf") and any("\\" in word.raw or word.value == "-e" for word in command.arguments):
        needs.not_alpine(f"line {line}: {tool} reads backslashes otherwise in dash than in busybox")


def unknown_wrapper(command: Command) -> str:
    """A wrapper in front of the command that Debian's base lacks (sudo), or ""."""
    names = [(word.value or word.raw).rpartition("/")[2] for word in command.wrappers]
    return next((name for name in names if name in ("sudo", "gosu", "su-exec", "eatmydata", "chronic", "fakeroot")), "")


def helpers_of_tar(command: Command) -> Iterator[tuple[str, str]]:
    """The packages whose programs tar calls, each with the ending that it is for; gzip is in the base."""
    texts = [word.value or word.raw for word in command.arguments]
    first = texts[0] if texts and not texts[0].startswith("--") and "=" not in texts[0] else ""
    for letters, endings, package in (
        (("j", "--bzip2"), (".bz2", ".tbz", ".tbz2"), "bzip2"),
        (("J", "--xz"), (".xz", ".txz"), "xz-utils"),
        (("", "--zstd"), (".zst",), "zstd"),
        (("", "--lzma"), (".lzma",), "xz-utils"),
        (("", "--lzip"), (".lz",), "lzip"),
    ):
        letter, option = letters
        if (
            (letter and letter in first)
            or option in texts
            or any(text.strip("\"'").endswith(endings) for text in texts)
        ):
            yield package, endings[0]


def _shown(command: Command) -> str:
    """The tool with its options."""
    return " ".join((command.tool, *(word.value or word.raw for word in command.options)))


def _plain_owner(command: Command) -> bool:
    """True where the owner is root, a number, or the user of the image."""
    texts = (word.value or word.raw for word in command.arguments)
    owner = next((text for text in texts if not text.startswith("-")), "")
    return all(part in ("root", "node", "") or part.isdigit() for part in owner.split(":"))
