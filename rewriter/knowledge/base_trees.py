"""What the files of well-known base images are: a typed view of base_trees.toml."""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.knowledge.tables import table

#: users and groups that base-passwd gives every Debian, and the setup package every Red Hat
_FAMILIES: Final = {
    "debian": "daemon bin sys games man lp mail news uucp proxy www-data backup list irc gnats nobody".split(),
    "redhat": "bin daemon adm lp sync shutdown halt mail operator games ftp nobody".split(),
}
#: directories that every one of these images has, and in which nothing but its known content lies
_HOLDERS: Final = frozenset({"/", "/opt", "/srv", "/home", "/usr/local"})
_SYSTEM_DIRECTORIES: Final = frozenset(
    "/bin /sbin /etc /root /tmp /usr /usr/bin /usr/sbin /usr/lib /usr/local/bin /usr/local/sbin /usr/local/lib "
    "/usr/local/share /var /var/lib /var/log".split()
)
#: directories below a holder that belong to the system
_SYSTEM: Final = frozenset(
    "bin boot dev etc home lib lib32 lib64 libx32 lost+found media mnt opt proc root run sbin selinux srv sys tmp usr "
    "var include share games man src libexec".split()
)
#: and those of /var
_VARIABLE: Final = frozenset("backups cache empty lock log mail preserve spool www".split())


class BaseTree(NamedTuple):
    """One image.

    ``content`` are directories with files of the image's own, ``empty`` those that exist and hold nothing; both outside
    of the system's. ``users`` are names in its /etc/passwd beside root.
    """

    content: tuple[str, ...]
    empty: tuple[str, ...]
    users: frozenset[str]

    def holds_nothing_in(self, path: str) -> bool:
        """True when the image has no file at or below ``path``: an application's own directory."""
        if path in _HOLDERS or any(_related(path, directory) for directory in self.content):
            return False
        if path in self.empty:
            return True
        parent, name = posixpath.split(path)
        while parent not in _HOLDERS and parent not in ("/usr/src", "/var/www", "/var/opt"):
            if parent == "/":
                return False
            parent, name = posixpath.split(parent)
        return name not in _SYSTEM and path not in ("/var/www/html", "/var/www")


def always_there(path: str) -> bool:
    """True for a directory that every image with a shell has."""
    return path in _HOLDERS or path in _SYSTEM_DIRECTORIES


def of_the_author(path: str) -> bool:
    """True for a directory of ``/usr`` or ``/var`` that no system has: ``/usr/app``."""
    own = _SYSTEM if path.startswith("/usr/") else _SYSTEM | _VARIABLE
    return posixpath.dirname(path) in ("/usr", "/var") and posixpath.basename(path) not in own


def _related(one: str, other: str) -> bool:
    return one == other or one.startswith(other + "/") or other.startswith(one + "/")


@cache
def base_tree_of(repository: str) -> BaseTree | None:
    """The image of this name, or None when it is not known."""
    try:
        row = table("base_trees.toml", repository)
    except KeyError:
        return None

    def several(key: str) -> list[str]:
        value = row.get(key, [])
        assert isinstance(value, list), f"base_trees.toml, {repository}: {key} must be a list"
        return [str(item) for item in value]

    family = _FAMILIES.get(str(row.get("family", "")), [])
    return BaseTree(tuple(several("content")), tuple(several("empty")), frozenset([*several("users"), *family]))
