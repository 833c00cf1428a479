"""Static sites: what a generator wrote, on what serves it, without the generator."""

from __future__ import annotations

from typing import Final

from rewriter.knowledge import languages, programs, variants
from rewriter.model import (
    bases,
    served,
    split_elsewhere,
    split_idle,
    split_outputs,
    split_purpose,
    split_site_page,
    split_stage,
    split_start,
    split_tree,
    split_whole,
)
from rewriter.model.context_tree import Tree as Context
from rewriter.model.file import File
from rewriter.model.scope import State
from rewriter.model.split_site_page import SitePage
from rewriter.model.split_stage import Against, Shipped
from rewriter.model.split_traces import SHARED, of_whole_folders
from rewriter.model.split_whole import Runtime
from rewriter.rule import Ask, Decline, Finding

_WRITERS: Final = (
    "it starts {}, which builds the site again for people who write it: {} in a RUN, and a server of files "
    "(FROM nginx, or python -m http.server), would ship the site alone"
)
_UNKNOWN: Final = (
    "on which system {} is built, and how a server came into it, is not known: FROM nginx, or a system with a server's package, "
    "would do"
)
#: systems, which an image with a server's package stays on
_SYSTEMS: Final = frozenset(("debian", "ubuntu", "alpine"))
#: images on one of these, of which the tables know the release
_LANGUAGES: Final = frozenset(("python", "ruby", "node", "golang"))
#: whom the image of a server, or its package of Alpine, makes
_USERS: Final = {"nginx": "nginx", "apache2": "apache", "lighttpd": "lighttpd", "caddy": "caddy", "httpd": "www-data"}
#: where images start that start elsewhere than in /
_WORKDIRS: Final = {"httpd": "/usr/local/apache2", "caddy": "/srv"}


def split(file: File, ask: Ask) -> Finding | Decline | None:
    """The split of the shipped stage; why there is none; None where no site is written."""
    runs = [run for run in file.runs if run.stage.ships and any(map(split_site_page.writing, run.commands))]
    repository, tag = bases.shipped_base(file)
    itself = repository in languages.names("site", "images")
    if not runs or (not itself and split_idle.starts_nothing(file)):
        return None
    for_writers = _for_writers(file)
    if for_writers is not None:
        return for_writers
    stage = split_elsewhere.lone(file)
    if isinstance(stage, Decline):
        return stage
    alpine = "alpine" in f"{repository}:{tag}"
    state = State(environment={"PATH": programs.PATH}, workdir=_WORKDIRS.get(repository, "/"))
    starts = (repository,) if itself else ()
    shipped = split_stage.shipped(file, state, "latest" if alpine else None)._replace(starts=starts)
    if split_elsewhere.gone(shipped, "site"):
        return None
    try:
        runtime = _runtime(shipped, repository, tag)
        if isinstance(runtime, str):
            return Decline(runs[0].span, runtime)
        page = SitePage(
            of_whole_folders(shipped, SHARED | split_site_page.THERE), shipped, Context(file, file.stages[-1], ask)
        )
        page.same_image = runtime.image == shipped.stage.image
        tree = split_tree.tree(shipped, page, ask)
        tree = split_outputs.without_sources(tree, page, page.shipped(tree), page.read(tree))
    except Against as against:
        return Decline(against.step.span, against.why)
    tree = tree._replace(files=[one for one in tree.files if not page.own_file(one)])
    if itself or alpine:
        runtime = runtime._replace(
            users=frozenset(_USERS[one] for one in (*tree.packages, repository) if one in _USERS)
        )
    title = f"Ship the site on {runtime.image}, without what built it"
    return split_whole.finding(tree, page, runtime, title, [], page.deleted_again(), ask)


def _for_writers(file: File) -> Decline | None:
    """Why an image that starts the generator's own server is not split."""
    whole = split_stage.whole(file)
    if split_start.starting(whole) is None:
        return None
    try:
        step, commands = split_purpose.started(whole)
    except Against as against:
        return Decline(against.step.span, against.why)
    for command in map(split_site_page.called, commands):
        if command.tool in languages.names("site", "toolchain"):
            words = f"{command.tool} {command.subcommand}".strip()
            build = {"hugo": "hugo", "hexo": "hexo generate"}.get(command.tool, f"{command.tool} build")
            return Decline(step.span, _WRITERS.format(words, build))
    return None


def _runtime(shipped: Shipped, repository: str, tag: str) -> Runtime | str:
    """The image that serves, or why it is not known.

    Raises:
        Against: what the image starts cannot be read.
    """
    image, alpine = shipped.stage.image, "alpine" in f"{repository}:{tag}"
    calls = programs.of_base("alpine" if alpine else "debian")
    if "$" in tag:
        return f"which image {image} is, is only known when it is built"
    same = (f"{image} serves the site, as before",)
    if repository in languages.names("site", "images"):
        return Runtime(image, alpine, calls=calls | languages.names("site", "serving") | {"curl"}, because=same)
    if repository in _SYSTEMS:
        return Runtime(image, alpine, calls=calls, because=same)
    by_python = any(one.tool in languages.names("site", "starts") for one in split_purpose.started(shipped)[1])
    if repository == "python" and by_python:
        return split_whole.slim(repository, tag, image, calls)
    below = _below(repository, tag, image) if repository in _LANGUAGES and not by_python else ""
    if not below:
        return _UNKNOWN.format(image)
    return Runtime(below, alpine, calls=calls, because=(f"{below} is the system that {image} is built on",))


def _below(repository: str, tag: str, image: str) -> str:
    """The image of the system below one of a language, "" where the tables do not show it."""
    built = variants.built_on(repository, tag or "latest")
    named = next((part for part in tag.split("-") if part.startswith("alpine") and part != "alpine"), built)
    if named.startswith("alpine"):
        return f"alpine:{named.removeprefix('alpine')}"
    release = served.release_of(image)
    return f"debian:{release}-slim" if release and "alpine" not in tag else ""
