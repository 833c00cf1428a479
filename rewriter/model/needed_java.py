"""What a program of Java needs of its base: its libraries, by the build file of the project, and its own sources.

Full variants of openjdk have fontconfig and FreeType, slim ones have not, and Java draws text with both. All else that libraries
bring for Linux is linked to libc, which both variants have.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from rewriter import posixpath
from rewriter.knowledge import java, musl, variants
from rewriter.model import java_project
from rewriter.model.command import Command
from rewriter.model.copied import copied

if TYPE_CHECKING:
    from rewriter.model.needed_commands import Judge, Site

#: variables in which Java finds options of its own
_AGENTS_IN_ENV: Final = frozenset(("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"))
#: parts of options that load other classes, or start a program
_LEADING: Final = (
    "loader.",
    "OnError=",
    "OnOutOfMemoryError=",
    "agentlib",
    "agentpath",
    "javaagent",
    "-module-path",
    "--patch-module",
)
_ONLY_TELLS: Final = frozenset(("-version", "--version", "-help", "--help", "-h"))
ARCHIVES: Final = (".jar", ".war")
#: the folder of Tomcat's programs
_WEBAPPS: Final = "/usr/local/tomcat/webapps/"


def is_followed(judge: Judge, command: Command, site: Site) -> bool:
    """Judge ``java -jar``; False where what it runs is not known."""
    words = [word.value for word in command.arguments]
    if words and all(word in _ONLY_TELLS for word in words):
        return True
    path = started(command)
    unknown = None in words and bool(judge.scripts.seen)  # what a script put into a variable
    if not path or unknown or "agent" in judge.tree.file.source:
        return False
    if not _AGENTS_IN_ENV.isdisjoint(site.run.state.environment) or not archive(judge, path, site.line):
        return False
    for other in _other_archives(judge, path):
        judge.needs.ask(f"line {other} brings archives that may be loaded too, and what is in them is not seen")
    return True


def started(command: Command) -> str:
    """The absolute path of the archive that ``java -jar`` starts; "" for any other call, or one with options that load or start
    something else. What options a variable in front of it holds is up to whoever starts the container."""
    plain = [word.value or "" for word in command.arguments]
    if "-jar" not in plain[:-1] or any(one.startswith("@") or sign in one for one in plain for sign in _LEADING):
        return ""
    path = plain[plain.index("-jar") + 1]
    if not path or (command.cwd is None and not path.startswith("/")):
        return ""
    return posixpath.normpath(posixpath.join(command.cwd or "/", path))


def _other_archives(judge: Judge, path: str) -> Iterator[int]:
    """The lines that bring archives of Java beside the one at a path."""
    tree = judge.tree
    steps = (step for stage in tree.stage.lineage for step in stage.steps if step.name in ("COPY", "ADD"))
    for step in steps:
        found = copied(tree.file, step, tree.ask)
        if any(one.endswith(ARCHIVES) for one in found.sources) and not found.may_reach(path) and found.target != path:
            yield tree.file.line(step.span.start)


def archive(judge: Judge, path: str, line: int) -> bool:
    """Judge the program in the archive at an absolute path; False where it is not known what it is made of."""
    needs, ask = judge.needs, judge.tree.ask
    project = java_project.of_archive(judge.tree.file, judge.tree, path)
    if project is None:
        return False
    name = project.file
    for one in project.libraries:
        kind, on_musl = java.library(one), musl.hazard("jvm", one)
        if on_musl or java.brings_glibc(one):
            needs.not_alpine(f"{name} names {one}, which loads a library of glibc{f': {on_musl}' if on_musl else ''}")
        if kind == "drawing" and judge.language not in variants.OF_CLASSES:  # whose variants all have both
            why = f"{name} names {one}, which draws text"
            needs.need("fontconfig", why, None)
            needs.need("libfreetype6", why, None)
        elif kind not in ("pure", "drawing"):
            needs.ask(f"whether {one} of {name} draws text, calls a program or loads a library is not known")
    for words in project.unseen:
        needs.ask(f"{name}: {words} is not seen: it may draw text or call programs")
    if not project.built:
        needs.ask(f"{posixpath.basename(path)} was built from {name} as it is now: no RUN builds it")
    for source in project.sources:
        text = ask.context(source)
        if text is None:
            needs.ask(f"{source} is not seen: it may draw text or call programs")
            continue
        sign = java.sign_in(text)
        if sign:
            needs.ask(f"{source} names {sign}: it may draw text, or call what only the full variant has")
    needs.fact(f"{name} names the libraries of what line {line} starts")
    return True


def of_tomcat(judge: Judge) -> None:
    """The programs that Tomcat's image runs: those whose archives are copied into its folder, as far as each is known."""
    copies = [step for stage in judge.tree.stage.lineage for step in stage.steps if step.name in ("COPY", "ADD")]
    known = 0
    for step in copies:
        found = copied(judge.tree.file, step, judge.tree.ask)
        target = found.file or found.target
        if target.startswith(_WEBAPPS) and target.endswith(ARCHIVES):
            known += archive(judge, target, judge.tree.file.line(step.span.start))
    if not copies or known < len(copies):
        judge.needs.ask(
            "no program in Tomcat draws text, or calls a program of the full variant: not all of them is seen"
        )
