"""dslim makes Dockerfiles build smaller images, by rewriting the text that you wrote and nothing else.

    import dslim

    report = dslim.rewrite(source)
    if report.changed:
        print(report.text)

The library does no I/O: it takes text and returns a :class:`rewriter.report.Report`. The command line is ``dslim.cli``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rewriter.report import Report, Told

__all__ = ["__version__", "rewrite"]
__version__ = "0.1.0"


def rewrite(
    source: str | bytes,
    *,
    level: str = "review",
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    join_runs: str = "shipped",
    base: str = "auto",
    keep_tools: Iterable[str] = (),
    mirrors: Iterable[str] = (),
    final: str = "keep",
    context: Callable[[str], str | None] | None = None,
    kept: Callable[[Told], str] | None = None,
) -> Report:
    """Rewrite one Dockerfile and say what was done, why, and what was left alone.

    Args:
        source: The Dockerfile. Bytes are decoded as UTF-8; every byte is kept, a BOM included.
        level: The least safety that is applied: ``"safe"``, ``"review"`` or ``"show"``. What lies below is reported as
            held back.
        select: Names of transforms, or of phases, that run. Empty: all of them.
        ignore: Names of transforms, or of phases, that do not run. It wins over ``select``.
        join_runs: ``"shipped"``, ``"when-it-saves"`` or ``"off"``.
        base: The smallest base that is wanted: ``"keep"`` (no other one), ``"slim"``, ``"alpine"``, or ``"auto"``, which
            applies slim variants and shows Alpine.
        keep_tools: Commands that stay in the image when its base gets smaller (``"curl"``).
        mirrors: What stands in front of official images in registries that have the same ones (``"registry.corp/hub"``).
        final: What the last stage may start from where nothing in it needs a shell: ``"keep"`` (its image), ``"distroless"``
            or ``"scratch"``.
        context: Gives the text of a file of the build context by its relative path, or None. Where it has a method
            ``files``, that gives the paths of all files, or None. Without it, no transform knows more than the Dockerfile
            says.
        kept: Asked about each finding that would be applied; whatever it says but "" keeps the text as it is, and becomes
            the finding's note.

    Returns:
        A report with ``text`` (equal to the source unless ``changed``), ``findings`` and ``declined``. A source that
        is no Dockerfile makes a report of status ``UNREADABLE``, never an exception. The text of bytes that are not
        UTF-8 is decoded with ``surrogateescape``, so that even then no byte is lost.

    Raises:
        ValueError: an argument has a value that dslim does not know; the message suggests the nearest one.
    """
    from dslim.names import BASES, FINALS, JOIN_RUNS, choose, one_of, safety
    from rewriter.engine import run
    from rewriter.report import Report, Status
    from rewriter.rule import Ask, Settings
    from rewriter.text import Undecodable, decode
    from transforms import pipeline

    settings = Settings(
        safety(level),
        one_of(join_runs, JOIN_RUNS, "join_runs"),
        one_of(base, BASES, "base"),
        tuple(keep_tools),
        tuple(mirrors),
        one_of(final, FINALS, "final"),
    )
    chosen = choose(pipeline(), select, ignore)
    ask = Ask(settings)
    if context is not None:
        more = (getattr(context, name, getattr(ask, name)) for name in ("files", "beside", "building"))
        ask = Ask(settings, context, *more)
    if isinstance(source, str):
        return run(chosen, source, ask, kept)
    try:
        text = decode(source)
    except Undecodable as error:
        same = source.decode("utf-8", "surrogateescape")
        return Report(Status.UNREADABLE, same, same, reason=str(error))
    return run(chosen, text, ask, kept)
