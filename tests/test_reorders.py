"""What the engine asks of COPYs that go behind a RUN: the same instructions, and nothing new but a part of what they bring."""

from __future__ import annotations

import pytest

from rewriter import checks
from rewriter.model.file import File
from rewriter.rule import Change, Reorder
from rewriter.syntax.dockerfile import read

BEFORE = """FROM node:22
WORKDIR /app
COPY --chown=node shop /app
COPY live.json /app/settings.json
RUN cd /app && npm ci && npm run build
LABEL a=b
COPY more /more
RUN touch /done
"""
AFTER = """FROM node:22
WORKDIR /app
COPY --chown=node shop/package.json shop/package-lock.json /app/
RUN cd /app && npm ci
COPY --chown=node shop /app
COPY live.json /app/settings.json
RUN cd /app && npm run build
LABEL a=b
COPY more /more
RUN touch /done
"""
MANIFESTS = "shop/package.json shop/package-lock.json /app/"
REORDER = Reorder(
    0, ("shop /app", "live.json /app/settings.json"), (MANIFESTS,), "cd /app && npm ci && npm run build", "cd /app"
)
TOUCHES = frozenset(("COPY", "ADD", "RUN"))


def difference(after: str, reorder: Reorder = REORDER) -> str:
    change = Change(adds=("cd", "/app"), reorders=(reorder,))
    return checks.difference(File(read(BEFORE)), File(read(after)), TOUCHES, [change])


def test_what_is_declared_is_allowed() -> None:
    assert not difference(AFTER)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("COPY live.json /app/settings.json\n", "", "a COPY would be lost"),
        ("COPY more /more\n", "", "instructions other than those COPYs would differ"),
        ("COPY more /more\n", "COPY more /other\n", "the COPYs that are added are not those of the finding"),
        ("LABEL a=b\n", "", "instructions other than those COPYs would differ"),
        ("LABEL a=b\nCOPY more /more\n", "COPY more /more\nLABEL a=b\n", "instructions other than those COPYs"),
        ("RUN touch /done\n", "RUN touch /other\n", "instructions other than those COPYs would differ"),
        ("npm ci", "npm install", "instructions other than those COPYs would differ"),
        ("RUN cd /app && npm run build", "RUN npm run build", "instructions other than those COPYs would differ"),
        ("RUN cd /app && npm run build", "RUN cd / && npm run build", "instructions other than those COPYs would differ"),
        ("COPY --chown=node shop /app\n", "COPY shop /app\n", "the COPYs that are added are not those of the finding"),
        (
            "COPY --chown=node shop /app\nCOPY live.json /app/settings.json\n",
            "COPY live.json /app/settings.json\nCOPY --chown=node shop /app\n",
            "would not stay together, in their order",
        ),
        ("COPY live.json /app/settings.json\nRUN cd /app && npm run build\n",
         "RUN cd /app && npm run build\nCOPY live.json /app/settings.json\n", "would not stay together"),
        ("RUN touch /done\n", "RUN touch /done\nCOPY more /more\n", "the COPYs that are added are not those"),
    ],
)  # fmt: skip
def test_what_must_not_become_of_the_file(old: str, new: str, why: str) -> None:
    assert AFTER.count(old) == 1 or old == "npm ci"
    assert why in difference(AFTER.replace(old, new))


@pytest.mark.parametrize(
    "words",
    [
        "shop/package.json other/package-lock.json /app/",
        "shop/package.json shop/package-lock.json /other/",
        "shop/deep/package.json /app/",
        "shop/package.json ../package-lock.json /app/",
        "shop/package.json /app",
    ],
)
def test_what_is_new_is_a_part_of_what_moves(words: str) -> None:
    reorder = REORDER._replace(added=(words,))
    assert "would bring more than the COPY that moves" in difference(AFTER.replace(MANIFESTS, words), reorder)


def test_what_is_new_has_the_same_owner() -> None:
    after = AFTER.replace("--chown=node shop/package.json", "shop/package.json")
    assert "would bring more than the COPY that moves" in difference(after)


def test_nothing_moves_up() -> None:
    """The other way round it would be a smell."""
    change = Change(reorders=(Reorder(0, ("more /more",)),))
    moved = BEFORE.replace("COPY more /more\n", "").replace("WORKDIR /app\n", "WORKDIR /app\nCOPY more /more\n")
    assert "behind a RUN" in checks.difference(File(read(BEFORE)), File(read(moved)), TOUCHES, [change])


def test_another_stage_stays() -> None:
    """A declaration is for one stage."""
    assert difference(AFTER, REORDER._replace(stage=1)) == "the COPYs that are added are not those of the finding"
