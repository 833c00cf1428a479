"""Take headers away in the RUN that compiled extensions of PHP with them.

## What it does
Adds three commands to a RUN that installs `lib...-dev` packages and calls `docker-php-ext-install`, `pecl install` or `phpize`: the
packages of headers become ones that apt may remove, all others that came with them become ones that it may not, and
`apt-get autoremove --purge` removes what is left.

## Why it saves
Headers and static libraries are there for one compilation: 70 MB for `libicu-dev`, `libpq-dev` and `libjpeg-dev` in Debian 13, of which
`libicu-dev` is the most. Removed in a later RUN they would stay in the layer below. The compiler itself is part of the image of
PHP and stays.

## When it is safe
No package goes but those whose names end in `-dev`, and of these none that another package needs: libraries, programs and data that
came along stay, so that every extension finds what it is linked to. Packages of headers from earlier RUNs go too. It is REVIEW where no
later RUN, nothing that the image starts and no script of the context compiles any more; what is not seen is asked (SHOW), and so
is who works in an image that starts nothing of its own, or a shell.

## What it leaves alone
Headers in one RUN and the extensions in another one; extensions that a later RUN compiles, but for those that need no header
(`pdo_mysql`, `opcache`, `apcu`); images that compile when they start, and ONBUILD; RUNs whose packages are removed by themselves;
Alpine; installs under a condition or by sudo. Without a word: stages that do not ship.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.model import php_headers, privilege, style
from rewriter.model.caches import span_of
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.rule import Ask, Change, Decline, Finding, Phase, Safety, transform

_HEADERS = "lib.*-dev$"
#: the headers may go, nothing else may, and what may go goes. Source: apt-mark(8)
_TAKEN_AWAY = (
    f"apt-mark showmanual | grep '{_HEADERS}' | xargs -r apt-mark auto",
    f"apt-mark showauto | grep -v '{_HEADERS}' | xargs -r apt-mark manual > /dev/null",
    "apt-get autoremove -y --purge",
)


@transform(
    phase=Phase.COMMANDS,
    touches={"RUN"},
    safety=Safety.REVIEW,
    tools={"docker-php-ext-install", "pecl", "phpize"},
)
def php_headers_shipped(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    waiting: dict[int, tuple[Run, list[str]]] = {}
    for run in file.runs:
        if not run.stage.ships:
            continue
        named = php_headers.headers(run)
        if not any(map(php_headers.compiles, run.commands)):
            if named and not php_headers.removes(run):
                waiting[run.stage.index] = (run, named)
            continue
        earlier = waiting.pop(run.stage.index, None)
        if earlier is not None:
            yield _apart(file, run, *earlier)
        if named and not php_headers.removes(run):
            yield _told(file, run, named, ask)


def _apart(file: File, run: Run, first: Run, named: list[str]) -> Decline:
    """Headers of one RUN, extensions of another one."""
    at = span_of(first, next(one for one in first.commands if one.subcommand == "install"))
    return Decline(
        at,
        f"{_listed(named)} serve line {file.line(run.span.start)}, which compiles extensions in another layer: "
        "in one RUN they could be taken away again",
    )


def _told(file: File, run: Run, named: list[str], ask: Ask) -> Finding | Decline:
    at = span_of(run, next(one for one in run.commands if one.subcommand == "install"))
    want = php_headers.wanted(file, run, ask)
    change = style.Refusal(want.why) if want.why else _taken_away(run)
    if isinstance(change, style.Refusal):
        return Decline(at, f"{_listed(named)} ship with the extensions that are compiled here: {change.why}")
    because = (
        f"{_listed(named)} serve nothing but the compiler",
        "libraries, programs and data that came with them stay",
        *want.questions,
    )
    safety = Safety.SHOW if want.questions else Safety.REVIEW
    return Finding(at, "Take headers away once extensions of PHP are compiled", change, safety, because)


def _taken_away(run: Run) -> Change | style.Refusal:
    installs = [one for one in run.commands if one.subcommand == "install"]
    if any(map(privilege.with_sudo, installs)) or not (run.state.root or privilege.seen_as_root(run)):
        return style.Refusal("apt is called by sudo, or as a user who may not remove packages")
    first, *more = _TAKEN_AWAY
    return style.append(run, first, below=True, more=more)


def _listed(named: list[str]) -> str:
    return ", ".join(named[:3]) + (f" and {len(named) - 3} more" if len(named) > 3 else "")
