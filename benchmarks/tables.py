"""Rebuilds the tables about base images from a folder of catalogue files: ``python -m benchmarks.tables FOLDER``.

FOLDER holds images.toml, contents.toml, commands.tsv, deb-to-apk.tsv, rpm-to-apk.tsv, alpine-packages.tsv.gz, busybox.toml and
musl.toml. Writes variants.toml, contents.toml, programs.toml, alpine.toml, rpm.toml and musl.toml of ``rewriter/knowledge`` in
the checkout that it is called in. Rows
are packed into strings, since a run reads a table in a few milliseconds or not at all. What a row does not say is left out
of the table, never filled in.
"""

from __future__ import annotations

import csv
import gzip
import re
import shlex
import sys
import textwrap
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

TARGET = Path("rewriter/knowledge")
KINDS = ("full", "slim", "alpine")
#: what a pairing of package names must rest on; "reasoned" names are not enough to write one into a file
CONFIDENT = ("exact", "mapped")
#: applets whose options say all there is to compare: no script, pattern or format among their operands
_PLAIN = frozenset(
    "mkdir rm cp mv ln chmod chown tar touch tee head tail install mktemp readlink base64 sha256sum".split()
)
_RANGE = re.compile(r"(\d+)\.(\d+)-(\d+)\.(\d+)")
_HEAD = "# {title}\n# Made by benchmarks/tables.py from the catalogue of {date}; do not edit. Sources: {source}.\n"
_TAGS = "history of the official tag library, github.com/docker-library/official-images"


def versions(ranges: Iterable[str]) -> list[str]:
    """Each ``major.minor`` of ``2.7``, ``3.2-3.15``; a range over two majors is refused, since it cannot be filled."""
    found = []
    for one in ranges:
        ends = _RANGE.fullmatch(one)
        if ends is None:
            found.append(one)
        elif ends[1] == ends[3]:
            found += [f"{ends[1]}.{minor}" for minor in range(int(ends[2]), int(ends[4]) + 1)]
        else:
            raise ValueError(f"a range over two majors: {one}")
    return found


def packed(words: Iterable[str]) -> str:
    """Words as a literal string of many lines, none of which begins like a table header."""
    text = textwrap.fill(" ".join(words), 126, break_long_words=False, break_on_hyphens=False)
    assert "\n[" not in "\n" + text and "'''" not in text
    return f"'''\n{text}'''"


def rows(lines: Iterable[str]) -> str:
    """Rows as a literal string."""
    text = "\n".join(lines)
    assert "\n[" not in "\n" + text and "'''" not in text
    return f"'''\n{text}'''"


def variants(catalogue: dict[str, Any]) -> str:
    """variants.toml: of each image that has a smaller variant, the tags that are known of each."""
    date, images = catalogue["date"], catalogue["image"]
    out = [_HEAD.format(title="The tags of official images, by variant", date=date, source=_TAGS)]
    out.append(
        "# since: the day of the variant's first tag; versions: those that ever had a tag of it, live: those that are still\n"
        "# rebuilt; names: living tags that are no versions; under: a tag and the release that it was last built on.\n"
    )
    for image, row in images.items():
        if not (row["has_slim"] or row["has_alpine"]):
            continue
        for kind in KINDS:
            variant = row["variant"].get(kind)
            if variant is None:
                continue
            under = variant.get("under", {})
            out.append(f'["{image} {kind}"]\nsince = "{variant["first"]}"')
            for key, name in (("versions_ever", "versions"), ("versions_live", "live")):
                try:
                    out.append(f"{name} = {packed(versions(variant.get(key, ())))}")
                except ValueError:
                    out.append(f"{name} = ''  # the catalogue has a range that cannot be filled in")
            out.append(f"names = {packed(variant.get('names_live', ()))}")
            out.append(f"under = {rows(f'{tag} {text.split()[0]}' for tag, text in under.items())}\n")
    sizes = [
        f"{image}:{one['tag']} {round(one['uncompressed_mb'] * 1e6)} {one['date']}"
        for image, row in images.items()
        for one in row.get("size", ())
    ]
    out.append(f"# uncompressed bytes on linux/amd64, and the day of the listing\n[sizes]\nrows = {rows(sizes)}\n")
    gone = [
        f"{image} {max(one['last_change'] for one in row['variant'].values())}"
        for image, row in images.items()
        if all(one["tags_live"] == 0 for one in row["variant"].values())
    ]
    out.append(f"# images without a living tag, and the day of their last new one\n[gone]\nrows = {rows(gone)}\n")
    return "\n".join(out)


def contents(catalogue: dict[str, Any]) -> str:
    """contents.toml: the package names in each image variant, with what they rest on."""
    out = [_HEAD.format(title="The packages in base images", date=catalogue["date"], source="named per table")]
    for image in catalogue["image"]:
        out.append(f'["{image["name"]}"]\nbasis = "{image["basis"]}"\nsource = "{image["source"]}"')
        out += [f'{key} = "{image[key]}"' for key in ("adds_to", "same_as") if key in image]
        out.append(f"packages = {packed(image.get('packages', ()))}\n")
    return "\n".join(out)


def programs(commands: list[dict[str, str]], debs: list[dict[str, str]], date: str) -> str:
    """programs.toml: which package brings a command, and which base has it."""
    source = "package lists of Debian 12 and Alpine 3.22, the images' Dockerfiles"
    out = [_HEAD.format(title="Commands: where they come from", date=date, source=source)]
    lists = {
        "builtin": "shell builtins",
        "debian": "in the base image of Debian 12, which slim variants start from",
        "full": "in buildpack-deps, which full variants start from, beside those of Debian",
        "alpine": "in the base image of Alpine, most of them busybox applets",
    }
    found: dict[str, list[str]] = {key: [] for key in lists}
    for row in commands:
        name = row["command"]
        if name == "[":
            continue
        if row["kind"] == "builtin":
            found["builtin"].append(name)
        if row["in_debian_base"] == "yes":
            found["debian"].append(name)
        elif row["in_buildpack_full"] == "yes":
            found["full"].append(name)
        if row["in_alpine_base"] == "yes":
            found["alpine"].append(name)
    for key, title in lists.items():
        out.append(f"# {title}\n[{key}]\ncommands = {packed(sorted(found[key]))}\n")
    packages: dict[str, set[str]] = {}
    for row in commands:
        if row["debian"] not in ("", "-", "!") and row["command"] != "[":
            packages.setdefault(row["debian"], set()).add(row["command"])
    for row in debs:
        packages.setdefault(row["deb"], set()).update(row["commands"].split())
    lines = [f"{package}: {' '.join(sorted(names))}".rstrip() for package, names in sorted(packages.items())]
    out.append(
        f"# each known package of Debian 12 with commands that it brings (up to 8)\n[packages]\nrows = {rows(lines)}\n"
    )
    return "\n".join(out)


def alpine(debs: list[dict[str, str]], busybox: dict[str, Any], date: str) -> str:
    """alpine.toml: Debian's package names in Alpine, and what busybox lacks."""
    source = "package indexes and recipes of Alpine 3.0 to 3.22, the mapping of chainguard-dev/dfc"
    out = [_HEAD.format(title="Debian's packages and GNU's options on Alpine", date=date, source=source)]
    sure = [row for row in debs if row["confidence"] in CONFIDENT and "same name" not in row["note"]]
    lines = [f"{row['deb']}|{row['apk']}|{row['apk_seen']}" for row in sure if row["apk"] not in ("-", "!")]
    out.append(
        "# Debian name, Alpine names, for each of these where it was seen: repository, first and last release; `+` later too.\n"
        f"# Only pairings that an Alpine list confirms.\n[packages]\nrows = {rows(sorted(lines))}\n"
    )
    none = sorted(f"{row['deb']}|{row['note']}" for row in debs if row["apk"] == "!")
    out.append(
        "# Debian packages without a counterpart, and why where that is known (reasoned; the lists have none)\n"
        f"[none]\nrows = {rows(none)}\n"
    )
    needless = [row["deb"] for row in debs if row["apk"] == "-"]
    out.append(f"# Debian packages that have no use on Alpine (reasoned)\n[needless]\npackages = {packed(needless)}\n")
    out.append(f"# run on BusyBox {busybox['version']}, {busybox['date']}: not there in the base image")
    out.append(f"[absent]\ncommands = {packed(busybox['absent'])}\n")
    gaps = {one["name"]: sorted(set(_options(one))) for one in busybox["applet"]}
    full = {one["name"]: one.get("package", "") for one in busybox["applet"]}
    lines = [f"{name}|{full[name]}|{' '.join(options)}" for name, options in sorted(gaps.items())]
    out.append(
        f"# applet, package with the full tool, options that it refuses or reads otherwise\n[gaps]\nrows = {rows(lines)}\n"
    )
    tried = {one["name"]: sorted(set(_alike(one))) for one in busybox["applet"] if one["name"] in _PLAIN}
    lines = [f"{name}|{' '.join(options)}" for name, options in sorted(tried.items()) if options]
    out.append(f"# applet, options that it reads as GNU's tool does\n[alike]\nrows = {rows(lines)}\n")
    return "\n".join(out)


def rpm(rpms: list[dict[str, str]], packages: list[dict[str, str]], date: str) -> str:
    """rpm.toml: the names of RPMs in Alpine. A pairing with a note is of something alike ("other daemon"): it is left out."""
    source = "the catalogue's own pairing, and package indexes and recipes of Alpine 3.0 to 3.22"
    out = [_HEAD.format(title="The packages of CentOS, Fedora and their like on Alpine", date=date, source=source)]
    seen: dict[str, list[str]] = {}
    for row in packages:
        later = "+" if row["status"] == "seen-later" else ""
        seen.setdefault(row["package"], []).append(f"{row['repo']}:{row['first_seen']}-{row['last_seen']}{later}")
    sure = [row for row in rpms if row["confidence"] in CONFIDENT and not row["note"] and row["apk"] not in ("-", "!")]
    lines = []
    for row in sure:
        names = row["apk"].split()
        if all(len(seen.get(name, ())) == 1 for name in names):  # in one repository only, so that one span says it
            lines.append(f"{row['rpm']}|{row['apk']}|{' '.join(seen[name][0] for name in names)}")
    out.append(
        f"# RPM, Alpine names, where each of these was seen, as in alpine.toml\n[packages]\nrows = {rows(sorted(lines))}\n"
    )
    none = sorted(f"{row['rpm']}|{row['note']}" for row in rpms if row["apk"] == "!")
    out.append(f"# RPMs without a counterpart, and why where that is known (reasoned)\n[none]\nrows = {rows(none)}\n")
    needless = [row["rpm"] for row in rpms if row["apk"] == "-" and "word of" not in row["note"]]
    out.append(f"# RPMs that have no use on Alpine (reasoned)\n[needless]\npackages = {packed(needless)}\n")
    return "\n".join(out)


def _alike(applet: dict[str, Any]) -> Iterator[str]:
    """The options that an applet was seen to read as GNU's tool does: where its own command stands first, or behind ``;``.
    A group of short options counts for each of its letters."""
    for text in applet.get("same", ()):
        for part in re.split(r"[;|]|&&", text):
            words = _words(part)
            for word in words[1:] if words[:1] == [applet["name"]] else ():
                if re.fullmatch(r"-[A-Za-z]+", word):
                    yield from (f"-{letter}" for letter in word[1:])
                elif re.match(r"--[a-z]", word):
                    yield word.partition("=")[0]


def _options(applet: dict[str, Any]) -> Iterator[str]:
    """The options in the commands of an applet that failed, those that also stand in one that works left out."""
    works = {word for text in applet.get("same", ()) for word in _words(text)}
    for row in (*applet.get("unsupported", ()), *applet.get("differs", ())):
        for word in _words(row["command"]):
            if word.startswith("-") and len(word) > 1 and word not in works:
                yield word.partition("=")[0]


def _words(text: str) -> list[str]:
    try:
        return shlex.split(text)
    except ValueError:
        return text.split()


def musl(catalogue: dict[str, Any]) -> str:
    """musl.toml: what does not simply run on musl, per ecosystem."""
    out = [
        _HEAD.format(
            title="Hazards on musl", date=catalogue["date"], source="the Python index; the projects' documentation"
        )
    ]
    for key, found in catalogue.items():
        if not isinstance(found, list):
            continue
        lines = []
        for row in found:
            state = row.get("checked", "").split()
            wheel = ("none" if state[0] == "none" else f"since-{state[0]}") if state else row["confidence"]
            lines.append(f"{row['name']}|{wheel}|{row.get('note', '')}")
        out.append(f"# name, what was checked ({catalogue['date']}), note\n[{key}]\nrows = {rows(lines)}\n")
    return "\n".join(out)


def _tsv(path: Path) -> list[dict[str, str]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def rebuilt(folder: Path) -> dict[str, str]:
    """Name and text of each table."""
    toml = {name: tomllib.loads((folder / f"{name}.toml").read_text("utf-8")) for name in
            ("images", "contents", "busybox", "musl")}  # fmt: skip
    debs = _tsv(folder / "deb-to-apk.tsv")
    date = toml["contents"]["date"]
    return {
        "variants.toml": variants(toml["images"]),
        "contents.toml": contents(toml["contents"]),
        "programs.toml": programs(_tsv(folder / "commands.tsv"), debs, date),
        "alpine.toml": alpine(debs, toml["busybox"], date),
        "rpm.toml": rpm(_tsv(folder / "rpm-to-apk.tsv"), _tsv(folder / "alpine-packages.tsv.gz"), date),
        "musl.toml": musl(toml["musl"]),
    }


def main(folder: Path) -> None:
    for name, text in rebuilt(folder).items():
        (TARGET / name).write_text(text, "utf-8", newline="\n")
        print(f"{name}: {len(text):,} characters")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
