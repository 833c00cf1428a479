"""Projects that look as if they could go to slim, built by one who wants a wrong swap: none is made without a question.

Each is a Dockerfile and the files of its context. What only full variants have is called behind a name, a text, a variable, a
shell, PATH or a file; not all of these would fail, but nobody can see that they do not.
"""

from __future__ import annotations

import pytest

from rewriter.engine import run
from rewriter.rule import Ask
from transforms import loaded

_PYTHON = "FROM python:3.12\nWORKDIR /app\n"
_NODE = "FROM node:22\nWORKDIR /app\nCOPY . .\n"
_FLASK = "RUN pip install --no-cache-dir flask==3.0.0\n"
_COPY = "COPY . .\n"
_MAIN = 'CMD ["python", "main.py"]\n'
_NODE_MAIN = 'CMD ["node", "main.js"]\n'

CASES: dict[str, tuple[str, dict[str, str]]] = {
    "getattr": (_PYTHON + _COPY + _MAIN, {"main.py": 'import os\ngetattr(os, "sys"+"tem")("git status")\n'}),
    "star": (_PYTHON + _COPY + _MAIN, {"main.py": 'from os import *\nsystem("git")\n'}),
    "alias": (_PYTHON + _COPY + _MAIN, {"main.py": 'import subprocess as s\ns.run(["git"])\n'}),
    "fromalias": (_PYTHON + _COPY + _MAIN, {"main.py": 'from subprocess import run as r\nr(["git"])\n'}),
    "nested from": (
        _PYTHON + _COPY + _MAIN,
        {
            "main.py": "import pkg.a\n",
            "pkg/__init__.py": "",
            "pkg/a.py": "from . import b\n",
            "pkg/b.py": 'import os\nos.popen("git log")\n',
        },
    ),
    "relative star": (
        _PYTHON + _COPY + _MAIN,
        {
            "main.py": "import pkg\n",
            "pkg/__init__.py": "from .b import *\n",
            "pkg/b.py": 'import os\nos.popen("git log | cat")\n',
        },
    ),
    "conditional import": (
        _PYTHON + _COPY + _MAIN,
        {"main.py": "try:\n    import b\nexcept ImportError:\n    b=None\n", "b.py": "import ctypes\n"},
    ),
    "exec": (_PYTHON + _COPY + _MAIN, {"main.py": 'exec(open("x.txt").read())\n', "x.txt": "import os\n"}),
    "__builtins__": (
        _PYTHON + _COPY + _MAIN,
        {"main.py": '__builtins__.__dict__["__imp"+"ort__"]("os").system("git")\n'},
    ),
    "sys.modules": (_PYTHON + _COPY + _MAIN, {"main.py": 'import sys, os\nsys.modules["os"].system("git")\n'}),
    "globals": (_PYTHON + _COPY + _MAIN, {"main.py": 'import os\nglobals()["os"].system("git")\n'}),
    "multiprocessing spawn": (
        _PYTHON + _COPY + _MAIN,
        {"main.py": 'import multiprocessing\nmultiprocessing.set_executable("/usr/bin/git")\n'},
    ),
    "asyncio loop": (
        _PYTHON + _COPY + _MAIN,
        {
            "main.py": 'import asyncio\nasync def m():\n    await asyncio.create_subprocess_shell("git|cat")\nasyncio.run(m())\n'
        },
    ),
    "loop.subprocess": (
        _PYTHON + _COPY + _MAIN,
        {"main.py": 'import asyncio\nl=asyncio.new_event_loop()\nl.subprocess_exec(lambda:None,"git")\n'},
    ),
    "os.exec list": (_PYTHON + _COPY + _MAIN, {"main.py": 'import os\nos.execvp("make", ["make"])\n'}),
    "env cmd": (_PYTHON + _COPY + _MAIN, {"main.py": 'import os,subprocess\nsubprocess.run(os.environ["TOOL"])\n'}),
    "shutil which": (_PYTHON + _COPY + _MAIN, {"main.py": 'import shutil\nprint(shutil.which("gcc"))\n'}),
    "spawn str": (_PYTHON + _COPY + _MAIN, {"main.py": 'import subprocess\nsubprocess.run("gcc x.c", shell=True)\n'}),
    "class method": (
        _PYTHON + _COPY + _MAIN,
        {"main.py": 'import subprocess\nclass A(subprocess.Popen):\n    pass\nA(["git"])\n'},
    ),
    "partial": (
        _PYTHON + _COPY + _MAIN,
        {"main.py": 'import subprocess,functools\nf=functools.partial(subprocess.run,["git"])\nf()\n'},
    ),
    "map": (_PYTHON + _COPY + _MAIN, {"main.py": 'import os\nlist(map(os.system,["git"]))\n'}),
    "decor": (_PYTHON + _COPY + _MAIN, {"main.py": 'import os\nx=os.system\nx("git")\n'}),
    "cffi open": (_PYTHON + _COPY + _MAIN, {"main.py": 'import cffi\ncffi.FFI().dlopen("libpq.so.5")\n'}),
    "sitecustomize": (
        _PYTHON + "ENV PYTHONPATH=/app\nCOPY . .\n" + _MAIN,
        {"main.py": "print(1)\n", "sitecustomize.py": 'import os\nos.system("git|cat")\n'},
    ),
    "flask cmd plugin": (
        _PYTHON + _FLASK + _COPY + 'CMD ["flask","run"]\n',
        {
            "app.py": 'from flask import Flask\napp=Flask(__name__)\napp.config.from_pyfile("c.cfg")\n',
            "c.cfg": "import os\n",
        },
    ),
    "gunicorn conf": (
        _PYTHON + 'RUN pip install gunicorn==21.2.0 flask==3.0.0\nCOPY . .\nCMD ["gunicorn","app:app"]\n',
        {
            "app.py": "from flask import Flask\napp=Flask(__name__)\n",
            "gunicorn.conf.py": 'import subprocess\nsubprocess.Popen("git gc|cat",shell=True)\n',
        },
    ),
    "http types": (_PYTHON + _COPY + _MAIN, {"main.py": 'import mimetypes\nprint(mimetypes.guess_type("a.docx"))\n'}),
    "sh heredoc": (
        _PYTHON + _COPY + 'CMD ["sh","run.sh"]\n',
        {"run.sh": 'python - <<EOF\nimport os\nos.system("git")\nEOF\n', "main.py": ""},
    ),
    "sh func": (_PYTHON + _COPY + 'CMD ["sh","run.sh"]\n', {"run.sh": 'f() { "$1" status; }\nf git\n', "main.py": ""}),
    "sh var": (_PYTHON + _COPY + 'CMD ["sh","run.sh"]\n', {"run.sh": "G=git\n$G status\n"}),
    "sh alias": (_PYTHON + _COPY + 'CMD ["sh","run.sh"]\n', {"run.sh": "alias ls=git\nls status\n"}),
    "sh source": (_PYTHON + _COPY + 'CMD ["sh","run.sh"]\n', {"run.sh": ". ./lib.sh\n", "lib.sh": "git status\n"}),
    "sh eval": (_PYTHON + _COPY + 'CMD ["sh","run.sh"]\n', {"run.sh": 'eval "git status"\n'}),
    "sh nohup env": (_PYTHON + _COPY + 'CMD ["sh","run.sh"]\n', {"run.sh": "nohup env A=b make all &\nwait\n"}),
    "sh PATH": (
        _PYTHON + _COPY + 'CMD ["sh","run.sh"]\n',
        {"run.sh": "PATH=/app/bin:$PATH\nls\n", "bin/ls": "#!/bin/sh\nmake\n"},
    ),
    "sh export PATH": (
        _PYTHON + _COPY + 'CMD ["sh","run.sh"]\n',
        {"run.sh": "export PATH=/app/bin:$PATH\nls\n", "bin/ls": "#!/bin/sh\nmake\n"},
    ),
    "run PATH": (
        _PYTHON + _COPY + "RUN PATH=/app/bin:$PATH ls\n" + _MAIN,
        {"main.py": "print(1)\n", "bin/ls": "#!/bin/sh\nmake\n"},
    ),
    "cmd PATH env": (_PYTHON + _COPY + 'CMD ["env","PATH=/app/bin","serve"]\n', {"bin/serve": "#!/bin/sh\nmake\n"}),
    "crlf shebang": (_PYTHON + _COPY + 'CMD ["./r"]\n', {"r": "#!/usr/bin/env perl\nprint 1\n"}),
    "node eval": (_NODE + _NODE_MAIN, {"main.js": 'const c = process["bind"+"ing"]("spawn_sync")\n'}),
    "node globalThis": (_NODE + _NODE_MAIN, {"main.js": 'const r = module.constructor._load("child_"+"process")\n'}),
    "node createRequire": (
        _NODE + _NODE_MAIN,
        {
            "main.js": 'import m from "module"\nm.createRequire(import.meta.url)("child_"+"process")\n',
            "package.json": '{"type":"module"}\n',
        },
    ),
    "node dyn": (_NODE + _NODE_MAIN, {"main.js": 'const n="child_"+"process"\nrequire(n).exec("git")\n'}),
    "node template": (_NODE + _NODE_MAIN, {"main.js": 'require(`${"child"}_process`).exec("git")\n'}),
    "node import": (_NODE + _NODE_MAIN, {"main.js": 'import("node:child_process").then(c=>c.exec("git"))\n'}),
    "node wasm": (_NODE + _NODE_MAIN, {"main.js": 'require("./addon.node")\n', "addon.node": "x"}),
    "node dir": (
        _NODE + _NODE_MAIN,
        {
            "main.js": 'require("fs").readdirSync("./p").forEach(f=>require("./p/"+f))\n',
            "p/a.js": 'require("child_process").exec("git")\n',
        },
    ),
    "node pkg main": (
        _NODE + 'CMD ["node","."]\n',
        {"package.json": '{"main":"lib/x.js"}\n', "lib/x.js": 'require("child_process").exec("git")\n'},
    ),
    "node json script": (
        _NODE + 'CMD ["npm","start"]\n',
        {"package.json": '{"scripts":{"start":"node main.js","prestart":"make"}}\n', "main.js": "1\n"},
    ),
    "npx": (_NODE + 'CMD ["npx","serve"]\n', {"package.json": "{}\n"}),
    "hc": (_PYTHON + _COPY + "HEALTHCHECK CMD ps aux | grep main\n" + _MAIN, {"main.py": "print(1)\n"}),
    "entry shell form": (_PYTHON + _COPY + "ENTRYPOINT ./e.sh\n", {"e.sh": "git status\n"}),
    "cmd shell form": (_PYTHON + _COPY + "CMD python main.py && make\n", {"main.py": "print(1)\n"}),
    "onbuild": (_PYTHON + _COPY + "ONBUILD RUN make\n" + _MAIN, {"main.py": "print(1)\n"}),
    "mount": (_PYTHON + _COPY + "RUN --mount=type=bind,target=/x make -C /x\n" + _MAIN, {"main.py": "print(1)\n"}),
    "sudo": (_PYTHON + _COPY + "RUN sudo ls\n" + _MAIN, {"main.py": "print(1)\n"}),
    "bash bg": (_PYTHON + _COPY + 'CMD ["bash","-c","make & python main.py"]\n', {"main.py": "print(1)\n"}),
    "dotenv": (
        _PYTHON + _FLASK + _COPY + 'CMD ["flask","run"]\n',
        {
            "app.py": "from flask import Flask\napp=Flask(__name__)\n",
            ".flaskenv": "FLASK_APP=other\n",
            "other.py": "import ctypes\n",
        },
    ),
    "pickle": (_PYTHON + _COPY + _MAIN, {"main.py": 'import pickle\npickle.load(open("x","rb"))\n'}),
    "yaml": (
        _PYTHON + "RUN pip install pyyaml==6.0.2\nCOPY . .\n" + _MAIN,
        {
            "main.py": 'import yaml\nyaml.unsafe_load(open("x.yml"))\n',
            "x.yml": '!!python/object/apply:os.system ["git"]\n',
        },
    ),
    "logging": (
        _PYTHON + _COPY + _MAIN,
        {"main.py": 'import logging.config, json\nlogging.config.dictConfig(json.load(open("l.json")))\n'},
    ),
    "files": (_PYTHON + _COPY + _MAIN, {"main.py": 'print(open("/etc/mime.types").read())\n'}),
    "concat path": (
        _PYTHON + _COPY + _MAIN,
        {"main.py": 'import os\nprint(os.path.exists(os.path.join("/usr","include","stdio.h")))\n'},
    ),
    "glob": (_PYTHON + _COPY + _MAIN, {"main.py": 'import glob\nprint(glob.glob("/usr/*/libpq*"))\n'}),
    "platform": (_PYTHON + _COPY + _MAIN, {"main.py": 'import sysconfig\nprint(sysconfig.get_config_var("CC"))\n'}),
    "webbrowser": (_PYTHON + _COPY + _MAIN, {"main.py": 'import webbrowser\nwebbrowser.open("x")\n'}),
    "apt in script": (
        "FROM python:3.5\nWORKDIR /app\nCOPY i.sh /\nRUN sh /i.sh\nCOPY . .\n" + _MAIN,  # on Debian 10
        {"main.py": "print(1)\n", "i.sh": "apt-get update && apt-get install -y default-jre\n"},
    ),
    "git describe": (_PYTHON + _COPY + "RUN git describe > v || true\n" + _MAIN, {"main.py": "print(1)\n"}),
}


@pytest.mark.parametrize("name", CASES)
def test_no_swap_is_made_without_a_question(name: str) -> None:
    text, context = CASES[name]
    transforms = tuple(one for one in loaded() if one.name.startswith("base-heavier-than-"))
    report = run(transforms, text, Ask(context=context.get, files=lambda: tuple(sorted(context))))
    assert not report.crashed
    assert report.text == text
    assert report.declined or report.findings, "nothing is said"
