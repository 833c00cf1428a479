"""Lines of a final stage that any language may need: packages, folders, the working directory, whom it runs as."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from typing import Final

from rewriter.model.file import Step
from rewriter.model.manner import INDENT
from rewriter.model.scope import State
from rewriter.model.split_final import Refused
from rewriter.model.split_stage import Shipped
from rewriter.model.style import LONG_LINE

#: package managers of Red Hat's family
RPM: Final = ("yum", "dnf", "microdnf")
_PLAIN: Final = re.compile(r"[\w./:@%+=,-]*", re.ASCII)


def plain(path: str) -> bool:
    """True for a path that is written as it is, without quotes."""
    return _PLAIN.fullmatch(path) is not None


def workdir(state: State) -> str:
    """The working directory in force.

    Raises:
        Refused: it is not known.
    """
    if not state.workdir or not plain(state.workdir):
        raise Refused("the working directory is not known")
    return state.workdir


def run(commands: list[str], stage: Shipped, newline: str) -> list[str]:
    """One RUN of these commands, over several lines where it would be a long one; none without commands."""
    one = " && ".join(commands)
    if len(one) > LONG_LINE:
        one = f" {stage.file.escape}{newline}{INDENT}&& ".join(commands)
    return [f"RUN {one}"] if commands else []


def install(packages: list[str], manager: str, recommends: bool, stage: Shipped) -> list[str]:
    """The commands that install packages by this package manager, as the author does."""
    if not packages:
        return []
    if manager == "apk":
        newer = "--upgrade " if "musl" in packages else ""
        return [f"apk add --no-cache {newer}{' '.join(packages)}"]
    if manager in RPM:
        sources = [
            one for one in packages if one.endswith("-release") or "://" in one
        ]  # they bring where others come from
        groups = [sources, [one for one in packages if one not in sources]]
        return [*(f"{manager} install -y {' '.join(group)}" for group in groups if group), f"{manager} clean all"]
    flags = "-y" if recommends else "-y --no-install-recommends"
    quiet = "DEBIAN_FRONTEND=noninteractive " if "DEBIAN_FRONTEND" in stage.file.source else ""
    return ["apt-get update", f"{quiet}apt-get install {flags} {' '.join(packages)}", "rm -rf /var/lib/apt/lists/*"]


def user(stage: Shipped, at: int) -> list[str]:
    """The USER that is in force in front of step ``at``, unless that is root."""
    state = stage.steps[at].state if at < len(stage.steps) else stage.end
    users = [step for step in stage.steps[:at] if step.name == "USER"]
    return [] if state.root else [f"USER {users[-1].instruction.body.text.strip()}"]


def known_users(stage: Shipped, shipped: list[Step], folders: list[str], users: AbstractSet[str], image: str) -> None:
    """Whom USER and COPY --chown of the ``shipped`` steps name, and the commands that make ``folders``, has to be in the final
    stage.

    Raises:
        Refused: one of them is not known to be.
    """
    named: list[str] = []
    for step in stage.steps:
        owner = next((flag.value or "" for flag in step.instruction.flags if flag.name == "chown"), "")
        user = _value(step.instruction.body.text.strip(), step.state)
        named.append(user if step.name == "USER" else owner if step in shipped else "")
    named += [command.split()[1] for command in folders if command.startswith("chown ")]
    for part in (part for one in named for part in one.split(":")):
        if part and not part.isdigit() and part not in users:
            raise Refused(f"the user {part} is not known to be in {image}")


def _value(text: str, state: State) -> str:
    """What ``$NAME`` or ``${NAME}`` is, where that is known; the text itself otherwise."""
    name = text.removeprefix("$").removeprefix("{").removesuffix("}") if text.startswith("$") else ""
    return state.environment.get(name) or text
