"""Java: what Maven, Gradle, Ant or javac build, on the JRE beside the JDK."""

from __future__ import annotations

import re
from typing import Final

from rewriter import posixpath
from rewriter.knowledge import java, languages, libraries, variants
from rewriter.knowledge.unknown import Unknown
from rewriter.model import bases, java_build, paths, split_elsewhere, split_stage, split_tree, split_whole
from rewriter.model.command import Command
from rewriter.model.file import File
from rewriter.model.scope import State
from rewriter.model.split_page import Page
from rewriter.model.split_stage import Against, Shipped
from rewriter.model.split_traces import Traces, of_whole_folders
from rewriter.model.split_whole import Runtime
from rewriter.rule import Ask, Decline, Finding

#: the JDK in a tag of maven's or gradle's: ``3.6-jdk-8-alpine``, ``3.9-eclipse-temurin-17``, ``7.6-jdk17-alpine``
_JDK: Final = re.compile(r"(?:^|-)(openjdk|eclipse-temurin|jdk)-?(\d+)(?:-|$)")
#: folders that one of these images has
_THERE: Final = frozenset(("/usr/src", "/mnt", "/media", "/usr/share", "/home/gradle"))
_ENTRY: Final = "the entry point of maven's image, which brings settings for Maven and starts what CMD says, is gone"
#: sources of what runs on Java
_SOURCES: Final = (".java", ".kt", ".scala", ".groovy")
#: paths of a folder that holds what Maven or Gradle fetched
_CACHES: Final = ("/.m2/", "/.gradle/", "/.ivy2/")


def split(file: File, ask: Ask) -> Finding | Decline | None:
    """The split of the shipped stage; why there is none; None where no Java is built."""
    repository, tag = bases.shipped_base(file)
    if repository not in languages.names("java", "images"):
        return split_elsewhere.left_alone(file, "java", building)
    if not any(building(command) for run in file.runs if run.stage.ships for command in run.commands):
        return None
    stage = split_elsewhere.lone(file)
    if isinstance(stage, Decline):
        return stage
    runtime = _runtime(repository, tag)
    start = State(workdir="/home/gradle" if repository == "gradle" else "/")
    shipped = split_stage.shipped(file, start, "latest" if "alpine" in tag else None)
    traces = of_whole_folders(shipped, _THERE)
    page = JavaPage(traces, shipped)
    try:
        kept = split_elsewhere.kept(shipped, "java")
        if kept is not None:
            return kept
        if isinstance(runtime, Unknown):
            return Decline(stage, f"it is not known {runtime.why}")
        named = _compiles(ask)
        if named:
            return Decline(stage, f"{named}, which only a JDK has")
        tree = split_tree.tree(shipped, page, ask)
    except Against as against:
        return Decline(against.step.span, against.why)
    if any(
        "JAVA_HOME" in step.instruction.body.text or "/jvm/" in step.instruction.body.text for step in shipped.steps
    ):
        page.asks.append("does nothing need JAVA_HOME, or the folder of the JDK? A JRE has another one")
    page.asks += [
        "does no class of the program or of its libraries compile Java or look into other processes (javax.tools, com.sun.tools, "
        "tools.jar)? A JRE has nothing of that",
        "does nobody call jcmd, jstack, jmap or another tool of the JDK in a running container?",
    ]
    return split_whole.finding(
        tree, page, runtime, f"Ship what is built on {runtime.image}, without the JDK", [], [], ask
    )


def building(command: Command) -> bool:
    """True for a call of what builds Java."""
    return split_elsewhere.name_of(command) in languages.names("java", "builders")


def _compiles(ask: Ask) -> str:
    """The build file or the source of the context, outside of its tests, that names what only a JDK has, and that; or ""."""
    for path in ask.files() or ():
        if path.rpartition("/")[2] in ("pom.xml", "build.gradle", "build.gradle.kts"):
            build = java_build.read(path, ask.context(path) or "")
            for library in () if build is None else build.libraries:
                if java.library(library) == "jdk":
                    return f"{path} names {library}"
        if path.endswith(_SOURCES) and "/test/" not in f"/{path}":
            name = java.named_in(ask.context(path) or "")
            if name:
                return f"{path} names {name}"
    return ""


class JavaPage(Page):
    """Classes, archives and start scripts of Java."""

    def __init__(self, traces: Traces, stage: Shipped) -> None:
        super().__init__("java", traces)
        self.stage = stage

    def starts(self, command: Command, places: list[str]) -> str:
        words = [paths.symbolic(word, self.stage.end) or word.raw for word in command.arguments]
        for at, word in enumerate(words):
            if java.named_in(word):
                return f"it starts java with {java.named_in(word)}, which only a JDK has"
            if word in ("-jar", "-cp", "-classpath", "--class-path", "-p", "--module-path") and at + 1 < len(words):
                for one in words[at + 1].split(":"):
                    why = self._there(one, places)
                    if why:
                        return why
            if word.endswith(".java"):
                return f"it starts java with a source file ({word}), which it compiles"
        known = any(word in ("-jar", "-cp", "-classpath", "--class-path", "-p", "--module-path") for word in words)
        workdir = self.stage.end.workdir or "/"
        if (
            not known
            and not any(paths.inside(workdir, one) for one in places)
            and "CLASSPATH" not in self.stage.end.environment
        ):
            return f"its classes lie in {workdir}, among the base image's own files"
        return ""

    def _there(self, word: str, places: list[str]) -> str:
        """Why an archive or a folder of classes is not in the final stage, or ""."""
        if "$" in word:
            self.asks.append(f"is {word} in {' or '.join(places)}? Nothing else goes along")
            return ""
        path = posixpath.normpath(posixpath.join(self.stage.end.workdir or "/", word.rstrip("*") or "."))
        if any(paths.inside(path, one) or paths.inside(one, path) for one in places if path != "/" or one == "/"):
            return ""
        cache = next((one.strip("/") for one in _CACHES if one in path), "")
        return (
            f"{word} lies in {cache}, which stays in the builder" if cache else f"no instruction is seen to make {path}"
        )


def _runtime(repository: str, tag: str) -> Runtime | Unknown:
    """The image that runs the classes: the JRE of the same version, where there is one."""
    if "$" in tag:
        return Unknown("which Java it is: the tag depends on an ARG")
    if "windows" in tag or "nanoserver" in tag:
        return Unknown("how an image of Windows is split")
    if "onbuild" in tag:
        return Unknown("what the triggers of an onbuild image do")
    alpine = "alpine" in tag
    if repository in ("maven", "gradle"):
        return _of_builder(repository, tag, alpine)
    if repository == "java":
        repository, tag, old = libraries.renamed("java"), tag.replace("openjdk-", ""), True
    else:
        old = False
    found = java.runtime(repository, tag)
    if found is None:
        return Unknown(f"where its JDK comes from: {repository}:{tag} has a JRE")
    if not isinstance(found, Unknown):
        return _jre(f"{repository}:{found}", True, other=old)  # of another day, and perhaps of another suite of Debian
    version = bases.version_of(tag.removeprefix("jdk-"))
    number = "" if version is None else str(version[1] if version[0] == 1 and len(version) > 1 else version[0])
    number = number.partition("u")[0] or _early(tag)
    return _newest(number, alpine, f"there is no JRE beside {repository}:{tag or 'latest'} in the tables") or found


def _early(tag: str) -> str:
    """The version in ``8u151-jdk`` and ``7u121``."""
    match = re.match(r"(\d+)u\d+", tag)
    return match[1] if match else ""


def _of_builder(repository: str, tag: str, alpine: bool) -> Runtime | Unknown:
    """The JRE for an image of Maven or Gradle, which are built on a JDK."""
    match = _JDK.search(tag)
    if match is None:
        return Unknown(f"which Java {repository}:{tag or 'latest'} has: its tag does not say")
    kind, number = match[1], match[2]
    if repository == "gradle":
        version = bases.version_of(tag)
        if version is not None and version < (6,):
            return Unknown(f"whom files belong to in gradle:{tag}, which does not run as root")
        return _newest(number, alpine, "Gradle's image is made from it") or Unknown(f"which JRE runs Java {number}")
    slim = "-slim" if "slim" in tag else "-alpine" if alpine else ""
    if kind != "eclipse-temurin" and variants.exists("openjdk", f"{number}-jre{slim}"):
        return _jre(f"openjdk:{number}-jre{slim}", True, _ENTRY)
    return _newest(number, alpine, _ENTRY) or Unknown(f"which JRE runs Java {number}")


def _newest(number: str, alpine: bool, why: str) -> Runtime | None:
    """Temurin's JRE of a version, if there is one."""
    tag = f"{number}-jre-alpine" if alpine else f"{number}-jre"
    return _jre(f"eclipse-temurin:{tag}", False, why) if number and variants.exists("eclipse-temurin", tag) else None


def _jre(image: str, same: bool, why: str = "", other: bool = False) -> Runtime:
    alpine = "alpine" in image
    repository = image.partition(":")[0]
    gone = (
        sorted(java.lost(repository) & {"git", "hg", "svn", "ssh", "ps", "objdump"}) if repository == "openjdk" else []
    )
    asks = (
        (f"does the program do without {', '.join(gone)}? The JRE's image has none of them",)
        if gone and not alpine
        else ()
    )
    right = (
        (f"is {image} the right JRE? It is not made from the image that the file names",) if other or not same else ()
    )
    calls = frozenset[str]() if alpine or "slim" in image else languages.names("java", "fetching")
    fact = f"{image} runs classes of the same version of Java{f': {why}' if why else ''}"
    return Runtime(image, alpine, same, calls=calls, because=(fact,), asks=(*asks, *right))
