"""Which release a base image is built on (a typed view of images.toml), and which images do not start as root."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from rewriter.glob import matches
from rewriter.knowledge.tables import table

#: Debian and Ubuntu by the day of their release, so that an index says which is newer
RELEASES: Final = tuple(
    "squeeze lucid precise quantal raring wheezy saucy trusty utopic vivid jessie wily xenial yakkety zesty stretch artful "
    "bionic cosmic disco buster eoan focal groovy hirsute bullseye impish jammy kinetic lunar bookworm mantic noble oracular "
    "plucky trixie current".split()
)
_DEBIAN: Final = dict(zip("6 7 8 9 10 11 12 13".split(), "squeeze wheezy jessie stretch buster bullseye bookworm trixie".split(),
                   strict=True))  # fmt: skip
#: what Debian calls stable, and its image latest, since 2025-08
STABLE: Final = "trixie"
_UBUNTU: Final = dict(
    zip(
        "10.04 12.04 12.10 13.04 13.10 14.04 14.10 15.04 15.10 16.04 16.10 17.04 17.10 18.04 18.10 19.04 19.10 20.04 20.10 "
        "21.04 21.10 22.04 22.10 23.04 23.10 24.04 24.10 25.04".split(),
        "lucid precise quantal raring saucy trusty utopic vivid wily xenial yakkety zesty artful bionic cosmic disco eoan "
        "focal groovy hirsute impish jammy kinetic lunar mantic noble oracular plucky".split(),
        strict=True,
    )
)
_NO_WORD: Final = re.compile(r"[^a-z]+")
_NUMBERED: Final = re.compile(r"(ubuntu|debian)[^0-9a-z]?(\d+(?:\.\d\d(?!\d))?)")
#: beginnings of the names of images whose published Dockerfiles end with a USER other than root
_NOT_ROOT: Final = tuple(
    "circleci/ cimg/ jenkins: jenkins/jenkins jenkins/jnlp- jenkins/inbound-agent jenkins/agent jenkins/slave "
    "jenkinsci/blueocean jupyter/ quay.io/jupyter/ selenium/ gitpod/ codercom/ mambaorg/ ocaml/opam coqorg/ linuxbrew/ "
    "homebrew/ ghcr.io/puppeteer/ zenika/alpine-chrome centos/nodejs- centos/python- centos/ruby- centos/php- centos/perl- "
    "openshift/jenkins- registry.access.redhat.com/ubi8/nodejs "
    "registry.access.redhat.com/ubi8/python registry.access.redhat.com/ubi8/ruby registry.access.redhat.com/ubi8/php "
    "registry.access.redhat.com/ubi8/openjdk registry.access.redhat.com/ubi9/nodejs registry.access.redhat.com/ubi9/python "
    "registry.access.redhat.com/ubi9/openjdk jboss/ quay.io/keycloak/ nodered/ odoo: solr: apache/airflow "
    "puckel/docker-airflow grafana/grafana kasmweb/ mcr.microsoft.com/mssql/ rundeck/".split()
)
#: prefixes of the name of one and the same image
_REGISTRIES: Final = ("docker.io/", "index.docker.io/", "library/", "i386/", "amd64/")


def named(image: str) -> tuple[str, str]:
    """Repository and tag: ``("golang", "1.9-alpine")``. The tag is "" when there is none; a digest goes, and official images
    lose their registry and ``library/``."""
    head, slash, last = image.partition("@")[0].rpartition("/")
    name, _, tag = last.partition(":")
    repository = head + slash + name
    for prefix in ("docker.io/", "index.docker.io/", "library/"):
        repository = repository.removeprefix(prefix)
    return repository, tag


def plain(image: str) -> str:
    """The image without registry and digest, and with a tag: ``node:latest``. "" when a variable decides."""
    name = image.partition("@")[0].lower()
    for prefix in _REGISTRIES:
        name = name.removeprefix(prefix)
    if "$" in name:
        return ""
    return name if ":" in name.rpartition("/")[2] else f"{name}:latest"


def of_debian(tag: str) -> str:
    """The release that a tag of Debian's own image means: ``12``, ``12.5-slim``, ``bookworm-20260914``, ``stable``; else ""."""
    name = tag.partition("-")[0]
    if name in ("", "latest", "stable"):
        return STABLE
    return _DEBIAN.get(name.partition(".")[0], name if name in _DEBIAN.values() else "")


@cache
def release(image: str) -> str:
    """The Debian or Ubuntu release below an image, "current" for one that moves along, or "" when it is not known.

    Taken from the name where that says so, else from the table, where "jessie" means jessie or earlier and "stretch" means
    stretch or later.
    """
    name = plain(image)
    if "alpine" in name or "windows" in name:
        return ""
    return _named_release(name) or next((one for one in ("jessie", "stretch", "current") if _listed(name, one)), "")


@cache
def named_release(image: str) -> str:
    """The release of Debian or Ubuntu that the name of an image says, or ""."""
    return _named_release(plain(image))


def _named_release(name: str) -> str:
    words = _NO_WORD.split(name)
    found = next((one for one in RELEASES[-2::-1] if one in words), "")
    numbered = _NUMBERED.search(name)
    if not found and numbered is not None:
        known = _UBUNTU if numbered[1] == "ubuntu" else _DEBIAN
        number = numbered[2] if numbered[1] == "ubuntu" else numbered[2].partition(".")[0]
        found = known.get(number, "")
    return found


def older(image: str, than: str) -> bool:
    """True when the image is known to be built on an earlier release than this one."""
    found = release(image)
    return bool(found) and RELEASES.index(found) < RELEASES.index(than)


def surely_older(image: str, than: str) -> bool:
    """As :func:`older`; False too where only the table speaks of stretch, and means stretch or later."""
    return older(image, than) and (release(image) != "stretch" or _named_release(plain(image)) == "stretch")


def starts_as_user(image: str) -> bool:
    """True for an image whose own USER is not root."""
    return plain(image).startswith(_NOT_ROOT)


@cache
def starts_in_root(image: str) -> bool:
    """True for an image whose own working directory is known to be ``/``."""
    repository, tag = named(image)
    return "onbuild" not in tag and repository in table("images.toml", "directories")["root"].split()


def _listed(name: str, key: str) -> bool:
    rows = _patterns(key)
    repository = name.partition(":")[0]
    return any(matches(name, pattern) for pattern in (*rows.get(repository, ()), *rows[""]))


@cache
def _patterns(key: str) -> dict[str, list[str]]:
    """The patterns of a list by the repository that they name, those for several under ""."""
    rows: dict[str, list[str]] = {"": []}
    for pattern in table("images.toml", "releases")[key].split():
        repository = pattern.partition(":")[0]
        rows.setdefault("" if "*" in repository else repository, []).append(pattern)
    return rows
