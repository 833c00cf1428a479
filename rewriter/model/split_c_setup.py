"""What sets up the system that C and C++ run on: users, locales, settings of packages, Debian's own pip."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from rewriter import posixpath
from rewriter.model import paths, split_again, split_c_places
from rewriter.model.command import Command
from rewriter.model.scope import State
from rewriter.model.split_folders import shared

if TYPE_CHECKING:
    from rewriter.model.split_c_page import CPage
    from rewriter.model.split_page import Page

#: the files that these set. Source: locale-gen(8), update-locale(8), chpasswd(8), tzdata's postinst
SETTERS: Final = {
    "locale-gen": ("/usr/lib/locale",),
    "localedef": ("/usr/lib/locale",),
    "locales": ("/usr/lib/locale",),
    "update-locale": ("/etc/default/locale",),
    "tzdata": ("/etc/localtime", "/etc/timezone"),
    "chpasswd": ("/etc/shadow",),
}
#: make files less, or none
_LESSENS: Final = frozenset("rm strip rmdir ls grep wc sort".split())
_PLAIN: Final = re.compile(r"[\w./:@%+=,-]+", re.ASCII)


def leaves(page: CPage, command: Command, tool: str, state: State, cwd: str | None) -> str | None:
    """See :data:`rewriter.model.split_follow.Own`; None for what sets up nothing."""
    if tool in page.words("pips") and page.manager == "apt-get" and page.traces.installed & page.words("pip_packages"):
        return _by_pip(page, command)
    if tool in page.words("foreign"):
        return f"it runs {tool}: several languages are built in it"
    if tool in page.words("harmless"):
        return ""
    if tool == "ldconfig":
        return _searched(page, command)
    if tool in SETTERS or tool == "dpkg-reconfigure":
        return settings(page, command, tool)
    if tool == "dpkg" and command.has("--print-architecture", "-l", "-s", "-L"):
        return ""
    if tool in page.words("sourcing"):
        page.traces.written.append(("/etc/apt/trusted.gpg.d", tool))
        return ""
    if tool in page.words("repeated"):
        return split_again.repeated(page, command)
    if tool in ("useradd", "adduser"):
        return _user(page, command, state)
    if tool not in page.words("handlers") and split_c_places.asks(command):
        return ""
    if split_c_places.of_the_sources(command):
        page.asks.append(f"does `{command.words_text[:60]}` leave nothing outside of its own folder?")
        return ""
    if tool in ("find", "xargs"):
        return many(tool, command)
    return split_again.linked(page, command, state, cwd) if tool == "ln" else None


def _by_pip(page: CPage, command: Command) -> str:
    """Debian's own pip installs below /usr/local. Source: README.Debian of python-pip"""
    named = (command.simple.words[command.head].value or "/").startswith("/")
    if named or command.has("-e", "--editable", "--target", "--prefix", "--user", "--root", "--install-option", "-t"):
        return "where pip installs is not known"
    page.piped = page.piped or command.subcommand == "install"
    return ""


def _searched(page: CPage, command: Command) -> str:
    """Folders that ldconfig is told are looked into, though no file names them."""
    words = [word.value for word in command.arguments]
    if any(word is None or not _PLAIN.fullmatch(word) for word in words):
        return "what ldconfig looks into is not known"
    if words and not command.has("-v", "-p", "--print-cache"):
        page.search = " ".join(["ldconfig", *(str(word) for word in words)])
    return ""


def settings(page: Page, command: Command, tool: str) -> str:
    """Settings of the system, which are a file each, or a folder."""
    words = [word.value for word in command.operands] if tool == "dpkg-reconfigure" else []
    if any(word not in ("tzdata", "locales") for word in words):
        return f"what {tool} changes is not known"
    for name in (str(word) for word in words) if words else [tool] if tool in SETTERS else []:
        page.traces.written += [(path, tool) for path in SETTERS[name]]
    return ""


def many(tool: str, command: Command) -> str:
    """What goes through files: deleted or stripped ones are so in the builder as well."""
    words = [word.raw for word in command.arguments]
    started = words[words.index("-exec") + 1 :] if "-exec" in words else words if tool == "xargs" else ["rm"]
    first = next((word for word in started if not word.startswith("-") and not word.isdigit()), "")
    return "" if posixpath.basename(first) in _LESSENS else f"what {tool} does to files is not known"


def _user(page: CPage, command: Command, state: State) -> str:
    """A user, whose home folder goes along where it is one of its own."""
    why = page.traces.users.add(command, state)
    given = command.option("-h", "-d", "--home", "--home-dir") if why.startswith("the home folder") else None
    home = given if isinstance(given, str) or given is None else paths.symbolic(given, state)
    name = paths.symbolic(command.arguments[-1], state) or ""
    if home is None or not home.startswith("/") or "$" in home or shared(home) or not _PLAIN.fullmatch(name):
        return why
    page.traces.folders.make(posixpath.normpath(home), name)
    return ""
