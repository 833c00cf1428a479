"""`dslim verify`: the words of the command line become builds, and an outcome becomes an exit code."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

from dslim.asked import Usage
from dslim.config import Configs, Values, Wrong
from dslim.files import Trouble, read
from dslim.images.trouble import ImageTrouble
from dslim.pool import Job, rewritten
from dslim.report import trouble
from dslim.terminal import Printer
from dslim.verify import running
from dslim.verify.build import Settings, Workshop
from dslim.verify.report import show
from dslim.verify.verdict import CODES, NOT_BUILT, Verified
from dslim.verify.verify import Asked, Verifier, broken_off
from rewriter.report import Outcome, Report, Status
from rewriter.rule import Safety

FORMATS = ("text", "json", "html")
_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "ki": 1 << 10, "mi": 1 << 20, "gi": 1 << 30}


class Words(NamedTuple):
    """The words as they were given."""

    dockerfile: str
    against: str = ""
    level: str = ""
    noise: bool = False
    commands: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    format: str = "text"
    save: str = ""
    network: str = ""
    context: str = ""
    seconds: float = 1800
    wait: float = 60
    keep_free: str = "1GB"
    build_args: tuple[str, ...] = ()
    target: str = ""
    platform: str = ""
    cache: bool = False
    compressed: bool = True


def verify(words: Words) -> int:
    """Do it, print it, and return the exit code: 0 equivalent or the same program, 1 different, 2 could not be told.

    Raises:
        Usage: before anything is done.
    """
    settings = settings_of(words)
    asked = Asked(
        noise=words.noise,
        commands=words.commands,
        addresses=words.addresses,
        compressed=words.compressed,
        limits=running.Limits(min(words.seconds, 600), words.wait, words.network if words.network == "host" else ""),
    )
    err = Printer(sys.stderr)
    original = read(words.dockerfile)
    if isinstance(original, Trouble):
        err.line(trouble(words.dockerfile, original.line, original.cause))
        return CODES[NOT_BUILT]
    if words.against:
        other = read(words.against)
        if isinstance(other, Trouble):
            err.line(trouble(words.against, other.line, other.cause))
            return CODES[NOT_BUILT]
        strict = words.level in ("", "safe")
    else:
        report = _rewritten(words, original, settings.context)
        if report is None or report.status is Status.UNREADABLE:
            err.line(trouble(words.dockerfile, report.line if report else 0, report.reason if report else "no report"))
            return CODES[NOT_BUILT]
        if not report.changed:
            err.line(f"{words.dockerfile}: nothing to rewrite at this level, so the same text is built twice")
        other, strict = report.text.encode("utf-8", "surrogateescape"), only_safe(report)
    verified = run(original, other, settings, asked._replace(strict=strict), progress(err))
    return _printed(words, verified)


def run(original: bytes, other: bytes, settings: Settings, asked: Asked, say: Callable[[str], None]) -> Verified:
    """The outcome for two texts. What was built is removed again, also when we are told to stop."""
    with stoppable(), Workshop(settings) as workshop:
        silent = workshop.silence()
        if silent is not None:
            return broken_off(silent.line)
        try:
            return Verifier(original, workshop, asked, say).against(other)
        except ImageTrouble as error:
            return broken_off(str(error))


def settings_of(words: Words) -> Settings:
    """How images are built.

    Raises:
        Usage: a word makes no sense.
    """
    context = words.context or os.path.dirname(words.dockerfile) or os.curdir
    if not os.path.isdir(context):
        raise Usage(f"{context!r} is not a folder", "--context")
    for text in words.addresses:
        try:
            running.address(text)
        except ValueError as error:
            raise Usage(str(error), "--expect-http") from None
    if words.seconds <= 0 or words.wait <= 0:
        raise Usage("a limit is more than 0 seconds", "--timeout")
    if words.save and os.path.exists(words.save) and not os.path.isdir(words.save):
        raise Usage(f"{words.save!r} is not a folder", "--save")
    return Settings(
        context=context,
        dockerfile=words.dockerfile,
        network=words.network,
        build_args=words.build_args,
        target=words.target,
        platform=words.platform,
        seconds=words.seconds,
        keep_free=amount(words.keep_free),
        cache=words.cache,
        save=words.save,
    )


def amount(text: str) -> int:
    """Bytes, as people write them: 500MB, 1GiB, 0.

    Raises:
        Usage: it is no number of bytes.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmg]?i?)b?", text.strip().lower())
    if found is None or found[2] not in _UNITS:
        raise Usage(f"{text!r} is no number of bytes; write it as 500MB or 2GB", "--keep-free")
    return int(float(found[1]) * _UNITS[found[2]])


def only_safe(report: Report) -> bool:
    """True when all that was applied promises the same files, so that nothing less is accepted."""
    applied = [told for told in report.findings if told.outcome is Outcome.APPLIED]
    return all(told.safety >= Safety.SAFE for told in applied)


def progress(err: Printer) -> Callable[[str], None]:
    """Says what is being done on a terminal, and nothing anywhere else."""
    if not sys.stderr.isatty():
        return lambda doing: None
    return lambda doing: err.line(err.paint(f"... {doing}", "dim"))


@contextmanager
def stoppable() -> Iterator[None]:
    """Makes SIGTERM and SIGHUP interrupt us as Ctrl-C does, so that what is under way is cleaned up."""
    signs = {signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)}
    try:
        before = {sign: signal.signal(sign, _interrupt) for sign in signs}
    except ValueError:  # not the main thread, to which signals do not come
        yield
        return
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)


def _interrupt(sign: int, frame: object) -> None:
    raise KeyboardInterrupt


def _rewritten(words: Words, original: bytes, context: str) -> Report | None:
    from transforms import pipeline

    configs = Configs({transform.name for transform in pipeline()})
    try:
        options = configs.of(os.path.dirname(words.dockerfile)).of(words.dockerfile)
    except Wrong as wrong:
        return Report(Status.UNREADABLE, "", "", str(wrong))
    if words.level:
        options = options.with_(Values(level=words.level))
    return rewritten(original, Job(words.dockerfile, options, context))


def _printed(words: Words, verified: Verified) -> int:
    out = Printer(sys.stdout)
    name = f"{words.dockerfile} against {words.against}" if words.against else words.dockerfile
    if words.format == "json":
        from dslim.verify.record import dumped, record

        out.text(dumped(record(verified, words.dockerfile, words.against)))
    elif words.format == "html":
        from dslim.verify.page import render

        out.data(render(verified, name).encode())
    else:
        show(out, verified, name)
    if words.save:
        from dslim.verify.record import dumped, record

        os.makedirs(words.save, exist_ok=True)
        with open(os.path.join(words.save, "verify.json"), "w", encoding="ascii") as file:
            file.write(dumped(record(verified, words.dockerfile, words.against)))
    return CODES[verified.verdict]
