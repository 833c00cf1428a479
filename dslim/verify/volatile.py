"""What two builds of one Dockerfile may differ in, and what nobody misses when it is gone: by name, path by path.

Tried on builds of real Dockerfiles. A class explains no more than it must: a directory that a program writes to (`/tmp`,
`/var/log/nginx`) is never explained away, nor is a mode or an owner of a file that is there before and after.
"""

from __future__ import annotations

import re
from typing import NamedTuple


class Volatile(NamedTuple):
    """A class of paths. ``may_go`` is False where a path may change its content, but must be there before and after;
    ``only_files`` is True where links and directories do not belong to the class."""

    name: str
    pattern: re.Pattern[str]
    may_go: bool = True
    only_files: bool = False


CLASSES = (
    Volatile(
        "package index",
        re.compile(r"^(var/lib/apt/lists|var/cache/apt|var/cache/apk|var/cache/(yum|dnf|zypp))(/|$)"),
    ),
    Volatile(
        "cache",  # of package managers, each by its name: what else is below .cache may be what a program needs
        re.compile(
            r"(^|/)\.cache(/?$|/(pip|pipenv|uv|pypoetry|yarn|pnpm|bower|composer|go-build|luarocks|node|node-gyp)(/|$))"
            r"|^(root|home/[^/]+)/(\.npm|\.yarn|\.gem/specs|\.composer/cache|\.cpanm|\.bundle/cache)(/|$)"
            r"|^usr/local/bundle/cache/|/gems/[0-9.]+/cache/[^/]+\.gem$"
        ),
    ),
    Volatile("log", re.compile(r"^var/log/|^root/\.npm/_logs|/\.npm/_logs"), only_files=True),
    Volatile("bytecode", re.compile(r"\.py[co]$|(^|/)__pycache__$")),
    Volatile(
        "backup and state of package managers",
        re.compile(
            r"^var/cache/(debconf|ldconfig|man|fontconfig)/|^etc/(passwd|group|shadow|gshadow|subuid|subgid)-$"
            r"|^var/lib/dpkg/((status|available|diversions|statoverride)-old|(triggers/)?[Ll]ock(-frontend)?)$"
        ),
    ),
    Volatile(
        "state of package managers",
        re.compile(
            r"^var/lib/dpkg/(status|available|diversions|statoverride|triggers/\w+)$"
            r"|^(usr/)?lib/apk/db/(installed|scripts\.tar(\.gz)?|triggers|lock)$"
        ),
        may_go=False,
    ),
    Volatile(
        "made at random",
        re.compile(
            r"^etc/(machine-id|ssh/ssh_host_\w+_key(\.pub)?|ssl/(private|certs)/ssl-cert-snakeoil\.(key|pem))$"
            r"|^var/lib/dbus/machine-id$|^etc/mysql/debian\.cnf$|(^|/)ca-certificates\.crt$|(^|/)cacerts$"
        ),
        may_go=False,
    ),
    Volatile(
        "named at random",
        re.compile(r"^etc/ssl/certs/[0-9a-f]{8}\.\d+$|^var/lib/(systemd|mysql|postgresql)/"),
    ),
    Volatile("temporary", re.compile(r"^(tmp|var/tmp|run|var/run)/")),
    Volatile(
        "mount point of the build",
        re.compile(r"^(dev|proc|sys)(/|$)|^(\.dockerenv|etc/(hosts|resolv\.conf|hostname))$"),
    ),
)


def explained(path: str, kind: str, types: frozenset[str], aspects: frozenset[str]) -> str:
    """The name of the class that explains a difference at ``path``, or "".

    ``kind`` is missing, added or changed, ``aspects`` what changed (see :mod:`dslim.verify.compare`), ``types`` which
    kinds of entry there are, before and after.
    """
    for volatile in CLASSES:
        if volatile.pattern.search(path) is None:
            continue
        if (volatile.only_files and types != {"file"}) or ("directory" in types and kind == "changed"):
            continue
        if kind == "changed" and not aspects <= {"content"}:
            continue
        if kind != "changed" and not volatile.may_go:
            continue
        return volatile.name
    return ""
