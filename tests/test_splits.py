"""What the engine asks of a split: a stage more, nothing less."""

from __future__ import annotations

import pytest

from rewriter import checks
from rewriter.model.file import File
from rewriter.rule import Change, Split
from rewriter.syntax.dockerfile import read

BEFORE = """FROM golang:1.24
LABEL a=b
WORKDIR /app
RUN go build -o main .
EXPOSE 80
CMD ["./main"]
"""
AFTER = """FROM golang:1.24 AS builder
WORKDIR /app
RUN go build -o main .

FROM alpine:3.23
LABEL a=b
WORKDIR /app
COPY --from=builder /app/main /app/
EXPOSE 80
CMD ["./main"]
"""
SPLIT = Split("builder", "alpine:3.23")
TOUCHES = frozenset("FROM RUN COPY WORKDIR ENV USER LABEL EXPOSE CMD".split())


def difference(after: str, split: Split | None = SPLIT, touches: frozenset[str] = TOUCHES) -> str:
    return checks.difference(File(read(BEFORE)), File(read(after)), touches, [Change(split=split)])


def test_a_declared_split_is_allowed() -> None:
    assert not difference(AFTER)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("EXPOSE 80\n", "", "EXPOSE 80 would be lost"),
        ("EXPOSE 80\n", "EXPOSE 81\n", "EXPOSE 80 would be lost"),
        ("EXPOSE 80\n", "EXPOSE 80\nEXPOSE 81\n", "EXPOSE 81 would be added"),
        ("RUN go build -o main .", "RUN go build -o other .", "RUN go build -o main . would be lost"),
        ('EXPOSE 80\nCMD ["./main"]\n', 'CMD ["./main"]\nEXPOSE 80\n', "another order"),
        ("AS builder", "AS other", "the stages would not be those of the split"),
        ("alpine:3.23", "alpine:3.22", "the stages would not be those of the split"),
        ("EXPOSE", "FROM scratch\nEXPOSE", "the stages would not be those of the split"),
        ("COPY", "RUN apk add git\nCOPY", "the shell word"),
    ],
)
def test_what_a_split_must_not_do(old: str, new: str, why: str) -> None:
    assert why in difference(AFTER.replace(old, new))


def test_no_stage_appears_without_a_declaration() -> None:
    assert difference(AFTER, None, TOUCHES - {"FROM"}) == "the stages would differ"
