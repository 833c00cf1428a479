"""The package managers whose commands have a counterpart on Alpine: what of theirs is translated, and what has no use there.

Sources: apt-get(8), yum(8), dnf(8), rpm(8).
"""

from __future__ import annotations

from typing import Final, NamedTuple

from rewriter.model import apt

#: what apt keeps, and Alpine has not
KEPT: Final = ("/var/lib/apt", "/var/cache/apt", "/var/lib/dpkg", "/var/cache/debconf", "/var/log/apt", "/var/log/dpkg")


class Manager(NamedTuple):
    """The package managers of a distribution: their commands; ``plain`` options of an install, which ask for nothing that apk
    does otherwise; subcommands that have nothing to do on Alpine (``idle``), and those that upgrade everything; the places that
    they ``kept``. ``rpm``: names are those of RPMs; ``whose`` they are, for a sentence."""

    tools: frozenset[str]
    plain: frozenset[str]
    idle: frozenset[str]
    upgrading: frozenset[str]
    kept: tuple[str, ...]
    rpm: bool
    whose: str


DEBIAN: Final = Manager(
    apt.TOOLS,
    frozenset(
        "-y --yes --assume-yes -q -qq --quiet --no-install-recommends --no-install-suggests --fix-missing -m --force-yes "
        "--allow-unauthenticated -qy -yq -qqy -yqq".split()
    ),
    frozenset(("update", "clean", "autoclean")),
    frozenset(("upgrade", "dist-upgrade", "full-upgrade")),
    KEPT,
    False,
    "Debian's",
)
RPM: Final = Manager(
    frozenset(("yum", "dnf", "microdnf", "rpm")),
    frozenset("-y --assumeyes -q --quiet -yq -qy --nogpgcheck --nodocs --setopt=tsflags=nodocs --allowerasing".split()),
    frozenset(("makecache", "clean")),
    frozenset(("update", "upgrade")),
    ("/var/cache/yum", "/var/cache/dnf", "/var/lib/rpm", "/etc/yum.repos.d"),
    True,
    "the distribution's",
)


def without_machine(name: str) -> str:
    """An RPM without the machine that it is made for, which its name may end with."""
    return name.removesuffix(".x86_64").removesuffix(".noarch")
