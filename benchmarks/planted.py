"""Dockerfiles with waste planted in them, and what has to be found: no more and no less."""

from __future__ import annotations

import io
import tarfile
from typing import NamedTuple

BASE = "alpine:3.23"
DEBIAN = "debian:bookworm-slim"


class Plant(NamedTuple):
    """Waste that has to be found: its kind, path, exact bytes (None: some), the transform that cures it."""

    kind: str
    path: str
    bytes: int | None
    cure: str | None


class Planted(NamedTuple):
    """A Dockerfile, files of its context, and the waste in it. ``classic`` is built by the builder before BuildKit;
    ``network`` needs package indexes. The base image's own affairs are not counted: its layers are there before."""

    name: str
    dockerfile: str
    files: dict[str, bytes]
    waste: tuple[Plant, ...]
    classic: bool = False
    network: bool = False


def content(seed: int, size: int) -> bytes:
    """``size`` bytes that no other seed gives, the same in every run."""
    import random

    return random.Random(seed).randbytes(size)


def archive(**files: bytes) -> bytes:
    """A .tar.gz of these files."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as tar:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            tar.addfile(info, io.BytesIO(data))
    return stream.getvalue()


APP = {f"app/{name}": content(at, 40_000 + at) for at, name in enumerate(("main", "lib/one", "lib/two"))}
LOOKS = {"usr/include/a.h": 5000, "usr/lib/liba.a": 6000, "usr/lib/debug/a": 7000, "usr/share/doc/x/README": 8000,
         "usr/share/locale/de/x.mo": 9000, "opt/large": 2_000_000}  # fmt: skip
APP_BYTES = sum(map(len, APP.values()))
TOOL = archive(tool=content(9, 90_000))


def write(path: str, size: int) -> str:
    """A command that writes ``size`` bytes, other ones for each path."""
    return f"yes {path} | head -c {size} > {path}"


def dockerfile(*lines: str, base: str = BASE) -> str:
    return "".join(f"{line}\n" for line in (f"FROM {base}", *lines))


PLANTED = (
    Planted("clean", dockerfile("COPY app /app", 'CMD ["/app/main"]'), APP, ()),
    Planted(
        "deleted-in-the-next-run",
        dockerfile(f"RUN {write('/opt/a', 300_000)}", "RUN rm /opt/a"),
        {},
        (Plant("deleted", "opt/a", 300_000, "consecutive-runs"),),
    ),
    Planted(
        "deleted-behind-a-copy",
        dockerfile(
            "RUN wget -qO /tmp/tool.tar.gz http://127.0.0.1:1/tool.tar.gz || "
            "head -c 200000 /dev/zero > /tmp/tool.tar.gz; tar xzf /tmp/tool.tar.gz -C /opt || true",
            "COPY app /app",
            "RUN rm /tmp/tool.tar.gz",
        ),
        APP,
        (Plant("deleted", "tmp/tool.tar.gz", 200_000, "cleanup-in-later-layer"),),
    ),
    Planted(
        "deleted-tree",
        dockerfile(
            f"RUN mkdir -p /opt/t/d && {write('/opt/t/a', 100_000)} && {write('/opt/t/d/b', 50_000)}",
            "COPY app /app",
            "RUN rm -r /opt/t",
        ),
        APP,
        (Plant("deleted", "opt/t", 150_000, None),),
    ),
    Planted(
        "deleted-by-pattern",
        dockerfile(
            f"RUN mkdir /opt/t && {write('/opt/t/a', 100_000)} && {write('/opt/t/b', 50_000)} && {write('/opt/c', 9_000)}",
            "RUN rm /opt/t/*",
        ),
        {},
        (Plant("deleted", "opt/t", 150_000, "consecutive-runs"),),
    ),
    Planted(
        "opaque-directory",
        dockerfile(
            f"RUN mkdir /opt/t && {write('/opt/t/a', 100_000)} && {write('/opt/t/b', 50_000)}",
            "RUN rm -r /opt/t && mkdir /opt/t && echo new > /opt/t/a",
        ),
        {},
        (Plant("deleted", "opt/t", 150_000, "consecutive-runs"),),
    ),
    Planted(
        "directory-becomes-a-link",
        dockerfile(f"RUN mkdir /opt/t && {write('/opt/t/a', 100_000)}", "RUN rm -r /opt/t && ln -s /srv /opt/t"),
        {},
        (Plant("deleted", "opt/t/a", 100_000, "consecutive-runs"),),
    ),
    Planted(
        "overwritten",
        dockerfile(f"RUN {write('/opt/a', 300_000)}", "RUN echo more >> /opt/a"),
        {},
        (Plant("overwritten", "opt/a", 300_000, "consecutive-runs"),),
    ),
    Planted(
        "owner-of-a-tree",
        dockerfile("COPY app /app", "RUN chown -R 5:5 /app"),
        APP,
        (Plant("metadata", "app", APP_BYTES, "ownership-changed-later"),),
    ),
    Planted(
        "mode-of-a-file",
        dockerfile("COPY app /app", "RUN chmod -R 755 /app"),
        APP,
        (Plant("metadata", "app", APP_BYTES, "mode-changed-later"),),
    ),
    Planted(
        "time-of-a-file",
        dockerfile("COPY app /app", "RUN touch -t 200001010000 /app/main"),
        APP,
        (Plant("metadata", "app/main", 40_000, None),),
    ),
    Planted(
        "copy-of-a-tree",
        dockerfile("COPY app /app", "RUN cp -r /app /srv/app"),
        APP,
        (Plant("duplicate", "srv/app", APP_BYTES, None),),
    ),
    Planted(
        "hard-links-of-which-one-stays",
        dockerfile(f"RUN {write('/opt/a', 100_000)} && ln /opt/a /opt/b && ln -s a /opt/c", "RUN rm /opt/a"),
        {},
        (),
    ),
    Planted(
        "hard-links-all-gone",
        dockerfile(f"RUN {write('/opt/a', 100_000)} && ln /opt/a /opt/b", "RUN rm /opt/a", "RUN rm /opt/b"),
        {},
        (Plant("deleted", "opt/a", 100_000, "consecutive-runs"),),
    ),
    Planted(
        "caches-by-their-places",
        dockerfile(
            f"RUN mkdir -p /root/.cache/pip/http /home/me/.npm/_cacache && {write('/root/.cache/pip/http/a', 70_000)} "
            f"&& {write('/home/me/.npm/_cacache/a', 60_000)}"
        ),
        {},
        (Plant("cache", "root/.cache/pip", 70_000, None), Plant("cache", "home/me/.npm", 60_000, None)),
    ),
    Planted(
        "archive-beside-its-content",
        dockerfile("COPY tool.tar.gz /opt/", "RUN tar xzf /opt/tool.tar.gz -C /opt"),
        {"tool.tar.gz": TOOL},
        (Plant("archive", "opt/tool.tar.gz", len(TOOL), None),),
    ),
    Planted(
        "temporary-files",
        dockerfile(
            f"RUN mkdir /tmp/build && {write('/tmp/build/a', 50_000)} && cp /tmp/build/a /opt/a && echo >> /opt/a"
        ),
        {},
        (Plant("temporary", "tmp/build/a", 50_000, "temporary-files-left"),),
    ),
    Planted(
        "other-stages-do-not-ship",
        f"FROM {BASE} AS build\nRUN {write('/a', 90_000)}\nRUN rm /a && {write('/b', 80_000)}\n"
        f"FROM {BASE}\nCOPY --from=build /b /b\n",
        {},
        (),
    ),
    Planted(
        "classic-builder",
        dockerfile(f"RUN {write('/opt/a', 300_000)} && ln -s /somewhere/else /opt/l", "RUN rm /opt/a", "COPY app /app"),
        APP,
        (Plant("deleted", "opt/a", 300_000, "consecutive-runs"),),
        classic=True,
    ),
    Planted(
        "several-at-once",
        dockerfile(
            f"RUN {write('/opt/a', 300_000)} && {write('/opt/b', 200_000)}",
            "COPY app /app",
            "RUN rm /opt/a && chown -R 7:7 /app && echo more >> /opt/b",
            "RUN cp /app/main /opt/main",
        ),
        APP,
        (
            Plant("deleted", "opt/a", 300_000, None),
            Plant("overwritten", "opt/b", 200_000, None),
            Plant("metadata", "app", APP_BYTES, "ownership-changed-later"),
            Plant("duplicate", "opt/main", 40_000, None),
        ),
    ),
    Planted(
        "worth-a-look",
        dockerfile(
            "RUN mkdir -p /usr/include /usr/lib/debug /usr/share/doc/x /usr/share/locale/de && "
            + " && ".join(write(f"/{path}", size) for path, size in LOOKS.items())
        ),
        {},
        (
            Plant("headers", "usr/include", 5000, None),
            Plant("static", "usr/lib", 6000, None),
            Plant("debug", "usr/lib/debug", 7000, None),
            Plant("docs", "usr/share/doc", 8000, None),
            Plant("locales", "usr/share/locale", 9000, None),
            Plant("large", "opt/large", 2_000_000, None),
        ),
    ),
    Planted(
        "apt-lists",
        dockerfile(
            "RUN apt-get update && apt-get install -y --no-install-recommends netcat-openbsd",
            base="debian:bookworm-slim",
        ),
        {},
        (Plant("cache", "var/lib/apt/lists", None, "apt-lists-left-behind"),),
        network=True,
    ),
    Planted(
        "apk-and-pip-caches",
        dockerfile("RUN pip install --root-user-action=ignore six==1.17.0", base="python:3.13-alpine"),
        {},
        (Plant("cache", "root/.cache/pip", None, "pip-cache-kept"),),
        network=True,
    ),
)
