"""PHP: what Composer installs and what the image's scripts compile, on the same image, without what only builds."""

from __future__ import annotations

from typing import Final

from rewriter.knowledge import programs, variants
from rewriter.model import (
    bases,
    served,
    split_again,
    split_compilers,
    split_elsewhere,
    split_php_calls,
    split_php_composer,
    split_php_page,
    split_stage,
    split_start,
    split_tree,
    split_whole,
)
from rewriter.model.context_tree import Tree as Context
from rewriter.model.file import File
from rewriter.model.scope import State
from rewriter.model.split_php_page import PhpPage
from rewriter.model.split_php_system import ROOT
from rewriter.model.split_stage import Against, whole
from rewriter.model.split_traces import SHARED, of_whole_folders
from rewriter.model.split_tree import Tree
from rewriter.model.split_whole import Runtime
from rewriter.rule import Ask, Decline, Finding

#: what images with a server start by themselves. Source: Dockerfiles of github.com/docker-library/php
_SERVERS: Final = {"apache": "apache2-foreground", "fpm": "php-fpm"}
_DEPENDENCIES: Final = {
    True: "autoconf dpkg-dev dpkg file g++ gcc libc-dev make pkgconf re2c",
    False: "autoconf dpkg-dev file g++ gcc libc-dev make pkg-config re2c",
}
#: what the image has beside its system. On Alpine it makes the user, which Debian has
_CALLS: Final = frozenset("curl tar openssl php php-fpm apache2-foreground docker-php-entrypoint".split())
_LITTLE: Final = (
    "would stay in a builder, 10 MB at most: with git, Node.js or headers of a large library it would be worth a stage"
)


def serves(file: File) -> bool:
    """True for a file on an image of PHP that starts a server by itself, and that starts nothing else."""
    steps = [step for stage in file.stages[-1].lineage for step in stage.at_use]
    return _server(*bases.shipped_base(file)) != () and not any(step.name in ("CMD", "ENTRYPOINT") for step in steps)


def _server(repository: str, tag: str) -> tuple[str, ...]:
    parts = tag.split("-")
    return tuple(_SERVERS[one] for one in _SERVERS if repository == "php" and one in parts)


def split(file: File, ask: Ask) -> Finding | Decline | None:
    """The split of the shipped stage; why there is none; None where Composer installs nothing in it."""
    runs = [run for run in file.runs if run.stage.ships]
    installing = next((run for run in runs if any(map(split_php_calls.installing, run.commands))), None)
    if installing is None:
        return None
    repository, tag = bases.shipped_base(file)
    if repository != "php":
        image = file.stages[-1].lineage[-1].image
        why = f"which PHP runs what Composer installs on {image} is not known: only on an official image of php it is split"
        return split_elsewhere.left_alone(file, "php", split_php_calls.installing, why)
    start = _server(repository, tag)
    try:
        kept = split_elsewhere.kept(whole(file)._replace(starts=start), "php", split_php_page.kept)
    except Against as against:
        return Decline(against.step.span, against.why)
    return kept or _of_stage(file, ask, tag, start)


def _of_stage(file: File, ask: Ask, tag: str, starts: tuple[str, ...]) -> Finding | Decline:
    at = split_elsewhere.lone(file)
    if isinstance(at, Decline):
        return at
    if "$" in tag or any(one in tag for one in ("windows", "nanoserver", "onbuild")):
        return Decline(at, f"which image php:{tag} is, or what its triggers do, is not known")
    alpine = "alpine" in tag
    variables: dict[str, str | None] = {
        "PATH": programs.PATH,
        "PHP_INI_DIR": "/usr/local/etc/php",
        "PHPIZE_DEPS": _DEPENDENCIES[alpine],
        "APACHE_CONFDIR": "/etc/apache2",
    }
    state = State(environment=variables, workdir=ROOT if starts else "/")
    shipped = split_stage.shipped(file, state, "latest" if alpine else None)._replace(starts=starts)
    traces = of_whole_folders(shipped, SHARED | {"/var/www", ROOT})
    page = PhpPage(traces, shipped, bases.version_of(tag) or (), "" if alpine else _release(tag))
    try:
        against = split_compilers.called_by_a_script(shipped, page, ask, split_php_calls.installing)
        if against is not None:
            return against
        tree = split_tree.tree(shipped, page, ask)
    except Against as error:
        return Decline(error.step.span, error.why)
    facts, asks, why = split_php_composer.told(page, Context(file, file.stages[-1], ask))
    left = [*(name for name in page.traces.packages if name in page.dropped), *page.tools]
    little = (
        page.words("light") if alpine else page.words("light") | {*_DEPENDENCIES[alpine].split(), "build-essential"}
    )
    if not why and set(left) <= little:  # Debian's image has the compiler itself
        why = f"nothing but Composer{''.join(f', {name}' for name in left if name != 'composer')} {_LITTLE}"
    if why:
        return Decline(at, why)
    page.asks += asks
    return _finding(split_again.with_links(tree, page), page, left, facts, ask)


def _finding(tree: Tree, page: PhpPage, left: list[str], facts: list[str], ask: Ask) -> Finding | Decline:
    image = page.stage.stage.image
    gone = ", ".join(left)
    if page.stage.starts and split_start.starting(page.stage) is None:
        page.started = f"{page.stage.starts[0]}, as its image does"
    page.asks += [
        f"does nothing that runs call Composer or another of {gone}? They stay in the builder",
        *(f"does `{one}` leave nothing outside of the folder that it runs in?" for one in dict.fromkeys(page.lone)),
    ]
    if page.extended or any(name.endswith("-dev") for name in left):
        page.asks.append("does `php -m` in a container of the new image warn of no extension that cannot be loaded?")
    alpine = page.stage.alpine is not None
    because = (
        f"{image} is the same image: the same PHP, at the same place, finds its extensions and settings",
        f"what only builds stays in the builder: Composer, {gone}",
        *facts,
    )
    calls = _CALLS | programs.of_base("alpine" if alpine else "debian")
    runtime = Runtime(image, alpine, True, frozenset(("www-data",)), calls, because)
    title = "Ship what Composer installed, without Composer and what only builds"
    return split_whole.finding(tree, page, runtime, title, [], page.first, ask)


def _release(tag: str) -> str:
    """The release of Debian below an image of PHP, where the tag tells, or means one."""
    moving = bases.version_of(tag) is None
    return served.release_of(f"php:{tag}") or (variants.built_on("php", "8") if moving else "")
