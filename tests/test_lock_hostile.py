"""Projects with lock files, built by one who wants a swap that does not build, or misses something: none is made without a
question.

Each has something that makes the lock file, or what the project says, less than the whole truth: a group, a source, a setting,
a hook, another copy of the program.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import dslim
from dslim.context import LARGEST_LOCK, Context
from tests.hostile import swapped

_PROJECT = """[project]
name = "acme"
version = "1.0"
dependencies = ["flask>=3"]

[project.scripts]
acme = "acme.cli:main"

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
"""
_SOURCE = {"acme/__init__.py": "", "acme/cli.py": "def main() -> None:\n    print(1)\n"}
_PYPI = 'source = { registry = "https://pypi.org/simple" }\n'
_UV = f"""version = 1

[[package]]
name = "acme"
version = "1.0"
source = {{ editable = "." }}
dependencies = [{{ name = "flask" }}]

[package.dev-dependencies]
dev = [{{ name = "acme-lint" }}]

[[package]]
name = "flask"
version = "3.1.0"
{_PYPI}
[[package]]
name = "acme-lint"
version = "1.0"
{_PYPI}"""
_PIP = 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install --no-cache-dir .\nCMD ["acme"]\n'
_FROM_UV = "FROM python:3.12\nCOPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/uv\n"
_SYNC = "WORKDIR /app\nCOPY . .\nRUN uv sync --frozen --no-dev\n"
_RUN = 'CMD ["uv", "run", "--no-sync", "acme"]\n'
_WITH_UV = _FROM_UV + _SYNC + _RUN
_POETRY = """[tool.poetry]
name = "acme"
version = "1.0"

[tool.poetry.dependencies]
python = "^3.11"
flask = "^3.0"

[tool.poetry.group.dev.dependencies]
acme-lint = "*"

[tool.poetry.group.test.dependencies]
acme-lint = "*"

[tool.poetry.scripts]
acme = "acme.cli:main"

[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
"""
_POETRY_LOCK = """[[package]]
name = "flask"
version = "3.1.0"
files = []

[[package]]
name = "acme-lint"
version = "1.0"
files = []

[metadata]
lock-version = "2.0"
"""
_WITH_POETRY = """FROM python:3.12
RUN pip install --no-cache-dir poetry
WORKDIR /app
COPY . .
RUN poetry install --only main
CMD ["poetry", "run", "acme"]
"""
_SETUP = """from setuptools import setup

setup(name="acme", packages=["acme"], install_requires=["flask"], entry_points={"console_scripts": ["acme = acme.cli:main"]})
"""

_OF_PIP = {"pyproject.toml": _PROJECT, **_SOURCE}
_OF_UV = {**_OF_PIP, "uv.lock": _UV}
_OF_POETRY = {**_SOURCE, "pyproject.toml": _POETRY, "poetry.lock": _POETRY_LOCK}
_OF_SETUP = {**_SOURCE, "setup.py": _SETUP}

PLAIN = {
    "pip": (_PIP, _OF_PIP),
    "uv": (_WITH_UV, _OF_UV),
    "Poetry": (_WITH_POETRY, _OF_POETRY),
    "setup.py": (_PIP, _OF_SETUP),
}


def _also(files: dict[str, str], name: str, text: str) -> dict[str, str]:
    return {**files, name: files.get(name, "") + text}


CASES: dict[str, tuple[str, dict[str, str]]] = {
    "uv installs what is for development": (_WITH_UV.replace(" --no-dev", ""), _OF_UV),
    "uv is told a group": (_WITH_UV.replace("--no-dev", "--no-dev --group dev"), _OF_UV),
    "uv builds from source": (_WITH_UV, _also(_OF_UV, "pyproject.toml", "\n[tool.uv]\nno-binary = true\n")),
    "uv is told so in its file": (_WITH_UV, _also(_OF_UV, "uv.toml", "no-binary = true\n")),
    "uv is told so in the environment": (_FROM_UV + "ENV UV_NO_BINARY=1\n" + _SYNC + _RUN, _OF_UV),
    "uv is told so by an option": (_WITH_UV.replace("--frozen", "--frozen --no-binary"), _OF_UV),
    "uv fetches another Python": (_WITH_UV, _also(_OF_UV, ".python-version", "3.13\n")),
    "uv fetches another Python for the project": (
        _WITH_UV,
        {**_OF_UV, "pyproject.toml": _PROJECT.replace("[project]", '[project]\nrequires-python = ">=3.13"')},
    ),
    "uv takes from elsewhere without a lock": (
        _WITH_UV,
        _also(_OF_PIP, "pyproject.toml", '\n[tool.uv.sources]\nflask = { git = "https://example.org/f" }\n'),
    ),
    "uv without a lock installs groups": (
        _WITH_UV.replace(" --frozen --no-dev", ""),
        _also(_OF_PIP, "pyproject.toml", '\n[dependency-groups]\ndev = ["acme-lint"]\n'),
    ),
    "uv from an image with a system": (
        _WITH_UV.replace("uv:0.9 /uv /bin/uv", "uv:python3.12-bookworm /usr/local /usr/local"),
        _OF_UV,
    ),
    "uv that nobody brings": ("FROM python:3.12\n" + _SYNC + _RUN, _OF_UV),
    "uv pip from another index": (
        _FROM_UV
        + "WORKDIR /app\nCOPY . .\nRUN uv pip install --system --index-url https://x.example/ .\n"
        + 'CMD ["acme"]\n',
        _OF_PIP,
    ),
    "uv run of a file": (_FROM_UV + _SYNC + 'CMD ["uv", "run", "--with", "acme-x", "acme"]\n', _OF_UV),
    "Poetry leaves one group out of two": (_WITH_POETRY.replace("--only main", "--without dev"), _OF_POETRY),
    "Poetry is told two groups": (_WITH_POETRY.replace("--only main", "--only main,test"), _OF_POETRY),
    "Poetry builds from source": (
        _WITH_POETRY.replace("RUN poetry", "RUN poetry config installer.no-binary :all: && poetry"),
        _OF_POETRY,
    ),
    "Poetry is told so in its file": (
        _WITH_POETRY,
        _also(_OF_POETRY, "poetry.toml", '[installer]\nno-binary = ["flask"]\n'),
    ),
    "Poetry has another source": (
        _WITH_POETRY,
        _also(_OF_POETRY, "pyproject.toml", '\n[[tool.poetry.source]]\nname = "x"\nurl = "https://x.example/"\n'),
    ),
    "Poetry adds plug-ins": (
        _WITH_POETRY.replace("RUN poetry", "RUN poetry self add acme-plugin && poetry"),
        _OF_POETRY,
    ),
    "an old Poetry": (_WITH_POETRY.replace("cache-dir poetry", "cache-dir poetry==1.1.4"), _OF_POETRY),
    "Poetry builds with a script": (
        _WITH_POETRY,
        {**_OF_POETRY, "pyproject.toml": _POETRY.replace('version = "1.0"', 'version = "1.0"\nbuild = "build.py"', 1)},
    ),
    "a hook of one target": (
        _PIP,
        _also(_OF_PIP, "pyproject.toml", '\n[tool.hatch.build.targets.wheel.hooks.custom]\npath = "x.py"\n'),
    ),
    "a backend of its own": (
        _PIP,
        {**_OF_PIP, "pyproject.toml": _PROJECT.replace("build-backend", 'backend-path = ["."]\nbuild-backend')},
    ),
    "another program is copied over it": (
        _PIP.replace("RUN", "RUN").replace('CMD ["acme"]', 'COPY later/ .\nCMD ["acme"]'),
        {
            **_OF_PIP,
            "acme/cli.py": "import subprocess\n\n\ndef main() -> None:\n    subprocess.run(['make'])\n",
            "later/acme/cli.py": "def main() -> None:\n    print(1)\n",
        },
    ),
    "the command calls what slim lacks": (
        _WITH_UV,
        {**_OF_UV, "acme/cli.py": "import subprocess\n\n\ndef main() -> None:\n    subprocess.run(['make'])\n"},
    ),
    "setup.py writes a module": (
        _PIP,
        {**_OF_SETUP, "setup.py": 'open("acme/x.py", "w").write("import os")\n' + _SETUP},
    ),
    "setup.py has another way in": (
        _PIP,
        {**_OF_SETUP, "setup.py": _SETUP.replace("import setup", "import setup as s, setup")},
    ),
    "setup.py changes a list by its name": (
        _PIP,
        {
            **_OF_SETUP,
            "setup.py": "W = ['flask']\n\n\ndef more(names):\n    names.append('acme-c')\n\n\nmore(W)\n"
            + _SETUP.replace('["flask"]', "W"),
        },
    ),
    "setup.py compiles under a condition": (
        _PIP,
        {**_OF_SETUP, "setup.py": _SETUP.replace('name="acme"', 'name="acme", **({"ext_modules": []})')},
    ),
    "setup.cfg has a command of its own": (
        _PIP,
        _also(_OF_SETUP, "setup.cfg", "[options]\ncmdclass =\n    build = x.Build\n"),
    ),
    "pip is told to build from source": (_PIP.replace("WORKDIR", "ENV PIP_NO_BINARY=:all:\nWORKDIR"), _OF_PIP),
    "an extra that is not there": (_PIP.replace("cache-dir .", "cache-dir '.[db]'"), _OF_PIP),
}


@pytest.mark.parametrize("name", CASES)
def test_nothing_is_swapped_without_a_question(name: str) -> None:
    text, files = CASES[name]
    assert swapped(text, files) == text


@pytest.mark.parametrize("name", PLAIN)
def test_the_project_by_itself_is_swapped(name: str) -> None:
    text, files = PLAIN[name]
    assert "FROM python:3.12-slim\n" in swapped(text, files)


@pytest.mark.parametrize("name", ["pyproject.toml", "uv.lock"])
def test_a_file_that_is_too_large_or_no_text_says_nothing(name: str, tmp_path: Path) -> None:
    for data in (b"# \xe9\n", b"#" * (LARGEST_LOCK + 1)):
        for file, text in _OF_UV.items():
            (tmp_path / file).parent.mkdir(exist_ok=True)
            (tmp_path / file).write_text(text, "utf-8")
        assert "python:3.12-slim" in dslim.rewrite(_WITH_UV, context=Context(str(tmp_path))).text
        with (tmp_path / name).open("ab") as file_:
            file_.write(data)
        assert "python:3.12-slim" not in dslim.rewrite(_WITH_UV, context=Context(str(tmp_path))).text
