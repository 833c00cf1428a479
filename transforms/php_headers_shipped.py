"""Take headers away in the RUN that compiled extensions of PHP with them.

## What it does
Adds three commands to a RUN that installs `lib...-dev` packages and calls `docker-php-ext-install`, `pecl install` or `phpize`:
the packages of headers become ones that apt may remove, all others that came with them become ones that it may not, and
`apt-get autoremove --purge` removes what is left. Where PHP is a package of Debian or Ubuntu, `php-dev` and `build-essential` go
too, with the compiler that they brought. On Alpine `apk add` asks for the libraries by name (`icu-dev`: `icu-libs`), and
`apk del` takes away headers and compiler, with `$PHPIZE_DEPS`.

## Why it saves
Headers and static libraries are there for one compilation: `libicu-dev`, `libpq-dev` and `libjpeg-dev` are 70 MB in Debian 13.
Removed in a later RUN they would stay in the layer below. On Debian the image of PHP has the compiler itself, which stays.

## When it is safe
On the image of PHP no package goes but those whose names end in `-dev`, and of these none that another package needs: libraries,
programs and data that came along stay, so that every extension finds what it is linked to. Packages of headers from earlier RUNs
go too. No later RUN, nothing that the image starts and no script of the context compiles any more; what is not seen is asked, and
so is who works in an image that starts nothing of its own, or a shell. Where PHP is the distribution's, whose headers bring
programs too, and on Alpine, where a table says which package has a library, there is a question as well. It is always a proposal
(SHOW): whether three commands are worth what they save, 0.3 to 18 % of our projects, is for the owner to say.

## What it leaves alone
Headers in one RUN and the extensions in another one; extensions that a later RUN compiles, but for those that need no header
(`pdo_mysql`, `opcache`, `apcu`); images that compile when they start, and ONBUILD; RUNs that remove what is not known; packages
of Alpine whose library is not known, or that a later RUN deletes; installs by sudo. Without a word: stages that do not ship, RUNs
that take their headers away by themselves or call `apt-mark`.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.model import php_alpine, php_edits, php_headers, style
from rewriter.model.caches import span_of
from rewriter.model.file import File
from rewriter.model.run import Run
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, transform
from rewriter.text import Span


@transform(
    phase=Phase.TIDY,  # on another base, say Alpine, it reads what stands there
    touches={"RUN"},
    safety=Safety.SHOW,
    tools={"docker-php-ext-install", "pecl", "phpize"},
    only_shows=True,
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
    change = (
        style.Refusal(want.why)
        if want.why
        else php_edits.taken_away(run, named)
        if built is None
        else php_edits.deleted(run, built)
    )
    if isinstance(change, style.Refusal):
        return Decline(
            _installed(run), f"{_listed(named)} ship with the extensions that are compiled here: {change.why}"
        )
    stay = "libraries, programs and data that came with them stay"
    questions = list(want.questions)
    if php_headers.of_distribution(named):
        stay = "libraries that came with them stay, and so does PHP; a compiler that only they brought goes"
        questions.append("to confirm: nothing calls a program that only packages of headers brought: make, gcc, perl")
    elif built is not None:
        stay = (
            f"asked for by name, so that they stay: {', '.join(built.kept)}" if built.kept else "no library goes along"
        )
        questions.append("to confirm: `php -v` in a container warns of no extension that cannot be loaded")
    because = (f"{_listed(named)} serve nothing but the compiler", stay, *questions)
    title = "Take headers away once extensions of PHP are compiled"
    return Finding(_installed(run), title, change, Safety.SHOW, because)


def _installed(run: Run) -> Span:
    return span_of(run, next(one for one in run.commands if one.subcommand in ("install", "add")))


def _listed(named: list[str]) -> str:
    return ", ".join(named[:3]) + (f" and {len(named) - 3} more" if len(named) > 3 else "")
