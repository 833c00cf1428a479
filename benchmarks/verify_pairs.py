"""Pairs of Dockerfiles of which it is known whether they build the same image: the first must be found equivalent (or the
same program, where that is asked), the others differ in one way each."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from dslim.verify.verdict import DIFFERENT, EQUIVALENT, SAME_PROGRAM

_NOTHING: Mapping[str, str] = MappingProxyType({})


class Pair(NamedTuple):
    """``before`` and ``after`` are the instructions behind FROM, unless they begin with it; ``files`` are the context's;
    ``level`` review asks for the same program; ``noise``, ``run`` and ``http`` are options of `dslim verify`."""

    name: str
    verdict: str
    before: str
    after: str
    level: str = "safe"
    files: Mapping[str, str] = _NOTHING
    noise: bool = False
    run: str = ""
    http: str = ""


ALPINE, DEBIAN = "FROM alpine:3.23\n", "FROM debian:trixie-slim\n"
PYTHON, PYTHON_ALPINE = "FROM python:3.13-slim\n", "FROM python:3.13-alpine\n"


def text(instructions: str) -> bytes:
    """The Dockerfile."""
    return (instructions if instructions.startswith("FROM") else ALPINE + instructions).encode()


_SERVER = """import http.server
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"hello %s")
http.server.HTTPServer(("", 8080), Handler).serve_forever()
"""
_APP = {"app.py": "print('hello')\n", "run.sh": "#!/bin/sh\necho hello\n", "data/a.txt": "a\n", "data/b.txt": "b\n"}
_CAPABILITY = (
    "RUN cp /bin/busybox /srv/tool && python3 -c \"import os; os.setxattr('/srv/tool', 'security.capability', "
    "bytes.fromhex('0100000200040000000000000000000000000000'))\""
)

ALIKE = (
    Pair("runs joined", EQUIVALENT, "RUN echo a > /srv/a\nRUN echo b > /srv/b\n", "RUN echo a > /srv/a && echo b > /srv/b\n"),
    Pair("owner by COPY", EQUIVALENT, "COPY data /srv/\nRUN chown -R 7:8 /srv/a.txt /srv/b.txt\n",
         "COPY --chown=7:8 data /srv/\n", files=_APP),
    Pair("mode by COPY", EQUIVALENT, "COPY run.sh /srv/\nRUN chmod 755 /srv/run.sh\n", "COPY --chmod=755 run.sh /srv/\n",
         files=_APP),
    Pair("variables on one line", EQUIVALENT, "ENV A=1\nENV B=2\n", "ENV A=1 B=2\n"),
    Pair("variables in another order", EQUIVALENT, "ENV A=1\nENV B=2\n", "ENV B=2\nENV A=1\n"),
    Pair("labels on one line", EQUIVALENT, "LABEL a=1\nLABEL b=2\n", "LABEL a=1 b=2\n"),
    Pair("deleted in the same layer", EQUIVALENT, "RUN head -c 99999 /dev/zero > /big\nRUN rm /big\n",
         "RUN head -c 99999 /dev/zero > /big && rm /big\n"),
    Pair("COPY for ADD", EQUIVALENT, "ADD app.py /srv/\n", "COPY app.py /srv/\n", files=_APP),
    Pair("directory spelled out", EQUIVALENT, "WORKDIR /srv\nWORKDIR app\n", "WORKDIR /srv\nWORKDIR /srv/app\n"),
    Pair("comments and blanks", EQUIVALENT, "RUN echo a > /srv/a\n", "# why\n\nRUN   echo a > /srv/a\n"),
    Pair("through a stage", EQUIVALENT, "RUN echo a > /srv/a\n",
         "FROM alpine:3.23 AS made\nRUN echo a > /srv/a\nFROM alpine:3.23\nCOPY --from=made /srv/a /srv/a\n"),
    Pair("hard link or copy", EQUIVALENT, "RUN echo a > /srv/a && ln /srv/a /srv/b\n",
         "RUN echo a > /srv/a && cp /srv/a /srv/b\n"),
    Pair("log of the build", EQUIVALENT, "RUN echo done > /var/log/build.log\n", "RUN true\n"),
    Pair("temporary files", EQUIVALENT, "RUN mkdir /tmp/work && echo a > /tmp/work/a\n", "RUN true\n"),
    Pair("bytecode", EQUIVALENT, PYTHON_ALPINE + "COPY app.py /srv/\nRUN python3 -m compileall -q /srv\n",
         PYTHON_ALPINE + "COPY app.py /srv/\n", files=_APP),
    Pair("package lists", EQUIVALENT, DEBIAN + "RUN mkdir -p /var/lib/apt/lists && echo a > /var/lib/apt/lists/deb_main\n",
         DEBIAN + "RUN true\n"),
    Pair("times", EQUIVALENT, "RUN echo a > /srv/a && touch -d '2001-02-03 04:05:06' /srv/a\n", "RUN echo a > /srv/a\n"),
    Pair("order of making", EQUIVALENT, "RUN echo a > /srv/a; ln -s a /srv/b\n", "RUN ln -s a /srv/b; echo a > /srv/a\n"),
    Pair("here-document", EQUIVALENT, "RUN <<E\nset -e\necho a > /srv/a\necho b > /srv/b\nE\n",
         "RUN echo a > /srv/a && echo b > /srv/b\n"),
    Pair("ports and volumes together", EQUIVALENT, "EXPOSE 80\nEXPOSE 443\nVOLUME /a\nVOLUME /b\n",
         'EXPOSE 80 443\nVOLUME ["/a", "/b"]\n'),
    Pair("command in front", EQUIVALENT, "RUN echo a > /srv/a\nHEALTHCHECK CMD true\nCMD [\"cat\", \"/srv/a\"]\n",
         "CMD [\"cat\", \"/srv/a\"]\nHEALTHCHECK CMD true\nRUN echo a > /srv/a\n", run="cat /srv/a"),
    Pair("download cache", EQUIVALENT, "RUN mkdir -p /root/.cache/pip/http && echo a > /root/.cache/pip/http/b\n",
         "RUN true\n"),
    Pair("package index kept", EQUIVALENT, "RUN apk update && apk add curl\n", "RUN apk add --no-cache curl\n", run="curl -V"),
    Pair("content at random", EQUIVALENT, "RUN head -c 16 /dev/urandom > /srv/id\nRUN true\n",
         "RUN head -c 16 /dev/urandom > /srv/id && true\n", noise=True),
    Pair("names at random", EQUIVALENT, "RUN mkdir /opt/x && echo a > $(mktemp -p /opt/x)\nRUN true\n",
         "RUN mkdir /opt/x && echo a > $(mktemp -p /opt/x) && true\n", noise=True),
    Pair("other base, same script", SAME_PROGRAM, DEBIAN + 'COPY run.sh /srv/\nCMD ["sh", "/srv/run.sh"]\n',
         'COPY run.sh /srv/\nCMD ["sh", "/srv/run.sh"]\n', level="review", files=_APP, run="sh /srv/run.sh"),
    Pair("other base, same module", SAME_PROGRAM, PYTHON + 'COPY app.py /srv/\nCMD ["python3", "/srv/app.py"]\n',
         PYTHON_ALPINE + 'COPY app.py /srv/\nCMD ["python3", "/srv/app.py"]\n', level="review", files=_APP,
         run="python3 /srv/app.py"),
    Pair("other base, same answer", SAME_PROGRAM, PYTHON + 'COPY app.py /srv/\nCMD ["python3", "/srv/app.py"]\n',
         PYTHON_ALPINE + 'COPY app.py /srv/\nCMD ["python3", "/srv/app.py"]\n', level="review",
         files={"app.py": _SERVER % "you"}, http=":8080/"),
)  # fmt: skip

DIFFERING = (
    Pair("a mode bit", DIFFERENT, "RUN echo a > /srv/a && chmod 644 /srv/a\n", "RUN echo a > /srv/a && chmod 640 /srv/a\n"),
    Pair("the setuid bit", DIFFERENT, "RUN cp /bin/busybox /srv/su && chmod 4755 /srv/su\n",
         "RUN cp /bin/busybox /srv/su && chmod 755 /srv/su\n"),
    Pair("an owner", DIFFERENT, "RUN echo a > /srv/a && chown 7 /srv/a\n", "RUN echo a > /srv/a\n"),
    Pair("a group", DIFFERENT, "RUN echo a > /srv/a && chgrp 7 /srv/a\n", "RUN echo a > /srv/a\n"),
    Pair("a missing file", DIFFERENT, "COPY data /srv/\n", "COPY data/a.txt /srv/\n", files=_APP),
    Pair("an added file", DIFFERENT, "COPY data/a.txt /srv/\n", "COPY data /srv/\n", files=_APP),
    Pair("one byte", DIFFERENT, "RUN echo a > /srv/a\n", "RUN echo b > /srv/a\n"),
    Pair("a link's target", DIFFERENT, "RUN ln -s /bin/sh /srv/a\n", "RUN ln -s /bin/ash /srv/a\n"),
    Pair("a link for a file", DIFFERENT, "RUN echo a > /srv/a; cp /srv/a /srv/b\n", "RUN echo a > /srv/a; ln -s a /srv/b\n"),
    Pair("a capability", DIFFERENT, PYTHON_ALPINE + _CAPABILITY + "\n", PYTHON_ALPINE + "RUN cp /bin/busybox /srv/tool\n"),
    Pair("the mode of /tmp", DIFFERENT, "RUN true\n", "RUN chmod 755 /tmp\n"),
    Pair("an empty directory of logs", DIFFERENT, "RUN mkdir /var/log/app\n", "RUN true\n"),
    Pair("a variable", DIFFERENT, "ENV A=1\n", "ENV A=2\n"),
    Pair("a variable dropped", DIFFERENT, "ENV A=1 B=2\n", "ENV A=1\n"),
    Pair("the command", DIFFERENT, 'CMD ["ls", "-l"]\n', 'CMD ["ls"]\n'),
    Pair("the entry point", DIFFERENT, 'ENTRYPOINT ["ls"]\n', "RUN true\n"),
    Pair("the directory", DIFFERENT, "WORKDIR /srv\n", "WORKDIR /opt\n"),
    Pair("the user", DIFFERENT, "USER nobody\n", "USER root\n"),
    Pair("a port", DIFFERENT, "EXPOSE 80\n", "EXPOSE 80/udp\n"),
    Pair("a label", DIFFERENT, "LABEL a=1\n", "LABEL a=1 b=2\n"),
    Pair("a volume", DIFFERENT, "VOLUME /srv/a\n", "RUN true\n"),
    Pair("the stop signal", DIFFERENT, "STOPSIGNAL SIGINT\n", "STOPSIGNAL SIGQUIT\n"),
    Pair("the health check", DIFFERENT, "HEALTHCHECK --interval=5s CMD true\n", "HEALTHCHECK --interval=9s CMD true\n"),
    Pair("the shell", DIFFERENT, 'SHELL ["/bin/sh", "-ec"]\n', "RUN true\n"),
    Pair("a trigger", DIFFERENT, "ONBUILD RUN true\n", "RUN true\n"),
    Pair("an ignored failure", DIFFERENT, "RUN false\nRUN true\n", "RUN false; true\n"),
    Pair("a failure", DIFFERENT, "RUN true\n", "RUN true && false\n"),
    Pair("a dangling entry point", DIFFERENT, 'RUN ln -s /bin/busybox /srv/run\nENTRYPOINT ["/srv/run", "ls"]\n',
         'RUN ln -s /bin/nothing /srv/run\nENTRYPOINT ["/srv/run", "ls"]\n'),
    Pair("a mode where the content is random", DIFFERENT, "RUN head -c 16 /dev/urandom > /srv/id && chmod 600 /srv/id\n",
         "RUN head -c 16 /dev/urandom > /srv/id && chmod 644 /srv/id\n", noise=True),
    Pair("a missing shared library", DIFFERENT, 'RUN apk add --no-cache curl\nCMD ["curl", "-V"]\n',
         'RUN apk add --no-cache curl && rm /usr/lib/libcurl.so.4\nCMD ["curl", "-V"]\n', level="review"),
    Pair("a program of another C library", DIFFERENT, DEBIAN + 'RUN cp /bin/ls /srv/run\nCMD ["/srv/run"]\n',
         'FROM debian:trixie-slim AS a\nFROM alpine:3.23\nCOPY --from=a /bin/ls /srv/run\nCMD ["/srv/run"]\n', level="review"),
    Pair("an interpreter", DIFFERENT, DEBIAN + "COPY --chmod=755 run.sh /srv/\nCMD [\"/srv/run.sh\"]\n",
         "COPY --chmod=755 run.sh /srv/\nCMD [\"/srv/run.sh\"]\n", level="review", files={"run.sh": "#!/bin/bash\necho a\n"}),
    Pair("an execute bit", DIFFERENT, DEBIAN + "COPY --chmod=755 run.sh /srv/\nCMD [\"/srv/run.sh\"]\n",
         "COPY --chmod=644 run.sh /srv/\nCMD [\"/srv/run.sh\"]\n", level="review", files=_APP),
    Pair("a copied file that the program may read", DIFFERENT, DEBIAN + "COPY data /srv/data\nCMD [\"cat\", \"/etc/hostname\"]\n",
         'COPY data/a.txt /srv/data/\nCMD ["cat", "/etc/hostname"]\n', level="review", files=_APP),
    Pair("an imported package", DIFFERENT,
         PYTHON + "COPY m.py /usr/lib/python3/dist-packages/\nCOPY app.py /srv/\nENV PYTHONPATH=/opt/m\n"
         'RUN mkdir /opt/m && echo x=1 > /opt/m/extra.py\nCMD ["python3", "/srv/app.py"]\n',
         PYTHON_ALPINE + "COPY m.py /usr/lib/python3/dist-packages/\nCOPY app.py /srv/\nENV PYTHONPATH=/opt/m\n"
         'RUN mkdir /opt/m\nCMD ["python3", "/srv/app.py"]\n',
         level="review", files={"m.py": "", "app.py": "import os\nimport extra\nprint(extra.x)\n"}),
    Pair("an output", DIFFERENT, DEBIAN + "RUN echo a > /srv/a\nCMD [\"ls\"]\n", "RUN echo b > /srv/a\nCMD [\"ls\"]\n",
         level="review", run="cat /srv/a"),
    Pair("an exit status", DIFFERENT, DEBIAN + "RUN echo a > /srv/a\nCMD [\"ls\"]\n", "CMD [\"ls\"]\n", level="review",
         run="test -e /srv/a"),
    Pair("an answer", DIFFERENT, PYTHON + 'RUN echo you > /etc/you\nCOPY app.py /srv/\nCMD ["python3", "/srv/app.py"]\n',
         PYTHON_ALPINE + 'RUN echo me > /etc/you\nCOPY app.py /srv/\nCMD ["python3", "/srv/app.py"]\n', level="review",
         files={"app.py": _SERVER.replace('b"hello %s"', 'open("/etc/you", "rb").read()')}, http=":8080/"),
)  # fmt: skip
