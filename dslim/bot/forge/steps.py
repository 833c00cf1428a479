"""Steps that the forges with a REST API have in common when they write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from dslim.bot.forge import trouble


class Writer(Protocol):
    """A client, as far as it is needed here."""

    def write(self, verb: str, path: str, sent: Mapping[str, Any] | None = None) -> Any: ...


class Reader(Protocol):
    """A forge, as far as it is needed here."""

    def head(self, repo: str, branch: str) -> str: ...


def expect(forge: Reader, repo: str, branch: str, expected: str) -> None:
    """Where an API cannot compare and swap, the time between this look and the write is as short as we can make it.

    Raises:
        Conflict: the branch points elsewhere.
    """
    if (now := forge.head(repo, branch)) != expected:
        raise trouble.Conflict(
            f"{repo}: {branch} points at {now or 'nothing'}, not at {expected or 'nothing'}; left as it is"
        )


def best_effort(client: Writer, requests: Iterable[tuple[str, str, Mapping[str, Any]]]) -> list[str]:
    """Make each request (verb, path, what is sent), and say what was refused.

    Raises:
        RateLimited, Unavailable: what was not heard is no refusal; the rest waits.
    """
    failed: list[str] = []
    for verb, path, sent in requests:
        try:
            client.write(verb, path, sent)
        except (trouble.RateLimited, trouble.Unavailable):
            raise
        except trouble.ForgeTrouble as error:
            failed.append(str(error))
    return failed


def given(values: Mapping[str, object]) -> dict[str, object]:
    """What has a value: the rest stays as it is on the forge."""
    return {key: value for key, value in values.items() if value is not None}
