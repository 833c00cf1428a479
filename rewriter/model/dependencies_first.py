"""Manifests are copied where the sources were, the RUN fetches what they name, then the sources are copied."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import Final

from rewriter import posixpath
from rewriter.knowledge import fetchers, tools
from rewriter.model import copied_early, copied_folders, copies_moved, fetched_project, fetching, paths
from rewriter.model.context_tree import Tree
from rewriter.model.copied import copied
from rewriter.model.copied_early import Way
from rewriter.model.copied_folders import Folder
from rewriter.model.fetched_project import Project
from rewriter.model.fetching import Fetch, Reads
from rewriter.model.file import File, Stage, Step
from rewriter.rule import Ask, Decline, Finding, Safety

#: what lies in / of an image
_TOP: Final = frozenset("bin boot dev etc home lib lib64 media mnt opt proc root run sbin srv sys tmp usr var".split())
_TITLE: Final = "Fetch dependencies before the sources are copied"


def proposals(file: File, stage: Stage, ask: Ask) -> Iterator[Finding | Decline]:
    """What is said of one stage: one word about each folder that is copied in front of a RUN that fetches."""
    folders = list(copied_folders.folders(file, stage, ask))
    tree = Tree(file, stage, ask)
    fetched: set[tuple[str, ...]] = set()
    done = -1
    for run in file.runs if folders else ():
        if run.stage not in stage.lineage:
            continue
        calls = [one for one in fetching.judged(run, ()) if isinstance(one, Fetch) or (one and one.fetches)]
        call = next((one for one in calls if _what(one) not in fetched), None)
        fetched.update(what for one in calls for what in (_what(one), _what(one)[:1]))
        if run.stage is not stage or call is None or run.index <= done:
            continue
        while folders and folders[0].step.index <= done:
            folders.pop(0)
        ahead = folders[: bisect_left(folders, run.index, key=lambda one: one.step.index)]
        named = {posixpath.basename(path) for path in call.named} if isinstance(call, Fetch) else set()
        ahead = [one for one in ahead if posixpath.basename(one.source) not in named]
        first = next((one for one in ahead if copied_early.early(one, call)), None)
        if first is not None:
            proposal = _Proposal(file, tree, ahead, ask)
            yield proposal.judged(first, call)
            done = max(run.index, proposal.end)


def _what(call: Fetch | Reads) -> tuple[str, ...]:
    """What a call fetches: once that is there, another call fetches nothing again. What compiles as well fetches what its program
    fetched before."""
    tool = tools.canonical(call.command.tool).removesuffix("w")
    if isinstance(call, Fetch):
        return (tool, call.folder, *call.named, *sorted(call.command.option_names))
    compiles = tool != "go" and fetchers.other(call.command.tool, call.command.subcommand)
    return (tool,) if compiles else (tool, call.command.words_text)


class _Proposal:
    """What is said of one folder. ``ahead`` are all that stand in front of the RUN."""

    def __init__(self, file: File, tree: Tree, ahead: list[Folder], ask: Ask) -> None:
        self.file = file
        self.tree = tree
        self.ahead = ahead
        self.ask = ask
        self.end = 0  # the last RUN that the COPYs go behind
        self.manifests: dict[Step, list[str]] = {}  # the COPYs that take the place of one, each as its words

    def judged(self, first: Folder, call: Fetch | Reads) -> Finding | Decline:
        """The finding, or why there is none."""
        file, line = self.file, self.file.line(call.run.instruction.keyword.start)
        smell = f"line {line} fetches dependencies behind it, again whenever a source changes"
        if isinstance(call, Reads):
            return Decline(first.step.span, f"{smell}: {call.why}")
        way = copied_early.way(file, self.tree.stage, first, self.ahead, call.run.state, self.ask)
        if way.why or way.last is None:
            return Decline(first.step.span, f"{smell}: {way.why}")
        tree, last = self.tree, way.last.index
        projects = [
            Project(
                fetch,
                lambda path: self._source(way, path),
                lambda path: self._source(way, path) or tree.named(path, last) or "",
                self.ask,
            )
            for fetch in way.fetches
        ]
        against = next((one.against for one in projects if one.against), "")
        over = self._over_all(way)
        against = against or (f"{over} of the context is copied to /{over}, which is the system's" if over else "")
        against = against or self._copies(way, projects) or self._by_itself(way)
        if against:
            return Decline(first.step.span, f"{smell}: {against}")
        self.end = last
        change = copies_moved.change(file, way, self.manifests)
        return Finding(first.step.span, _TITLE, change, Safety.SHOW, self._facts(way, projects))

    def _facts(self, way: Way, projects: list[Project]) -> tuple[str, ...]:
        facts = []
        for fetch, project in zip(way.fetches, projects, strict=True):
            read = ", ".join(sorted(posixpath.basename(path) for path in project.files))
            what = f"reads {read}" if read else "reads nothing of what is copied there"
            facts.append(f"line {self.file.line(fetch.run.instruction.keyword.start)}: {fetch.text} {what}")
        return (
            *dict.fromkeys(facts),
            *self._about_place(way, projects),
            "the image has the same files, and no byte less: what is saved is time, and what is pushed and pulled again",
            *(("what is copied first is stored once more with the sources",) if self.manifests else ()),
            *(f"to confirm: {question}" for question in fetched_project.questions(projects)),
        )

    def _over_all(self, way: Way) -> str:
        """A path of the context that a COPY to ``/`` would lay over what is installed, "" where none is seen."""
        if all(self._target(step) != "/" for step in way.moved):
            return ""
        return next((path for path in self.ask.files() or () if path.partition("/")[0] in _TOP), "")

    def _about_place(self, way: Way, projects: list[Project]) -> tuple[str, ...]:
        """A question about what is copied to ``/``, or to a folder that only the base image names."""
        seen = all(project.seen for project in projects)
        if any(fetching.symbol(one) or (one == "/" and not seen) for one in map(self._target, way.moved)):
            return (
                "to confirm: nothing that is copied lies in a folder of the system or of a user then (etc, usr, root)",
            )
        return ()

    def _bringing(self, way: Way, path: str) -> list[Folder]:
        return [one for one in self.ahead if one.step in way.moved and one.source_of(path)]

    def _source(self, way: Way, path: str) -> str:
        """Where a path of the image lies in the context, "" for one that no folder brings which moves."""
        found = self._bringing(way, path)
        return found[-1].source_of(path) if found else ""

    def _copies(self, way: Way, projects: list[Project]) -> str:
        """Find the COPYs that take the place of the moved ones; why there are none, or ""."""
        against = self._unsure(way, projects)
        if against:
            return against
        certain = {path: sure for project in projects for path, sure in project.files.items()}
        groups: dict[tuple[Folder, str], list[str]] = {}
        for path, sure in certain.items():
            found = self._bringing(way, path)
            if len(found) > 1:
                return f"lines {self._lines(found)} may both bring {posixpath.basename(path)}"
            source = found[0].source_of(path)
            earlier = self._earlier(way, path)
            if any(one != source for one in earlier):
                return f"another file than {source} is copied to its place as well"
            if not earlier:
                name = found[0].rest_of(path)
                groups.setdefault((found[0], posixpath.dirname(name)), []).append(name + ("" if sure else "*"))
        for (folder, below), names in groups.items():
            lines = self.manifests.setdefault(folder.step, [])
            lines.append(copies_moved.words(folder, below, names))
        return "" if all(map(all, self.manifests.values())) else "a path has blanks or quotes in it"

    def _unsure(self, way: Way, projects: list[Project]) -> str:
        """Why what the COPYs bring and what is read or filled cannot be told apart, or ""."""
        for path in dict.fromkeys(path for project in projects for path in project.wanted):
            name, symbol = posixpath.basename(path), fetching.symbol(path)
            for step in way.moved:
                if fetching.symbol(self._target(step)) != symbol:
                    return f"whether line {self._line(step)} brings {name} hangs on a WORKDIR that is not known"
                if self._reaches(step, path):
                    return f"line {self._line(step)} may bring another {name}"
        for fetch in way.fetches:
            for name in fetch.row.fills:
                path = posixpath.join(fetch.folder, name)
                over = next((step for step in way.moved if paths.inside(self._target(step), path)), None)
                if over is not None:
                    return f"line {self._line(over)} copies into {name}, which {fetch.text} fills"
        return ""

    def _target(self, step: Step) -> str:
        folder = next((one for one in self.ahead if one.step is step), None)
        return copied(self.file, step, self.ask).target if folder is None else folder.target

    def _reaches(self, step: Step, path: str) -> bool:
        """True when a COPY that is no folder of these may bring a path."""
        found = copied(self.file, step, self.ask)
        if any(one.step is step for one in self.ahead):
            return False
        into = all(map(copied_folders.is_file, found.sources)) and found.flag("from") is None and not found.unpacks
        if into and found.target:
            return any(path in copied_folders.lies(found, found.target, source) for source in found.sources)
        return not found.target or (paths.inside(path, found.target) and found.may_reach(path))

    def _earlier(self, way: Way, path: str) -> list[str]:
        """The files of the context that COPYs which stay put at a path already."""
        assert way.last is not None
        found = []
        for step in way.last.stage.steps:
            if step.name in ("COPY", "ADD") and step.index < way.last.index and step not in way.moved:
                one = copied(self.file, step, self.ask)
                names = [source for source in one.sources if path in copied_folders.lies(one, one.target, source)]
                found += [posixpath.normpath(source).lstrip("/") for source in names if one.flag("from") is None]
        return found

    def _by_itself(self, way: Way) -> str:
        """Why a COPY cannot move where nothing takes its place: its target may not be there, or not be the same folder."""
        for folder in self.ahead:
            at = self._line(folder.step)
            if folder.step not in way.moved or folder.step in self.manifests:
                continue
            if copied_folders.stands(folder.step, folder.target):
                continue
            if any(paths.inside(fetch.folder, folder.target) for fetch in way.fetches):
                return f"line {at} makes the folder in which the fetching works"
            owned = any(flag.name == "chown" for flag in folder.step.instruction.flags)
            for step in way.passed:
                if step.name == "WORKDIR" and step.index > folder.step.index and (owned or not step.state.root):
                    return f"line {at} makes a folder that the WORKDIR behind it may make otherwise"
                if step.name in ("COPY", "ADD") and step not in way.moved and self._needs(step, folder.target):
                    return f"line {at} makes the folder into which line {self._line(step)} copies"
        return ""

    def _needs(self, step: Step, made: str) -> bool:
        """True for a COPY whose target is a folder only because something else made it."""
        found = copied(self.file, step, self.ask)
        return not found.into and paths.inside(made, found.target) and not copied_folders.stands(step, found.target)

    def _line(self, step: Step) -> int:
        return self.file.line(step.instruction.keyword.start)

    def _lines(self, found: list[Folder]) -> str:
        return " and ".join(str(self._line(one.step)) for one in found)
