"""JDKs and JREs: which tags have both, and what only a JDK has (a typed view of java.toml)."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from rewriter.knowledge import variants
from rewriter.knowledge.tables import table
from rewriter.knowledge.unknown import Unknown

#: images with a JDK, and with a JRE of the same build
IMAGES: Final = frozenset(("eclipse-temurin", "openjdk", "amazoncorretto", "sapmachine"))


#: official images with a build tool on a JDK
BUILD_TOOLS: Final = frozenset(("maven", "gradle"))
#: the number of Java in their tags, behind the name of a JDK
_JAVA_OF_TOOL: Final = re.compile(r"(?:jdk|openjdk|temurin|corretto|sapmachine|zulu)-?(\d+)(?![\d.])")
_SUITES: Final = ("focal", "jammy", "noble")


def runtime(image: str, tag: str) -> str | Unknown | None:
    """The tag of the JRE beside a JDK: of the same version and suite. None for what is a JRE already; Unknown where the
    tables do not show both tags."""
    parts = tag.split("-")
    if any(part.startswith(("jre", "headless", "headful")) for part in parts):
        return None
    if "jdk" in parts:
        at = parts.index("jdk")
        new = "-".join((*parts[:at], "jre", *parts[at + 1 :]))
    elif tag[:1].isdigit():
        new = "-".join((parts[0], "jre", *parts[1:]))
    else:
        return Unknown(f"which JRE {image}:{tag or 'latest'} has beside it")
    if all(variants.exists(image, one) for one in (tag, new)) or _with_suite(image, tag):
        return new
    return Unknown(f"that there is {image}:{new}")


def beside_tool(image: str, tag: str) -> str | Unknown:
    """The tag of Eclipse Temurin's JRE with the Java of a build tool's image, on Alpine where that is."""
    found = _JAVA_OF_TOOL.search(tag)
    if found is None:
        return Unknown(f"which Java {image}:{tag or 'latest'} brings")
    suite = "alpine" if "alpine" in tag else next((part for part in tag.split("-") if part in _SUITES), "")
    new = "-".join(filter(None, (found[1], "jre", suite)))
    there = variants.exists("eclipse-temurin", new) or exists("eclipse-temurin", new)
    return new if there else Unknown(f"that there is eclipse-temurin:{new}")


def exists(image: str, tag: str) -> bool:
    """True for the tag of a JDK or JRE on a suite that the table names."""
    return _with_suite(image, tag.replace("-jre", "", 1))


def for_amd64_only(version: str) -> bool:
    """True for a version of Eclipse Temurin whose image on Alpine is made for amd64 and nothing else. Source: the official tag
    library, library/eclipse-temurin of 2024-07."""
    return version.partition(".")[0] in _words("tags", "alpine_amd64")


def _with_suite(image: str, tag: str) -> bool:
    version, _, suite = tag.replace("-jdk", "", 1).partition("-")
    for row in table("java.toml", "tags")["rows"].split("\n"):
        names, _, suites = row.partition(":")
        name, *versions = names.split()
        if name == image and version in versions and suite in suites.split():
            return True
    return False


def only_in_jdk(command: str) -> bool:
    """True for a command that a JRE lacks."""
    return command in _words("jdk", "commands")


def builds(command: str) -> bool:
    """True for a command that compiles with the JDK, or may."""
    return command in _words("jdk", "building")


def brings_jdk(package: str) -> bool:
    """True for a package of a distribution that brings a JDK, or what compiles with one."""
    return package.startswith(tuple(_words("jdk", "packages")))


def lost(image: str) -> frozenset[str]:
    """Commands of the system that an image's JDKs have, and its JREs have not."""
    return _words("lost", image)


def library(name: str) -> str:
    """What is known of a library, ``group:artifact``: "pure" for one that needs nothing of the system but libc, with all that it
    brings; "drawing" for one that draws text; "jdk" for a part of a JDK; "" for any other."""
    names = (name, f"{name.partition(':')[0]}:*")
    found = (kind for kind in ("jdk", "drawing", "pure") for one in names if one in _words("libraries", kind))
    return next(found, "")


def brings_nothing(parent: str) -> bool:
    """True for a parent of a pom.xml that brings no library by itself."""
    return parent in _words("libraries", "parents")


def brings_glibc(name: str) -> bool:
    """True for a library, ``group:artifact``, that brings one in C which is linked to glibc, whatever else it is."""
    return not _words("libraries", "glibc").isdisjoint((name, f"{name.partition(':')[0]}:*"))


def plain_plugin(name: str) -> bool:
    """True for a plug-in of Gradle that adds no library to the program."""
    return name in _words("libraries", "plugins")


def sign_in(text: str) -> str:
    """The first part of a source that says that a program draws or leaves Java, "" for none."""
    return next((one for one in sorted(_words("libraries", "signs")) if one in text), "")


def named_in(text: str, building: bool = False) -> str:
    """The first name in a text that only a JDK has an answer to, "" for none: a command, a class, a module, a file. With
    ``building`` also what compiles with one."""
    found = (_pattern_of_scripts() if building else _pattern()).search(text)
    return found[0] if found is not None else ""


@cache
def _pattern() -> re.Pattern[str]:
    commands = _words("jdk", "commands") - _words("jdk", "common")
    names = "|".join(map(re.escape, sorted(_words("jdk", "names"))))
    return re.compile(rf"(?<![\w.-])(?:{'|'.join(sorted(commands))})(?![\w-])|(?<![a-z.])(?:{names})(?![\w-])")


@cache
def _pattern_of_scripts() -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted(_words("jdk", "building"))))
    jar = r"(?<![\w./-])jar[ \t]+-?[a-z]*[cxtu]"
    return re.compile(rf"{_pattern().pattern}|(?<![\w.-])(?:{words})(?![\w.-])|{jar}")


@cache
def _words(name: str, key: str) -> frozenset[str]:
    return frozenset(table("java.toml", name).get(key, "").split())
