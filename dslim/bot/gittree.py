"""The name that git will give to a tree, before anything is written: so that what is there already is not written again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from hashlib import sha1

from dslim.bot.forge.protocol import FILE, FOLDER, Entry


def tree_sha(entries: Iterable[Entry], blobs: Mapping[str, str], new: Collection[str] = ()) -> str:
    """The root tree of a listing, in which the files of ``blobs`` (path to SHA) are others, and those of ``new`` are more.

    Only folders above such a file are computed anew. A listing has all folders, too, as git's own recursive one.
    """
    listed = {entry.path: entry for entry in entries}
    for path in new:
        listed[path] = Entry(path, FILE, blobs[path])
        for folder in _above(path):
            listed.setdefault(folder, Entry(folder, FOLDER, ""))
    missing = blobs.keys() - listed.keys()
    if missing:
        raise ValueError(f"{min(missing)} is not in the tree")
    touched = {folder for path in blobs for folder in _above(path)} | {""}
    members: dict[str, list[Entry]] = {folder: [] for folder in touched}
    for entry in listed.values():
        folder = entry.path.rpartition("/")[0]
        if folder in touched:
            members[folder].append(entry)
    made = dict(blobs)
    for folder in sorted(touched, key=lambda path: path.count("/") if path else -1, reverse=True):
        made[folder] = _sha(
            (entry.path.rpartition("/")[2], entry.mode, made.get(entry.path, entry.sha)) for entry in members[folder]
        )
    return made[""]


def _above(path: str) -> Iterable[str]:
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path


def _sha(members: Iterable[tuple[str, str, str]]) -> str:
    """Git sorts folders as if their names ended with a slash, and writes modes without a leading zero."""
    raw = [(name.encode("utf-8", "surrogateescape"), mode, sha) for name, mode, sha in members]
    raw.sort(key=lambda member: member[0] + (b"/" if member[1] == FOLDER else b""))
    body = b"".join(b"%b %b\0%b" % (mode.lstrip("0").encode(), name, bytes.fromhex(sha)) for name, mode, sha in raw)
    return sha1(b"tree %d\0" % len(body) + body, usedforsecurity=False).hexdigest()
