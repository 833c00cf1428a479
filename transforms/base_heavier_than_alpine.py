"""Start from the Alpine variant of an official image where nothing that is used can tell the difference.

## What it does
Writes the `-alpine` tag of the same version (`node:22` becomes `node:22-alpine`), and what goes with it, or nothing:
`apt-get update`, `install`, `clean` and the removal of lists become one `apk add --no-cache`, word by word in the author's
layout; `useradd`, `groupadd` and `usermod -aG` become `adduser` and `addgroup`; bash is installed where bash reads a script;
so are commands that the full variant has and Alpine's base lacks (git, curl). For images of a server that have no slim
variant (nginx, httpd, redis, memcached, haproxy, rabbitmq), and for PHP by itself, what is not seen is a question, as in the
step to slim; where pecl or make compiles for PHP, `$PHPIZE_DEPS` is installed, which only Debian's variants keep;
composer.lock says which extensions and programs its packages want. The JRE of Eclipse Temurin (`17-jre` becomes
`17-jre-alpine`) where pom.xml or build.gradle names no library that is linked to glibc.

## Why it saves
Alpine variants hold busybox and musl in place of Debian's base: `python:3.13.15-alpine3.23` has 46 MB uncompressed, the slim
variant 126 MB, the full one 1,110 MB (knowledge/variants.toml, listings of 2026).

## When it is safe
A person decides (SHOW): musl allocates memory, asks DNS servers and computes otherwise, and Node.js calls its builds for musl
unofficial. With `base = "alpine"` that is decided, and it is REVIEW. All that the slim variant asks for has to be seen, and
more: each Debian package has a name that Alpine's lists show; every command of the file is in Alpine's base with options that
busybox was seen to read alike; sh is used in a way that dash and busybox agree on; Python packages are pure, or have wheels
for musl on amd64 and arm64 for this Python; npm packages are pure, and a package-lock.json of npm 7 or later shows that no
other has an install script or is made for one platform.

## What it leaves alone
What only bash reads where sh runs it; users that the file names and does not make; locales and time zones; `echo` with
backslashes, also in values; times in formats of glibc; packages of a pinned version, from backports, or removed again; a tag
that names a Debian release, which its author chose; PHP with Apache. Of other images that have a slimmer variant it says why
that is not proposed: PostgreSQL sorts text as the C library does, compilers want a stage of their own for the build. What
stands against the slim variant too is said there, once.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge import variants
from rewriter.knowledge.unknown import Unknown
from rewriter.model import base_swap, style
from rewriter.model.file import File
from rewriter.model.needs import shortly
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, Saving, transform


@transform(
    phase=Phase.BASE,
    touches={"FROM", "ARG", "RUN"},
    safety=Safety.SHOW,
    images=variants.ON_ALPINE | variants.UNJUDGED,
)
def base_heavier_than_alpine(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if ask.settings.base == "slim":
        return
    if file.image_of(file.stages[-1]) in variants.UNJUDGED:
        place = base_swap.place_of(file, variants.UNJUDGED, ask, "full")
        if isinstance(place, Unknown):
            yield Decline(base_swap.from_of(file), f"it is not known {place.why}")
        elif place is not None and (why := variants.unjudged(place.image, place.written)):
            if place.image not in variants.OF_CLASSES:
                yield Decline(place.place, why)
                return
            from rewriter.model import java_project  # here: few files get so far

            if java_project.any_of(ask):
                yield from _moved(file, ask)
            else:
                yield Decline(place.place, f"{why} (a pom.xml or build.gradle of the context would tell)")
        return
    yield from _moved(file, ask)


def _moved(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    base = base_swap.base_of(file, variants.ON_ALPINE | variants.OF_CLASSES, ask, "full", "slim")
    at = base_swap.from_of(file)
    if base is None:
        return
    if isinstance(base, Unknown):
        if base_swap.serves(file) or file.image_of(file.stages[-1]) in variants.OF_CLASSES:
            yield Decline(at, f"it is not known {base.why}")
        return  # what stands against any other base is said by the step before, to slim
    if base.tag.flavour == "apache":
        yield Decline(
            at, "PHP with Apache is made on Debian only: on Alpine there is PHP by itself, behind a server of its own"
        )
        return
    if base.tag.release:
        system = "Ubuntu" if base.image in variants.OF_CLASSES else "Debian"
        yield Decline(at, f"the tag names {system} {base.tag.release}, which its author chose: one without it would do")
        return
    other = variants.sibling(base.image, base.written, "alpine")
    if isinstance(other, Unknown):
        yield Decline(at, f"it is not known {other.why}")
        return
    retagged = base_swap.retag(file, base, other.tag)
    if isinstance(retagged, style.Refusal):
        yield Decline(at, retagged.why)
        return
    needs = base_swap.needs(file, base, ask)
    if base_swap.serves(file):  # there is no step before
        against = needs.blocks + needs.alpine
    elif (needs.blocks or needs.asks) and base.tag.kind == "full" and base.image not in variants.OF_CLASSES:
        return
    else:
        against = needs.blocks + needs.asks + needs.alpine
    if against:
        yield Decline(at, shortly(against))
        return
    if other.doubt:
        needs.ask(other.doubt)
    if base.image in variants.OF_CLASSES:
        from rewriter.knowledge import java

        if java.for_amd64_only(base.tag.version):
            needs.ask("nobody builds it for another machine than amd64, for which alone it is on Alpine up to Java 20")
    from rewriter.model import alpine_swap  # here: few files get so far

    moved = alpine_swap.moved(file, base, needs, other.release)
    if isinstance(moved, style.Refusal):
        yield Decline(at, moved.why)
        return
    size = variants.saved(base.image, base.tag, "alpine")
    yield Finding(
        base.place,
        f"Start from {base.image}:{other.tag}",
        retagged + moved.change,
        Safety.REVIEW if ask.settings.base == "alpine" and not moved.doubtful and not needs.asks else Safety.SHOW,
        (
            f"{base.image}:{other.tag} is of the same version",
            *base_swap.because(
                needs, "each command, package and module is known to need nothing of glibc, bash or GNU's tools"
            ),
            *moved.facts,
            "musl asks DNS servers otherwise, has smaller stacks in threads and allocates memory more slowly",
            "bash and Debian's packages are no longer there to look around or build with",
        ),
        Saving(*size) if size is not None else None,
    )
