"""Projects of Java, built by one who wants a swap that misses something: none is made without a question.

Each has something that makes the build file, or the sources, less than the whole truth of what a container starts.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import dslim
from dslim.context import LARGEST, Context
from rewriter.model import csproj, java_build, xml_text
from rewriter.rule import Ask
from tests.hostile import swapped

_WEB = "<dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency>"
_ODD = "<dependency><groupId>org.example</groupId><artifactId>charts</artifactId>{}</dependency>"
_POM = f"""<project>
<groupId>org.acme</groupId>
<artifactId>shop</artifactId>
<dependencies>{_WEB}</dependencies>
</project>
"""
_PARENT = "<parent><groupId>org.acme</groupId><artifactId>all</artifactId>{}</parent>"
_GRADLE = """plugins {
    id 'java'
}
dependencies {
    implementation 'org.springframework.boot:spring-boot-starter-web:2.7.18'
}
"""
_SOURCES = {"src/main/java/Shop.java": "class Shop { }\n"}
_MAVEN = """FROM maven:3.9-eclipse-temurin-11 AS build
WORKDIR /src
COPY . .
RUN mvn package
FROM openjdk:11-jre
COPY --from=build /src/target/shop.jar /shop.jar
CMD ["java", "-jar", "/shop.jar"]
"""
_BY_GRADLE = _MAVEN.replace("mvn package", "gradle build").replace("target", "build/libs")
_OF_MAVEN = {"pom.xml": _POM, **_SOURCES}
_OF_GRADLE = {"build.gradle": _GRADLE, **_SOURCES}
PLAIN = {
    "Maven": (_MAVEN, _OF_MAVEN),
    "Gradle": (_BY_GRADLE, _OF_GRADLE),
    "a parent that is seen": (
        _MAVEN.replace("/src/target", "/src/shop/target"),
        {
            "shop/pom.xml": _POM.replace("<project>", f"<project>{_PARENT.format('')}"),
            "shop/src/main/java/Shop.java": "class Shop { }\n",
            "pom.xml": _POM.replace(">shop<", ">all<"),
        },
    ),
    "comments": (
        _BY_GRADLE,
        {
            **_OF_GRADLE,
            "build.gradle": "/* of\n the shop */\n" + _GRADLE.replace("    impl", "    // it serves\n    impl"),
        },
    ),
    "plug-ins in Kotlin": (
        _BY_GRADLE,
        {
            **_OF_GRADLE,
            "build.gradle": _GRADLE.replace("    id 'java'", '    `java-library`\n    kotlin("jvm")\n    war'),
        },
    ),
    "a project below, and another one beside it": (
        _BY_GRADLE.replace("/src/build", "/src/all/shop/build"),
        {
            "all/shop/build.gradle": _GRADLE,
            "all/shop/src/main/java/Shop.java": "",
            "al/build.gradle": "subprojects {\n}\n",
        },
    ),
    "a version that is told": (_MAVEN.replace("CMD", 'RUN ["java", "-version"]\nCMD'), _OF_MAVEN),
}


def _maven(old: str, new: str) -> tuple[str, dict[str, str]]:
    return _MAVEN, {**_OF_MAVEN, "pom.xml": _POM.replace(old, new)}


def _gradle(old: str, new: str) -> tuple[str, dict[str, str]]:
    return _BY_GRADLE, {**_OF_GRADLE, "build.gradle": _GRADLE.replace(old, new)}


def _source(text: str, name: str = "src/main/java/Other.java") -> tuple[str, dict[str, str]]:
    return _MAVEN, {**_OF_MAVEN, name: text}


_END = "</dependencies>"
CASES: dict[str, tuple[str, dict[str, str]]] = {
    "a library in a profile": _maven(
        _END + "\n", f"{_END}<profiles><profile><dependencies>{_ODD.format('')}{_END}</profile></profiles>"
    ),
    "a library that is provided": _maven(_END, _ODD.format("<scope>provided</scope>") + _END),
    "a library by its path": _maven(_END, _ODD.format("<scope>system</scope><systemPath>/a.jar</systemPath>") + _END),
    "a library of the same group": _maven(_END, _ODD.format("").replace("org.example", "${project.groupId}") + _END),
    "a library by a property": _maven(_END, _ODD.format("").replace("charts", "${what}") + _END),
    "a parent of another name": (
        _MAVEN,
        {
            **_OF_MAVEN,
            "pom.xml": _POM.replace("<project>", f"<project>{_PARENT.format('<relativePath>up.xml</relativePath>')}"),
            "up.xml": _POM,
        },
    ),
    "a parent from a repository": _maven("<project>", f"<project>{_PARENT.format('<relativePath/>')}"),
    "a parent with a library": (
        _MAVEN.replace("/src/target", "/src/shop/target"),
        {
            "shop/pom.xml": _POM.replace("<project>", f"<project>{_PARENT.format('')}"),
            "shop/src/main/java/Shop.java": "class Shop { }\n",
            "pom.xml": _POM.replace(">shop<", ">all<").replace(_END, _ODD.format("") + _END),
        },
    ),
    "a parent of itself": _maven(
        "<project>",
        f"<project>{_PARENT.format('<relativePath>pom.xml</relativePath>').replace('>all<', '>shop<')}",
    ),
    "sources elsewhere": _maven("</project>", "<build><sourceDirectory>code</sourceDirectory></build></project>"),
    "an entity": _maven("<project>", '<!DOCTYPE project SYSTEM "file:///etc/passwd"><project>'),
    "no XML": _maven("</project>", ""),
    "another document": _maven("project", "settings"),
    "a block of one line": _gradle("}\ndep", "}\ndependencies { implementation 'org.example:charts:1' }\ndep"),
    "plug-ins of one line": _gradle("plugins {\n    id 'java'\n}", "plugins { id 'org.example.service' }"),
    "a plug-in by its name in Kotlin": _gradle("    id 'java'", "    `java-library`\n    `shop-conventions`"),
    "a plug-in by apply": _gradle("dep", "apply plugin: 'org.example.service'\ndep"),
    "a script that is applied": _gradle("dep", "apply from: 'more.gradle'\ndep"),
    "two libraries in one line": _gradle(":2.7.18'", ":2.7.18', 'org.example:charts:1'"),
    "a file of its own": _gradle("\n}\n", "\n    runtimeOnly files('charts.jar')\n}\n"),
    "a catalogue of versions": _gradle("\n}\n", "\n    implementation libs.charts\n}\n"),
    "a library in words": _gradle(
        "\n}\n", "\n    implementation group: 'org.example', name: 'charts', version: '1'\n}\n"
    ),
    "a library under a condition": _gradle(
        "dep", "if (true) {\n    project.dependencies.add('implementation', 'a:b:1')\n}\ndep"
    ),
    "patterns that look like comments": _gradle(
        "dep",
        "jar {\n    exclude '**/*.md'\n}\ndependencies {\n    implementation 'org.example:charts:1'\n}\njar {\n"
        "    exclude '**/*.txt'\n}\ndep",
    ),
    "a set of sources": _gradle("dep", "sourceSets {\n}\ndep"),
    "all projects": _gradle("dep", "subprojects {\n}\ndep"),
    "a build file above": (
        _BY_GRADLE.replace("/src/build", "/src/shop/build"),
        {"shop/build.gradle": _GRADLE, "shop/src/main/java/Shop.java": "", "build.gradle": "subprojects {\n}\n"},
    ),
    "a build file between": (
        _BY_GRADLE.replace("/src/build", "/src/all/shop/build"),
        {
            "all/shop/build.gradle": _GRADLE,
            "all/shop/src/main/java/Shop.java": "",
            "all/build.gradle": "subprojects {\n}\n",
        },
    ),
    "it draws": _source("import java.awt.Font;"),
    "it starts programs": _source('class A { void a() { Runtime.getRuntime().exec("git"); } }'),
    "it loads a library": _source('class A { static { System.loadLibrary("a"); } }'),
    "it asks for types of files": _source("class A { Object a = java.nio.file.Files.probeContentType(null); }"),
    "it draws in Kotlin": _source("import javax.imageio.ImageIO", "src/main/kotlin/A.kt"),
    "it draws in a page": _source("<%@ page import='java.awt.Font' %>", "src/main/webapp/a.jsp"),
    "it runs scripts": _source("import javax.script.ScriptEngineManager;"),
    "an archive in the project": _source("", "libs/charts.jar"),
    "an agent": (_MAVEN.replace('"-jar"', '"-javaagent:/a.jar", "-jar"'), _OF_MAVEN),
    "an agent in the environment": (_MAVEN.replace("CMD", "ENV JAVA_TOOL_OPTIONS=-Dx=y\nCMD"), _OF_MAVEN),
    "an agent in a variable": (
        _MAVEN.replace("CMD", "ENV OPTS=-javaagent:/a.jar\nCMD").replace(
            '["java", "-jar", "/shop.jar"]', "java $OPTS -jar /shop.jar"
        ),
        _OF_MAVEN,
    ),
    "options in a file": (_MAVEN.replace('"-jar"', '"@/options", "-jar"'), _OF_MAVEN),
    "classes beside it": (_MAVEN.replace('"-jar"', '"-Dloader.path=/more", "-jar"'), _OF_MAVEN),
    "a program when memory ends": (_MAVEN.replace('"-jar"', '"-XX:OnOutOfMemoryError=gcore", "-jar"'), _OF_MAVEN),
    "another archive": (_MAVEN.replace("CMD", "COPY plug-in.jar /plug-ins/\nCMD"), {**_OF_MAVEN, "plug-in.jar": ""}),
    "an archive that is fetched over it": (
        _MAVEN.replace("CMD", "RUN wget -O /shop.jar https://example.org/other.jar\nCMD"),
        _OF_MAVEN,
    ),
    "an archive that is copied over it": (
        _MAVEN.replace("CMD", "COPY other.jar /shop.jar\nCMD"),
        {**_OF_MAVEN, "other.jar": ""},
    ),
    "an archive that is copied over it while building": (
        _MAVEN.replace("mvn package", "mvn package && cp other.jar target/shop.jar"),
        _OF_MAVEN,
    ),
    "a build file that is edited": (
        _MAVEN.replace("mvn package", "sed -i s/web/jdbc/ pom.xml && mvn package"),
        _OF_MAVEN,
    ),
    "nothing builds it": (_MAVEN.replace("mvn package", "make"), _OF_MAVEN),
    "another stage builds it": (_MAVEN.replace("--from=build", "--from=example/shop"), _OF_MAVEN),
    "a folder that is not known": (
        _MAVEN.replace("CMD", "ARG PLACE\nWORKDIR $PLACE\nCMD")
        .replace('/shop.jar"', 'shop.jar"')
        .replace("COPY . .", "COPY . ."),
        _OF_MAVEN,
    ),
    "another stage of the same name": (
        _MAVEN.replace("FROM openjdk", "FROM alpine AS build\nCOPY shop.jar /src/target/\nFROM openjdk"),
        {**_OF_MAVEN, "shop.jar": ""},
    ),
    "sources from git": (_MAVEN.replace("COPY . .", "RUN git clone https://example.org/shop /src"), _OF_MAVEN),
    "a script that starts it with more": (
        _MAVEN.replace('"java", "-jar", "/shop.jar"', '"/start.sh"').replace("CMD", "COPY start.sh /\nCMD"),
        {**_OF_MAVEN, "start.sh": "#!/bin/sh\nA=-javaagent:/a.jar\nexec java $A -jar /shop.jar\n"},
    ),
    "a script that sets options": (
        _MAVEN.replace('"java", "-jar", "/shop.jar"', '"/start.sh"').replace("CMD", "COPY start.sh /\nCMD"),
        {**_OF_MAVEN, "start.sh": "#!/bin/sh\nexport JAVA_TOOL_OPTIONS=-Da=b\nexec java -jar /shop.jar\n"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_swapped_without_a_question(name: str) -> None:
    text, files = CASES[name]
    assert swapped(text, files) == text


@pytest.mark.parametrize("name", PLAIN)
def test_the_project_by_itself_is_swapped(name: str) -> None:
    text, files = PLAIN[name]
    assert "FROM openjdk:11-jre-slim\n" in swapped(text, files)


def _write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")


def test_a_build_file_is_read_in_the_context_and_nowhere_else(tmp_path: Path) -> None:
    """What is ignored, lies behind a link, or is too large, is not seen."""
    inside, outside = tmp_path / "context", tmp_path / "elsewhere"
    outside.mkdir()

    def goes_to_slim() -> bool:
        return "11-jre-slim" in dslim.rewrite(_MAVEN, context=Context(str(inside))).text

    _write(inside, _OF_MAVEN)
    assert goes_to_slim()
    _write(inside, {"src/main/java/Large.java": "//" + "a" * LARGEST})
    assert not goes_to_slim()
    (inside / "src/main/java/Large.java").unlink()
    assert goes_to_slim()
    (inside / ".dockerignore").write_text("pom.xml\n", "utf-8")
    assert not goes_to_slim()
    (inside / ".dockerignore").unlink()
    (inside / "pom.xml").rename(outside / "pom.xml")
    os.symlink(outside / "pom.xml", inside / "pom.xml")
    assert not goes_to_slim()
    (inside / "pom.xml").unlink()
    (inside / "pom.xml").write_text(_POM + "<!--" + "a" * LARGEST + "-->", "utf-8")
    assert not goes_to_slim()


@pytest.mark.parametrize(
    "text", ["", "<a", "<!DOCTYPE a><a/>", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "<a>&b;</a>", "\0"]
)
def test_what_is_no_plain_xml_is_not_read(text: str) -> None:
    assert xml_text.root(text) is None
    assert java_build.pom(text) is None


def test_a_mark_in_front_and_a_declaration_do_no_harm() -> None:
    found = java_build.pom('\ufeff<?xml version="1.0" encoding="ISO-8859-1"?>\n' + _POM)
    assert found is not None
    assert found.libraries == ("org.springframework.boot:spring-boot-starter-web",)


def test_a_program_with_two_projects_of_its_name_has_none() -> None:
    text = '<Project Sdk="Microsoft.NET.Sdk" />'
    one, two = {"a/Shop.csproj": text}, {"a/Shop.csproj": text, "b/Shop.csproj": text}
    found = csproj.of_program(Ask(context=one.get, files=lambda: tuple(one)), "/srv/Shop.dll")
    assert found == csproj.Project("a/Shop.csproj", False, "")
    assert csproj.of_program(Ask(context=two.get, files=lambda: tuple(two)), "/srv/Shop.dll") is None


def test_projects_below_a_file_that_each_imports_may_serve() -> None:
    files = {"Shop.csproj": '<Project Sdk="Microsoft.NET.Sdk" />', "Directory.Build.props": "<Project />"}
    found = csproj.of_program(Ask(context=files.get, files=lambda: tuple(files)), "/srv/Shop.dll")
    assert found == csproj.Project("Shop.csproj", True, "")


@pytest.mark.parametrize(
    "text",
    [
        "a" * LARGEST,
        "/*\n" * (LARGEST // 3),
        f"dependencies {{\nimplementation 'a:b'{' ' * LARGEST}x\n}}",
        "}}\n" * 100 + "{{\n" * 100,
        "a {\n" * (LARGEST // 6) + "}\n" * (LARGEST // 6),
    ],
    ids=["one word", "comments that never end", "blanks", "closed before it opens", "deep"],
)
def test_odd_build_files_are_read_to_their_end(text: str) -> None:
    found = java_build.gradle(text)
    assert found is None or not found.libraries
