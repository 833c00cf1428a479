"""Owners and modes that a RUN changes after a COPY: what is in the directory by then, and who put it there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.knowledge import filetools
from rewriter.knowledge.base_trees import BaseTree, always_there, base_tree_of
from rewriter.model import effects, paths
from rewriter.model.bases import base_of
from rewriter.model.command import Command
from rewriter.model.copied import Copied, copied
from rewriter.model.effects import Effect
from rewriter.model.file import File, Stage, Step
from rewriter.model.run import Run
from rewriter.model.scope import State
from rewriter.model.style import Refusal
from rewriter.rule import Ask
from rewriter.syntax import words
from rewriter.syntax.script import Word

OWNERS: Final = frozenset({"chown", "chgrp"})
MODES: Final = frozenset({"chmod"})
PACKAGES: Final = frozenset("apt-get apt aptitude apk yum dnf microdnf tdnf zypper rpm dpkg pacman gdebi".split())
ACCOUNTS: Final = frozenset(
    "useradd adduser groupadd addgroup usermod groupmod userdel deluser groupdel delgroup newusers vipw vigr".split()
)
#: they change nothing, and who owns what they read is all the same to root
_READERS: Final = frozenset(
    "[ test cd echo printf true cat ls head tail wc stat grep egrep du df file sha256sum set".split()
)
#: what their words name is no file, or one that they only read; what they write is known
_FETCHERS: Final = PACKAGES | frozenset(
    "curl wget apt-key pecl pear docker-php-ext-install docker-php-ext-enable a2enmod update-alternatives".split()
)
_REPOSITORIES: Final = frozenset({"git", "hg", "svn"})


class Altered(NamedTuple):
    """One path whose owner or mode a command changes.

    ``path`` is absolute, with ``${NAME}`` for unknown variables and with the author's ``*``.
    """

    run: Run
    command: Command
    word: Word
    path: str

    @property
    def recursive(self) -> bool:
        return self.command.has("-R", "--recursive")

    @property
    def aspect(self) -> frozenset[str]:
        return OWNERS if self.command.tool in OWNERS else MODES

    @property
    def value(self) -> Word:
        """The word that names the owner or the mode."""
        return self.command.operands[0]

    def covers(self, path: str) -> bool:
        """True when the command changes all that is in ``path``."""
        return self.recursive and paths.inside(path, self.path)


def altered(run: Run) -> Iterator[Altered]:
    """Every path that a chown, chgrp or chmod of the RUN names."""
    found = effects.of(run)
    assigned = _assigned(run) | found.own
    for effect in found.each:
        command = effect.command
        if command.tool not in OWNERS | MODES or command.has("--reference") or len(command.operands) < 2:
            continue
        for word in command.operands[1:]:
            text = None if assigned & set(word.parameters) else paths.symbolic(word, run.state)
            path = effects.join(effect.cwd, text) if text else None
            if path is not None:
                yield Altered(run, command, word, path)


def _assigned(run: Run) -> set[str]:
    """The variables that the RUN sets itself."""
    names = {assignment.name for command in run.commands for assignment in command.simple.assignments}
    for command in run.commands:
        if command.tool in ("export", "declare", "local", "readonly", "typeset", "read"):
            names |= {word.raw.partition("=")[0] for word in command.arguments}
    return names


class Tree:
    """What is in a directory when a command changes all of it.

    ``copies`` fill it; ``directories`` are those in it, itself included, that WORKDIR and mkdir made and the base image
    had; ``above`` are other directories that exist. ``taken`` are assumptions, as sentences.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.copies: list[Copied] = []
        self.directories: set[str] = set()
        self.above: set[str] = set()
        self.taken: list[str] = []

    def made(self, directory: str) -> None:
        """``directory`` and what is missing above it was made; what a COPY has made before is none of it."""
        while directory != "/":
            if not paths.inside(directory, self.path):
                self.above.add(directory)
            elif not any(paths.inside(copy.directory, directory) for copy in self.copies):
                self.directories.add(directory)
            directory = posixpath.dirname(directory)


def lineage(file: File, run: Run) -> Iterator[Step]:
    """The instructions before ``run`` whose files it sees, those of the stages below first."""
    for stage in reversed(run.stage.lineage):
        for step in stage.steps:
            if step.index < run.index:
                yield step


def copies_before(file: File, run: Run, ask: Ask) -> list[Copied]:
    """The COPYs and ADDs of the stage itself in front of ``run``."""
    steps = (step for step in run.stage.steps if step.index < run.index and step.name in ("COPY", "ADD"))
    return [copied(file, step, ask) for step in steps]


def survey(file: File, at: Altered, ask: Ask) -> Tree | Refusal:
    """What is in the directory of ``at``; a refusal when something else than COPYs may have put files there."""
    base = base_tree(at.run.stage)
    path = at.path
    if base is None:
        return Refusal(f"what {_root(at.run.stage)} has in {path} is not known")
    if not base.holds_nothing_in(path):
        return Refusal(f"{path} holds files that no COPY of this file brought")
    tree = Tree(path)
    for directory in base.empty:
        if paths.inside(directory, path) or paths.inside(path, directory):
            tree.made(directory)
    runs = {run.index: run for run in file.runs}
    for step in lineage(file, at.run):
        line = file.line(step.instruction.keyword.start)
        why = _step(file, step, runs.get(step.index), tree, at, ask)
        if why:
            return Refusal(f"line {line} {why}")
    why = _run(file, at.run, tree, at, ask)
    return Refusal(why) if why else tree


def survey_file(file: File, at: Altered, copy: Copied, ask: Ask) -> Tree | Refusal:
    """The same for a path that is one file, which ``copy`` brings: only what comes after it counts."""
    tree = Tree(at.path)
    tree.copies.append(copy)
    base = base_tree(at.run.stage)
    for directory in base.empty if base is not None else ():
        tree.made(directory)
    runs = {run.index: run for run in file.runs}
    for step in lineage(file, at.run):
        line = file.line(step.instruction.keyword.start)
        if step.index < copy.step.index:
            _directories(step, runs.get(step.index), tree, file.escape)
            continue
        if step is copy.step:
            continue
        if step.name in ("COPY", "ADD"):
            other = copied(file, step, ask)
            if not other.target or other.file == at.path or (other.target == at.path and not other.into):
                return Refusal(f"line {line} copies over it")
            continue
        why = _step(file, step, runs.get(step.index), tree, at, ask)
        if why:
            return Refusal(f"line {line} {why}")
    why = _run(file, at.run, tree, at, ask)
    return Refusal(why) if why else tree


def _directories(step: Step, run: Run | None, tree: Tree, escape: str) -> None:
    """Note the directories that an instruction makes."""
    if step.name == "WORKDIR":
        made = step.state.after(step.instruction, escape).workdir
        if made:
            tree.made(made)
    elif run is not None:
        for each in effects.of(run).makes:
            if each.kind == "directory" and each.path.startswith("/") and "$" not in each.path:
                tree.made(each.path)


def made_in(run: Run) -> Iterator[effects.Made]:
    """What the commands of a RUN make."""
    return effects.of(run).makes


def base_tree(stage: Stage) -> BaseTree | None:
    return base_tree_of(base_of(stage)[0])


def _root(stage: Stage) -> str:
    return f"the base image {stage.lineage[-1].image}"


def _step(file: File, step: Step, run: Run | None, tree: Tree, at: Altered, ask: Ask) -> str:
    """What speaks against the cure in one instruction, as the rest of "line N ..."; "" when nothing does."""
    path = tree.path
    if step.name in ("COPY", "ADD"):
        return _copy(copied(file, step, ask), tree, at)
    if step.name == "WORKDIR":
        made = step.state.after(step.instruction, file.escape).workdir
        if not made:
            return "sets a WORKDIR that is only known at build time"
        tree.made(made)
        return ""
    if step.name == "VOLUME":
        body = step.instruction.body.text
        named = step.instruction.args or tuple(part.raw for part in words.split(body, file.escape))
        for raw in named:
            volume = step.state.expand(raw, file.escape)
            if volume is None:
                return "declares a VOLUME whose path is only known at build time"
            if paths.inside(volume.rstrip("/") or "/", path) or paths.inside(path, volume.rstrip("/") or "/"):
                return "declares it a VOLUME before, and what later instructions change in a volume may be lost"
        return ""
    if run is None:
        return ""
    return _run(file, run, tree, at, ask).removeprefix(f"line {file.line(run.instruction.keyword.start)} ")


def _copy(copy: Copied, tree: Tree, at: Altered) -> str:
    path = tree.path
    if not copy.target or copy.target.startswith("$"):
        return "copies to a place that is only known at build time"
    if paths.inside(copy.target, path):
        if copy.step not in at.run.stage.steps:
            return "fills it in another stage"
        if copy.unpacks:
            return "may unpack an archive, whose files keep their own owners"
        tree.copies.append(copy)
        return ""
    if paths.inside(path, copy.target) and copy.may_reach(path):
        return f"may bring something of {path} as well as what is beside it"
    return ""


def _run(file: File, run: Run, tree: Tree, at: Altered, ask: Ask) -> str:
    """What speaks against the cure in a RUN, as a sentence that begins with its line; only up to the command itself."""
    line = f"line {file.line(run.instruction.keyword.start)}"
    if run.script is None:
        return f"{line} cannot be read, and may put files there"
    if any(mount.target is None or _related(mount.target, tree.path) for mount in run.mounts):
        return f"{line} has a mount there"
    for effect in effects.of(run).each:
        if run is at.run and effect.command.simple is at.command.simple:
            break
        made = effect.command.tool == "mkdir"
        why = _makes_directories(effect, tree) if made else _meddles(effect, run, tree, at, ask)
        if why:
            return f"{line} {why}"
    return ""


def _related(one: str, other: str) -> bool:
    return paths.inside(one, other) or paths.inside(other, one)


def _makes_directories(effect: Effect, tree: Tree) -> str:
    made = {each.path for each in effect.makes}
    for path in made:
        if path.startswith("/") and "$" not in path:
            tree.made(path)
        elif effects.mentions(path, tree.path):
            return "makes directories there whose names are only known at build time"
    if any(word.pattern for word in effect.command.operands) and (
        _stands(effect, tree.path) or effects.mentions(effect.command.words_text, tree.path)
    ):
        return "makes directories there with braces, which not every shell expands"
    if any(paths.inside(each, tree.path) and "$" in each for each in (*effect.reads, *made)):
        return "makes directories there whose names are only known at build time"
    return ""


def _stands(effect: Effect, path: str) -> bool:
    return effect.cwd is None or paths.inside(effect.cwd, path)


def _meddles(effect: Effect, run: Run, tree: Tree, at: Altered, ask: Ask) -> str:
    """What a command may do to the tree; "" when nothing."""
    command, path = effect.command, tree.path
    tool = command.tool
    if tool in OWNERS | MODES:
        return _alters(effect, run, tree, at)
    if any(_reaches(made.path, made.kind, path) for made in effect.makes):
        return f"makes files there ({_short(command)})"
    if tool in _READERS or not tool:
        return ""
    if tool in ACCOUNTS:
        if not _makes_home(command, tree.path, run.state):
            return ""
        if tool == "adduser" and "alpine" in ":".join(base_of(run.stage)) and tree.path != "/home":
            tree.made(tree.path)  # Alpine has no /etc/skel
            return ""
        return f"makes it a home ({_short(command)})"
    looked_at = () if tool in _FETCHERS else (*effect.reads, *effect.deep)
    named = any(paths.inside(read, path) for read in looked_at if read != effect.cwd)
    stands = _stands(effect, path)
    if tool in _REPOSITORIES and stands:
        return f"runs {_short(command)} there, which looks at the owner"
    quiet = _installs_elsewhere(command, effect, tree, ask)
    if quiet is not None:
        if quiet and quiet not in tree.taken:
            tree.taken.append(quiet)
        return ""
    if named and tool not in ("rm", "rmdir", "unlink"):
        return f"works on files there ({_short(command)})"
    if tool in filetools.PLAIN:
        return _package(command, tree)
    if stands:
        return f"runs {_short(command)} there, which may make files"
    if not effect.anything:
        return ""
    piped = tool in filetools.INTERPRETERS and all(word.raw.startswith("-") for word in command.arguments)
    local = "/" in command.simple.words[command.head].raw or (tool in filetools.INTERPRETERS and not piped)
    if tree.copies or local:
        return f"runs {_short(command)}, which may make files there"
    return ""


def _short(command: Command) -> str:
    text = command.words_text
    return text if len(text) <= 40 else text[:37] + "..."


def _makes_home(command: Command, path: str, state: State) -> bool:
    """True when ``useradd`` or ``adduser`` may put the files of a new home into ``path``."""
    if command.tool not in ("useradd", "adduser") or command.has("-M", "-H", "--no-create-home"):
        return False
    if command.tool == "useradd" and command.has("-r", "--system") and not command.has("-m", "--create-home"):
        return False
    names = [(paths.symbolic(word, state) or "$").rpartition("=")[2].rstrip("/") for word in command.arguments]
    parent, name = posixpath.split(path)
    return path in names or path == "/home" or (parent == "/home" and any(n == name or "$" in n for n in names))


def _reaches(made: str, kind: str, path: str) -> bool:
    return paths.inside(made, path) or (kind in ("tree", "below") and paths.inside(path, made))


def _package(command: Command, tree: Tree) -> str:
    """A package of a vendor may lie below /opt; its name says so."""
    name = posixpath.basename(tree.path).lower()
    if command.tool not in PACKAGES or posixpath.dirname(tree.path) == "/":
        return ""
    like = any(name in word.raw.lower() for word in command.operands)
    return f"installs a package named like {tree.path}" if like else ""


def _alters(effect: Effect, run: Run, tree: Tree, at: Altered) -> str:
    """An earlier change of the same kind, to something else, would last."""
    if effect.command.tool not in at.aspect:
        return ""
    for other in altered(run):
        if other.command.simple is not effect.command.simple or not _related(other.path, tree.path):
            continue
        if other.value.raw != at.value.raw or other.command.tool != at.command.tool:
            return "gives a part of it to another owner" if at.aspect is OWNERS else "gives a part of it another mode"
    return ""


def _installs_elsewhere(command: Command, effect: Effect, tree: Tree, ask: Ask) -> str | None:
    """None when a package manager may write where it runs; else "", or what must be assumed for that."""
    tool = command.tool
    if tool in ("npm", "pnpm", "yarn", "bower"):
        return "" if command.has("-g", "--global") or command.subcommand == "global" else None
    if tool == "gem":
        return "" if command.subcommand in ("install", "update") and not command.has("-i", "--install-dir") else None
    if tool not in ("pip", "pip2", "pip3") or command.subcommand != "install" or effect.cwd is None:
        return None
    if command.has("-e", "--editable", "-t", "--target", "--prefix", "--src", "--root"):
        return None
    if any(word.value is None or word.value.startswith((".", "/")) or "/" in word.value for word in command.operands):
        return None
    listed = command.option("-r", "--requirement")
    if listed is None:
        return ""
    name = listed if isinstance(listed, str) else listed.value
    if name is None:
        return None
    text = ask.context(posixpath.basename(name)) if "/" not in name else None
    if text is None:
        return f"{name} is taken to name no package of the source tree itself"
    lines = (line.strip() for line in text.split("\n"))
    return None if any(line.startswith(("-e", "--editable", ".", "/")) for line in lines) else ""


def parent_exists(path: str, tree: Tree) -> bool:
    """True when the directory above ``path`` is there before the first COPY, so that COPY does not make it."""
    parent = posixpath.dirname(path)
    return parent in tree.above or parent in tree.directories or always_there(parent)
