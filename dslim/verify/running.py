"""Starts both images and compares what they do: a command's exit status and output, an HTTP answer, the health check.

Containers get no network but what the check needs: a command has none, an HTTP check has a port on this machine.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import shlex
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from dslim.images.trouble import ImageTrouble
from dslim.verify.build import Workshop, machine
from dslim.verify.modules import answers
from dslim.verify.program import Check

_POLL = 0.2  #: seconds between two looks
_SHOWN = 160  #: characters of an output


class Limits(NamedTuple):
    """``seconds`` that a command may take, ``wait`` seconds for a first HTTP answer or a health status, ``network`` that
    containers get where the user chose one."""

    seconds: float = 120
    wait: float = 60
    network: str = ""


class Result(NamedTuple):
    """What one container did, as far as it is compared: ``code`` (exit or HTTP status, a word where there is none) and
    what was ``said``, with a ``shown`` form for people."""

    code: str
    said: str
    shown: str


class Where(NamedTuple):
    """An address to ask: port (in the container, or as it is published) and path."""

    port: int
    path: str
    host: str = "127.0.0.1"


def address(text: str) -> Where:
    """The meaning of ``:8080/path``.

    Raises:
        ValueError: it is no such thing.
    """
    found = re.fullmatch(r"(?:http://(?:localhost|127\.0\.0\.1))?:(\d{1,5})(/.*)?", text)
    if found is None or not 0 < int(found[1]) < 65536:
        raise ValueError(f"{text!r} is no address; write it as :8080/path")
    return Where(int(found[1]), found[2] or "/")


def interpreter(
    workshop: Workshop, tag: str, words: Sequence[str], folder: str, limits: Limits
) -> dict[str, str] | str:
    """Start an interpreter that says of each of its arguments whether it can be imported (:mod:`dslim.verify.modules`);
    a text when it does not run at all."""
    options = ["--network", limits.network or "none", "--workdir", folder, "--entrypoint", words[0]]
    said = _started(workshop, tag, words[1:], options, limits.seconds)
    found = answers(said.said.partition("\0")[0])
    return found if found or said.code == "0" else said.shown


def command(before: str, after: str, text: str, workshop: Workshop, limits: Limits) -> Check:
    """Run ``docker run IMAGE TEXT`` in both images, and compare exit status and output.

    Where the output differs, the original is run once more: what differs from itself is not compared.
    """
    options = ["--network", limits.network or "none"]
    words = shlex.split(text)
    return _twice(f"run {text}", lambda tag: _started(workshop, tag, words, options, limits.seconds), before, after)


def script(before: str, after: str, text: str, workshop: Workshop, limits: Limits) -> Check:
    """Run a text by /bin/sh in both images, whatever their entry point, and compare as :func:`command` does."""
    options = ["--network", limits.network or "none", "--entrypoint", "/bin/sh"]
    return _twice("script", lambda tag: _started(workshop, tag, ["-c", text], options, limits.seconds), before, after)


def answer(before: str, after: str, text: str, workshop: Workshop, limits: Limits) -> Check:
    """Start both images as they are, and compare the answers to one HTTP request."""
    where = address(text)
    return _twice(f"http {text}", lambda tag: _asked(workshop, tag, where, limits), before, after)


def health(before: str, after: str, config: Mapping[str, object], workshop: Workshop, limits: Limits) -> list[Check]:
    """Run the HEALTHCHECK of both images, each second; empty when there is none."""
    told = config.get("Healthcheck")
    test = told.get("Test") if isinstance(told, Mapping) else None
    if not test or test[0] == "NONE":
        return []
    return [_twice("healthcheck", lambda tag: _health(workshop, tag, limits), before, after, wanted="healthy")]


def _twice(name: str, run: Callable[[str], Result], before: str, after: str, wanted: str = "") -> Check:
    """Run in both images and compare. ``wanted`` is the only code that the original must not lose, "" for each."""
    old, new = run(before), run(after)
    if wanted and old.code != wanted:
        return Check(name, True, f"{old.shown} before, {new.shown} after: nothing to lose")
    if old.code != new.code:
        again = run(before)
        if again.code != old.code:
            return Check(name, True, f"the original does not agree with itself: {old.shown}, then {again.shown}")
        return Check(name, False, f"{old.shown} before, {new.shown} after")
    if old.said == new.said:
        return Check(name, True, new.shown)
    if run(before).said != old.said:
        return Check(name, True, f"{new.shown}; the rest is new each time that the original runs, and not compared")
    return Check(name, False, f"{old.shown} before, {new.shown} after")


def _started(workshop: Workshop, tag: str, words: Sequence[str], options: Sequence[str], seconds: float) -> Result:
    name = workshop.container(tag, *words, options=options)
    try:
        said = workshop.call("start", "--attach", name, seconds=seconds)
    except ImageTrouble as trouble:
        if "no answer within" not in trouble.cause:
            raise
        workshop.call("kill", name)
        return Result("timeout", "", f"no end within {seconds:g} s")
    output = said.out + said.err
    last = " ".join(output.split())[-_SHOWN:]
    return Result(str(said.code), said.out + "\0" + said.err, f"exit {said.code}" + (f", {last!r}" if last else ""))


def _asked(workshop: Workshop, tag: str, where: Where, limits: Limits) -> Result:
    host = limits.network == "host"
    elsewhere = machine(workshop.engine)
    interface = "0.0.0.0" if elsewhere else "127.0.0.1"  # a port is opened to others only where we are one of them
    options = ["--network", "host"] if host else ["--publish", f"{interface}::{where.port}"]
    name = workshop.container(tag, options=options)
    started = workshop.call("start", name)
    if started.code:
        return Result("does not start", "", f"it does not start: {started.cause}")
    try:
        port = where.port if host else _published(workshop, name, where.port)
        if not port:
            return _ended(workshop, name)
        return _wait(workshop, name, Where(port, where.path, elsewhere or "127.0.0.1"), limits.wait)
    finally:
        workshop.call("rm", "-f", "-v", name)


def _published(workshop: Workshop, name: str, port: int) -> int:
    said = workshop.call("port", name, f"{port}/tcp")
    found = re.search(r":(\d+)\s*$", said.out.splitlines()[0]) if said.out.strip() else None
    return int(found[1]) if found else 0


def _wait(workshop: Workshop, name: str, where: Where, seconds: float) -> Result:
    """The first answer that is no 5xx; the last one when there is none in time."""
    ends = time.monotonic() + seconds
    last: Result | None = None
    while time.monotonic() < ends:
        try:
            last = _get(where)
            if not last.code.startswith("5"):
                return last
        except (OSError, http.client.HTTPException):
            if not _runs(workshop, name):
                return _ended(workshop, name)
        time.sleep(_POLL)
    return last or Result("no answer", "", f"no answer within {seconds:g} s")


def _get(where: Where) -> Result:
    connection = http.client.HTTPConnection(where.host, where.port, timeout=10)
    try:
        connection.request("GET", where.path, headers={"User-Agent": "dslim-verify", "Accept": "*/*"})
        got = connection.getresponse()
        body = got.read(64 << 20)
    finally:
        connection.close()
    kept = {key: got.getheader(key, "") for key in ("Content-Type", "Location")}
    digest = hashlib.sha256(body).hexdigest()
    return Result(str(got.status), json.dumps([kept, digest]), f"HTTP {got.status}, {len(body)} bytes {digest[:12]}")


def _runs(workshop: Workshop, name: str) -> bool:
    return workshop.call("inspect", "--format", "{{.State.Running}}", name).out.strip() == "true"


def _ended(workshop: Workshop, name: str) -> Result:
    code = workshop.call("inspect", "--format", "{{.State.ExitCode}}", name).out.strip()
    logs = workshop.call("logs", "--tail", "3", name)
    last = " ".join((logs.out + logs.err).split())[-_SHOWN:]
    return Result("ended", "", f"it ended with exit {code}" + (f", {last!r}" if last else ""))


def _health(workshop: Workshop, tag: str, limits: Limits) -> Result:
    options = ["--network", limits.network or "none", "--health-interval", "1s"]
    name = workshop.container(tag, options=options)
    started = workshop.call("start", name)
    if started.code:
        return Result("does not start", "", f"it does not start: {started.cause}")
    try:
        ends = time.monotonic() + limits.wait
        while time.monotonic() < ends:
            said = workshop.call("inspect", "--format", "{{.State.Running}} {{.State.Health.Status}}", name).out.split()
            if said[1:] and said[1] in ("healthy", "unhealthy"):
                return Result(said[1], "", said[1])
            if said[:1] != ["true"]:
                return _ended(workshop, name)
            time.sleep(_POLL)
        return Result("starting", "", f"not healthy within {limits.wait:g} s")
    finally:
        workshop.call("rm", "-f", "-v", name)
