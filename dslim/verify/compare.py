"""Compares two images as values: their configuration key by key, their root file systems path by path."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from dslim.images.entry import Entry
from dslim.verify.volatile import explained

#: what the contract names; order is that of the report
CONFIGURATION = ("Env", "Cmd", "Entrypoint", "WorkingDir", "User", "ExposedPorts", "Labels", "Volumes", "StopSignal",
                 "Healthcheck", "Shell", "OnBuild")  # fmt: skip
NOISE = "differs with each build of the original"


class Difference(NamedTuple):
    """One path that is not the same. ``kind`` is missing (after), added or changed; ``aspects`` names what changed (type,
    mode, owner, link, content, attributes, device; empty unless changed); ``what`` says it for people."""

    path: str
    kind: str
    what: str
    aspects: frozenset[str] = frozenset()


class Compared(NamedTuple):
    """What differs and no class explains, and how many paths each class explains."""

    differences: tuple[Difference, ...]
    explained: dict[str, int]


def configuration(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, tuple[object, object]]:
    """The keys of an image's ``config`` that differ, each with both values; absent and empty are the same.

    The order of Env does not count: a process looks variables up by name.
    """
    found: dict[str, tuple[object, object]] = {}
    for key in CONFIGURATION:
        old, new = before.get(key) or None, after.get(key) or None
        if _plain(key, old) != _plain(key, new):
            found[key] = (old, new)
    return found


def environment(config: Mapping[str, object]) -> dict[str, str]:
    """The variables of Env; of two with one name the last counts."""
    listed = config.get("Env")
    pairs = [str(one).partition("=") for one in listed] if isinstance(listed, (list, tuple)) else []
    return {name: value for name, _, value in pairs}


def trees(before: Mapping[str, Entry], after: Mapping[str, Entry]) -> Compared:
    """Compare two root file systems. Times do not count, nor does whether two equal files are hard links."""
    found: list[Difference] = []
    classes: Counter[str] = Counter()
    for path in sorted(before.keys() | after.keys()):
        if not path and (path not in before or path not in after):
            continue  # not every archive has an entry for the root; all have one
        one = _difference(path, before.get(path), after.get(path))
        if one is None:
            continue
        types = frozenset(_kind(tree[path]) for tree in (before, after) if path in tree)
        name = explained(path, one.kind, types, one.aspects)
        if name:
            classes[name] += 1
        else:
            found.append(one)
    return Compared(tuple(found), dict(classes))


def without_noise(found: Compared, noise: Iterable[Difference]) -> Compared:
    """``found`` without what differs as well between two builds of the original (``noise``).

    Only the aspect that is noise is forgiven: a file whose content is new with each build must still have its mode. Names
    that are new with each build are known by their folder and by what they have in common.
    """
    known = {one.path: one for one in noise}
    random = _random_names(known.values())
    successors = {
        part
        for one in found.differences
        if one.kind == "added"
        for part in _line(one.path)
        if part not in known and _named_at_random(part, random)
    }
    kept: list[Difference] = []
    for one in found.differences:
        same = known.get(one.path)
        forgiven = same is not None and same.kind == one.kind and one.aspects <= same.aspects
        if one.kind == "added":
            forgiven = forgiven or not successors.isdisjoint(_line(one.path))
        if not forgiven:
            kept.append(one)
    kept += _without_successor(found.differences, known, random, successors)
    forgiven_count = len(found.differences) - len(kept)
    classes = dict(found.explained)
    if forgiven_count:
        classes[NOISE] = classes.get(NOISE, 0) + forgiven_count
    return Compared(tuple(sorted(kept)), classes)


def _plain(key: str, value: object) -> object:
    if key == "Env" and isinstance(value, (list, tuple)):
        return environment({"Env": value})
    return value


def _difference(path: str, old: Entry | None, new: Entry | None) -> Difference | None:
    if old is None or new is None:
        entry = new if old is None else old
        if entry is None:
            return None
        return Difference(path, "added" if old is None else "missing", _described(entry))
    changes = {
        "type": (_kind(old), _kind(new)),
        "mode": (f"{old.mode:04o}", f"{new.mode:04o}"),
        "owner": (f"{old.uid}:{old.gid}", f"{new.uid}:{new.gid}"),
        "link": (_target(old), _target(new)),
        "content": (_content(old), _content(new)),
        "attributes": (_attributes(old), _attributes(new)),
        "device": (str(old.device), str(new.device)),
    }
    changed = {name: pair for name, pair in changes.items() if pair[0] != pair[1]}
    if "type" in changed:  # the rest follows from it
        changed = {"type": changed["type"]}
    if _kind(old) == _kind(new) == "symlink":
        changed.pop("mode", None)  # the kernel does not look at it
    if not changed:
        return None
    what = ", ".join(f"{name} {old_value} -> {new_value}" for name, (old_value, new_value) in changed.items())
    return Difference(path, "changed", what, frozenset(changed))


def _kind(entry: Entry) -> str:
    return "file" if entry.kind == "hardlink" else entry.kind


def _target(entry: Entry) -> str:
    return entry.link if entry.kind == "symlink" else ""


def _content(entry: Entry) -> str:
    return f"{entry.digest[:12]} ({entry.size} bytes)" if _kind(entry) == "file" else ""


def _attributes(entry: Entry) -> str:
    return ", ".join(f"{name}={value.hex()}" for name, value in sorted(entry.xattrs)) or "none"


def _described(entry: Entry) -> str:
    size = f", {entry.size} bytes" if _kind(entry) == "file" else ""
    target = f" to {entry.link}" if entry.kind == "symlink" else ""
    return f"{_kind(entry)}{target}, mode {entry.mode:04o}, owner {entry.uid}:{entry.gid}{size}"


def _line(path: str) -> Iterable[str]:
    """The path and all folders above it, the root left out."""
    while path:
        yield path
        path = path.rpartition("/")[0]


def _without_successor(
    found: Collection[Difference],
    known: Mapping[str, Difference],
    random: Mapping[str, list[tuple[str, str, int]]],
    successors: Collection[str],
) -> list[Difference]:
    """Files with a random name that are missing, in folders where no other such name came instead."""
    lost: list[Difference] = []
    for folder in random:
        gone = [one for one in found if one.kind == "missing" and one.path.rpartition("/")[0] == folder]
        gone = [one for one in gone if known.get(one.path, one).kind == "missing" and one.path in known]
        come = sum(path.rpartition("/")[0] == folder for path in successors)
        lost += gone[come:]
    return lost


def _random_names(noise: Collection[Difference]) -> dict[str, list[tuple[str, str, int]]]:
    """For each folder with names that come and go: what two such names have in common, front and back, and their length."""
    gone: dict[str, list[str]] = {}
    come: dict[str, list[str]] = {}
    for one in noise:
        folder, _, name = one.path.rpartition("/")
        if one.kind != "changed":
            (gone if one.kind == "missing" else come).setdefault(folder, []).append(name)
    found: dict[str, list[tuple[str, str, int]]] = {}
    for folder in gone.keys() & come.keys():
        shapes = {_common(a, b) for a in gone[folder] for b in come[folder]}
        found[folder] = [shape for shape in shapes if shape[0] or shape[1] or shape[2]]
    return found


def _common(a: str, b: str) -> tuple[str, str, int]:
    """The common front and back of two names; the length where both have the same, else 0."""
    front = 0
    while front < min(len(a), len(b)) and a[front] == b[front]:
        front += 1
    back = 0
    while back < min(len(a), len(b)) - front and a[-1 - back] == b[-1 - back]:
        back += 1
    middles = a[front : len(a) - back] + b[front : len(b) - back]
    # random names may have a letter in common by chance: what they share ends where their alphabet ends
    alphabet = r"[0-9]*" if middles.isdigit() else r"[0-9A-Za-z]*"
    head = re.sub(alphabet + "$", "", a[:front], count=1)
    tail = re.sub("^" + alphabet, "", a[len(a) - back :], count=1)
    return head, tail, len(a) if len(a) == len(b) else 0


def _named_at_random(path: str, random: Mapping[str, list[tuple[str, str, int]]]) -> bool:
    folder, _, name = path.rpartition("/")
    return any(
        name.startswith(front)
        and name.endswith(back)
        and len(name) > len(front) + len(back)
        and length in (0, len(name))
        for front, back, length in random.get(folder, ())
    )
