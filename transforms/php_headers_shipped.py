"""Take headers away in the RUN that compiled extensions of PHP with them.

## What it does
Adds three commands to a RUN that installs `lib...-dev` packages and calls `docker-php-ext-install`, `pecl install` or `phpize`: the
packages of headers become ones that apt may remove, all others that came with them become ones that it may not, and
`apt-get autoremove --purge` removes what is left. On Alpine `apk add` asks for the libraries by name (`icu-dev`: `icu-libs`), and
`apk del` takes away the headers and the compiler, with `$PHPIZE_DEPS`.

## Why it saves
Headers and static libraries are there for one compilation: 70 MB for `libicu-dev`, `libpq-dev` and `libjpeg-dev` in Debian 13, of which
`libicu-dev` is the most. Removed in a later RUN they would stay in the layer below. The compiler itself is part of the image of
PHP on Debian and stays.

## When it is safe
No package goes but those whose names end in `-dev`, and of these none that another package needs: libraries, programs and data that
came along stay, so that every extension finds what it is linked to. Packages of headers from earlier RUNs go too. It is REVIEW where no
later RUN, nothing that the image starts and no script of the context compiles any more; what is not seen is asked (SHOW), and so
is who works in an image that starts nothing of its own, or a shell. On Alpine it is SHOW: that each library is in the package that
is named comes from a table, and a command is printed that tells.

## What it leaves alone
Headers in one RUN and the extensions in another one; extensions that a later RUN compiles, but for those that need no header
(`pdo_mysql`, `opcache`, `apcu`); images that compile when they start, and ONBUILD; RUNs whose packages are removed by themselves;
packages of Alpine whose library is not known; installs under a condition or by sudo. Without a word: stages that do not ship.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.model import php_alpine, php_headers, privilege, style
from rewriter.model.caches import span_of
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.rule import Ask, Change, Decline, Finding, Phase, Safety, transform
from rewriter.text import Span

_HEADERS = "lib.*-dev$"
#: the headers may go, nothing else may, and what may go goes. Source: apt-mark(8)
_TAKEN_AWAY = (
    f"apt-mark showmanual | grep '{_HEADERS}' | xargs -r apt-mark auto",
    f"apt-mark showauto | grep -v '{_HEADERS}' | xargs -r apt-mark manual > /dev/null",
    "apt-get autoremove -y --purge",
)
#: where the compiler came with the headers: libraries and PHP stay
_OF_DISTRIBUTION = (
    "apt-mark showmanual | grep -e '-dev$' -e '^build-essential$' | xargs -r apt-mark auto",
    "apt-mark showauto | grep -e '^lib' -e '^php' | grep -v -e '-dev$' | xargs -r apt-mark manual > /dev/null",
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
        built = php_alpine.built_with(file, run)
        names = built.gone if built is not None else named
        if not any(map(php_headers.compiles, run.commands)):
            if names:
                waiting[run.stage.index] = (run, names)
            continue
        earlier = waiting.pop(run.stage.index, None)
        if earlier is not None:
            yield _apart(file, run, *earlier)
        if names:
            yield _told(file, run, names, built, ask)


def _apart(file: File, run: Run, first: Run, named: list[str]) -> Decline:
    """Headers of one RUN, extensions of another one."""
    return Decline(
        _installed(first),
        f"{_listed(named)} serve line {file.line(run.span.start)}, which compiles extensions in another layer: "
        "in one RUN they could be taken away again",
    )


def _told(file: File, run: Run, named: list[str], built: php_alpine.Built | None, ask: Ask) -> Finding | Decline:
    want = php_headers.wanted(file, run, ask, alpine=built is not None)
    change = style.Refusal(want.why) if want.why else _taken_away(run, named) if built is None else _deleted(run, built)
    if isinstance(change, style.Refusal):
        return Decline(_installed(run), f"{_listed(named)} ship with the extensions that are compiled here: {change.why}")
    stay = "libraries, programs and data that came with them stay"
    questions = list(want.questions)
    if php_headers.of_distribution(named):
        stay = "libraries that came with them stay, and so does PHP; a compiler that only they brought goes"
        questions.append("to confirm: nothing calls a program that only packages of headers brought: make, gcc, perl")
    elif built is not None:
        stay = f"asked for by name, so that they stay: {', '.join(built.kept)}" if built.kept else "no library goes along"
        questions.append("to confirm: each extension finds its libraries: `php -v` in a container warns of none that cannot be loaded")
    because = (f"{_listed(named)} serve nothing but the compiler", stay, *questions)
    safety = Safety.SHOW if questions else Safety.REVIEW
    title = "Take headers away once extensions of PHP are compiled"
    return Finding(_installed(run), title, change, safety, because)


def _taken_away(run: Run, named: list[str]) -> Change | style.Refusal:
    """On Debian: whatever else came along is marked, so that it stays; where PHP is Debian's own, libraries and PHP."""
    unknown = php_headers.removes_unknown(run)
    if unknown:
        return style.Refusal(f"it removes {unknown} by itself, and which of them stay is not known")
    if not _as_root(run):
        return style.Refusal("apt is called by sudo, or as a user who may not remove packages")
    first, *more = _OF_DISTRIBUTION if php_headers.of_distribution(named) else _TAKEN_AWAY
    return style.append(run, first, below=True, more=more)


def _deleted(run: Run, built: php_alpine.Built) -> Change | style.Refusal:
    """On Alpine: apk takes along what nobody asked for, so that libraries are asked for."""
    if built.against:
        return style.Refusal(built.against[0])
    if not _as_root(run):
        return style.Refusal("apk is called by sudo, or as a user who may not delete packages")
    asked = [f"apk add --no-cache {' '.join(built.kept)}"] if built.kept else []
    first, *more = (*asked, f"apk del --no-cache {' '.join(built.gone)}")
    return style.append(run, first, below=True, more=more)


def _as_root(run: Run) -> bool:
    installs = [one for one in run.commands if one.subcommand in ("install", "add")]
    return not any(map(privilege.with_sudo, installs)) and (run.state.root or privilege.seen_as_root(run))


def _installed(run: Run) -> Span:
    return span_of(run, next(one for one in run.commands if one.subcommand in ("install", "add")))


def _listed(named: list[str]) -> str:
    return ", ".join(named[:3]) + (f" and {len(named) - 3} more" if len(named) > 3 else "")
