"""Split the build of a static site: write it in a builder stage, ship what serves it without the generator.

## What it does
Where a RUN calls hugo, jekyll, mkdocs, sphinx-build, hexo, zola, gitbook or middleman and the image serves what they wrote,
names the stage `builder` and adds a final stage on what serves: the same image of `nginx`, `httpd` or `caddy`; the same system,
where a package brings the server, or the system below an image of Python, Ruby, Node.js or Go; `python:X-slim` for `python -m
http.server`. There go the folder that the generator writes (`public`, `_site`, `site`, or where an option or settings that are
seen say), what is copied or written beside, the server's packages and settings; what a RUN deletes of them is deleted again.
LABEL, EXPOSE, VOLUME, HEALTHCHECK, CMD and their like move there. Sources stay, unless something that is seen serves them.

## Why it saves
A site is text and pictures; beside it lie Ruby, Python or Node.js with a generator, or hugo. Of 8 projects on local stand-ins the
median lost 44 % (`benchmarks/splits_sites`).

## When it is safe
A person decides (SHOW), and is asked: whether settings of the project name another folder, where none is seen; whether the server
serves nothing but what goes along and calls nothing; whether nothing reads the sources.

## What it leaves alone
Images that start the generator's own server (`jekyll serve`, `hugo server`, `mkdocs serve`): the decline names the way out.
Images whose system, and whose server, is not known; sites that are written among files of the system (`-d /usr`); `make html`
and other scripts that write where it is not known; servers of Node.js; ONBUILD, SHELL, stages on stages.
Without a word: images that start nothing of their own, or a shell; generators that are taken away again by their own RUN.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter.model.file import File
from rewriter.rule import SPLIT, Ask, Decline, Finding, Phase, Safety, transform

_GENERATORS: Final = frozenset("hugo jekyll mkdocs sphinx-build hexo zola gitbook middleman".split())
#: these call them: ``bundle exec jekyll build``
_CALLERS: Final = frozenset(("bundle", "python", "npx"))


@transform(phase=Phase.STAGES, touches=SPLIT, safety=Safety.SHOW, only_shows=True, tools=_GENERATORS | _CALLERS)
def site_generator_shipped(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if not any(one in file.source for one in _GENERATORS):
        return
    from rewriter.model import split_site  # modules that few files need

    found = split_site.split(file, ask)
    if found is not None:
        yield found
