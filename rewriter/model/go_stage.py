"""A stage on an official golang image, with what that image sets: GOPATH, PATH and the working directory."""

from __future__ import annotations

from rewriter import posixpath
from rewriter.knowledge import golang, images
from rewriter.model import bases, paths
from rewriter.model.file import File
from rewriter.model.scope import State
from rewriter.model.split_folders import Folders, Toolchain
from rewriter.model.split_stage import Shipped, shipped


def go_stage(file: File) -> Shipped | str | None:
    """The shipped stage when it is built on an official golang image; why it cannot be looked at; None for another image."""
    stage = file.stages[-1]
    repository, tag = bases.base_of(stage)
    if repository != "golang" or stage.parent is not None:
        return None
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
    """The version of Go that the tag names, None where it moves along."""
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
    if stage.alpine is None or known is None or len(known) < 2 or not (1, 9) <= known[:2] < (1, 16):
        return False
    return None if len(known) > 2 and known[:2] < (1, 11) else True


def folders(stage: Shipped) -> Folders:
    """The folders of the stage; none is made yet."""
    home = gopath(stage.end) or "/go"
    own = frozenset((home, *(posixpath.join(home, one) for one in ("src", "bin", "pkg"))))
    there = own | golang.names("image", "folders")
    return Folders(stage, Toolchain(home, posixpath.join(home, "src"), there, ("/usr/local/go",)))


def suite(stage: Shipped) -> str:
    """The Debian suite below the image, "stable" where the tag moves along; "" when it is not known."""
    tag = bases.base_of(stage.stage)[1]
    named = next((part for part in tag.split("-") if part in images.RELEASES), "")
    known = bases.version_of(tag)
    if named or (known is not None and len(known) > 1):
        return named or golang.debian_under(known or ())
    return "stable" if tag in ("", "latest", "1") else ""


def trees_deleted(gone: list[str]) -> bool:
    """True when something of the toolchain, or the certificates, was deleted."""
    roots = ("/usr/local/go", "/etc/ssl")
    return any(
        paths.inside(one.rstrip("/*"), root) or paths.inside(root, one.rstrip("/*")) for one in gone for root in roots
    )


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
