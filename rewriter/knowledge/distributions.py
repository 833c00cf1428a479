"""Languages as the package managers of distributions install them: a typed view of distributions.toml."""

from __future__ import annotations

from functools import cache
from typing import Final

from rewriter.knowledge.tables import table
from rewriter.knowledge.unknown import Unknown

#: bases that bring no language of their own
GENERIC: Final = frozenset("debian ubuntu centos fedora rockylinux almalinux oraclelinux amazonlinux".split())
#: with what a container starts a program of a language, or a server that distributions package; here, since each file is asked
_STARTS: Final = {
    "python": "python", "python2": "python", "python3": "python", "gunicorn": "python", "uvicorn": "python", "flask": "python",
    "node": "node", "nodejs": "node", "npm": "node", "java": "java", "nginx": "nginx", "redis-server": "redis",
    "memcached": "memcached", "apache2": "apache", "apache2ctl": "apache", "apachectl": "apache", "httpd": "apache",
    "httpd-foreground": "apache", "php": "php", "php5": "php", "php-fpm": "php", "php5-fpm": "php",
}  # fmt: skip
#: distributions of RPMs that have a smaller image beside theirs
RPM: Final = frozenset("fedora almalinux rockylinux amazonlinux ubi ubi7 ubi8 ubi9".split())
#: the distributions of RPMs whose languages are known, with the names of their rows
_ROWS: Final = {
    "centos": "el", "almalinux": "el", "rockylinux": "el", "oraclelinux": "el", "fedora": "fedora", "amazonlinux": "amzn",
}  # fmt: skip
_COLUMNS: Final = ("python2", "python3", "node", "java")
_SERVERS: Final = frozenset("nginx redis memcached apache php".split())


def started_by(command: str) -> str:
    """The language or server whose program a command starts (``python3.9`` too), "" for none."""
    plain = command.rstrip("0123456789.") if command.startswith("python") else command
    return _STARTS.get(command) or _STARTS.get(plain) or ""


def minimal(repository: str) -> str:
    """The smaller image beside that of a distribution of RPMs, by its name with the registry; "" where there is none."""
    rows = table("distributions.toml", "minimal")
    name = next((part for part in reversed(repository.split("/")) if part in rows), "")
    return rows[name] if name else ""


def version(release: str, language: str) -> str | Unknown:
    """The version that a release installs: of ``python2``, ``python3``, ``node``, or the number of the default Java."""
    found = _versions().get(release, {}).get(language, "-")
    return Unknown(f"which version of {language} {release or 'this release'} installs") if found == "-" else found


def rpm_release(repository: str, tag: str) -> str:
    """The row of a distribution of RPMs, ``el7`` or ``fedora41``, by its image; "" for another one, and for a tag that moves."""
    name = repository.rpartition("/")[2]
    number = tag.removeprefix(name).partition(".")[0].partition("-")[0]
    known = f"{_ROWS.get(name, '')}{number}"
    return known if name in _ROWS and number.isdigit() and known in _versions() else ""


def rpm_replaced(language: str) -> frozenset[str]:
    """RPMs in whose place the official image of a language has its own."""
    return frozenset(table("distributions.toml", "rpm-replaced")[language].split())


def replaced(language: str, version: str) -> frozenset[str]:
    """Packages in whose place the official image of this version has its own."""
    return frozenset(table("distributions.toml", language)["packages"].replace("{}", version).split())


def others() -> frozenset[str]:
    """Packages that show that an image is there for more than one language."""
    return frozenset(table("distributions.toml", "others")["packages"].split())


def against(server: str) -> str:
    """Why the image of a server is another one; "" for a language."""
    return " ".join(table("distributions.toml", "servers")[server].split()) if server in _SERVERS else ""


def serving(server: str) -> frozenset[str]:
    """The packages that bring a server."""
    return frozenset(table("distributions.toml", "servers-packages")[server].split())


@cache
def _versions() -> dict[str, dict[str, str]]:
    """By release, that of RPMs too, the version of each language."""
    texts = [table("distributions.toml", name)["rows"] for name in ("versions", "rpm-versions")]
    rows = (row.split() for text in texts for row in text.strip().split("\n"))
    return {release: dict(zip(_COLUMNS, rest, strict=False)) for release, *rest in rows}
