"""The lines of the final stage in front of what the author wrote: packages, users, folders, variables, files, USER."""

from __future__ import annotations

from typing import Final

from rewriter import posixpath
from rewriter.knowledge import golang, programs
from rewriter.knowledge.base_trees import base_tree_of
from rewriter.model import (
    bases,
    go_environment,
    go_same_image,
    go_stage,
    paths,
    split_health,
    split_image,
    split_users,
)
from rewriter.model.file import Step
from rewriter.model.go_plan import Plan
from rewriter.model.split_final import Refused
from rewriter.model.split_stage import Installed

#: how many files are copied one by one
_MANY: Final = 24


def lines(plan: Plan, builder: str, shipped: list[Step], newline: str) -> tuple[list[str], list[str]]:
    """The lines, and the commands among them."""
    _known_users(plan, shipped)
    install = _packages(plan)
    made = plan.folders
    own = plan.stage.toolchain is not None
    entries = [f"COPY --from={builder} {' '.join(split_users.ENTRIES)} /etc/"] if plan.traces.users else []
    first, second = (install, made) if entries and not own else ([*install, *made], [])
    found = [
        *(entries if own else []),  # a package finds the users that it would make, with the numbers of the builder
        *split_image.run(first, plan.stage, newline),
        *([] if own else entries),
        *split_image.run(second, plan.stage, newline),
        *go_environment.lines(plan, shipped),
        *_places(plan, builder),
    ]
    return found, [*install, *made]


def _known_users(plan: Plan, shipped: list[Step]) -> None:
    """Whom USER and COPY --chown name has to be in the final stage."""
    tree = base_tree_of("debian")
    users = set(golang.listed("final", "users")) | plan.traces.users.names
    there = tree if plan.stage.toolchain is None else base_tree_of(bases.base_of(plan.stage.stage)[0])
    if there is not None and (not plan.needs.alpine or plan.stage.toolchain is not None):
        users |= there.users
    split_image.known_users(plan.stage, shipped, plan.folders, users, plan.needs.image)


def _packages(plan: Plan) -> list[str]:
    """The command that installs what the final stage lacks."""
    packages = [*plan.needs.packages]
    own = plan.stage.toolchain is not None
    there = programs.of_base("debian") if own and not plan.needs.alpine else ()
    system = split_health.System(plan.needs.alpine, plan.stage.alpine is not None, (*plan.needs.packages, *there))
    for step in plan.stage.steps:
        if step.name == "HEALTHCHECK":
            called = split_health.packages(step, plan.programs, plan.traces.packages, system)
            packages += [name for name in called if name not in packages]
    manager = go_same_image.manager(plan.stage) if own else "apk" if plan.needs.alpine else "apt-get"
    return split_image.install(packages, manager, plan.traces.recommends, plan.stage)


def _places(plan: Plan, builder: str) -> list[str]:
    """WORKDIR, the files, the programs and USER."""
    stage = plan.stage
    state = stage.steps[plan.at].state if plan.at < len(stage.steps) else stage.end
    workdir = split_image.workdir(state)
    if len(plan.carried) > _MANY:
        raise Refused(f"{len(plan.carried)} files and folders may be read at run time")
    found = [f"COPY --from={builder} {path} {posixpath.dirname(path)}/" for path in _data(plan)]
    if plan.stage.toolchain is None or workdir != "/":  # where the same image starts
        found.append(f"WORKDIR {workdir}")
    groups: dict[str, list[str]] = {}
    for path in (*plan.carried, *plan.programs):
        if any(path != one and paths.inside(path, one) for one in plan.carried):
            continue
        if not split_image.plain(path):
            raise Refused(f"{path} is no plain path")
        groups.setdefault(_target(path, plan), []).append(path)
    found += [f"COPY --from={builder} {' '.join(sources)} {target}" for target, sources in groups.items()]
    return [*found, *split_image.user(stage, plan.at)]


def _data(plan: Plan) -> tuple[str, ...]:
    """Files of the builder's own system that the final stage lacks: certificates, time zones, where hosts are looked up."""
    deleted = go_stage.trees_deleted(plan.stage, [path for path, _, _ in plan.traces.gone])
    if plan.stage.toolchain is not None:
        return _data_of_the_same_image(plan, plan.stage.toolchain, deleted)
    if not plan.needs.alpine:
        if deleted:
            raise Refused("the toolchain's zone data are deleted")
        zones = "zones" if (go_stage.version(plan.stage) or (2,)) >= (1, 5) else "old_zones"
        return (*golang.listed("final", "data"), golang.fact("final", zones))
    archive = plan.needs.zones and not deleted and (go_stage.version(plan.stage) or (2,)) >= (1, 5)
    hosts = golang.listed("final", "hosts") if go_stage.hosts_file(plan.stage) else ()
    return (*hosts, *(golang.listed("final", "zones") if archive else ()))


def _data_of_the_same_image(plan: Plan, toolchain: Installed, deleted: bool) -> tuple[str, ...]:
    """Certificates that were installed, and the zones of an archive of Go: where nothing doubts that they are there."""
    certificates = go_same_image.certificates(plan.stage, plan.traces, plan.needs.packages)
    wanted = toolchain.how != "package" and not deleted and (plan.needs.zones or plan.stage.alpine is None)
    zones = posixpath.join(toolchain.trees[0], golang.fact("final", "zones").removeprefix("/usr/local/go/"))
    return (*(golang.listed("final", "data") if certificates else ()), *((zones,) if wanted else ()))


def _target(path: str, plan: Plan) -> str:
    """Where COPY puts one file, or one folder."""
    folder = path not in plan.programs and path not in plan.files
    return path if folder else posixpath.join(posixpath.dirname(path), "")
