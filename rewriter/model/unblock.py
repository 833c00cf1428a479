"""What would settle a decline of a smaller base: a file, an option, or a line in the Dockerfile, in one clause."""

from __future__ import annotations

#: a part of a reason, and what somebody could do about it; the first that fits counts
_SETTLES = (
    ("a Gemfile.lock, copied before", ""),  # says it itself
    ("is no longer served where apt looks", "a tag on a Debian that is served would do"),
    ("no compiler is served any more", "a tag that names a Debian that is served would do"),
    ("slim has no compiler:", ""),
    ("which only the full variant has (and", ""),
    ("may go with it", ""),
    ("comes as source only", "installed with a compiler and headers by the file itself, it becomes a question"),
    ("is written in C, and slim has no compiler", "with gcc, make and libc6-dev of its own it becomes a question"),
    ("which only the full variant has (", "an apt-get install of it in the file would do"),
    ("not seen", "--context names the folder that holds it"),
    ("which digest the other variant has", "a tag in place of the digest would do"),
    ("gives it no default", "a default would do"),
    ("names Debian", "a tag without it would do"),
)


def with_way_out(why: str) -> str:
    """A reason with what would settle it, where something would."""
    clause = next((clause for sign, clause in _SETTLES if sign in why), "")
    return f"{why}; {clause}" if clause else why
