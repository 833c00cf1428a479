"""How fast dslim is, in one process and as a command: ``python -m benchmarks.speed CORPUS``.

Peers are measured in the same run, in turns. ``dockerfile-doctor`` (0.1.5) takes part
when it is installed. Prints files per second, times and peak memory; says nothing about the quality of the output.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path

from rewriter.engine import run
from transforms import pipeline

DOCKERFILE = """\
FROM debian:12
RUN apt-get update && apt-get install -y curl
RUN curl -fsSLO https://example.org/tool.tar.gz
RUN tar xzf tool.tar.gz && rm tool.tar.gz
CMD ["/tool/run"]
"""


def seconds(act: Callable[[str], object], texts: list[str]) -> float:
    """The time that ``act`` needs for all texts. A text on which it fails counts too."""
    start = time.perf_counter()
    for text in texts:
        try:
            act(text)
        except Exception as error:  # a peer may raise anything
            print(f"  failed on one file: {type(error).__name__}: {error}")
    return time.perf_counter() - start


def doctor() -> Callable[[str], object]:
    """``dockerfile-doctor --fix``, without its command line."""
    parse = import_module("dockerfile_doctor.parser").parse
    analyze = import_module("dockerfile_doctor.rules").analyze
    fix = import_module("dockerfile_doctor.fixer").fix

    def act(text: str) -> object:
        file = parse(text)
        return fix(file, analyze(file))

    return act


def in_process(corpus: str, sample: int, rounds: int) -> None:
    with gzip.open(corpus, "rt", encoding="utf-8", newline="\n") as lines:
        texts = [str(json.loads(line)["text"]) for line in lines]
    texts = random.Random(1).sample(texts, min(sample, len(texts)))
    transforms = pipeline()
    peers: dict[str, Callable[[str], object]] = {"dslim": lambda text: run(transforms, text)}
    if find_spec("dockerfile_doctor"):
        peers[f"dockerfile-doctor {metadata.version('dockerfile-doctor')}"] = doctor()
    best = dict.fromkeys(peers, float("inf"))
    for _ in range(rounds):
        for name, act in peers.items():
            best[name] = min(best[name], seconds(act, texts))
    print(f"One process, {len(texts)} files, best of {rounds} rounds in turns")
    for name, time_ in best.items():
        print(f"  {len(texts) / time_:>8.0f} files/s  {name}")
    ours, *others = best.values()
    for name, theirs in zip(list(best)[1:], others, strict=True):
        print(f"  {theirs / ours:>8.2f} times as fast as {name}")
    if not others:
        print("  dockerfile-doctor is not installed: no ratio (pip install dockerfile-doctor==0.1.5)")


def processor(text: str) -> float:
    """The seconds of the processor that reading ``text`` needs, with no transform."""
    start = time.process_time()
    run((), text)
    return time.process_time() - start


def growth() -> None:
    """How reading grows where a careless reader is quadratic: the time for twice the length, about 2 when it is linear."""
    print("\nTime for 200,000 characters in units of that for 100,000, best of 5")
    for unit in (
        "RUN a\n",
        "RUN x \\\n  y\n",
        'RUN a && (b; c) && "$d"\n',
        "RUN <<E\nline\nE\n",
        "ENV a=\"b c\" d='e'\n",
    ):
        once, twice = (
            min(processor(text) for _ in range(5))
            for text in ("FROM a\n" + unit * (length // len(unit)) for length in (100_000, 200_000))
        )
        print(f"  {twice / once:>8.2f}  {unit!r}")


def whole_process(rounds: int) -> None:
    """One small file on the command line, against a Python that only imports typer."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "Dockerfile")
        path.write_text(DOCKERFILE, "utf-8")
        commands = {
            "dslim rewrite --diff": [sys.executable, "-m", "dslim", "rewrite", "--diff", str(path)],
            'python -c "import typer"': [sys.executable, "-c", "import typer"],
        }
        times: dict[str, list[float]] = {name: [] for name in commands}
        peak: dict[str, float] = dict.fromkeys(commands, 0.0)
        for number in range(rounds + 1):
            for name, command in commands.items():
                took, memory = spawn(command)
                if number:  # the first round warms the caches
                    times[name].append(took)
                    peak[name] = max(peak[name], memory)
    print(f"\nWhole process, median of {rounds} runs in turns")
    medians = {name: statistics.median(took) for name, took in times.items()}
    for name, took in medians.items():
        print(f"  {1000 * took:>8.1f} ms  {peak[name]:>6.1f} MB peak  {name}")
    ours, theirs = medians.values()
    print(f"  {ours / theirs:>8.2f} times the import of typer")


def spawn(command: list[str]) -> tuple[float, float]:
    """Seconds and peak megabytes of one command.

    Raises:
        RuntimeError: the command failed.
    """
    # an installed program has its bytecode; without it each call would compile dslim, and typer would not be
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env) as process:
        _, status, usage = os.wait4(process.pid, 0)
        took = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command} ended with {process.returncode}")
    return took, usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast dslim is, in one process and as a command.")
    parser.add_argument("corpus", help='gzipped JSON lines with "text"')
    parser.add_argument("--sample", type=int, default=1500, help="files, drawn at random")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--runs", type=int, default=21, help="runs of each command")
    asked = parser.parse_args()
    whole_process(asked.runs)  # first: a child's peak memory counts what this process had when it was made
    in_process(asked.corpus, asked.sample, asked.rounds)
    growth()


if __name__ == "__main__":
    main()
