"""What is concluded from all that was compared, and why."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from dslim.verify.compare import Difference, environment
from dslim.verify.program import Check
from dslim.verify.sizes import Side
from dslim.verify.trouble import Failure

EQUIVALENT, SAME_PROGRAM, DIFFERENT, NOT_BUILT = "equivalent", "same program", "different", "not built"
CODES = {EQUIVALENT: 0, SAME_PROGRAM: 0, DIFFERENT: 1, NOT_BUILT: 2}
_NAMED = 3  #: examples in a reason


class Declared(NamedTuple):
    """What a Dockerfile sets itself; all else comes from its base image. ``steps`` counts its instructions in the final
    image's history."""

    variables: frozenset[str] = frozenset()
    labels: frozenset[str] = frozenset()
    steps: int = 0


class Verified(NamedTuple):
    """The outcome. ``because`` are the reasons of the verdict, ``notes`` what else is worth
    telling, ``spread`` the bytes by which two builds of the original differ, where it was built twice."""

    verdict: str
    because: tuple[str, ...]
    before: Side
    after: Side
    config: Mapping[str, tuple[object, object]] = MappingProxyType({})
    differences: tuple[Difference, ...] = ()
    explained: Mapping[str, int] = MappingProxyType({})
    program: tuple[Check, ...] = ()
    notes: tuple[str, ...] = ()
    spread: int = 0

    @property
    def grown(self) -> int:
        """Bytes that the image grew by; negative for a smaller one."""
        return self.after.bytes - self.before.bytes


def unbuilt(before: Failure | None, after: Failure | None) -> tuple[str, str]:
    """Verdict and reason where at least one image was not built.

    A build that fails is a fact about the Dockerfile only where its cause lies in it: a full disk proves nothing.
    """
    for name, failure in (("before", before), ("after", after)):
        if failure is not None and failure.outside:
            return NOT_BUILT, f"{name}: {failure.line}"
    if before is not None and after is not None:
        return NOT_BUILT, f"neither is built; before: {before.line}; after: {after.line}"
    if before is not None:
        return DIFFERENT, f"the original does not build ({before.line}), and the rewrite does: a failure is ignored now"
    cause = after.line if after is not None else ""
    return DIFFERENT, f"the original builds, and the rewrite does not: {cause}"


def conclude(
    config: dict[str, tuple[object, object]],
    differences: tuple[Difference, ...],
    program: tuple[Check, ...],
    strict: bool,
    declared: Declared,
) -> tuple[str, tuple[str, ...]]:
    """Verdict and reasons for two images that were built.

    ``strict`` asks for the same root file system and configuration. Else the same program is enough: every check of it
    holds, and the configuration differs only in variables and labels that the base image had set.
    """
    against = [f"{one.check}: {one.detail}" for one in program if not one.ok]
    held = config if strict else {key: pair for key, pair in config.items() if _own(key, pair, declared)}
    against += [f"configuration: {key}: {old!r} -> {new!r}" for key, (old, new) in held.items()]
    if strict and differences:
        against.append(_counted(differences))
    if not strict and differences and not any(_of_program(one) for one in program):
        against.append(
            f"the image starts no program that could be compared, and {_counted(differences)}; --run names one"
        )
    if against:
        return DIFFERENT, tuple(against)
    if not config and not differences:
        return EQUIVALENT, ("the same configuration, and the same files but for what is explained",)
    reasons = [_counted(differences)] if differences else []
    reasons += [f"{key} differs in what the base image sets" for key in config]
    return SAME_PROGRAM, ("every check of the program holds", *reasons)


def _of_program(check: Check) -> bool:
    """Whether the check is about a program, and not about who runs it or which files lie beside it."""
    return check.check not in ("user", "copied files")


def _own(key: str, pair: tuple[object, object], declared: Declared) -> bool:
    """Whether a difference is one in what the Dockerfile itself says."""
    if key == "Env":
        old, new = (environment({"Env": value}) for value in pair)
        return any(old.get(name) != new.get(name) for name in declared.variables)
    if key == "Labels":
        before, after = (value if isinstance(value, dict) else {} for value in pair)
        return any(before.get(name) != after.get(name) for name in declared.labels)
    return True


def _counted(differences: tuple[Difference, ...]) -> str:
    shown = "; ".join(f"/{one.path} is {one.kind}" for one in differences[:_NAMED])
    paths = "1 path differs" if len(differences) == 1 else f"{len(differences)} paths differ"
    return f"{paths}: {shown}" + ("; ..." if len(differences) > _NAMED else "")
