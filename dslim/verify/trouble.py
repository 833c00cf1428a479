"""Why a build failed, in one line: what, the cause, and what to do. Read from the log that BuildKit prints."""

from __future__ import annotations

import re
from typing import NamedTuple

#: causes that say nothing about the Dockerfile: whether the rewrite is right cannot be told
OUTSIDE = ("engine", "disk", "time", "pull", "context")
_MANY = 400  #: characters of a cause


class Failure(NamedTuple):
    """Why there is no image. ``kind`` is "engine", "disk", "time", "pull", "context" or "build" (an instruction failed, or
    the Dockerfile is none)."""

    kind: str
    cause: str
    do: str = ""

    @property
    def line(self) -> str:
        """One line for people."""
        return f"{self.cause}; {self.do}" if self.do else self.cause

    @property
    def outside(self) -> bool:
        """True when the cause is none of the Dockerfile's."""
        return self.kind in OUTSIDE


#: first match counts: pattern in the log's error lines, kind, what to do
_SIGNS = (
    (r"no space left on device|disk quota exceeded", "disk",
     "free some (docker system df, docker builder prune), or move the engine's data"),
    (r"cannot connect to the docker daemon|is the docker daemon running|error during connect|docker\.sock",
     "engine", "start Docker, or point DOCKER_HOST at an engine"),
    (r"is not a docker command|unknown (command|flag).*buildx|unknown flag: --load", "engine",
     "install the buildx plugin of the docker command"),
    (r"failed to resolve source metadata|pull access denied|failed to copy: httpReadSeeker|toomanyrequests"
     r"|no match for platform|failed to authorize|manifest unknown", "pull",
     "see whether `docker pull` can get the base image (its name, network, docker login), then try again"),
    (r"unable to prepare context|path \S+ not found|failed to read dockerfile|resolve : lstat", "context",
     "name the build context with --context"),
)  # fmt: skip


def read_log(log: str) -> Failure:
    """The failure that a build's output tells of."""
    lines = _errors(log)
    cause = lines[-1] if lines else "the build failed and did not say why"
    told = "\n".join(lines).lower()
    for pattern, kind, do in _SIGNS:
        found = re.search(pattern, told)
        if found:
            said = next((line for line in reversed(lines) if re.search(pattern, line.lower())), cause)
            return Failure(kind, _cut(_named(kind, said)), do)
    return Failure("build", _cut(cause + _context(log)))


def _errors(log: str) -> list[str]:
    """The lines of the log in which BuildKit or the docker command itself speaks of an error, without their marks.

    What a RUN prints is `#7 1.234 text`: a command may well print "no space left", but that counts only where the
    build failed, which the caller knows; so those lines count when they speak of the disk.
    """
    found: list[str] = []
    for line in log.splitlines():
        text = line.strip()
        step = re.match(r"#\d+ ([\d.]+ )?(.*)", text)
        if step:
            if "no space left on device" in step[2].lower() or (not step[1] and step[2].startswith("ERROR: ")):
                found.append(step[2].removeprefix("ERROR: "))
        elif re.match(r"ERROR:|error:|docker: |unknown flag|failed to|unable to|Cannot connect", text):
            found.append(re.sub(r"^(ERROR|error): (failed to solve: )?", "", text))
    return found


def _named(kind: str, said: str) -> str:
    titles = {
        "disk": "the engine's disk is full",
        "engine": "no Docker engine answers",
        "pull": "a base image cannot be pulled",
        "context": "the build context cannot be read",
    }
    return f"{titles[kind]}: {said}"


def _context(log: str) -> str:
    """The last words of the command that failed, so that one line says what happened."""
    block = re.search(r"^------\n > .*\n((?:.*\n)*?)------$", log, re.MULTILINE)
    said = [re.sub(r"^[\d.]+ ", "", line).strip() for line in (block[1].splitlines() if block else ())]
    words = [line for line in said if line]
    return f" ({words[-1]})" if words else ""


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _MANY else text[:_MANY] + "…"
