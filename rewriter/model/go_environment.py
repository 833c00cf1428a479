"""The ENV lines of the final stage: what a running program may ask for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from rewriter import posixpath
from rewriter.knowledge import golang
from rewriter.model import go_stage
from rewriter.model.file import Step
from rewriter.model.go_plan import Plan
from rewriter.model.split_final import Refused
from rewriter.syntax import words

_VARIABLE: Final = re.compile(r"\$\{?(\w+)")
_PROXIES: Final = ("http_proxy", "https_proxy", "all_proxy")
_PLAIN: Final = re.compile(r"[\w./:@%+=,-]*", re.ASCII)


def lines(plan: Plan, shipped: list[Step]) -> list[str]:
    """The ENV lines. ``shipped`` are the instructions of the final stage that the author wrote."""
    stage = plan.stage
    mentioned = _mentioned(plan, shipped)
    given = [pair for step in stage.steps[: plan.at] if step.name == "ENV" for pair in _pairs(plan, step, mentioned)]
    names = [name for name, _ in given]
    _set_later(plan, shipped)
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice in mentioned and twice:
        raise Refused(f"{twice} is set more than once")
    if go_stage.sets_gopath(stage) and ("GOPATH" in mentioned or _asked(plan, "GOPATH")):
        given.insert(0, ("GOPATH", go_stage.gopath(stage.end) or ""))
    if mentioned & {*golang.names("image", "own"), *golang.names("commands", "variables")}:
        raise Refused("what the image starts with uses a variable of the toolchain")
    last = {name: at for at, name in enumerate(name for name, _ in given)}  # what is set again later has its last value
    found = [f"ENV {name}={value}" for at, (name, value) in enumerate(given) if last[name] == at]
    missing = [
        folder
        for folder in dict.fromkeys([*(posixpath.dirname(path) for path in plan.programs), *plan.carried])
        if folder in (stage.end.environment.get("PATH") or "").split(":")
        and folder not in golang.fact("final", "path").split(":")
    ]
    if missing:
        found.append(f"ENV PATH={':'.join(missing)}:$PATH")
    return found


def _set_later(plan: Plan, shipped: list[Step]) -> None:
    """What describes the image comes behind every ENV: a variable that was set after it would have a value there."""
    for step in shipped:
        used = set(_VARIABLE.findall(step.instruction.body.text))
        later = (one for one in plan.stage.steps[: plan.at] if one.name == "ENV" and one.index > step.index)
        late = next((name for one in later for name, _ in _pairs(plan, one, set()) if name in used), "")
        if late and step.name not in ("CMD", "ENTRYPOINT", "HEALTHCHECK"):
            raise Refused(f"{step.name} uses {late}, which is set behind it")


def _mentioned(plan: Plan, shipped: list[Step]) -> set[str]:
    """The variables that the final stage's instructions use; none may be an ARG of the builder."""
    given = [
        part
        for instruction in (
            *plan.stage.file.preamble,
            *(step.instruction for step in plan.stage.steps[: plan.at]),
        )
        if instruction.name == "ARG"
        for part in instruction.body.text.split()
    ]
    arguments = {part.partition("=")[0] for part in given}
    proxy = next(
        (one.partition("=")[0] for one in given if "=" in one and one.partition("=")[0].lower() in _PROXIES), ""
    )
    if proxy and (plan.needs.alpine or plan.needs.packages):
        raise Refused(f"{proxy} tells how packages are fetched, and may be set for the builder alone")
    mentioned: set[str] = set()
    for step in shipped:
        names = set(_VARIABLE.findall(step.instruction.body.text))
        mentioned |= names
        lost = sorted(names & arguments)
        if lost and step.name != "RUN":
            raise Refused(f"{step.name} uses {lost[0]}, which an ARG of the builder sets")
    return mentioned


def _asked(plan: Plan, name: str) -> bool:
    """True when the program may ask for a variable of this name."""
    return plan.access is not None and (plan.access.environment or name in plan.access.variables)


def _pairs(plan: Plan, step: Step, mentioned: set[str]) -> Iterable[tuple[str, str]]:
    """The variables of one ENV that a running program may ask for."""
    try:
        pairs = words.key_values(step.instruction.body.text, plan.stage.file.escape)
    except words.Malformed:
        raise Refused("an ENV cannot be read") from None
    gopath = go_stage.gopath(plan.stage.end) or "/go"
    own = plan.stage.toolchain
    roots = () if own is None else own.trees
    known = [*golang.fact("image", "path").split(":"), f"{gopath}/bin", *(f"{root}/bin" for root in roots)]
    for pair in pairs:
        if pair.key == "GOPATH" or (pair.key in golang.names("commands", "variables") and not _asked(plan, pair.key)):
            continue
        if own is not None and pair.key in own.variables - mentioned and not _asked(plan, pair.key):
            continue  # it tells which Go to fetch
        if (plan.needs.alpine or plan.needs.packages) and pair.key.lower() in _PROXIES:
            raise Refused(f"{pair.key} tells how packages are fetched, and is set after that")
        written = pair.value or ""
        if "GOROOT" not in step.state.environment:  # the image does not set it
            written = written.replace("${GOROOT}", "").replace("$GOROOT/", "/")
        value = step.state.expand(written, plan.stage.file.escape)
        if pair.key == "PATH":
            if value is None or any(one not in known for one in value.split(":") if one):
                raise Refused("ENV PATH leads to folders that the final stage may lack")
            continue
        if value is None:
            raise Refused(f"the value of {pair.key} is not known")
        if not _PLAIN.fullmatch(value):
            if any(sign in value for sign in '"\\$`\n'):
                raise Refused(f"the value of {pair.key} is not repeated here")
            value = f'"{value}"'
        yield pair.key, value
