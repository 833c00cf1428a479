"""The packages that an entry module imports, by reading it and what lies beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from dslim.verify.modules import Ask, answers, entry_module, imports
from dslim.verify.program import Check
from tests.images.made import Made, directory, file
from tests.verify.seen import PATH, root

PYTHON = [
    directory("srv/app"),
    file("srv/main.py", "import os, requests.adapters\nfrom app import views\nfrom yaml import load\n"),
    file("srv/app/__init__.py", ""),
    file(
        "srv/app/views.py",
        "from . import models\nfrom ..x import y\ntry:\n    import ujson\nexcept ImportError: pass\n",
    ),
    file("srv/app/models.py", "import sqlalchemy as sa"),
]
NODE = [
    file("srv/server.js", "const a = require('express'); const b = require('./lib/db')\nimport x from \"@scope/y\"\n"),
    file("srv/lib/db.js", "import pg from 'pg'\nimport('node:fs')\nimport 'dotenv/config'"),
    file("srv/package.json", '{"scripts": {"start": "node server.js"}}'),
]
RUBY = [
    file("srv/app.rb", "require 'sinatra'\nrequire_relative 'lib/db'\n# require 'no'\n"),
    file("srv/lib/db.rb", 'require "sequel/core"'),
]
WSGI = [
    directory("srv"),
    file("srv/app.py", "import flask"),
    file("usr/bin/gunicorn", "#!/usr/bin/python3\nimport gunicorn", 0o755),
]

CASES: dict[str, tuple[list[Made], dict[str, Any], str, tuple[str, ...]]] = {
    "python": (PYTHON, {"Cmd": ["python3", "main.py"]}, "python3", ("requests", "sqlalchemy", "ujson", "yaml")),
    "python by a shell": (PYTHON, {"Cmd": ["/bin/sh", "-c", "exec python -u main.py"]}, "python",
                          ("requests", "sqlalchemy", "ujson", "yaml")),
    "python -m of a package": (PYTHON, {"Cmd": ["python3.12", "-m", "flask", "run"]}, "python3.12", ("flask",)),
    "python -m of its own": (PYTHON, {"Entrypoint": ["python", "-m", "app"]}, "python", ()),
    "application server": (WSGI, {"Cmd": ["gunicorn", "-b", ":80", "app:app"]}, "/usr/bin/python3", ("flask", "gunicorn")),
    "module with an error": ([file("srv/main.py", "import (")], {"Cmd": ["python3", "main.py"]}, "python3", ()),
    "node": (NODE, {"Cmd": ["node", "server.js"]}, "node", ("@scope/y", "dotenv/config", "express", "pg")),
    "npm start": (NODE, {"Cmd": ["npm", "start"]}, "node", ("@scope/y", "dotenv/config", "express", "pg")),
    "ruby": (RUBY, {"Cmd": ["ruby", "app.rb"]}, "ruby", ("sequel/core", "sinatra")),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_names(tmp_path: Path, name: str) -> None:
    files, config, interpreter, packages = CASES[name]
    found = entry_module(root(tmp_path, {**config, "WorkingDir": "/srv", "Env": [PATH]}, *files))
    assert found is not None
    assert (found.interpreter, found.packages) == (interpreter, packages)


@pytest.mark.parametrize("command", [["/bin/app"], ["sh", "-c", "python main.py; ls"], [], ["java", "-jar", "a.jar"]])
def test_other_programs(tmp_path: Path, command: list[str]) -> None:
    config = {"Cmd": command, "Env": [PATH]}
    assert entry_module(root(tmp_path, config, file("bin/app", "\x7fELF", 0o755), file("main.py"))) is None


def test_what_modules_print_is_no_answer() -> None:
    said = "hello\n\ndslim-import\ta\tok\nnoise\tb\tok\n\ndslim-import\tc\tImportError: no\tway\n"
    assert answers(said) == {"a": "ok", "c": "ImportError: no\tway"}


Said = Mapping[str, str] | str


@pytest.mark.parametrize(
    ("was", "now", "ok", "detail"),
    [
        ({"requests": "ok", "yaml": "ok"}, {"requests": "ok", "yaml": "ok"}, True, "2 of 2 import before and after"),
        ({"requests": "ok", "yaml": "ok"}, {"requests": "ok", "yaml": "ImportError: x"}, False, "yaml: ImportError: x"),
        ({"requests": "ok", "yaml": "no"}, {"requests": "ok", "yaml": "no"}, True, "1 of 2 import"),
        ({"requests": "ok", "yaml": "ok"}, {"requests": "ok"}, False, "yaml: it did not answer"),
        ({"requests": "ok"}, "exit 127", False, "python3 does not run any more: exit 127"),
        ("exit 127", {}, True, "not known"),
    ],
)
def test_only_what_is_lost_counts(tmp_path: Path, was: Said, now: Said, ok: bool, detail: str) -> None:
    files = [file("srv/main.py", "import requests, yaml")]
    image = root(tmp_path, {"Cmd": ["python3", "/srv/main.py"]}, *files)
    found = imports(image, image, _says(was), _says(now))
    assert [check.check for check in found] == ["python imports"]
    assert (found[0].ok, detail in found[0].detail) == (ok, True)


def test_nothing_is_asked_where_nothing_is_imported(tmp_path: Path) -> None:
    image = root(tmp_path, {"Cmd": ["python3", "/srv/main.py"]}, file("srv/main.py", "import os"))
    none: list[Check] = []
    assert imports(image, image, _says("never"), _says("never")) == none


def _says(said: Said) -> Ask:
    return lambda words, folder: said if isinstance(said, str) else dict(said)
