"""What GitLab and Forgejo say no with, and which trouble that is."""

from __future__ import annotations

from pathlib import Path

import pytest

from dslim.bot.database import Database
from dslim.bot.forge import trouble
from dslim.bot.forge.answers import meaning
from dslim.bot.limiter import Limiter


@pytest.fixture
def limiter(tmp_path: Path) -> Limiter:
    return Limiter(Database(str(tmp_path / "ledger")), "bot", clock=lambda: 1_000_000.0)


@pytest.mark.parametrize(
    ("status", "said", "kind"),
    [
        (401, "401 Unauthorized", trouble.Unauthorized),
        (403, "403 Forbidden", trouble.Refused),
        (403, "This repository is archived", trouble.Archived),
        (423, "Repository is archived and thus read-only.", trouble.Archived),
        (404, "404 Project Not Found", trouble.NotFound),
        (409, "Another open merge request already exists for this source branch: !5", trouble.AlreadyExists),
        (409, "branch already exists [name: dslim/all-1]", trouble.AlreadyExists),
        (
            400,
            "A branch called 'dslim/all-1' already exists. Switch to that branch",
            trouble.AlreadyExists,
        ),
        (400, "The file has changed since you started editing it.", trouble.Conflict),
        (409, "sha does not match [given: abc, expected: def]", trouble.Conflict),
        (400, "You are not allowed to push into this branch: it is protected", trouble.Refused),
        (422, "Validation failed", trouble.Refused),
        (500, "", trouble.Unavailable),
        (502, "Bad Gateway", trouble.Unavailable),
        (0, "", trouble.Refused),
    ],
)
def test_a_trouble(limiter: Limiter, status: int, said: str, kind: type[trouble.ForgeTrouble]) -> None:
    found = meaning("POST /x", status, said, {}, limiter)
    assert type(found) is kind and str(found).startswith(f"POST /x: {status} {said}".strip())


@pytest.mark.parametrize(
    ("status", "headers", "until"),
    [
        (429, {"Retry-After": "30"}, 1_000_030),
        (429, {"RateLimit-Remaining": "0", "RateLimit-Reset": "1000100"}, 1_000_101),
        (429, {}, 1_000_060),
        (503, {"Retry-After": "7"}, 1_000_007),
    ],
)
def test_a_limit_is_kept_by_all_that_share_it(
    limiter: Limiter, status: int, headers: dict[str, str], until: float
) -> None:
    found = meaning("GET /x", status, "Too Many Requests", headers, limiter)
    assert isinstance(found, trouble.RateLimited) and found.not_before == until
    with pytest.raises(trouble.RateLimited):
        limiter.pass_()


def test_a_token_in_an_answer_is_not_repeated(limiter: Limiter) -> None:
    assert "glpat" not in str(meaning("GET /x", 403, "glpat-abcdefghij0123456789 may not", {}, limiter))
