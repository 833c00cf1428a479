"""Images as values, for pages of them: a small one of which all numbers are known, a large one, a hostile one."""

from __future__ import annotations

from collections.abc import Iterable

from dslim.images.entry import Entries, Entry
from dslim.images.image import Image, Layer

HINTS = ("large", "docs")  # worth a look, not counted
HOSTILE = "srv/</script><img src=x onerror=\"window.hacked='path'\">.txt"
HOSTILE_WORDS = (
    "RUN echo </script><script>window.hacked='history'</script><img src=x onerror=window.hacked=1> {{x}} {title}"
)


def layer(words: str, files: Iterable[tuple[str, int]], number: int = 0) -> Layer:
    """A layer of files given by path and size; a path that ends with a slash is a directory."""
    entries = [
        Entry(path.rstrip("/"), "directory" if path.endswith("/") else "file", size=size) for path, size in files
    ]
    total = sum(entry.size for entry in entries)
    return Layer(f"sha256:{number:064x}", words, total, total // 3, Entries(entries))


def image(*layers: Layer, name: str = "shop:latest") -> Image:
    """An image of these layers."""
    return Image(name, {}, "amd64", "linux", (), layers)


def record(
    made: Image, waste: Iterable[tuple[str, int, str, int, str | None]] = (), **others: object
) -> dict[str, object]:
    """The JSON of `dslim layers` for an image, with waste as (kind, layer, path, bytes, cure)."""
    entries = [
        {
            "kind": kind,
            "layer": at,
            "path": path,
            "bytes": size,
            "files": 1,
            "instruction": made.layers[at].created_by,
            "by": at + 1 if kind == "deleted" else None,
            "counted": kind not in HINTS,
            "cure": cure,
        }
        for kind, at, path, size, cure in waste
    ]
    total = sum(one.bytes for one in made.layers)
    wasted = sum(size for kind, _, _, size, _ in waste if kind not in HINTS)
    return {
        "version": 1,
        "image": made.name,
        "total_bytes": total,
        "wasted_bytes": wasted,
        "efficiency": 1 - wasted / total if total else 1.0,
        "layers": [
            {
                "digest": one.digest,
                "instruction": one.created_by,
                "file": "Dockerfile",
                "line": at + 1,
                "bytes": one.bytes,
                "compressed_bytes": one.compressed_bytes,
                "files": sum(entry.kind != "directory" for entry in one.entries),
            }
            for at, one in enumerate(made.layers)
        ],
        "waste": entries,
        **others,
    }


def shop() -> tuple[Image, dict[str, object]]:
    """Three layers: 6,000,000 bytes of a base, 3,000,000 of packages of which a third is an index, 1,000,000 of a program."""
    base = layer(
        "FROM debian:bookworm-slim",
        [
            ("usr/", 0),
            ("usr/lib/", 0),
            ("usr/lib/libc.so.6", 2_000_000),
            ("usr/lib/libcrypto.so.3", 3_000_000),
            ("usr/bin/bash", 900_000),
            ("etc/passwd", 1_000),
            ("etc/services", 99_000),
        ],
        1,
    )
    packages = layer(
        "RUN apt-get update && apt-get install -y python3 && echo done",
        [
            ("usr/lib/python3/os.py", 400_000),
            ("usr/lib/python3/ast.py", 600_000),
            ("usr/bin/python3", 1_000_000),
            ("var/lib/apt/lists/deb.debian.org_main_Packages", 990_000),
            ("var/lib/apt/lists/lock", 10_000),
        ],
        2,
    )
    program = layer(
        "COPY . /app", [("app/shop/main.py", 300_000), ("app/shop/data.json", 500_000), ("app/old.tar", 200_000)], 3
    )
    made = image(base, packages, program)
    waste: list[tuple[str, int, str, int, str | None]] = [
        ("cache", 1, "var/lib/apt/lists/deb.debian.org_main_Packages", 990_000, "apt-lists-left-behind"),
        ("cache", 1, "var/lib/apt/lists/lock", 10_000, "apt-lists-left-behind"),
        ("archive", 2, "app/old.tar", 200_000, None),
    ]
    return made, record(made, waste)


def large(files: int) -> tuple[Image, dict[str, object]]:
    """Many files of every size, in layers of an uneven shape; the same each time."""
    words = (
        "FROM node:24|RUN apt-get update && apt-get install -y build-essential|COPY package.json .|RUN npm ci|COPY . ."
    )
    shares = (30, 15, 1, 50, 4)
    layers = []
    seed = 7
    for at, (said, share) in enumerate(zip(words.split("|"), shares, strict=True)):
        found = []
        for number in range(files * share // 100):
            seed = (seed * 1_103_515_245 + 12_345) % 2**31
            top = ("usr", "var", "opt", "home", "srv")[(seed >> 8) % 5]
            folder = f"package-{(seed >> 12) % 97}/lib/module-{(seed >> 5) % 13}"
            size = 120 + (seed >> 4) % 4_000 if seed % 50 else (seed >> 3) % 3_000_000
            found.append((f"{top}/{folder}/component-{number:06d}.js", size))
        layers.append(layer(said, found, at))
    made = image(*layers, name="registry.example.com/team/front:2024-11")
    waste: list[tuple[str, int, str, int, str | None]] = [
        ("deleted", 1, entry.path, entry.size, "cleanup-in-later-layer")
        for entry in layers[1].entries
        if entry.path.startswith("var/")
    ]
    return made, record(made, waste)


def hostile() -> tuple[Image, dict[str, object]]:
    """Names and words that would do something if any of them were taken for more than text."""
    names = [
        HOSTILE,
        'srv/"><svg onload=window.hacked=2>',
        "srv/'-window.hacked-'",
        "srv/new\nline\ttab",
        "srv/\udcff\udcfe-no-utf-8",
        "srv/\u202egnp.exe",
        "srv/__proto__",
        "srv/constructor",
        "srv/<!--",
        "srv/]]>",
        "srv/&lt;b&gt;",
        "srv/%2e%2e%2f%zz",
        "srv/#/0/x",
        "srv/{name}{{}}",
        "srv//double//slash",
        "javascript:alert(1)/x",
        "/".join(["deep"] * 3_000),
        "n" * 5_000,
    ]
    made = image(
        layer(HOSTILE_WORDS, [(name, 1_000 + 10 * at) for at, name in enumerate(names)]),
        layer("", [("a", 10), ("a/b", 10), ("c/d", 10), ("c", 10)]),
        name="evil</title></script><script>window.hacked='name'</script>:1",
    )
    waste: list[tuple[str, int, str, int, str | None]] = [
        ("<b onclick=window.hacked=3>", 0, name, 1_000, '"><script>window.hacked=4</script>') for name in names
    ]
    return made, record(made, waste)
