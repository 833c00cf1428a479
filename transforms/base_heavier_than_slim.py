"""Start from the slim variant of an official image where all that is used of the full one is known.

## What it does
Writes the `-slim` tag of the same version on the same Debian release (`python:3.12` becomes `python:3.12-slim`,
`node:22-bookworm` becomes `node:22-bookworm-slim`, `debian:12` becomes `debian:12-slim`, `debian:bookworm-20240211` its slim
variant of that day), and installs in the same edit the few packages that the file calls and the slim variant lacks (git,
curl, procps, media-types and their like), and those that `keep-tools` names. What pip compiles (psycopg2, mysqlclient,
uwsgi, netifaces) gets a compiler with headers in its RUN, which is removed at the end of it; the libraries that the result
is linked to stay. So do gems that Gemfile.lock names, as a proposal. A gcc that the file installs gets the headers of libc,
which it only recommends and full variants have. Of `FROM python:${V}` the place is edited that says the tag: FROM where the
argument says a version, else the argument's default. A registry in front stays, and so does `--platform`. A program of Java
whose build file names what draws text gets fontconfig and FreeType. Tomcat and Maven on openjdk go to the slim tags of
theirs that were seen, as proposals.

## Why it saves
Full variants start from buildpack-deps: compilers, headers of some sixty libraries, four version control systems,
ImageMagick. `python:3.13.14-trixie` has 1,110 MB and `python:3.13.15-slim-trixie` 126 MB uncompressed; `debian:trixie` 120
and `debian:trixie-slim` 79 (knowledge/variants.toml, listings of 2026). A program that needs none of it carries it along.

## When it is safe
REVIEW where all of this is seen and known: each command of RUN, CMD, ENTRYPOINT and HEALTHCHECK; scripts, requirement files,
project files and lock files of the build context (pip, uv, Poetry, Pipenv, npm, pnpm; of yarn what package.json says); the
program itself, followed from the file that is started through the modules that it imports or names; of `java -jar` the
pom.xml or build.gradle that the archive is built from, each of whose libraries has to be known, and the sources beside it.
Python packages are pure, or have wheels for this Python on amd64 and arm64; npm packages are pure, and the lock file names
no unknown install script. Debian's own slim variant has the same packages without documents, manual pages and translations:
REVIEW where no instruction names these and nothing is installed that fails without them. Before Debian 11 slim lacks the
folders into which Java, PostgreSQL's clients and their like put links when they are installed: these are made first, and
whether there are others is a question. SHOW where something is not seen or not known: each such thing is printed as a
question for a person. So is an argument in FROM that a file which builds the image names (compose, CI, make), or where no
such file can be seen.

## What it leaves alone
What is known to need the full variant: compilers and make, Debian's Python, packages that come as source only and of which it
is not known what they are linked to (python-ldap), or for whose Debian no compiler is served; a project that compiles parts
of its own; gems without a Gemfile.lock; Tk. Where a file, an option or a line would settle it, the decline says so. Images
with a digest; an ARG in FROM without a default, or whose default is used elsewhere too; a registry that `mirrors` of the
configuration does not name; tags that the tables do not show; ONBUILD; bases that another stage is built on.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge import variants
from rewriter.knowledge.unknown import Unknown
from rewriter.model import base_swap, compiled, style
from rewriter.model.file import File
from rewriter.model.needs import shortly
from rewriter.rule import Ask, Decline, Finding, Phase, Safety, Saving, transform


@transform(phase=Phase.BASE, touches={"FROM", "ARG", "RUN"}, safety=Safety.SHOW, images=variants.FAMILIES)
def base_heavier_than_slim(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    base = base_swap.base_of(file, variants.FAMILIES, ask, "full")
    at = base_swap.from_of(file)
    if base is None:
        return
    if isinstance(base, Unknown):
        yield Decline(at, f"it is not known {base.why}")
        return
    other = variants.sibling(base.image, base.written, "slim")
    if isinstance(other, Unknown):
        yield Decline(at, f"it is not known {other.why}")
        return
    retagged = base_swap.retag(file, base, other.tag)
    if isinstance(retagged, style.Refusal):
        yield Decline(at, retagged.why)
        return
    needs = base_swap.needs(file, base, ask)
    if other.doubt:
        needs.ask(other.doubt)
    if needs.blocks:
        yield Decline(at, shortly(needs.blocks))
        return
    installed = base_swap.install(file, base, needs, other.release)
    if isinstance(installed, style.Refusal):
        yield Decline(at, installed.why)
        return
    around = compiled.around(file, base, needs, other.release)
    if isinstance(around, style.Refusal):
        yield Decline(at, around.why)
        return
    size = variants.saved(base.image, base.tag, "slim")
    yield Finding(
        base.place,
        f"Start from {base.image}:{other.tag}",
        retagged + installed + around,
        Safety.SHOW if needs.asks else Safety.REVIEW,
        (
            f"{base.image}:{base.written or 'latest'} and {base.image}:{other.tag} are two variants of one version",
            *(f"{one.package} is installed: {one.why}" for one in needs.missing.values()),
            *base_swap.because(needs, base_swap.proven(base)),
            base_swap.lost(base, needs),
        ),
        Saving(*size) if size is not None else None,
    )
