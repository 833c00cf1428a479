"""Which program /bin/sh is in an image. Source: the sh package or link of each distribution."""

from __future__ import annotations

from typing import Final

#: distributions whose /bin/sh is bash; Debian and Ubuntu have dash, Alpine busybox ash
_BASH: Final = ("centos", "fedora", "redhat", "ubi", "rhel", "rockylinux", "almalinux", "oraclelinux", "amazonlinux", "opensuse",
         "suse", "archlinux", "photon", "mageia", "scientificlinux", "sl", "clefos")  # fmt: skip


def sh_is_bash(image: str) -> bool:
    """True when the image's name says that its /bin/sh is bash. False when it is another shell or not known."""
    name = image.split("@")[0].rsplit(":", 1)[0].lower()
    return any(part.startswith(_BASH) for part in name.replace("-", "/").split("/"))
