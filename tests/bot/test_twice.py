"""The same sweep twice: the second writes nothing and asks once for each repository that did not change, by the wire's log."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bot.conftest import Forge
from tests.bot.robot import FILES, Robot, the_pull

Make = Callable[[Forge, str], object]


def closed(forge: Forge, name: str) -> None:
    forge.world.close(name, the_pull(forge, name).number)


def taken_over(forge: Forge, name: str) -> None:
    forge.world.push(name, the_pull(forge, name).branch, {"README.md": b"mine\n"})


def configured(text: bytes) -> Make:
    return lambda forge, name: forge.world.push(name, "main", {".github/dslim.yml": text})


def nothing(forge: Forge, name: str) -> None:
    """It stays as it is made."""


#: what happens before the first sweep, and between it and the one that is measured
KINDS: dict[str, tuple[Make, Make]] = {
    "proposed": (nothing, nothing),
    "nothing-to-do": (lambda forge, name: forge.world.push(name, "main", {"Dockerfile": b"FROM scratch\n"}), nothing),
    "no-dockerfile": (lambda forge, name: forge.world.push(name, "main", {"Dockerfile": None}), nothing),
    "closed": (nothing, closed),
    "taken-over": (nothing, taken_over),
    "merged": (nothing, lambda forge, name: forge.world.merge(name, the_pull(forge, name).number)),
    "switched-off": (configured(b"enabled: false\n"), nothing),
    "misconfigured": (configured(b"gruop: one\n"), nothing),
    "archived": (lambda forge, name: forge.world.call("PATCH", f"/repos/{name}", {"archived": True}), nothing),
}


@pytest.fixture
def robot(forge: Forge, tmp_path: Path) -> Robot:
    robot = Robot(forge, tmp_path)
    robot.bot = robot.bot._replace(look=False)
    return robot


def test_the_second_sweep_is_quiet(robot: Robot, forge: Forge) -> None:
    for kind, (first, _) in KINDS.items():
        forge.world.repository(f"acme/{kind}", FILES)
        first(forge, f"acme/{kind}")
    for hours in (0, 24):  # until everything is said about what people did
        robot.later(hours)
        for kind, (_, then) in KINDS.items():
            robot.run(f"acme/{kind}")
            if not hours:
                then(forge, f"acme/{kind}")
    assert len(forge.world.pulls("acme/proposed", "open")) == 1
    forge.shim.calls.clear()
    robot.later(2)
    for kind in KINDS:
        robot.run(f"acme/{kind}")
    assert forge.shim.writes == []
    calls = Counter(call.target.split("/")[3].partition("?")[0] for call in forge.shim.calls)
    assert calls == dict.fromkeys(KINDS, 1)


def test_what_changed_is_looked_at(robot: Robot, forge: Forge) -> None:
    """The control: one request is not a look."""
    forge.world.repository("acme/api", FILES)
    robot.run()
    forge.world.push("acme/api", "main", {"README.md": b"more\n"})
    forge.shim.calls.clear()
    robot.run()
    assert len(forge.shim.calls) > 3
    assert forge.shim.writes == []
