"""The tables about base images answer from rows, or say that they do not know."""

from __future__ import annotations

import pytest

from benchmarks import tables
from rewriter.knowledge import alpine, contents, libraries, musl, programs, variants
from rewriter.knowledge.tables import names as table_names
from rewriter.knowledge.tables import table
from rewriter.knowledge.unknown import Unknown
from rewriter.model import stage_start


@pytest.mark.parametrize(
    ("image", "tag", "kind", "expected"),
    [
        ("python", "", "slim", "slim"),
        ("python", "3.9", "slim", "3.9-slim"),
        ("python", "3.9.1", "slim", "3.9.1-slim"),
        ("python", "3.8-bookworm", "slim", "3.8-slim-bookworm"),
        ("python", "3.12", "alpine", "3.12-alpine"),
        ("node", "22-bookworm", "slim", "22-bookworm-slim"),
        ("node", "8", "slim", "8-slim"),
        ("node", "22-slim", "alpine", "22-alpine"),
        ("node", "carbon", "slim", "carbon-slim"),
        ("node", "5", "slim", "5-slim"),
        ("nginx", "", "alpine", "alpine"),
        ("nginx", "stable", "alpine", "stable-alpine"),
        ("nginx", "1.25", "alpine", "1.25-alpine"),
        ("nginx", "1.7", "alpine", None),
        ("debian", "", "slim", "stable-slim"),
        ("debian", "jessie", "slim", "jessie-slim"),
        ("debian", "9", "slim", "9-slim"),
        ("debian", "8.2", "slim", None),  # older than the variant
        ("debian", "lenny", "slim", None),
        ("openjdk", "8-jre", "slim", "8-jre-slim"),
        ("openjdk", "8-jre", "alpine", "8-jre-alpine"),
        ("python", "3.6-wheezy", "slim", None),  # no row shows this tag
        ("python", "3.4.1", "slim", None),  # older than the variant
        ("python", "3.15-rc", "slim", None),
        ("python", "3.15", "slim", None),
        ("node", "carbon-wheezy", "slim", None),
        ("node", "8.9", "alpine", "8.9-alpine"),
        ("node", "9999", "slim", None),
        ("node", "22-alpine", "slim", None),
    ],
)
def test_sibling(image: str, tag: str, kind: str, expected: str | None) -> None:
    found = variants.sibling(image, tag, kind)
    assert (found.tag if isinstance(found, variants.Sibling) else None) == expected


def test_a_tag_of_one_patch_names_no_release() -> None:
    found = variants.sibling("python", "3.9.1", "slim")
    assert isinstance(found, variants.Sibling) and not found.release


def test_what_the_table_does_not_show_is_a_doubt() -> None:
    for image, tag in (("python", "3.7"), ("node", "6.9.1")):
        found = variants.sibling(image, tag, "slim")
        assert isinstance(found, variants.Sibling) and found.doubt and not found.release


@pytest.mark.parametrize(
    ("image", "tag", "kept"),
    [
        ("debian", "bullseye", True),
        ("debian", "11.3", True),
        ("debian", "", True),
        ("debian", "oldstable", True),
        ("debian", "buster", False),
        ("debian", "9", False),
        ("python", "3.12", True),
        ("python", "3.12.1", False),  # which release it was built on is not known
        ("node", "16.5.0-bullseye", False),  # of July 2021
        ("node", "22.1.0-bookworm", True),
        ("python", "3.5", False),
        ("python", "3.12-slim", False),
    ],
)
def test_slim_variants_with_the_folders_of_manual_pages(image: str, tag: str, kept: bool) -> None:
    assert variants.keeps_manual_folders(image, tag) == kept


@pytest.mark.parametrize(
    ("image", "tag", "kind", "other"),
    [
        ("python", "2.7.9", "slim", "2.7.9-slim"),
        ("python", "3.7-stretch", "slim", "3.7-slim-stretch"),  # listed before the library dropped it
        ("python", "3.5-wheezy", "slim", ""),
        ("ruby", "2.4-stretch", "slim", "2.4-slim-stretch"),
        ("node", "0.12.5", "slim", "0.12.5-slim"),
        ("python", "2.7.8", "slim", ""),  # older than the first slim image
        ("node", "6.10.0", "alpine", "6.10.0-alpine"),
        ("node", "6.2.0", "alpine", ""),
        ("openjdk", "8u181-jre", "slim", "8u181-jre-slim"),
        ("openjdk", "8u181-jdk-stretch", "slim", "8u181-jdk-slim-stretch"),  # seen before the library dropped it
        ("openjdk", "8u191-jdk-stretch", "slim", ""),
        ("ruby", "2.2.0", "slim", "2.2.0-slim"),
        ("ruby", "2.1.4", "slim", ""),
        ("node", "lts", "slim", "lts-slim"),
        ("python", "lts", "slim", ""),
        ("debian", "stretch-backports", "slim", ""),
        ("openjdk", "8u102", "slim", ""),
        ("openjdk", "lts", "slim", ""),
        ("openjdk", "stable", "slim", ""),
        ("debian", "mainline", "slim", ""),
        ("debian", "8u111", "slim", ""),
        ("debian", "stable-jdk", "slim", ""),
        ("rabbitmq", "3-management", "alpine", "3-management-alpine"),
        ("python", "3-management", "slim", ""),
        ("php", "7.2-fpm", "alpine", "7.2-fpm-alpine"),
        ("php", "7.2-apache", "alpine", ""),
        ("php", "7-zts", "alpine", ""),
        ("python", "3.12-fpm", "slim", ""),
        ("php", "7.1-zts", "alpine", "7.1-zts-alpine"),  # seen, as the following
        ("node", "lts-stretch", "slim", "lts-stretch-slim"),
        ("tomcat", "8-jre8", "slim", "8-jre8-slim"),
        ("tomcat", "8.5-jdk8-openjdk", "slim", "8.5-jdk8-openjdk-slim"),
        ("tomcat", "9.0", "slim", ""),  # still made, without a slim variant
        ("maven", "3-jdk-8", "slim", "3-jdk-8-slim"),
        ("maven", "3.8.5-openjdk-17", "slim", ""),  # on another system
        ("maven", "latest", "slim", ""),
        ("openjdk", "12", "slim", ""),
        ("debian", "bookworm-20240211", "slim", "bookworm-20240211-slim"),
        ("debian", "testing-20240211", "slim", "testing-20240211-slim"),
        ("debian", "jessie-20180831", "slim", ""),
        ("debian", "12-20240211", "slim", ""),
        ("python", "3.12-bookworm-20240211", "slim", ""),
        ("eclipse-temurin", "17-jre", "alpine", "17-jre-alpine"),
    ],
)
def test_variants_of_a_patch_or_a_flavour(image: str, tag: str, kind: str, other: str) -> None:
    found = variants.sibling(image, tag, kind)
    assert (found.tag if isinstance(found, variants.Sibling) else "") == other


def test_look_ups_say_what_they_do_not_know() -> None:
    assert isinstance(contents.has("python", "slim", "buster", "git"), Unknown)
    assert contents.has("python", "slim", "bookworm", "git") is False
    assert contents.has("python", "full", "bookworm", "git") is True
    assert isinstance(programs.package("no-such-command"), Unknown)
    assert programs.package("git") == "git"
    assert isinstance(programs.of_package("no-such-package"), Unknown)
    assert alpine.names("git", "3.22") == alpine.Names(("git",))
    assert isinstance(alpine.names("python", "3.22"), Unknown), "Python 2 was last seen in 3.15"
    assert alpine.names("git", "") == alpine.Names(("git",)), "each list has it"
    assert isinstance(alpine.names("tini", ""), Unknown)
    later = alpine.names("git", "3.24")
    assert later == alpine.Names(("git",), "3.22")
    assert alpine.names("procps", "3.22") == alpine.Names(("procps-ng",))
    assert alpine.names("fonts-thai-tlwg", "3.15") == alpine.Names(("ttf-tlwg",))
    assert alpine.names("fonts-thai-tlwg", "3.22") == alpine.Names(("font-tlwg",))
    assert alpine.names("mktemp", "3.22") == alpine.Names(())
    assert alpine.names("libgconf-2-4", "3.9") == alpine.Names(("gconf",))
    dropped = alpine.names("libgconf-2-4", "3.22")
    assert isinstance(dropped, alpine.Absent) and "GConf was dropped" in dropped.why
    assert isinstance(alpine.names("libopenjpeg-dev", "3.22"), alpine.Absent), "another interface"
    assert isinstance(alpine.names("python", "3.24"), Unknown), "gone from main before its last list"
    community = alpine.names("tini", "3.24")
    assert community == alpine.Names(("tini",), "3.15")
    assert alpine.names("bat", "3.24") == alpine.Names(("bat",), "3.15"), "seen in one release only"
    assert isinstance(alpine.names("no-such-package", "3.22"), Unknown)
    assert alpine.alike("mkdir", {"-p"}) and not alpine.alike("mkdir", {"-Z"}) and not alpine.alike("sed", {"-i"})
    assert "-P" in alpine.gap("grep").options and not alpine.gap("no-such-applet").options
    assert alpine.absent("useradd") and not alpine.absent("ls")
    assert musl.hazard("python", "torch") and not musl.hazard("python", "flask")
    assert libraries.wheels("numpy", "3.5") is None and not libraries.known("no-such-package")
    assert variants.saved("node", variants.Tag("8", "full", ""), "slim") is None
    assert variants.gone("java") and not variants.gone("python")


def test_ranges() -> None:
    assert tables.versions(["2.7", "3.2-3.4"]) == ["2.7", "3.2", "3.3", "3.4"]
    with pytest.raises(ValueError, match="two majors"):
        tables.versions(["2.7-3.1"])


def test_every_import_name_belongs_to_a_known_package() -> None:
    assert all(libraries.known(package) for package in libraries.modules().values())


def test_a_compose_file_above_the_context_counts_for_the_service_that_is_built_from_it() -> None:
    """Other services of the file start other images."""
    text = """
services:
  db:
    command: postgres
  # its own
  site:
    build: ./web
    healthcheck:
      test: curl -f http://localhost
volumes:
  web:
"""
    (own,) = stage_start._services(text, "web")
    assert "test:" in own
    assert "command:" not in own


def test_every_image_with_a_slimmer_variant_is_judged_or_known_not_to_be() -> None:
    tables_ = table_names("variants.toml")
    having = {name.split()[0] for name in tables_ if name.endswith((" slim", " alpine"))}
    on_alpine = {image for image in having if "alpine" in table("variants.toml", f"{image} full")["under"]}
    judged = variants.FAMILIES | variants.ON_ALPINE | variants.all_gone() | {"golang", "gradle"}
    assert having - on_alpine - judged == variants.UNJUDGED
    assert all(variants.unjudged(image, "1-jre") for image in variants.UNJUDGED)


@pytest.mark.parametrize(
    ("image", "tag", "kind", "hint"),
    [
        ("nginx", "1.9.9", "alpine", "each from 1.10 on has one"),
        ("python", "2.7.8", "slim", "each from 2.7.9 on has one"),
        ("debian", "8.0", "slim", "debian:8-slim would do"),
        ("openjdk", "latest", "slim", "on Oracle Linux, its slim variant on Debian"),
        ("tomcat", "10.1", "slim", "slimmer variants of tomcat are made no more"),
    ],
)
def test_what_would_do_is_said_of_a_tag_without_a_variant(image: str, tag: str, kind: str, hint: str) -> None:
    found = variants.sibling(image, tag, kind)
    assert not isinstance(found, variants.Sibling)
    assert hint in found.why
