"""What package managers and build tools leave behind: a typed view of caches.toml."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

from rewriter.knowledge.tables import names, table
from rewriter.rule import Safety


class Cache(NamedTuple):
    """One tool's cache.

    ``tools`` and ``subcommands`` say which commands fill it (no subcommands: every call does; one of two words is
    the ``pip install`` of uv); ``unless`` are options that make such a call fill nothing (``--help``,
    ``--dry-run``). ``directories`` are where it lies (``~`` is the home of the user); ``elsewhere`` are other
    places at which a mount or a deletion counts (``*/pkgs`` for any path with this end).

    ``option`` turns it off at the call, ``clean`` deletes it afterwards; a cache may have either or both, the
    option is preferred. The option takes the place of one of ``instead_of``, which it makes needless. ``first``
    puts it right after the tool instead of after the subcommand. ``beside`` puts ``clean`` right behind the
    command that filled the cache, for a tool that may be gone at the end of the RUN. ``needed_by`` are tools that
    cannot work without it: a later use of one keeps it. ``older_in`` are base images and ``older_from`` downloaded
    installers whose tool is older than the cure, unless the image or an earlier command names one of ``renewed_by``.

    What the author may have done already: ``off_by`` are options that turn it off, ``off_by_environment``
    variables that turn it off or move it, ``moved_by`` variables that name its directory; ``cleaned_by`` are
    commands that clean it: tool, first words, options.

    ``transform`` is the one that keeps it out of the layer. ``what`` names it in sentences; ``source`` is the page
    that says all this.
    """

    name: str
    transform: str
    what: str
    tools: frozenset[str]
    subcommands: frozenset[str]
    unless: frozenset[str]
    directories: tuple[str, ...]
    option: str
    first: bool
    instead_of: frozenset[str]
    clean: str
    beside: bool
    needed_by: frozenset[str]
    off_by: frozenset[str]
    off_by_environment: frozenset[str]
    moved_by: tuple[str, ...]
    cleaned_by: tuple[str, ...]
    elsewhere: tuple[str, ...]
    older_in: tuple[str, ...]
    older_from: tuple[str, ...]
    renewed_by: tuple[str, ...]
    safety: Safety
    source: str

    @property
    def tool(self) -> str:
        """The tool's name, for sentences."""
        return sorted(self.tools)[0]


@cache
def cache_of(name: str) -> Cache:
    """The row of this name.

    Raises:
        KeyError: there is no such row.
    """
    row = table("caches.toml", name)

    def several(key: str) -> tuple[str, ...]:
        value = row.get(key, [])
        assert isinstance(value, list), f"caches.toml, {name}: {key} must be a list"
        return tuple(str(item) for item in value)

    return Cache(
        name=name,
        transform=str(row["transform"]),
        what=str(row["what"]),
        tools=frozenset(several("tools")),
        subcommands=frozenset(several("subcommands")),
        unless=frozenset(several("unless")),
        directories=several("directories"),
        option=str(row.get("option", "")),
        first=bool(row.get("first", False)),
        instead_of=frozenset(several("instead_of")),
        clean=str(row.get("clean", "")),
        beside=bool(row.get("beside", False)),
        needed_by=frozenset(several("needed_by")),
        off_by=frozenset(several("off_by")),
        off_by_environment=frozenset(several("off_by_environment")),
        moved_by=several("moved_by"),
        cleaned_by=several("cleaned_by"),
        elsewhere=several("elsewhere"),
        older_in=several("older_in"),
        older_from=several("older_from"),
        renewed_by=several("renewed_by"),
        safety=Safety[str(row.get("safety", "safe")).upper()],
        source=str(row["source"]),
    )


def all_caches() -> tuple[Cache, ...]:
    """All rows."""
    return tuple(map(cache_of, names("caches.toml")))
