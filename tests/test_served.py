"""Which release lies below an image, whether its packages are still where apt looks, and whether a name was looked up there."""

from __future__ import annotations

import pytest

from rewriter.knowledge import dev_packages
from rewriter.model import served
from rewriter.model.file import File
from rewriter.model.run import Memory
from rewriter.syntax.dockerfile import read


def file(text: str) -> File:
    return File(read(text), Memory())


@pytest.mark.parametrize(
    ("image", "release"),
    [
        ("debian:9-slim", "stretch"),
        ("debian", "current"),
        ("ubuntu:18.04", "bionic"),
        ("ruby:2.5-slim-stretch", "stretch"),
        ("python:3.6-slim", "bullseye"),
        ("rust:1.40", "buster"),
        ("python:3.7.4-slim", ""),
        ("somebody/base", ""),
        ("alpine:3.9", ""),
    ],
)
def test_release_below_an_image(image: str, release: str) -> None:
    assert served.release_of(image) == release


def test_a_release_that_left_the_mirrors() -> None:
    silent = file("FROM debian:9\nRUN make\n")
    assert served.against(silent, ["libpq5"], "stretch") == (
        "libpq5 would be installed, and stretch is no longer served where apt looks: a tag on a newer one would do"
    )
    assert served.against(silent, [], "stretch") == ""
    assert served.against(silent, ["libpq5"], "bookworm") == ""
    assert (
        served.against(file("FROM debian:9\nRUN apt-get update && apt-get install -y make\n"), ["libpq5"], "stretch")
        == ""
    )


def test_what_is_asked_of_a_build_that_fetched_nothing() -> None:
    silent = file("FROM debian\nRUN make\n")
    assert served.question(silent, ["a", "b"], "bookworm") == (
        "can the build fetch a, b from the mirror? It fetched nothing from there before."
    )
    assert served.question(silent, ["a"], "").endswith(" Whether its release is still served there is not known.")
    assert served.question(silent, ["a"], "bullseye").endswith(" Whether bullseye is still served there is not known.")
    assert served.question(file("FROM debian\nRUN apt-get update\n"), ["a"], "") == ""


@pytest.mark.parametrize(
    ("release", "asked"), [("bookworm", True), ("xenial", True), ("current", True), ("buster", False), ("", False)]
)
def test_releases_in_which_names_were_asked(release: str, asked: bool) -> None:
    assert dev_packages.asked(release) is asked
