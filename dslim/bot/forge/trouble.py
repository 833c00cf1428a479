"""What a forge may answer instead of what was asked for. One class for each thing that the bot then does differently."""

from __future__ import annotations


class ForgeTrouble(Exception):
    """A call failed. The message is one line: what, the cause, and what to do."""

    #: no later try can end better, unless a person changes something
    final = False


class NotFound(ForgeTrouble):
    """There is no such thing, or we may not see it (forges do not tell the two apart)."""

    final = True


class Archived(ForgeTrouble):
    """The repository is archived, disabled, or locked: nobody can write to it."""

    final = True


class Empty(ForgeTrouble):
    """The repository has no commit yet."""

    final = True


class Refused(ForgeTrouble):
    """We may not do this: a permission is missing, a rule protects the branch, a feature is switched off."""

    final = True


class Unauthorized(ForgeTrouble):
    """The token is wrong, expired or withdrawn, also after it was renewed once."""

    final = True


class Conflict(ForgeTrouble):
    """Somebody was faster: what we were about to change is not any more what we looked at. Look again."""


class AlreadyExists(ForgeTrouble):
    """What we wanted to make is there. Look it up, and adopt it when it is ours."""


class NameTaken(ForgeTrouble):
    """Git cannot have a branch of this name: ``dslim/x`` beside a branch called ``dslim``."""


class RateLimited(ForgeTrouble):
    """The forge wants no request before ``not_before`` (seconds since 1970)."""

    def __init__(self, message: str, not_before: float) -> None:
        super().__init__(message)
        self.not_before = not_before


class Unavailable(ForgeTrouble):
    """The forge, or the way to it, is out of order: 5xx, a cut connection, a time-out. What was asked may have been done."""
