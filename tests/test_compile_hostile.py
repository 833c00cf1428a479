"""Projects whose packages are compiled, built by one who wants a compiler to take along what the program needs, or a swap that
does not build: each is declined.

Around a RUN a compiler is installed and removed again. What depends on it goes too, and what only that depended on: so each file
here has something else that may, or a RUN in which a command more would run at another time, by another user, or not at all.
"""

from __future__ import annotations

import pytest

from rewriter.engine import run
from rewriter.rule import Ask, Safety, Settings
from transforms import loaded

_BASE = "FROM python:3.12\nWORKDIR /app\n"
_UPDATE = "RUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*\n"
_PIP = "RUN pip install --no-cache-dir psycopg2==2.9.9\n"
_END = 'COPY main.py .\nCMD ["python", "main.py"]\n'
_MAIN = {"main.py": "import psycopg2\n\nprint(psycopg2.apilevel)\n"}


def _installed(packages: str) -> str:
    return _BASE + f"RUN apt-get update && apt-get install -y {packages}\n" + _PIP + _END


def _instead(pip: str) -> str:
    return _BASE + _UPDATE + pip + "\n" + _END


CASES: dict[str, tuple[str, dict[str, str]]] = {
    # with the compiler goes what depends on it, and with that its libraries
    "headers of another library": (_installed("libxml2-dev libxslt1-dev"), _MAIN),
    "headers of the same library": (_installed("libmariadb-dev"), _MAIN),
    "a package manager that recommends a compiler": (_installed("npm"), _MAIN),
    "Debian's Python with its headers": (_installed("python3-dev"), _MAIN),
    "a package that nobody knows": (_installed("acme-runtime"), _MAIN),
    "packages in a variable": (
        _BASE + "ARG PACKAGES\nRUN apt-get update && apt-get install -y $PACKAGES\n" + _PIP + _END,
        _MAIN,
    ),
    "packages in a file": (
        _BASE + "COPY packages.txt .\nRUN apt-get update && xargs apt-get install -y < packages.txt\n" + _PIP + _END,
        {**_MAIN, "packages.txt": "libxml2-dev\n"},
    ),
    "a script that installs": (
        _BASE + "COPY setup.sh .\nRUN bash setup.sh\n" + _PIP + _END,
        {**_MAIN, "setup.sh": "apt-get update && apt-get install -y libxslt1-dev\n"},
    ),
    "a program that installs": (
        _BASE + "COPY setup.sh .\nRUN ./setup.sh\n" + _PIP + _END,
        {**_MAIN, "setup.sh": "#!/bin/sh\napt-get update && apt-get install -y libxslt1-dev\n"},
    ),
    "a package from a file": (_BASE + "COPY a.deb /a.deb\nRUN apt-get install -y /a.deb\n" + _PIP + _END, _MAIN),
    "dpkg": (_BASE + "COPY a.deb /a.deb\nRUN dpkg -i /a.deb\n" + _PIP + _END, _MAIN),
    "what a source package needs": (
        _BASE + "RUN apt-get update && apt-get build-dep -y python3-lxml\n" + _PIP + _END,
        _MAIN,
    ),
    "packages that count as wanted no more": (
        _BASE + _UPDATE + "RUN apt-mark auto curl\n" + _PIP + _END,
        _MAIN,
    ),
    "a stage below": (
        "FROM python:3.12 AS base\nRUN apt-get update && apt-get install -y libgdal-dev\nFROM base\nWORKDIR /app\n"
        + _PIP
        + _END,
        _MAIN,
    ),
    "in the same RUN behind it": (
        _instead("RUN pip install psycopg2==2.9.9 && apt-get update && apt-get install -y libxml2-dev"),
        _MAIN,
    ),
    "a RUN that removes packages of its own": (
        _instead("RUN pip install psycopg2==2.9.9 && apt-get autoremove -y"),
        _MAIN,
    ),
    # another user, or no place for one more command
    "another user": (_BASE + _UPDATE + "USER nobody\n" + _PIP + _END, _MAIN),
    "or the other": (_instead("RUN pip install psycopg2==2.9.9 || pip install psycopg2-binary==2.9.9"), _MAIN),
    "whatever comes of it": (_instead("RUN pip install psycopg2==2.9.9; true"), _MAIN),
    "in the background": (_instead("RUN pip install psycopg2==2.9.9 & wait"), _MAIN),
    "in a condition": (_instead('RUN if [ -n "$X" ]; then pip install psycopg2==2.9.9; fi'), _MAIN),
    "in a pipe": (_instead("RUN pip install psycopg2==2.9.9 | tee /tmp/log"), _MAIN),
    "errexit that is turned off": (_instead("RUN set -e; pip install psycopg2==2.9.9; set +e; true"), _MAIN),
    "in a here-document": (_instead("RUN <<EOF\npip install psycopg2==2.9.9\nEOF"), _MAIN),
    "in exec form": (_instead('RUN ["pip", "install", "psycopg2==2.9.9"]'), _MAIN),
    "in a text": (_instead('RUN sh -c "pip install psycopg2==2.9.9"'), _MAIN),
    "exec": (_instead("RUN exec pip install psycopg2==2.9.9"), _MAIN),
    "lists in a mount": (
        _instead("RUN --mount=type=cache,target=/var/lib/apt pip install psycopg2==2.9.9"),
        _MAIN,
    ),
    "a mount of a variable": (_instead("RUN --mount=type=cache,target=$X pip install psycopg2==2.9.9"), _MAIN),
    "in a script": (
        _BASE + _UPDATE + "COPY pip.sh .\nRUN sh pip.sh\n" + _END,
        {**_MAIN, "pip.sh": "pip install psycopg2==2.9.9\n"},
    ),
    "when it starts": (
        _BASE + _UPDATE + 'COPY . .\nCMD ["sh", "start.sh"]\n',
        {**_MAIN, "start.sh": "pip install psycopg2==2.9.9 && python main.py\n"},
    ),
    # another compiler, another release, another package
    "compiles at run time too": (
        _BASE + _UPDATE + _PIP + "COPY . .\n" + 'CMD ["python", "main.py"]\n',
        {"main.py": 'import subprocess\n\nimport psycopg2\n\nsubprocess.run(["gcc", "x.c"], check=True)\n'},
    ),
    "make behind it": (_BASE + _UPDATE + _PIP + "COPY . .\nRUN make\n" + _END, _MAIN),
    "one package that has no recipe": (_instead("RUN pip install psycopg2==2.9.9 python-ldap==3.4.4"), _MAIN),
    "a release that is not served": (_BASE.replace("3.12", "3.6-stretch") + _PIP + _END, _MAIN),
    "Python 2": (_BASE.replace("3.12", "2.7") + _PIP + _END, _MAIN),
    "what is built on it": (_BASE + _UPDATE + _PIP + "ONBUILD COPY . .\n" + _END, _MAIN),
}


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_written(name: str) -> None:
    text, context = CASES[name]
    transforms = tuple(one for one in loaded() if one.name.startswith("base-"))
    ask = Ask(context=context.get, files=lambda: tuple(sorted(context)), settings=Settings(level=Safety.SHOW))
    report = run(transforms, text, ask)
    assert not report.crashed
    assert report.declined, "nothing is said"
    assert "apt-get purge -y --auto-remove gcc" not in report.text
    assert "-slim" not in report.text


def test_the_same_project_without_a_trap_is_written() -> None:
    ask = Ask(context=_MAIN.get, files=lambda: tuple(_MAIN))
    report = run(loaded(), _BASE + _UPDATE + _PIP + _END, ask)
    assert "apt-get purge -y --auto-remove gcc libc6-dev libpq-dev" in report.text
    assert run(loaded(), report.text, ask).text == report.text
