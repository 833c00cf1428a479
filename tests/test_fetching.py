"""What a command reads of a project: one line for each way in which it is told."""

from __future__ import annotations

import pytest

from rewriter.knowledge import fetchers
from rewriter.model import dependencies_first, fetching
from rewriter.model.fetching import Fetch, Reads
from rewriter.model.file import File
from rewriter.rule import Ask, Decline, Finding
from rewriter.syntax.dockerfile import read


def verdicts(script: str, head: str = "") -> list[str]:
    """``fetch``, ``reads`` or ``quiet`` for each command of a RUN in /app."""
    file = File(read(f"FROM node:22\n{head}WORKDIR /app\nRUN {script}\n"))
    names = {Fetch: "fetch", Reads: "reads"}
    return [names.get(type(one), "quiet") for one in fetching.judged(file.runs[0], ("/app",))]


@pytest.mark.parametrize(
    "script",
    [
        "npm ci",
        "npm --production install",
        "npm i -q",
        "NODE_ENV=production npm install",
        "sudo npm install",
        "yarn",
        "yarn --prod",
        "pnpm i --frozen-lockfile",
        "bower install --allow-root",
        "pip install -r requirements.txt",
        "pip3.9 install --requirement=requirements.txt -c limits.txt",
        "python -m pip install -rrequirements.txt",
        "pip install gunicorn==20 -r requirements.txt",
        "pipenv install --system --deploy",
        "pipenv sync",
        "poetry install --no-root --without dev",
        "bundle",
        "bundle install -j4 --without development test",
        "composer install --no-scripts --no-autoloader",
        "php composer.phar install --no-dev",
        "go mod download -x",
        "dep ensure -vendor-only",
        "mvn -B dependency:resolve dependency:go-offline",
        "mvn dependency:go-offline -DskipTests",
    ],
)
def test_what_fetches(script: str) -> None:
    assert verdicts(script) == ["fetch"]


@pytest.mark.parametrize(
    "script",
    [
        "npm install left",
        "npm install ./parts",
        "npm install --prefix web",
        "npm ci --userconfig=.npmrc.live",
        "npm run build",
        "npm install -g .",
        "npm install -g ./tools/cli.tgz",
        "yarn add left",
        "pnpm install -r",
        "pip install .",
        "pip install -e .",
        "pip install -r requirements.txt .",
        "pip install -r requirements.txt -t lib",
        "pip install --find-links wheels flask",
        "pip install -r $LIST",
        "pip install wheels/a.whl",
        "pip install -c limits.txt -f wheels -r requirements.txt",
        "poetry install",
        "pipenv install -r requirements.txt",
        "bundle install --gemfile=other/Gemfile",
        "go get ./...",
        "go mod tidy",
        "go build ./...",
        "dep ensure",
        "mvn package",
        "mvn dependency:go-offline package",
        "./mvnw dependency:go-offline",
        "make",
        "sh build.sh",
        "sh -c 'cat x'",
        "$TOOL",
        "cat package.json",
        "echo *",
        "echo a > file",
        "tee /app/file",
        "rm -rf /app/old",
        "rm -rf old",
        "chown -R node /app",
        "chmod -R a+r /",
        "mkdir -m 700 /app/private",
        "apt-get install -y ./a.deb",
        "apk add --allow-untrusted a.apk",
        "corepack prepare",
    ],
)
def test_what_may_read_more(script: str) -> None:
    assert "reads" in verdicts(script)


@pytest.mark.parametrize(
    "script",
    [
        "apt-get update && apt-get install -y make",
        "apk add --no-cache --virtual .made make && apk del .made",
        "npm install -g grunt-cli @angular/cli",
        "npm config set fund false && npm cache clean --force",
        "npm --version",
        "yarn global add serve",
        "pip install --upgrade pip setuptools",
        "pip install git+https://example.org/a.git",
        "gem install bundler -v 2.5",
        "bundle config set without development",
        "rm -rf /var/lib/apt/lists/* /root/.npm",
        "mkdir -p /app/logs /data",
        "chown node /data",
        "echo done > /dev/null 2>&1",
        "echo a >> /etc/motd",
        "set -ex && export A=b && cd /tmp",
        "sh -c 'apt-get update'",
    ],
)
def test_what_reads_nothing(script: str) -> None:
    assert set(verdicts(script)) == {"quiet"}


def test_variables_that_name_other_files() -> None:
    assert verdicts("npm ci", "ENV NPM_CONFIG_USERCONFIG=/app/live\n") == ["reads"]
    assert verdicts("npm ci", "ENV npm_config_loglevel=warn\n") == ["fetch"]
    assert verdicts("export BUNDLE_GEMFILE=other && bundle install") == ["quiet", "reads"]
    assert verdicts("PIP_FIND_LINKS=wheels pip install -r requirements.txt") == ["reads"]
    assert verdicts("bundle install", "ENV BUNDLE_FROZEN=true\n") == ["fetch"]


def test_the_folder_in_which_it_works() -> None:
    file = File(read("FROM example.org/base\nRUN npm ci\nWORKDIR web\nRUN npm ci\nRUN cd x && npm ci\n"))
    found = [one for run in file.runs for one in fetching.judged(run, ()) if one is not None]
    first, second, third = found
    assert isinstance(first, Fetch)
    assert isinstance(second, Fetch)
    assert isinstance(third, Reads)
    assert fetching.symbol(first.folder)
    assert fetching.symbol(second.folder) != fetching.symbol(first.folder)


def test_each_row_names_its_manual() -> None:
    from rewriter.knowledge.tables import names, table

    rows = [name for name in names("fetchers.toml") if name not in ("others", "quiet", "package.json")]
    assert len(rows) == len(fetchers.rows())
    for name in rows:
        row = table("fetchers.toml", name)
        assert "https://" in row["source"]
        assert set(row["tools"].split()) <= fetchers.TOOLS
    assert {call.split()[0] for call in table("fetchers.toml", "others")["calls"].split("\n") if call} <= fetchers.TOOLS


def test_a_context_that_cannot_be_listed_is_read_all_the_same() -> None:
    """A link in it hides which files there are, not what package.json says."""
    file = File(read("FROM node:22\nWORKDIR /app\nCOPY . .\nRUN npm ci\n"))
    texts = {"package.json": '{"scripts": {"postinstall": "node patch.js"}}'}
    found = list(dependencies_first.proposals(file, file.stages[0], Ask(context=texts.get)))
    (declined,) = found
    assert isinstance(declined, Decline)
    assert "has a script that is run when it is installed" in declined.why
    texts["package.json"] = "{}"
    assert isinstance(next(dependencies_first.proposals(file, file.stages[0], Ask(context=texts.get))), Finding)
