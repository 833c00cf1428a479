"""pom.xml and build.gradle, as far as they say which libraries a program of Java is made of.

Nothing is run. Sources: https://maven.apache.org/pom.html,
https://docs.gradle.org/current/userguide/declaring_dependencies.html.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from rewriter.knowledge import java
from rewriter.model import xml_text
from rewriter.model.xml_text import below, said

#: what is not in the program: tests, and what only lists versions; what is provided goes into an archive that starts by itself
_SCOPES: Final = ("test", "import")
_NOT_SHIPPED: Final = tuple(
    "test classpath annotationProcessor compileOnly kapt ksp checkstyle pmd developmentOnly androidTest jacoco asciidoctor "
    "errorprone".split()
)
_BLOCK: Final = re.compile(r"(?<!\w)(\w++)\s*+\{$")
_DEEPEST: Final = 100  # blocks inside of blocks
_DECLARED: Final = re.compile(r"^(\w+)[\s(]+[\"']([\w.-]+):([\w.-]+)(?::[^\"']*)?[\"']\s*+\)?\s*+(?:\{.*)?;?$")
_IN_WORDS: Final = re.compile(r"^(\w+)[\s(]+group\s*[:=]\s*[\"']([\w.-]+)[\"'],\s*name\s*[:=]\s*[\"']([\w.-]+)[\"']")
_PLATFORM: Final = re.compile(r"^\w+[\s(]+(?:enforcedPlatform|platform)\s*\(")
_PLUGIN: Final = re.compile(r"^(?:id|kotlin|apply[\s(]+plugin\s*[:=])[\s(]*[\"']?([\w.-]+)")
#: what says more than these blocks do
_MORE: Final = re.compile(
    r"plugins\s*\{.+|.*\bdependencies\b(?!\s*\{$)|apply[\s(]+(?:from|<)|apply\s*\{|alias\s*\(|sourceSets\b|allprojects\b|subprojects\b|configurations\b"
)
#: comments of lines of their own, and behind a line: `"**/*.java"` begins none
_COMMENT: Final = re.compile(r"^[ \t]*/\*.*?(?:\*/|\Z)|(?<![:\"'*])//[^\n]*", re.DOTALL | re.MULTILINE)
#: lines of such a block that bring nothing
_QUIET: Final = re.compile(r"^(?:\}+|exclude\b.*|transitive\b.*|because\b.*|\)|\}\s*\))$")


class Build(NamedTuple):
    """What a build file says: the libraries of the program, each as ``group:artifact``; ``unseen``, as words for a question, what
    may bring others; ``parent`` of a pom.xml, as ``group:artifact``, and the path of its file from here; ``group`` of its own."""

    libraries: tuple[str, ...]
    unseen: tuple[str, ...]
    parent: str = ""
    parent_file: str = ""
    group: str = ""


def read(name: str, text: str) -> Build | None:
    """The text of a file of one of these names."""
    return pom(text) if name.endswith(".xml") else gradle(text)


def pom(text: str) -> Build | None:
    """The text of a pom.xml; None for one that is none."""
    project = xml_text.root(text)
    if project is None or xml_text.plain(project) != "project":
        return None
    parent = below(project, "parent")
    of_parent = said(parent, "groupId")
    group = said(project, "groupId") or of_parent
    found: list[str] = []
    unseen: list[str] = []
    profiles = below(project, "profiles")
    for part in (project, *(() if profiles is None else profiles)):
        listed = below(part, "dependencies")
        for one in () if listed is None else listed:
            its, name = said(one, "groupId"), said(one, "artifactId")
            if said(one, "scope") in _SCOPES:
                continue
            if not its or not name:
                unseen.append("a dependency without a name")
            elif "groupId}" in its or its == group or "$" in its + name:
                unseen.append(f"{name} of the same project")
            else:
                found.append(f"{its}:{name}")
    build = below(project, "build")
    if build is not None and said(build, "sourceDirectory"):
        unseen.append("sources in a folder of their own")
    relative = below(parent, "relativePath")
    path = "../pom.xml" if relative is None else (relative.text or "").strip()
    name = "" if parent is None else f"{of_parent}:{said(parent, 'artifactId')}"
    return Build(tuple(dict.fromkeys(found)), tuple(unseen), name, path, group)


def artifact(text: str) -> str:
    """The name that a pom.xml gives its project, "" for one that is none."""
    return said(xml_text.root(text), "artifactId")


def gradle(text: str) -> Build | None:
    """The text of a build.gradle, or of a build.gradle.kts; None for one whose blocks do not close, or lie too deep."""
    found: list[str] = []
    unseen: list[str] = []
    blocks: list[str] = []
    text = _COMMENT.sub("", text)
    if text.count("{") != text.count("}"):
        return None
    for line in map(str.strip, text.splitlines()):
        inside = "dependencies" in blocks and "buildscript" not in blocks and "dependencyManagement" not in blocks
        if inside and blocks[-1] != "constraints":
            _declared(line, found, unseen)
        elif (name := _plugin(line, blocks[-1:] == ["plugins"])) and not java.plain_plugin(name):
            unseen.append(f"what the plug-in {name} brings")
        elif _MORE.match(line):
            unseen.append(line.partition("{")[0].strip())
        opened = line.count("{") - line.count("}")
        head = _BLOCK.search(line)
        blocks += [head[1] if head is not None else ""] * max(opened, 0)
        del blocks[max(len(blocks) + min(opened, 0), 0) :]
        if len(blocks) > _DEEPEST:
            return None
    return Build(tuple(dict.fromkeys(found)), tuple(unseen))


def _plugin(line: str, among: bool) -> str:
    """The plug-in that a line applies, "" for none; ``among``: the line stands in ``plugins { }``."""
    match = _PLUGIN.match(line)
    if match is not None:
        return match[1]
    return line.strip("`") if among and line and line != "}" else ""


def _declared(line: str, found: list[str], unseen: list[str]) -> None:
    """One line of ``dependencies { }``."""
    if not line or _QUIET.match(line) or line.startswith(_NOT_SHIPPED) or _PLATFORM.match(line):
        return
    match = _DECLARED.match(line) or _IN_WORDS.match(line)
    if match is None:
        unseen.append(line.rstrip(" {"))
    else:
        found.append(f"{match[2]}:{match[3]}")
