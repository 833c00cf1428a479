"""The way in. Typer defines the command line, in `dslim.commands`; a plain `dslim rewrite` does not wait for it.

Importing Typer takes longer than rewriting a Dockerfile. A call whose every word is certainly understood is read here;
for anything else (help, completion, abbreviations, mistakes) Typer is asked, and says what there is to say.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import NoReturn

from dslim.asked import Asked, Usage

FLAGS = {"--diff": "diff", "--in-place": "in_place", "-i": "in_place", "--check": "check", "--verify": "verify"}
WORDS = {
    "--network": "network",
    "--level": "level",
    "--base": "base",
    "--final": "final",
    "--context": "context",
    "--stdin-filename": "stdin_filename",
    "--format": "format",
    "--measured": "measured",
}
LISTS = {"--select": "select", "--ignore": "ignore", "--keep-tools": "keep_tools"}
NUMBERS = {"--jobs": "jobs", "-j": "jobs"}


def main() -> None:
    """Run the command line. Whoever stops reading our output, or interrupts us, hears no more of us."""
    try:
        asked = None if "_DSLIM_COMPLETE" in os.environ else plain(sys.argv[1:])
        if asked is not None:
            with suppress(Usage):  # Typer says it better
                sys.exit(asked.run())
        from dslim.commands import app

        app(prog_name="dslim")
    except BrokenPipeError:
        _leave(141)
    except KeyboardInterrupt:
        _leave(130)
    except OSError as error:  # of a file it would have been a line of its own: this is our output
        print(f"dslim: {error.strerror or error}", file=sys.stderr)
        _leave(2)


def plain(words: list[str]) -> Asked | None:
    """What ``dslim rewrite ...`` asks for; None when a word is not certainly understood."""
    if not words or words[0] != "rewrite":
        return None
    asked = Asked()
    rest = iter(words[1:])
    for word in rest:
        if word == "-" or not word.startswith("-"):
            asked.paths.append(word)
            continue
        if word in FLAGS:
            setattr(asked, FLAGS[word], True)
            continue
        name, given, value = word.partition("=")
        if not given:
            value = next(rest, "-")
        if value.startswith("-") or (given and not name.startswith("--")):
            return None
        if name in LISTS:
            getattr(asked, LISTS[name]).append(value)
        elif name in WORDS:
            setattr(asked, WORDS[name], value)
        elif name in NUMBERS and value.isascii() and value.isdigit():
            setattr(asked, NUMBERS[name], int(value))
        else:
            return None
    return asked


def _leave(code: int) -> NoReturn:
    """Exit without a word, and without flushing what nobody reads."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        try:
            os.dup2(nowhere, stream.fileno())
        except (OSError, ValueError):
            continue
    sys.exit(code)
