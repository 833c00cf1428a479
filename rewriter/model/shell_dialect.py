"""What dash, Debian's ``/bin/sh``, and busybox, Alpine's, read otherwise.

Both follow POSIX; each allows something beside it. Sources: dash(1), the sources of busybox's ash (CONFIG_ASH_BASH_COMPAT),
POSIX.1-2017 2.6.2 (parameter expansion), echo (the handling of backslashes is implementation-defined).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from rewriter.model.command import Command
from rewriter.syntax.script import Word

#: ``${x}``, ``${#x}`` and ``${x`` with an operator of POSIX behind it; anything else is a substring or a replacement
_EXPANSION: Final = re.compile(r"\$\{(?:#?[\w@*#?$!-]+\}|[\w@*#?$!]+(?::?[-=?+]|##?|%%?))")
_OPENED: Final = re.compile(r"\$\{")
#: one of the shells sets these, the other does not
_SPECIAL: Final = frozenset(
    "RANDOM EPOCHSECONDS EPOCHREALTIME SECONDS LINENO HOSTNAME UID EUID SHLVL PIPESTATUS FUNCNAME".split()
)
_REDIRECTS: Final = frozenset((">", ">>", "<", "<<", "<<-", ">&", "<&", ">|", "<>"))
_SET: Final = frozenset("-o,errexit,nounset,xtrace,noglob".split(","))


def odd(command: Command, environment: Mapping[str, str | None]) -> str:
    """What the two shells read otherwise in a command, as the end of a sentence; "" where they agree.

    ``environment`` are the variables in force, None for a value that is not known.
    """
    for word in _words(command):
        if len(_OPENED.findall(word.raw)) != len(_EXPANSION.findall(word.raw)):
            return f"{word.raw}: an expansion that only one of dash and busybox has"
        if "$'" in word.raw or ("$((" in word.raw and any(sign in word.raw for sign in ("**", "++", "--"))):
            return f"{word.raw}, which dash and busybox read otherwise"
        special = next((name for name in word.parameters if name in _SPECIAL or name.startswith("BASH")), "")
        if special:
            return f"${special}, which only one of dash and busybox sets"
    redirect = next((one.operator for one in command.simple.redirects if one.operator not in _REDIRECTS), "")
    if redirect:
        return f"{redirect}, which only one of dash and busybox has"
    texts = [word.value if word.value is not None else word.raw for word in command.arguments]
    tool = command.tool
    if tool in ("[", "test") and not {"==", "=~", "<", ">", "-v", "\\<", "\\>"}.isdisjoint(texts):
        return "a test that only one of dash and busybox has"
    options = texts[: texts.index("--")] if "--" in texts else texts
    if tool == "set" and any(text not in _SET and not re.fullmatch(r"-[euxafv]+o?", text) for text in options):
        return f"set {' '.join(texts)}, which dash and busybox may read otherwise"
    if tool in ("export", "readonly", "read", "unset") and any(
        t.startswith("-") and t not in ("-r", "-f") for t in texts
    ):
        return f"{tool} with options, which dash and busybox read otherwise"
    if tool == "echo":
        return _echo(command, environment)
    if tool == "printf" and any("\\" in word.raw for word in command.arguments):
        return "printf with backslashes, which dash and busybox read otherwise"
    return ""


def _echo(command: Command, environment: Mapping[str, str | None]) -> str:
    """dash's echo reads backslashes in all that it prints, busybox's only behind ``-e``."""
    for place, word in enumerate(command.arguments):
        text = word.value if word.value is not None else word.raw
        if "\\" in word.raw or (place == 0 and text.startswith("-") and text != "-n"):
            return "echo with backslashes or options, which dash and busybox read otherwise"
        values = [environment.get(name) for name in word.parameters]
        if word.value is None and (word.substitutions or any(value is None or "\\" in value for value in values)):
            return f"echo {word.raw}: dash reads backslashes in that value, and busybox does not"
    return ""


def _words(command: Command) -> Iterator[Word]:
    yield from command.simple.words
    for one in command.simple.assignments:
        if one.value is not None:
            yield one.value
        yield from one.elements or ()
    for redirect in command.simple.redirects:
        yield redirect.target
        if redirect.content is not None:
            yield redirect.content
