"""Where calls of make, cmake and their like put what they build, as far as their words say."""

from __future__ import annotations

import pytest

from rewriter.model import split_c_places
from rewriter.model.command import Command
from rewriter.model.scope import State
from rewriter.model.split_start import commands_of


def command(text: str) -> Command:
    found = commands_of(text)
    assert found is not None
    return found[-1]  # a substitution stands in front


@pytest.mark.parametrize(
    ("text", "folders"),
    [
        ("./configure --prefix=/opt/x", ("/opt/x",)),
        ("./configure --prefix /opt/x", ("/opt/x",)),
        ("cmake -D CMAKE_INSTALL_PREFIX=/opt/x ..", ("/opt/x",)),
        ("cmake -DCMAKE_INSTALL_PREFIX:PATH=../x ..", ("/src/x",)),
        ("PREFIX=/opt/x make install", ("/opt/x",)),
        ("make install DESTDIR=/stage", ("/stage",)),
        ("./configure --prefix=/usr/local --sysconfdir=/etc/x", ("/usr/local", "/etc/x")),
        ("./configure --with-openssl=/usr --mandir=/usr/share/man", ()),
    ],
)
def test_folders_that_words_name(text: str, folders: tuple[str, ...]) -> None:
    told = split_c_places.told(command(text), State(), "/src/build")
    assert told.folders == folders
    assert not told.why


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("./configure --prefix=/usr", "installs into /usr, among files"),
        ("./configure --prefix=/opt/x --sysconfdir=/etc", "installs into /etc, among files"),
        ("./configure --prefix=$(pwd)/out", "where configure installs is not known"),
        ("make install PREFIX=$TARGET", "where make installs is not known"),
    ],
)
def test_folders_that_stand_against_a_split(text: str, why: str) -> None:
    assert why in split_c_places.told(command(text), State(), "/src").why


def test_a_variable_of_the_image_counts() -> None:
    told = split_c_places.told(command("make install"), State(environment={"PREFIX": "/opt/x"}), "/src")
    assert told.folders == ("/opt/x",)


@pytest.mark.parametrize(
    ("text", "installs"),
    [
        ("make install", True),
        ("make -j4 all install-strip", True),
        ("make -C sub PREFIX=/x install_sw", True),
        ("ninja -C build install", True),
        ("cmake --install build", True),
        ("make installer=no", False),
        ("make all", False),
        ("cmake -DCMAKE_INSTALL_PREFIX=/opt/x .", False),
    ],
)
def test_what_installs(text: str, installs: bool) -> None:
    assert split_c_places.installs(command(text)) is installs


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("gcc -o /usr/bin/x x.c", "/usr/bin/x"),
        ("g++ x.cpp -o x", "/src/x"),
        ("gcc x.c", "/src/a.out"),
        ("gcc -c x.c", ""),
        ("gcc -o $NAME x.c", None),
    ],
)
def test_what_a_compiler_writes(text: str, path: str | None) -> None:
    assert split_c_places.output(command(text), State(), "/src") == path
