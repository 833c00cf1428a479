"""A docker command that builds nothing: it does what the environment variable FAKE says, and notes each call in FAKE_LOG."""

from __future__ import annotations

import os
import signal
import sys
import time


def main(words: list[str]) -> int:
    with open(os.environ["FAKE_LOG"], "a", encoding="utf-8") as log:
        log.write(" ".join(words) + "\n")
    what = os.environ.get("FAKE", "")
    if words[:2] == ["buildx", "version"]:
        return 1 if what == "no buildx" else 0
    if words[0] == "context":
        print(os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock")
        return 0
    if words[0] == "info":
        print("/nowhere/docker Debian")
        return 0
    if words[:2] != ["buildx", "build"]:
        return 0
    if what == "slow":
        signal.signal(signal.SIGINT, _noted)
        print("#1 building", flush=True)
        time.sleep(60)
    if os.path.isfile(what):
        with open(what, encoding="utf-8") as said:
            print(said.read())
        return 1
    return 0


def _noted(sign: int, frame: object) -> None:
    with open(os.environ["FAKE_LOG"], "a", encoding="utf-8") as log:
        log.write("interrupted\n")
    sys.exit(130)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
