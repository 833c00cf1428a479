"""pom.xml and build.gradle, as far as they say which libraries a program of Java is made of.

Nothing is run. A pom.xml with a DTD is none: no entity is ever expanded. Sources: https://maven.apache.org/pom.html,
https://docs.gradle.org/current/userguide/declaring_dependencies.html.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from xml.etree import ElementTree

#: what is not in the program: tests, what the compiler alone reads, and what another brings
_SCOPES = ("test", "provided", "import")
_NOT_SHIPPED = ("test", "classpath", "annotationProcessor", "compileOnly", "kapt", "ksp", "providedCompile", "checkstyle",
                "pmd", "developmentOnly", "androidTest", "jacoco", "asciidoctor", "errorprone")  # fmt: skip
_BLOCK = re.compile(r"(\w+)\s*\{\s*$")
_DECLARED = re.compile(r"^(\w+)[\s(]+[\"']([\w.-]+):([\w.-]+)(?::[^\"']*)?[\"']\s*\)?(?:\s*\{.*)?;?$")
_IN_WORDS = re.compile(r"^(\w+)[\s(]+group\s*[:=]\s*[\"']([\w.-]+)[\"'],\s*name\s*[:=]\s*[\"']([\w.-]+)[\"']")
_PLATFORM = re.compile(r"^\w+[\s(]+(?:enforcedPlatform|platform)\s*\(")
_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.DOTALL)
#: lines of such a block that bring nothing
_QUIET = re.compile(r"^(?:\}+|exclude\b.*|transitive\b.*|because\b.*|\)|\}\s*\))$")


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
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return None
    try:
        project = ElementTree.fromstring(text.lstrip("\ufeff"))
    except (ElementTree.ParseError, ValueError):
        return None
    if _plain(project) != "project":
        return None
    parent = _below(project, "parent")
    of_parent = _said(parent, "groupId")
    group = _said(project, "groupId") or of_parent
    found: list[str] = []
    unseen: list[str] = []
    profiles = _below(project, "profiles")
    for part in (project, *(() if profiles is None else profiles)):
        for one in _below(part, "dependencies") or ():
            its, name = _said(one, "groupId"), _said(one, "artifactId")
            if _said(one, "scope") in _SCOPES:
                continue
            if "groupId}" in its or its == group or "$" in its + name:
                unseen.append(f"{name} of the same project")
            else:
                found.append(f"{its}:{name}")
    build = _below(project, "build")
    if build is not None and _said(build, "sourceDirectory"):
        unseen.append("sources in a folder of their own")
    relative = _below(parent, "relativePath")
    path = "../pom.xml" if relative is None else (relative.text or "").strip()
    name = "" if parent is None else f"{of_parent}:{_said(parent, 'artifactId')}"
    return Build(tuple(dict.fromkeys(found)), tuple(unseen), name, path, group)


def artifact(text: str) -> str:
    """The name that a pom.xml gives its project, "" for one that is none."""
    try:
        return "" if "<!DOCTYPE" in text or "<!ENTITY" in text else _said(ElementTree.fromstring(text), "artifactId")
    except (ElementTree.ParseError, ValueError):
        return ""


def gradle(text: str) -> Build | None:
    """The text of a build.gradle, or of a build.gradle.kts."""
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
        elif re.match(r"apply[\s(]+from|sourceSets\b|allprojects\b|subprojects\b", line):
            unseen.append(line.partition("{")[0].strip())
        opened = line.count("{") - line.count("}")
        head = _BLOCK.search(line)
        blocks += [head[1] if head is not None else ""] * max(opened, 0)
        del blocks[len(blocks) + min(opened, 0) :]
    return Build(tuple(dict.fromkeys(found)), tuple(unseen))


def _declared(line: str, found: list[str], unseen: list[str]) -> None:
    """One line of ``dependencies { }``."""
    if not line or _QUIET.match(line) or line.startswith(_NOT_SHIPPED) or _PLATFORM.match(line):
        return
    match = _DECLARED.match(line) or _IN_WORDS.match(line)
    if match is None:
        unseen.append(line.rstrip(" {"))
    else:
        found.append(f"{match[2]}:{match[3]}")


def _plain(element: ElementTree.Element) -> str:
    """The name of an element without its namespace."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _below(element: ElementTree.Element | None, name: str) -> ElementTree.Element | None:
    return next((one for one in element if _plain(one) == name), None) if element is not None else None


def _said(element: ElementTree.Element | None, name: str) -> str:
    found = _below(element, name)
    return "" if found is None else (found.text or "").strip()
