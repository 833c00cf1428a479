"""A stage with Go in it, with what its image sets: on an official golang image GOPATH, PATH and the working directory; on another
one that the file puts Go on (go_installed.py) next to nothing."""

from __future__ import annotations

import re
from typing import Final

from rewriter import posixpath
from rewriter.knowledge import golang, images, programs
from rewriter.model import bases, go_installed, paths
from rewriter.model.file import File, Step
from rewriter.model.scope import State
from rewriter.model.split_folders import Folders, Toolchain
from rewriter.model.split_stage import Installed, Shipped, shipped

_SETS_GOPATH: Final = re.compile(r"\bGOPATH[= ]")
#: what Go takes for GOPATH since 1.8 where root builds (https://go.dev/doc/go1.8#gopath)
_HOME: Final = "/root/go"


def go_stage(file: File) -> Shipped | str | None:
    """The shipped stage when it is built on an official golang image, or on one that is known and gets Go; why it cannot be
    looked at; None for another image."""
    stage = file.stages[-1]
    repository, tag = bases.base_of(stage)
    if stage.parent is not None:
        return None
    if repository != "golang":
        return _with_go(file) if images.starts_in_root(stage.image) and "$" not in tag else None
    if "$" in tag:
        return "the version of the image depends on an ARG"
    if "windows" in tag or "nanoserver" in tag:
        return "it is an image of Windows"
    if not tag and "@" in stage.image:
        return "the image is named by its digest alone: its version is not known"
    if "onbuild" in tag:
        return "the onbuild image builds by triggers, which are not written here: go-onbuild-image writes them out"
    alpine = _alpine(tag)
    if alpine == "":
        return f"the Alpine release under golang:{tag} is not known"
    return shipped(file, initial(), alpine)


def initial() -> State:
    """What golang's image sets."""
    environment = {"GOPATH": golang.fact("image", "gopath"), "PATH": golang.fact("image", "path")}
    return State(environment=environment, workdir=golang.fact("image", "workdir"))


def _with_go(file: File) -> Shipped | str | None:
    """The shipped stage on an image that has no Go of its own."""
    repository, tag = bases.base_of(file.stages[-1])
    environment = {"PATH": programs.PATH}
    alpine = None if repository != "alpine" else (tag.partition("_")[0] or "latest")
    stage = shipped(file, State(environment=environment, workdir="/"), alpine)
    found = go_installed.installed(stage)
    if found is None or isinstance(found, str):
        return found
    beside = next((step for step in stage.steps if _in_the_toolchain(step, found)), None)
    if beside is not None:
        return f"{beside.name} works in {found.trees[0]}, among the files of Go itself"
    text = "\n".join(step.instruction.body.text for step in stage.steps if step.name in ("ENV", "RUN"))
    if _SETS_GOPATH.search(text) is None:
        if "$GOPATH" in file.source or "${GOPATH" in file.source:
            return "GOPATH is used, and nothing sets it"
        moved = "HOME" in stage.end.environment or any(step.name == "USER" for step in _in_front(stage))
        if moved:
            return "GOPATH is not set, and whose home it is in changes"
        if found.version is None or found.version >= (1, 8):
            environment["GOPATH"] = _HOME
    return shipped(file, State(environment=environment, workdir="/"), alpine, toolchain=found)


def _in_the_toolchain(step: Step, toolchain: Installed) -> bool:
    """True for a step that puts the author's files among those of the toolchain, or works there."""
    if step.name in ("COPY", "ADD") and step.index not in toolchain.steps:
        return any(toolchain.holds(word.rstrip("/")) for word in step.instruction.body.text.split()[-1:])
    return step.state.workdir is not None and toolchain.holds(step.state.workdir)


def _in_front(stage: Shipped) -> list[Step]:
    """The steps in front of the last RUN."""
    last = max(stage.runs, default=0)
    return [step for step in stage.steps if step.index < last]


def sets_gopath(stage: Shipped) -> bool:
    """True where GOPATH is a variable of the image, and not what Go takes without it."""
    return stage.toolchain is None or any(
        step.name == "ENV" and _SETS_GOPATH.search(step.instruction.body.text) for step in stage.steps
    )


def _alpine(tag: str) -> str | None:
    """The release in or under a tag: "3.8", "latest"; "" when it is not known, None for a tag that is not Alpine's."""
    variant = next((part for part in tag.split("-") if part.startswith("alpine")), None)
    if variant is None:
        return None
    named = variant.removeprefix("alpine")
    version = bases.version_of(tag)
    if not named:
        named = "latest" if version is None or len(version) < 2 else golang.alpine_under(version)
    if named not in ("", "latest") and (bases.version_of(named) or ()) < (bases.version_of(_oldest()) or ()):
        return ""
    return named


def _oldest() -> str:
    return golang.fact("final", "oldest")


def version(stage: Shipped) -> tuple[int, ...] | None:
    """The version of Go that the tag, the archive or the release of the package tells, None where it moves along."""
    if stage.toolchain is not None:
        return stage.toolchain.version
    return bases.version_of(bases.base_of(stage.stage)[1])


def same_alpine(stage: Shipped) -> bool:
    """True when the tag says the Alpine release, or moves with it: ``1.12.4-alpine`` stayed on the release of its day."""
    tag = bases.base_of(stage.stage)[1]
    known = bases.version_of(tag)
    return stage.alpine == "latest" or f"alpine{stage.alpine}" in tag or known is None or len(known) < 3


def same_debian(stage: Shipped) -> bool:
    """True when the tag says the Debian suite, or moves with it: ``1.19.1`` stayed on the suite of its day."""
    tag = bases.base_of(stage.stage)[1]
    known = bases.version_of(tag)
    return any(part in images.RELEASES for part in tag.split("-")) or known is None or len(known) < 3


def hosts_file(stage: Shipped) -> bool | None:
    """True when the program needs the image's /etc/nsswitch.conf, which an Alpine of that age lacks; None when it is not known
    whether the image had it."""
    known = version(stage)
    own = stage.alpine is not None and stage.toolchain is None
    if not own or known is None or len(known) < 2 or not (1, 9) <= known[:2] < (1, 16):
        return False
    return None if len(known) > 2 and known[:2] < (1, 11) else True


def folders(stage: Shipped) -> Folders:
    """The folders of the stage; none is made yet."""
    official = stage.toolchain is None
    home = gopath(stage.end) or ("/go" if official else "")
    own = {home, *(posixpath.join(home, one) for one in ("src", "bin", "pkg"))} if home else set()
    trees = go_installed.roots(stage.toolchain)
    image = golang.names("image", "folders")
    there = frozenset((*own, *trees)) | (image if official else image - {"/go", go_installed.OFFICIAL})
    return Folders(stage, Toolchain(home, posixpath.join(home, "src") if home else "", there, trees, official))


def suite(stage: Shipped) -> str:
    """The Debian suite below the image, "stable" where the tag moves along; "" when it is not known."""
    tag = bases.base_of(stage.stage)[1]
    named = next((part for part in tag.split("-") if part in images.RELEASES), "")
    known = bases.version_of(tag)
    if named or (known is not None and len(known) > 1):
        return named or golang.debian_under(known or ())
    return "stable" if tag in ("", "latest", "1") else ""


def trees_deleted(stage: Shipped, gone: list[str]) -> bool:
    """True when something of the toolchain, or the certificates, was deleted."""
    roots = (go_installed.roots(stage.toolchain)[0], "/etc/ssl")
    return any(
        paths.inside(one.rstrip("/*"), root) or paths.inside(root, one.rstrip("/*")) for one in gone for root in roots
    )


def brings(stage: Shipped, step: Step) -> bool:
    """True for a COPY or ADD that brings Go itself, and nothing of the author's."""
    return stage.toolchain is not None and step.index in stage.toolchain.steps


def value(state: State, name: str) -> str | None:
    """The known value of a variable, or None."""
    return state.environment.get(name)


def gopath(state: State) -> str | None:
    """The first folder of GOPATH."""
    found = value(state, "GOPATH")
    return found.partition(":")[0] if found else None


def install_folder(state: State) -> str | None:
    """Where ``go install`` puts programs, or None when that is not known."""
    if "GOBIN" in state.environment:
        return state.environment["GOBIN"] or None
    found = gopath(state)
    return posixpath.join(found, "bin") if found else None
