"""The functions of the standard library's ``posixpath`` that are asked some seventy times a file, for ``str`` alone. Being among
the modules that are compiled (ADR 16), they take a tenth of the time; what is not plain is left to the library."""

from __future__ import annotations

import posixpath


def basename(path: str) -> str:
    """What stands behind the last slash."""
    return path.rpartition("/")[2]


def dirname(path: str) -> str:
    """What stands in front of the last slash, without slashes at its end unless it is all slashes."""
    head = path.rpartition("/")[0]
    if head and not head.endswith("/"):
        return head
    return posixpath.dirname(path)


def join(path: str, *more: str) -> str:
    """The paths one behind the other, from the last one on that is absolute."""
    for one in more:
        if one.startswith("/") or not path:
            path = one
        else:
            path += one if path.endswith("/") else "/" + one
    return path


def normpath(path: str) -> str:
    """The path without doubled slashes, ``.`` and ``..``."""
    if path and "//" not in path and "/." not in path and path[0] != "." and (path[-1] != "/" or path == "/"):
        return path
    return posixpath.normpath(path)


def split(path: str) -> tuple[str, str]:
    """:func:`dirname` and :func:`basename`."""
    return dirname(path), basename(path)
