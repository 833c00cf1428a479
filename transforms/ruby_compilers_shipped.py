"""Split a Ruby build: compile gems in a builder stage, ship them without the compilers.

## What it does
Names the stage `builder` and adds a final stage, on the slim variant where the full image compiles, else on the same image:
packages without compilers and headers, `COPY --from` of where gems go (`/usr/local/bundle`; `/var/lib/gems` and `/usr/local/bin`
on Debian and Ubuntu; the folder that BUNDLE_PATH, GEM_HOME, `--path` or `bundle config` names), the folders that the Dockerfile
brings with what `rake assets:precompile` makes in them, users, ENV, WORKDIR, USER; LABEL, EXPOSE, VOLUME, HEALTHCHECK, CMD and
their like move there. `libpq-dev` becomes `libpq5`; a `-dev` package whose library has another name from release to release goes
along. From the full image the libraries go along that gems of Gemfile.lock link (`sqlite3`: libsqlite3-0).

## Why it saves
`build-essential`, `build-base` and headers are there for one `bundle install`. Deleting them in a later RUN saves nothing: the
layer below keeps them. The full image of `ruby` has compilers and headers itself, and is 700 MB larger than its slim variant.
Sizes: hub.docker.com/_/ruby/tags.

## When it is safe
A person decides (SHOW), and is asked: whether nothing that runs calls a compiler or `bundle install`, whether every gem finds its
libraries (with the command that tells), what a task that runs in the build leaves elsewhere.

## What it leaves alone
Images to develop, test or work in: those that start nothing of their own, a shell, `bundle install`, rspec, guard, or a script of
the context that installs. Compilers that their own RUN takes away again. Alpine's own Ruby, images of other languages, rbenv and
rvm, a Ruby that the file compiles, `ruby` before 2.2. Gems in the home of another user; what other package managers, archives and
make leave. Packages of a version or a place of one's own, ONBUILD, SHELL, stages on stages.
Without a word: images that start nothing of their own, or a shell; what builds and is taken away again by its own RUN.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rewriter.model import split_idle
from rewriter.model.file import File
from rewriter.rule import SPLIT, Ask, Decline, Finding, Phase, Safety, transform

#: what installs compilers, and what installs gems
_TOOLS: Final = "apt-get apt aptitude apk yum dnf microdnf zypper pacman gem bundle bundler"


@transform(phase=Phase.STAGES, touches=SPLIT, safety=Safety.SHOW, only_shows=True, tools=set(_TOOLS.split()))
def ruby_compilers_shipped(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if "gem install" not in file.source and "bundle" not in file.source:
        return
    if split_idle.starts_nothing(file):
        return
    from rewriter.model import split_ruby  # modules that few files need

    found = split_ruby.split(file, ask)
    if found is not None:
        yield found
