"""Reading one repository: its branches, its configuration, its Dockerfiles, and what there is to propose. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from dslim.bot import config as configs
from dslim.bot.config import Config
from dslim.bot.forge.protocol import EXECUTABLE, FILE, Entry, Forge, Repository
from dslim.bot.forge.trouble import Empty, NotFound, Refused
from dslim.bot.plan import Alone, Plan, Snapshot, Source
from dslim.bot.tree import dockerfiles
from dslim.config import NAMES
from dslim.context import LARGEST

Planner = Callable[[Snapshot], Plan]

MOST_FILES = 1_000  # Dockerfiles of one repository that are read
MOST_TEXTS = 60  # other files that are fetched because a transform asked; of configurations, as many as Dockerfiles
_ROUNDS = 6  # how often a plan may ask for more


class Survey(NamedTuple):
    """What one base branch holds. ``config_path`` is where the configuration would be, where there is none.

    ``again`` makes the plan once more, of these questions only.
    """

    base: str
    head: str
    entries: tuple[Entry, ...]
    config: Config
    config_path: str
    plan: Plan
    again: Callable[[frozenset[str]], Plan] = lambda questions: Plan()


class Ground(NamedTuple):
    """The default branch and what the owner wants, before anything is planned. ``wrong``: why the file says nothing."""

    head: str
    entries: tuple[Entry, ...]
    config: Config
    config_path: str
    configured: bool
    wrong: str = ""


def ground(forge: Forge, repository: Repository) -> Ground:
    """The default branch and its configuration.

    Raises:
        Empty, NotFound, Refused: there is nothing to do here.
    """
    if repository.can_push is False:
        raise Refused(f"{repository.name}: the token may not push; give it write access, or leave the repository out")
    head = forge.head(repository.name, repository.default_branch)
    if not head:
        raise Empty(f"{repository.name} has no branch {repository.default_branch}")
    entries = forge.tree(repository.name, head).entries
    files = {entry.path: entry for entry in entries if entry.path in configs.NAMES}
    path = next((name for name in configs.NAMES if name in files), "")
    if not path:
        return Ground(head, entries, configs.default(), configs.NAMES[0], False)
    if files[path].mode not in (FILE, EXECUTABLE) or files[path].size > LARGEST:
        wrong = f"{path}: write it as a file of at most {LARGEST:,} bytes; a link is not followed"
        return Ground(head, entries, configs.default(), path, True, wrong)
    text = forge.blob(repository.name, files[path].sha).decode("utf-8", "replace")
    try:
        return Ground(head, entries, configs.parse(text, path), path, True)
    except configs.Wrong as wrong:
        return Ground(head, entries, configs.default(), path, True, str(wrong))


def survey(forge: Forge, repository: Repository, found: Ground, base: str, planner: Planner) -> Survey:
    """What there is to propose for one base branch."""
    head, entries = found.head, found.entries
    if base != repository.default_branch:
        head = forge.head(repository.name, base)
        if not head:
            raise NotFound(f"{repository.name} has no branch {base}; see base_branches in {found.config_path}")
        entries = forge.tree(repository.name, head).entries
    seen = Survey(base, head, entries, found.config, found.config_path, Plan())
    if not found.config.enabled:
        return seen
    files = dockerfiles(entries, found.config.include, found.config.exclude)
    sources, unread = _sources(forge, repository, files.files[:MOST_FILES])
    skipped = [Alone(path, reason) for path, reason in (*files.skipped, *unread)]
    skipped += [Alone(entry.path, f"more than {MOST_FILES:,} Dockerfiles") for entry in files.files[MOST_FILES:]]
    snapshot = Snapshot(entries, sources, {}, found.config)
    planned = _Planned(forge, repository, planner, {entry.path: entry for entry in entries})
    made = planned.of(snapshot)
    return seen._replace(
        plan=made._replace(alone=(*made.alone, *skipped)),
        again=lambda questions: planned.of(snapshot._replace(only=questions)),
    )


class _Planned:
    """Plans of one tree; what a plan lacks is fetched, and it is made again."""

    def __init__(
        self,
        forge: Forge,
        repository: Repository,
        planner: Planner,
        entries: Mapping[str, Entry],
    ) -> None:
        self._forge = forge
        self._repository = repository
        self._planner = planner
        self._entries = entries
        self._texts: dict[str, bytes | None] = {}
        self._left = {True: MOST_FILES, False: MOST_TEXTS}

    def of(self, snapshot: Snapshot) -> Plan:
        """The plan that lacks nothing. What is too much is given as missing, which a plan can live with."""
        made = Plan()
        for _ in range(_ROUNDS):
            made = self._planner(snapshot._replace(texts=dict(self._texts)))
            if not made.wanted:
                break
            for path in made.wanted:
                kind = path.endswith((*NAMES, ".dockerignore"))  # what leaves files out is never one too many so soon
                fetched = _text(self._forge, self._repository, self._entries[path]) if self._left[kind] else None
                self._texts[path] = fetched
                self._left[kind] -= self._left[kind] > 0
        return made


def _sources(
    forge: Forge, repository: Repository, files: tuple[Entry, ...]
) -> tuple[tuple[Source, ...], list[tuple[str, str]]]:
    """The Dockerfiles, each content fetched once; and those that the forge does not give, with its reason."""
    contents: dict[str, bytes] = {}
    sources: list[Source] = []
    unread: list[tuple[str, str]] = []
    for entry in files:
        try:
            if entry.sha not in contents:
                contents[entry.sha] = forge.blob(repository.name, entry.sha)
        except Refused as error:
            unread.append((entry.path, str(error)))
            continue
        sources.append(Source(entry.path, entry.mode, contents[entry.sha]))
    return tuple(sources), unread


def _text(forge: Forge, repository: Repository, entry: Entry) -> bytes | None:
    """A file that a transform asked for; None for one that is too large, or that the forge does not give."""
    if entry.size > LARGEST:
        return None
    try:
        return forge.blob(repository.name, entry.sha)
    except Refused:
        return None
