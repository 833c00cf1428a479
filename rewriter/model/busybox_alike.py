"""Commands with scripts, patterns or letters that busybox was seen to read as GNU's tools do.

Each form was run on BusyBox 1.37 (the catalogue's busybox.toml); the sums beside sha256sum are one applet there.
"""

from __future__ import annotations

import re
from typing import Final

from rewriter.knowledge import alpine
from rewriter.model.command import Command

#: letters of tar; J wants xz, I a program
_TAR: Final = frozenset("xctzjavkpmOhfCTX")
_SUMS: Final = frozenset(("md5sum", "sha1sum", "sha512sum"))
_FIND: Final = frozenset(
    "-name -iname -path -wholename -type -maxdepth -mindepth -empty -delete -print -print0 -not -o -a -newer -prune -depth "
    "-xdev -L".split()
)
_SED: Final = frozenset(
    ("-i", "-e", "-n", "-E", "-r", "-ne", "-ie", "-in", "-re", "-Ee", "--in-place", "--expression", "--regexp-extended")
)
#: one substitution, with a delimiter of its own and the usual flags, on all lines, one, or those of a plain pattern
_SUBSTITUTION: Final = re.compile(
    r"(?:\d+|\$|/(?:[^/\\]|\\[/.])+/)?[ \t]*s(?P<mark>[/|#,@!:+%^])(?:(?!(?P=mark))[^\\]|\\.)*(?P=mark)"
    r"(?:(?!(?P=mark))[^\\]|\\.)*(?P=mark)[gIp\d]*"
)
#: deleting or printing lines, and a line put beside them
_LINES: Final = re.compile(r"(?:\d+(?:,\d+)?|\$|/(?:[^/\\]|\\[/.])+/)[ \t]*(?:[dp]|[ai][ \t]*[^\\\n]+)")
#: what GNU's sed reads in a script and busybox takes for plain letters
_OF_GNU: Final = re.compile(r"\\[ULulEno`'cdox]|/[^/]*e$")


def alike(command: Command) -> bool:
    """True where the command, with all that it is given, does the same on busybox."""
    tool, names = command.tool, command.option_names
    if tool == "tar":
        return _tar(command)
    if tool == "sed":
        return _sed(command)
    if tool == "find":
        known = all((word.value or word.raw) in _FIND for word in command.options)
        return known and not any("," in (word.value or ",") for word in command.arguments)
    if tool in _SUMS:
        return alpine.alike("sha256sum", names)
    if tool == "cp" and "-R" in names:
        return alpine.alike("cp", names - {"-R"})
    return False


def _tar(command: Command) -> bool:
    """No member is named by a pattern, since busybox matches none when it extracts."""
    for place, word in enumerate(command.arguments):
        text = word.value
        if word.pattern or "*" in (text or ""):
            return False
        if text is None:
            continue
        if text.startswith("--"):
            if not alpine.alike("tar", {text.partition("=")[0]}):
                return False
        elif (text.startswith("-") or (place == 0 and text.isalpha())) and not _TAR.issuperset(text.lstrip("-")):
            return False
    return True


def _sed(command: Command) -> bool:
    """Every script is one command of a kind that was tried."""
    scripts: list[str | None] = []
    words = iter(command.arguments)
    named = False
    for word in words:
        text = word.value
        if text in ("-e", "--expression", "-ne", "-ie", "-re", "-Ee"):
            following = next(words, None)
            scripts.append(None if following is None else following.value)
            named = True
        elif text is not None and text.startswith("--expression="):
            scripts.append(text.partition("=")[2])
            named = True
        elif text is not None and text.startswith("-") and len(text) > 1:
            if text not in _SED and not (text.startswith("-i.") and text[3:].isalpha()):
                return False
        elif not named and not scripts:
            scripts.append(text)
            named = True
    return bool(scripts) and all(_plain(script) for script in scripts)


def _plain(script: str | None) -> bool:
    if script is None or _OF_GNU.search(script):
        return False
    return _SUBSTITUTION.fullmatch(script) is not None or _LINES.fullmatch(script) is not None
