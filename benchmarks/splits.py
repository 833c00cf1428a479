"""Builds projects before and after the split with a real Docker engine, starts both images, and compares what they answer.

    python -m benchmarks.splits [DIRECTORY] [--only PART] [--level review|show]

Every ``*/before.Dockerfile`` below DIRECTORY (default: ``benchmarks/splits_go``; the other folders ``splits_*`` have languages
whose splits are proposals, for ``--level show``; in ``splits_php`` headers go in the RUN that brought them, and ``stages`` has
files of several stages) is built with the ``context`` beside it. ``case.toml`` may name a ``port`` and ``requests`` to ask there;
without them the container runs to its end, and output and exit code count; ``start = "other"`` where ``go run`` becomes a
program, and CMD another one; ``context = "unseen"`` where the rewriting is not shown the context, and what a person is asked
about (SHOW) is built. A case whose name begins with ``stays`` must not be split. An engine must answer (DOCKER_HOST).

Prints bytes before and after and each difference, then the totals: the share that works and what it saves. Exit code 1 when
a split does not build, answers something else, changes the configuration, or was not or wrongly made.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any, NamedTuple

import dslim
from dslim.context import Context
from rewriter.report import Outcome

HERE = Path(__file__).parent / "splits_go"
CONFIGURATION = (
    "Cmd",
    "Entrypoint",
    "WorkingDir",
    "User",
    "ExposedPorts",
    "Labels",
    "Volumes",
    "StopSignal",
    "Healthcheck",
)
#: how the names of transforms end that are tried here
CURES = (
    "-toolchain-shipped",
    "-compilers-shipped",
    "-headers-shipped",
    "-generator-shipped",
    "-named-by-number",
    "-without-use",
    "-tree-copied",
)
#: variables of the images themselves, and those that only a build asks for
OWN = tuple(
    "NODE_VERSION YARN_VERSION JAVA_HOME JAVA_VERSION MAVEN_HOME MAVEN_CONFIG GOLANG_VERSION GOTOOLCHAIN GOPATH PATH CGO_ENABLED "
    "GO111MODULE GOFLAGS GOPROXY GOROOT CARGO_HOME RUSTUP_HOME RUST_VERSION BUNDLE_APP_CONFIG BUNDLE_SILENCE_ROOT_WARNING "
    "GEM_HOME".split()
)


class Seen(NamedTuple):
    """One image: bytes of its layers, what it is configured to, and what it answers."""

    bytes: int
    configuration: dict[str, Any]
    said: list[str]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=Path, nargs="?", default=HERE)
    parser.add_argument("--only", default="", help="a part of the name")
    parser.add_argument("--level", default="review", choices=("review", "show"), help="what to apply")
    asked = parser.parse_args()
    wrong, stayed, pairs = 0, 0, []
    for path in sorted(asked.directory.glob("*/before.Dockerfile")):
        name = path.parent.name
        if asked.only not in name:
            continue
        case = _case(path.parent)
        unseen = case.get("context") == "unseen"
        context = None if unseen else Context(str(path.parent / "context"), str(path))
        report = dslim.rewrite(path.read_bytes(), level="show" if unseen else asked.level, context=context)
        split = any(one.transform.endswith(CURES) and one.outcome is Outcome.APPLIED for one in report.findings)
        if report.crashed or report.unsettled or split == name.startswith("stays"):
            why = [one.why for one in report.declined if one.transform.endswith(CURES)]
            why += [fact for one in report.findings for fact in one.because if one.transform.endswith(CURES)]
            print(f"{name}: WRONG: split is {split}; {why}{report.crashed}{report.unsettled}")
            wrong += 1
            continue
        if not split:
            print(f"{name}: stays")
            stayed += 1
            continue
        both = [_seen(path.parent, text) for text in (report.before, report.text)]
        problems = _differences(*both)
        wrong += bool(problems)
        before, after = ((0 if isinstance(one, str) else one.bytes) for one in both)
        print(f"{name}: {before} -> {after} bytes, {1 - after / max(before, 1):.1%} saved", flush=True)
        for problem in problems:
            print(f"    {problem}")
        if problems:
            print(report.text)
        else:
            pairs.append((before, after))
    print(f"{len(pairs)} split and answer the same, {stayed} stay, {wrong} wrong")
    if pairs:
        saved = [1 - after / before for before, after in pairs]
        whole = 1 - sum(after for _, after in pairs) / sum(before for before, _ in pairs)
        print(f"median saving {statistics.median(saved):.1%}, least {min(saved):.1%}, of all bytes {whole:.1%}")
    return 1 if wrong else 0


def _differences(before: Seen | str, after: Seen | str) -> list[str]:
    if isinstance(before, str) or isinstance(after, str):
        return [f"{name}: {one}" for name, one in (("before", before), ("after", after)) if isinstance(one, str)]
    found = [
        f"{key}: {before.configuration[key]} -> {after.configuration[key]}"
        for key in before.configuration
        if before.configuration[key] != after.configuration[key]
    ]
    if before.said != after.said:
        found.append(f"it said {before.said}, and says {after.said}")
    return found


def _seen(folder: Path, text: str) -> Seen | str:
    """The image of a Dockerfile, or why there is none."""
    case = _case(folder)
    with tempfile.TemporaryDirectory() as temporary:
        file, number = Path(temporary, "Dockerfile"), Path(temporary, "id")
        file.write_bytes(text.encode())
        command = ["docker", "build", "--network=host", "-q", "--iidfile", str(number), "-f", str(file)]
        done = subprocess.run([*command, str(folder / "context")], capture_output=True, text=True, check=False)
        if done.returncode:
            return "does not build: " + "\n".join(done.stderr.strip().splitlines()[-8:])
        image = number.read_text("utf-8").strip()
    try:
        described = json.loads(subprocess.check_output(["docker", "image", "inspect", image]))[0]
        left_out = ("Cmd", "Entrypoint") if case.get("start") == "other" else ()
        configuration = {key: described["Config"].get(key) or None for key in CONFIGURATION if key not in left_out}
        labels = {
            key: value for key, value in (configuration["Labels"] or {}).items() if key not in _labels_below(text)
        }
        configuration["Labels"] = labels or None
        variables = [one for one in described["Config"]["Env"] or () if one.partition("=")[0] not in OWN]
        return Seen(described["Size"], {**configuration, "Env": sorted(variables)}, _said(image, case))
    finally:
        subprocess.run(["docker", "rmi", image], capture_output=True, check=False)


def _case(folder: Path) -> dict[str, Any]:
    """What case.toml says."""
    notes = folder / "case.toml"
    return tomllib.loads(notes.read_text("utf-8")) if notes.exists() else {}


def _labels_below(text: str) -> list[str]:
    """The labels that the base of the last stage brings along."""
    base = [line.split()[1] for line in text.splitlines() if line.upper().startswith("FROM ")][-1]
    described = json.loads(subprocess.check_output(["docker", "image", "inspect", base]))[0]
    return list(described["Config"].get("Labels") or {})


def _said(image: str, case: dict[str, Any]) -> list[str]:
    """What a container of the image answers."""
    if "port" not in case:
        name = f"dslim-split-{os.getpid()}"
        command = ["docker", "run", "--rm", "--name", name, "--network", "none", image]
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
        except subprocess.TimeoutExpired:
            subprocess.run(["docker", "kill", name], capture_output=True, check=False)
            return ["it did not end in five minutes: a server needs a port in case.toml"]
        return [str(done.returncode), done.stdout, done.stderr]
    number = subprocess.check_output(["docker", "run", "-d", image], text=True).strip()
    try:
        where = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
        address = subprocess.check_output(["docker", "inspect", "-f", where, number], text=True).strip()
        return [_answer(f"http://{address}:{case['port']}{path}") for path in case["requests"]]
    finally:
        subprocess.run(["docker", "rm", "-f", number], capture_output=True, check=False)


def _answer(url: str) -> str:
    """Status, type and body; asked again for ten seconds while nothing listens."""
    for _ in range(50):
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return f"{answer.status} {answer.headers.get('Content-Type')}\n{answer.read().decode()}"
        except urllib.error.HTTPError as error:
            return f"{error.code}\n{error.read().decode()}"
        except OSError:
            time.sleep(0.2)
    return "no answer"


if __name__ == "__main__":
    sys.exit(main())
