"""Split a build of Elixir or Erlang: make the release in a builder stage, ship it without Mix, sources and compiled dependencies.

## What it does
Names the stage `builder` and adds a final stage on the system that its image is built on: `debian:X-slim` of the same release,
or the same Alpine. There go the release that CMD starts, at its path (`_build/prod/rel/NAME`, or where a RUN copies or unpacks
it), what Erlang's runtime links (libncurses6, libstdc++6, OpenSSL; on Alpine ncurses-libs, libstdc++, openssl), certificates,
`ENV LANG=C.UTF-8` as in Elixir's image, packages, users, ENV, WORKDIR, USER; LABEL, EXPOSE, VOLUME, HEALTHCHECK, CMD and their
like move there. Sources, `deps`, `node_modules` and what is compiled on the way stay, unless CMD, ENV or a script names them.

## Why it saves
The image of `elixir` has Erlang, its sources, compilers and headers. A release brings the part of Erlang that it needs. Of 13
projects on local stand-ins the median lost 87 % (`benchmarks/splits_elixir`).

## When it is safe
A release runs on the distribution and version that it was made on (hexdocs.pm/mix/Mix.Tasks.Release.html). A person decides
(SHOW), and is asked: on which release the image lies (with the command that tells), whether Erlang is in the release where no
mix.exs or rebar.config is seen, whether native libraries find what they link, whether nothing reads the sources that stay.

## What it leaves alone
Images that start Mix, Elixir or Erlang themselves (`mix phx.server`, `iex -S mix`, `erl -pa`), and those that make an escript or
no release: the decline names the way out, a release. Releases without Erlang (`include_erts: false`) or with links (`dev_mode`).
Other images than `elixir`, `erlang` and `hexpm/*`, whose tags do not tell their system; tags that are not in the tables; scripts
that are seen to call Mix; `make` and other tools that write where it is not known; ONBUILD, SHELL, stages on stages.
Without a word: images that start nothing of their own, or a shell; what builds and is taken away again by its own RUN.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.model import split_idle
from rewriter.model.file import File
from rewriter.rule import SPLIT, Ask, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.STAGES, touches=SPLIT, safety=Safety.SHOW, only_shows=True, tools={"mix", "rebar3", "rebar"})
def elixir_toolchain_shipped(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    if split_idle.starts_nothing(file):
        return
    from rewriter.model import split_elixir  # modules that few files need

    found = split_elixir.split(file, ask)
    if found is not None:
        yield found
