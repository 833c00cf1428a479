"""Images with a toolchain, and the ones beside them that only run what it made (a typed view of toolchains.toml)."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from rewriter.knowledge.tables import table
from rewriter.knowledge.unknown import Unknown

CUDA: Final = frozenset(("nvidia/cuda", "nvcr.io/nvidia/cuda"))
#: the system in a tag of Hex' images, the version of OTP in a tag of elixir, and a number that begins one of erlang
_SYSTEM: Final = re.compile(r"-(debian|ubuntu|alpine)-(.+)$")
_OTP: Final = re.compile(r"(?:^|-)otp-(\d+)(?:-|$)")
_NUMBER: Final = re.compile(r"(\d+)(?:[.-]|$)")
SDKS: Final = frozenset(("mcr.microsoft.com/dotnet/sdk", "mcr.microsoft.com/dotnet/core/sdk"))


def cuda_runtime(image: str, tag: str) -> str | Unknown | None:
    """The tag of the flavour runtime beside devel; None for another flavour."""
    parts = tag.split("-")
    if "devel" not in parts:
        return None
    if not any(part.startswith(tuple(words("cuda", "systems"))) for part in parts[1:]) or not tag[:1].isdigit():
        return Unknown(f"which runtime {image}:{tag} has beside it")
    return "-".join("runtime" if part == "devel" else part for part in parts)


def has_aspnet(tag: str) -> bool:
    """True where the SDK and ASP.NET have the same tag, on the same system."""
    version, _, system = tag.partition("-")
    core = version == "3.1"
    return version in words("dotnet", "versions") and (
        not system or (system in words("dotnet", "systems") and not core)
    )


def aspnet(repository: str, tag: str) -> str:
    """The image of ASP.NET that runs what an image of the SDK publishes, "" where there is none in the tables."""
    if repository == "mcr.microsoft.com/dotnet/sdk" and has_aspnet(tag):
        return f"mcr.microsoft.com/dotnet/aspnet:{tag}"
    rows = (line.split() for line in table("toolchains.toml", "dotnet")["earlier"].split("\n") if line)
    return next((other for image, other in rows if image == f"{repository}:{tag or 'latest'}"), "")


def of_static_swift(release: str) -> tuple[str, tuple[str, ...]] | None:
    """The image that runs a program of Swift with its standard library in it, and the packages of what Foundation links."""
    rows = (line.split() for line in table("toolchains.toml", "swift")["static"].split("\n") if line)
    return next(((image, tuple(packages)) for name, image, *packages in rows if name == release), None)


def below_erlang(repository: str, tag: str) -> str:
    """The image of the system below an image of Erlang or Elixir, slim where it is Debian; "" where the tables do not show it."""
    named = _SYSTEM.search(tag)
    if named is not None:  # images of Hex: 1.14.0-erlang-25.0.4-debian-bullseye-20220801-slim
        slim = "-slim" if named[1] == "debian" and not tag.endswith("-slim") else ""
        return f"{named[1]}:{named[2]}{slim}"
    own = _OTP.search(tag) or (_NUMBER.match(tag) if repository == "erlang" else None)
    line = ".".join(tag.partition("-")[0].split(".")[:2])
    known = _pairs("elixir") if tag[:1].isdigit() else {line: [*_pairs("elixir").values()][-1]}
    otp = known.get(line, "") if own is None else own[1]
    release = _pairs("alpine" if "alpine" in tag.split("-") else "debian").get(otp, "")
    return "" if not release else f"alpine:{release}" if release[0].isdigit() else f"debian:{release}-slim"


def _pairs(key: str) -> dict[str, str]:
    rows = (one.partition(":") for one in table("toolchains.toml", "erlang")[key].split())
    return {name: value for name, _, value in rows}


def brings(toolchain: str, package: str) -> bool:
    """True for a package of a distribution that brings a part of the toolchain, or what compiles with it."""
    return package.startswith(tuple(words(toolchain, "packages")))


def named_in(toolchain: str, text: str) -> str:
    """The first name in a text that only the toolchain has an answer to, "" for none."""
    found = _pattern(toolchain).search(text)
    return found[0] if found is not None else ""


def questions(toolchain: str) -> tuple[str, ...]:
    """What nobody can read from the file and its context."""
    return tuple(filter(None, table("toolchains.toml", toolchain)["asks"].split("\n")))


@cache
def _pattern(toolchain: str) -> re.Pattern[str]:
    names = "|".join(map(re.escape, sorted(words(toolchain, "names"), key=len, reverse=True)))
    return re.compile(rf"(?<![\w-])(?:{names})")


@cache
def words(toolchain: str, key: str) -> frozenset[str]:
    """The words of one row of a toolchain: its ``commands``, ``names`` ..."""
    return frozenset(table("toolchains.toml", toolchain)[key].split())
