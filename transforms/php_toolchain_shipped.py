"""Split a PHP build: let Composer install in a builder stage, ship the program without Composer, git and headers.

## What it does
Names the stage `builder` and adds a final stage on the same image of `php`: `COPY --from` of the folders that the Dockerfile
brings, with `vendor/`, of extensions that `docker-php-ext-install` or `pecl` compiled, of settings (`/usr/local/etc/php`,
`/etc/apache2`); packages without git, unzip, Node.js, compilers and headers; users, ENV, WORKDIR, USER, what `a2enmod` switches
on, links. LABEL, EXPOSE, VOLUME, HEALTHCHECK, CMD and their like move there. `libicu-dev` becomes `libicu76`, by the release of
the image; a `-dev` package whose library is not known there goes along.

## Why it saves
`composer install` wants git, unzip and headers of what extensions link, and nothing does afterwards. Deleting them in a later
RUN saves nothing: the layer below keeps them.

## When it is safe
A person decides (SHOW), and is asked: whether nothing that runs calls Composer, git or another package that stays, whether
scripts and plug-ins of Composer, and PHP that runs in the build, leave nothing outside of their folder, and whether every
extension loads.

## What it leaves alone
Images to develop, test or work in: those that start nothing of their own, a shell, Composer, phpunit, npm or a script of the
context that calls Composer. What leaves nothing but Composer, unzip and their like in the builder: 10 MB are not worth a stage.
Images that are not `php`'s own, PHP of a distribution, `composer global` of programs into a home folder,
`install-php-extensions`, what other package managers, archives and make leave. Packages of a version or a place of one's own,
ONBUILD, SHELL, stages on stages.
Without a word: images that start nothing of their own, or a shell.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.model import split_idle
from rewriter.model.file import File
from rewriter.rule import SPLIT, Ask, Decline, Finding, Phase, Safety, transform


@transform(
    phase=Phase.STAGES,
    touches=SPLIT,
    safety=Safety.SHOW,
    only_shows=True,
    tools={"composer", "composer.phar", "php", "php5", "php7", "php8"},
)
def php_toolchain_shipped(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if "composer" not in file.source:
        return
    from rewriter.model import split_php  # modules that few files need

    if split_idle.starts_nothing(file) and not split_php.serves(file):
        return
    found = split_php.split(file, ask)
    if found is not None:
        yield found
