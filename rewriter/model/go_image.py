"""The lines of the final stage in front of what the author wrote: packages, users, folders, variables, files, USER."""

from __future__ import annotations

import posixpath
import re

from rewriter.knowledge import golang
from rewriter.knowledge.base_trees import base_tree_of
from rewriter.model import go_environment, go_health, go_stage, go_users, paths
from rewriter.model.file import Step
from rewriter.model.go_plan import Plan, Refused
from rewriter.model.manner import INDENT
from rewriter.model.style import LONG_LINE

_PLAIN = re.compile(r"[\w./:@%+=,-]*", re.ASCII)
#: how many files are copied one by one
_MANY = 24


def lines(plan: Plan, builder: str, shipped: list[Step], newline: str) -> tuple[list[str], list[str]]:
    """The lines, and the commands among them."""
    _known_users(plan, shipped)
    install = _packages(plan)
    made = plan.folders
    entries = [f"COPY --from={builder} {' '.join(go_users.ENTRIES)} /etc/"] if plan.traces.users else []
    first, second = (install, made) if entries else ([*install, *made], [])
    found = [
        *_run(first, plan, newline),
        *entries,
        *_run(second, plan, newline),
        *go_environment.lines(plan, shipped),
        *_places(plan, builder),
    ]
    return found, [*install, *made]


def _run(commands: list[str], plan: Plan, newline: str) -> list[str]:
    one = " && ".join(commands)
    if len(one) > LONG_LINE:
        one = f" {plan.stage.file.escape}{newline}{INDENT}&& ".join(commands)
    return [f"RUN {one}"] if commands else []


def _known_users(plan: Plan, shipped: list[Step]) -> None:
    """Whom USER and COPY --chown name has to be in the final stage."""
    tree = base_tree_of("debian")
    users = set(golang.listed("final", "users")) | plan.traces.users.names
    if not plan.needs.alpine and tree is not None:
        users |= tree.users
    for step in plan.stage.steps:
        owner = next((flag.value or "" for flag in step.instruction.flags if flag.name == "chown"), "")
        name = step.instruction.body.text.strip() if step.name == "USER" else owner if step in shipped else ""
        for part in name.split(":"):
            if part and not part.isdigit() and part not in users:
                raise Refused(f"the user {part} is not known to be in {plan.needs.image}")
    for command in plan.folders:
        tool, who, *_ = command.split()
        for part in who.split(":") if tool == "chown" else ():
            if part and not part.isdigit() and part not in users:
                raise Refused(f"the user {part} is not known to be in {plan.needs.image}")


def _packages(plan: Plan) -> list[str]:
    """The command that installs what the final stage lacks."""
    packages = [*plan.needs.packages]
    for step in plan.stage.steps:
        if step.name == "HEALTHCHECK":
            packages += [name for name in go_health.packages(plan, step) if name not in packages]
    if not packages:
        return []
    if plan.needs.alpine:
        return [f"apk add --no-cache {' '.join(packages)}"]
    flags = "-y" if plan.traces.recommends else "-y --no-install-recommends"
    quiet = "DEBIAN_FRONTEND=noninteractive " if "DEBIAN_FRONTEND" in plan.stage.file.source else ""
    install = f"{quiet}apt-get install {flags} {' '.join(packages)}"
    return ["apt-get update", install, "rm -rf /var/lib/apt/lists/*"]


def _places(plan: Plan, builder: str) -> list[str]:
    """WORKDIR, the files, the programs and USER."""
    stage = plan.stage
    state = stage.steps[plan.at].state if plan.at < len(stage.steps) else stage.end
    workdir = state.workdir
    if not workdir or not _PLAIN.fullmatch(workdir):
        raise Refused("the working directory is not known")
    if len(plan.carried) > _MANY:
        raise Refused(f"{len(plan.carried)} files and folders may be read at run time")
    found = [f"COPY --from={builder} {path} {posixpath.dirname(path)}/" for path in _data(plan)]
    found.append(f"WORKDIR {workdir}")
    groups: dict[str, list[str]] = {}
    for path in (*plan.carried, *plan.programs):
        if any(path != one and paths.inside(path, one) for one in plan.carried):
            continue
        if not _PLAIN.fullmatch(path):
            raise Refused(f"{path} is no plain path")
        groups.setdefault(_target(path, plan), []).append(path)
    found += [f"COPY --from={builder} {' '.join(sources)} {target}" for target, sources in groups.items()]
    users = [step for step in stage.steps[: plan.at] if step.name == "USER"]
    return found if state.root else [*found, f"USER {users[-1].instruction.body.text.strip()}"]


def _data(plan: Plan) -> tuple[str, ...]:
    """Files of the builder's own system that the final stage lacks: certificates, time zones, where hosts are looked up."""
    deleted = go_stage.trees_deleted([path for path, _, _ in plan.traces.gone])
    if not plan.needs.alpine:
        if deleted:
            raise Refused("the toolchain's zone data are deleted")
        zones = "zones" if (go_stage.version(plan.stage) or (2,)) >= (1, 5) else "old_zones"
        return (*golang.listed("final", "data"), golang.fact("final", zones))
    archive = plan.needs.zones and not deleted and (go_stage.version(plan.stage) or (2,)) >= (1, 5)
    hosts = golang.listed("final", "hosts") if go_stage.hosts_file(plan.stage) else ()
    return (*hosts, *(golang.listed("final", "zones") if archive else ()))


def _target(path: str, plan: Plan) -> str:
    """Where COPY puts one file, or one folder."""
    folder = path not in plan.programs and path not in plan.files
    return path if folder else posixpath.join(posixpath.dirname(path), "")
