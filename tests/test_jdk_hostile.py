"""Files that look as if a JRE were enough, built by one who wants a wrong swap: each is declined, or the thing is asked about.

The transform never goes beyond SHOW; here it must not even propose what can be seen to fail.
"""

from __future__ import annotations

import pytest

from rewriter.engine import run
from rewriter.rule import Ask, Safety
from transforms import loaded

_JAVA = 'COPY app.jar /\nCMD ["java", "-jar", "/app.jar"]\n'
_SCRIPT = 'COPY run.sh /\nCMD ["/run.sh"]\n'

#: what is seen and fails: no proposal
DECLINED: dict[str, tuple[str, dict[str, str]]] = {
    "by its path": ("RUN $JAVA_HOME/bin/jar cf /x.jar /srv\n" + _JAVA, {}),
    "by a whole path": ("RUN /opt/java/openjdk/bin/javac X.java\n" + _JAVA, {}),
    "in a variable": ("ENV DUMP='jstack 1'\n" + _JAVA, {}),
    "in a here-document": ("RUN <<EOF\nset -e\ncd /srv\njavac X.java\nEOF\n" + _JAVA, {}),
    "in a file of a here-document": ("COPY <<EOF /bin/dump\n#!/bin/sh\njmap -dump:file=/tmp/x 1\nEOF\n" + _JAVA, {}),
    "behind echo": ("RUN echo 'jcmd 1 help' > /bin/dump\n" + _JAVA, {}),
    "behind sh -c": ('RUN sh -c "cd /srv && ant dist"\n' + _JAVA, {}),
    "behind sudo": ("RUN sudo -u app gradle assemble\n" + _JAVA, {}),
    "behind a condition": ('RUN if [ -n "$X" ]; then mvn -q install; fi\n' + _JAVA, {}),
    "behind a loop": ("RUN for f in /srv/*; do jarsigner -verify $f; done\n" + _JAVA, {}),
    "in a substitution": ("RUN echo $(jps)\n" + _JAVA, {}),
    "with JLink": ("RUN jlink --add-modules java.base --output /jre-own\n" + _JAVA, {}),
    "in the entry script": (_SCRIPT, {"run.sh": "#!/bin/sh\ntrap 'jstack 1' QUIT\nexec java -jar /app.jar\n"}),
    "compiles in the entry script": (_SCRIPT, {"run.sh": "#!/bin/sh\njavac /srv/X.java\njava -cp /srv X\n"}),
    "gradle in the entry script": (_SCRIPT, {"run.sh": "#!/bin/sh\n./gradlew bootRun\njava -version\n"}),
    "jar in the entry script": (_SCRIPT, {"run.sh": "#!/bin/sh\njar -xf /app.jar\nexec java -cp / X\n"}),
    "tools.jar in the entry script": (_SCRIPT, {"run.sh": "#!/bin/sh\njava -cp /app.jar:$JAVA_HOME/lib/tools.jar X\n"}),
    "a script that a RUN calls": (
        "COPY build.sh /\nRUN sh /build.sh\n" + _JAVA,
        {"build.sh": "cd /srv\nmvn package\n"},
    ),
    "a script in PATH": (
        'COPY serve /usr/local/bin/\nCMD ["serve"]\n',
        {"serve": "#!/bin/sh\njshell /srv/start.jsh\njava -jar x\n"},
    ),
    "source-file mode": ('COPY X.java /\nENTRYPOINT ["java", "--source", "17", "/X"]\n', {}),
    "source file in shell form": ("COPY X.java /\nCMD exec java -Xmx1g /X.java\n", {}),
    "exports of the compiler": (
        'COPY app.jar /\nCMD ["java", "--add-exports=jdk.compiler/com.sun.tools.javac.api=ALL-UNNAMED", "-jar", "/app.jar"]\n',
        {},
    ),
    "attaches to itself": (
        'COPY app.jar /\nCMD ["java", "-Djdk.attach.allowAttachSelf=true", "-jar", "/app.jar"]\n',
        {},
    ),
    "health by jcmd": ("HEALTHCHECK CMD jcmd 1 VM.uptime || exit 1\n" + _JAVA, {}),
    "health in exec form": ('HEALTHCHECK CMD ["jcmd", "1", "VM.uptime"]\n' + _JAVA, {}),
    "Maven from its package": ("RUN apt-get update && apt-get install -y maven\n" + _JAVA, {}),
    "a JDK from its package": ("RUN apt-get update && apt-get install -y openjdk-17-jdk-headless\n" + _JAVA, {}),
    "a shell": ('CMD ["/bin/bash"]\n', {}),
    "a shell behind an entry script": (
        'COPY run.sh /\nENTRYPOINT ["/run.sh"]\nCMD ["bash"]\n',
        {"run.sh": 'exec "$@"\n'},
    ),
    "Maven behind Java's name": ('ENTRYPOINT ["mvn"]\nCMD ["exec:java"]\n', {}),
    "jshell": ('CMD ["jshell"]\n', {}),
    "for other builds": ("ONBUILD COPY app.jar /\n" + _JAVA, {}),
    "folder of a JDK 8": ("RUN cp /x.pem $JAVA_HOME/jre/lib/security/\n" + _JAVA, {}),
}
#: what is not seen, or may be: proposed with a question that names it
ASKED: dict[str, tuple[str, dict[str, str], str]] = {
    "script that is not seen": (_SCRIPT, {}, "/run.sh, which is not seen"),
    "script that a RUN calls": ("RUN ./setup\n" + _JAVA, {}, "./setup, which is not seen"),
    "script from elsewhere": ("RUN curl -s https://example.org/x | sh\n" + _JAVA, {}, "a shell whose input"),
    "debugger": (
        'COPY app.jar /\nCMD ["java", "-agentlib:jdwp=transport=dt_socket", "-jar", "/app.jar"]\n',
        {},
        "loads an agent",
    ),
    "folder of Java": ("RUN cp /x.pem $JAVA_HOME/lib/security/\n" + _JAVA, {}, "names the folder of Java"),
    "script that calls another": (_SCRIPT, {"run.sh": ". /env.sh\njava -jar /app.jar\n"}, "starts no other script"),
    "command of a variable": ("ARG TOOL\nRUN $TOOL x\n" + _JAVA, {}, "only known later"),
    "library that compiles": (_JAVA, {}, "no class of the program or of its libraries"),
    "people": (_JAVA, {}, "nobody calls jcmd"),
}


def proposed(text: str, context: dict[str, str], unread: str = "") -> list[str] | None:
    chosen = tuple(one for one in loaded() if one.name == "jdk-shipped")
    seen = {path: found for path, found in context.items() if path != unread}
    report = run(
        chosen, f"FROM eclipse-temurin:17\n{text}", Ask(context=seen.get, files=lambda: tuple(sorted(context)))
    )
    assert not report.crashed and not report.changed
    assert all(each.safety is Safety.SHOW for each in report.findings)
    return [fact for each in report.findings for fact in each.because] if report.findings else None


@pytest.mark.parametrize("name", DECLINED)
def test_what_fails_is_not_proposed(name: str) -> None:
    assert proposed(*DECLINED[name]) is None


@pytest.mark.parametrize("name", ASKED)
def test_what_is_not_seen_is_asked(name: str) -> None:
    text, context, question = ASKED[name]
    facts = proposed(text, context)
    assert facts is not None and any(fact.startswith("to confirm: ") and question in fact for fact in facts)


def test_sources_that_cannot_be_read_say_nothing() -> None:
    project = "<project><groupId>a</groupId><artifactId>a</artifactId></project>"
    context: dict[str, str] = {"pom.xml": project, "src/main/java/A.java": "class A { }", "target/a.jar": ""}
    text = 'COPY target/a.jar /\nCMD ["java", "-jar", "/a.jar"]\n'
    told = "pom.xml and the sources beside it name nothing that only a JDK has"
    assert told in (proposed(text, context) or [])
    facts = proposed(text, context, unread="src/main/java/A.java")
    assert facts is not None and told not in facts
