"""Which variants of official images exist: a typed view of variants.toml.

A tag is ``[VERSION or name][-variant][-release]`` in the order of its image. A tag that the table does not show is not
built from parts: the answer is Unknown.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final, NamedTuple

from rewriter.knowledge import images, libraries
from rewriter.knowledge.tables import table
from rewriter.knowledge.unknown import Unknown

#: images whose full variant has a slim one, or one on Alpine, that is judged
FAMILIES: Final = frozenset(("python", "node", "debian", "openjdk", "perl", "ruby", "maven", "tomcat"))
#: those of them that are built on the images of openjdk, which are not made any more: only tags that were seen have a slim one
_ON_OPENJDK: Final = frozenset(("maven", "tomcat"))
#: images of a server, with a full variant and one on Alpine, and the programs that both have
SERVES: Final = {
    "nginx": frozenset(("nginx", "nginx-debug")),
    "httpd": frozenset(("httpd", "httpd-foreground", "apachectl")),
    "redis": frozenset(("redis-server", "redis-cli", "redis-sentinel", "redis-benchmark")),
    "memcached": frozenset(("memcached",)),
    "haproxy": frozenset(("haproxy",)),
    "rabbitmq": frozenset(("rabbitmq-server", "rabbitmqctl", "rabbitmq-plugins", "rabbitmqadmin")),
    "telegraf": frozenset(("telegraf",)),
    "influxdb": frozenset(("influxd", "influx")),
    "kapacitor": frozenset(("kapacitord", "kapacitor")),
    "php": frozenset(
        "php php-fpm docker-php-entrypoint docker-php-ext-install docker-php-ext-configure docker-php-ext-enable "
        "docker-php-source".split()
    ),
    "tomcat": frozenset(("catalina.sh", "startup.sh")),
}
SERVERS: Final = frozenset(SERVES) - _ON_OPENJDK
ON_ALPINE: Final = frozenset(("python", "node", *SERVERS))
#: an update of Java 8, and the first one after slim variants of it were made (2017-10)
_UPDATE: Final = re.compile(r"8u\d+")
_FIRST_UPDATE: Final = 151
_VERSION: Final = re.compile(r"\d+(?:\.\d+){0,2}")
#: releases whose slim images were all made after their folders of manual pages stayed (empty). Source: debuerreotype #116 of
#: 2021-07-30, in the images since official-images #10730 of 2021-08-16; tags of one patch of a language may be older on bullseye
_FOLDERS_SINCE: Final = "bullseye"
#: what stands behind a version in the tags of Java
_JAVA: Final = frozenset(("jdk", "jre"))
#: a day in the tags of Debian, and one from which on each has a slim variant: the first that was seen with one, 2026-11-28;
#: those of 2023 and 2026 are listed with theirs in github.com/docker-library/repo-info, repos/debian
_DAY: Final = re.compile(r"20[12]\d[01]\d[0-3]\d")
_FIRST_DAY: Final = "20190708"
#: the versions of openjdk whose full variants are on Debian, as the slim ones are
_OPENJDK_ON_DEBIAN: Final = frozenset((6, 7, 8, 9, 10, 11))
_JAVA_OF: Final = re.compile(r"openjdk|(?:jdk|jre)\d+")
#: the same of PHP; Apache with PHP is made on Debian only
_PHP: Final = frozenset(("cli", "fpm", "zts", "apache"))
_FLAVOURS: Final = _JAVA | _PHP | {"management"}
#: images that have a slimmer variant, which is never proposed, and are still made: those of the table but for the others named
#: here. Written out, since each run asks, and the table is long
UNJUDGED: Final = frozenset((
    "amazoncorretto azul-zulu caddy chronograf clojure drupal eclipse-mosquitto eclipse-temurin elasticsearch elixir erlang "
    "flink ghost groovy haskell haxe hylang ibmjava jetty joomla jruby julia kong lightstreamer logstash matomo mediawiki "
    "nats nextcloud open-liberty oraclelinux phpmyadmin postgres pypy rakudo-star redmine rethinkdb rust sapmachine solr "
    "sonarqube spiped swift tomee traefik varnish wordpress znc"
).split())  # fmt: skip
#: images of a JRE with one on Alpine, which is judged where the build file of the program is seen
OF_CLASSES: Final = frozenset(("eclipse-temurin",))
#: images of Java of which a JDK is judged (java.py)
_JDKS: Final = frozenset(("eclipse-temurin", "amazoncorretto", "sapmachine"))
#: names of moving tags of Debian, each with what ``-slim`` goes to; "latest" is the stable release under another name
_DEBIAN: Final = {
    "": "stable",
    **{name: name for name in ("stable", "oldstable", "oldoldstable", "testing", "sid", "unstable")},
}


class Tag(NamedTuple):
    """A tag in parts: ``version`` "" for none, ``kind`` "full", "slim" or "alpine", ``release`` "" or ``bookworm``, ``name``
    what stands in place of the version (``carbon``), ``flavour`` "", "jdk" or "jre", or that of PHP ("fpm")."""

    version: str
    kind: str
    release: str
    name: str = ""
    flavour: str = ""

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.version.split(".")) if self.version else ()


class Sibling(NamedTuple):
    """Another variant: its tag, and the release that it is built on; "" for a tag of one patch, which may be older than
    what the table knows of its line. ``doubt`` is what the table does not show of it, "" for nothing."""

    tag: str
    release: str
    doubt: str = ""


def parts(tag: str) -> Tag | Unknown:
    """A tag of one of the families, taken apart. "latest" and "" are the same."""
    version, kind, release, name, flavour = "", "full", "", "", ""
    for place, part in enumerate([] if tag in ("", "latest") else tag.split("-")):
        if place == 0 and _VERSION.fullmatch(part):
            version = part
        elif place == 0 and _UPDATE.fullmatch(part):
            name = part
        elif place == 0 and libraries.node_line(part):
            version, name = libraries.node_line(part), part
        elif place == 0 and part == "lts":
            version, name = _lts(), part
        elif place == 0 and (part in _DEBIAN or part == "mainline"):
            name = part
        elif (part in _FLAVOURS or _JAVA_OF.fullmatch(part)) and kind == "full" and not release and not flavour:
            flavour = part
        elif "jdk" in flavour and (part.isdigit() or part == "openjdk") and kind == "full":  # maven:3-jdk-8
            flavour = f"{flavour}-{part}"
        elif part == "slim" and kind == "full":
            kind = "slim"
        elif part.startswith("alpine") and kind == "full":
            kind, release = "alpine", part.removeprefix("alpine")
        elif part in images.RELEASES and not release and kind != "alpine":
            release = part
        elif _DAY.fullmatch(part) and (release or name) and not version and not flavour and kind == "full":
            flavour = part  # debian:bookworm-20240211
        elif part == "backports":
            line = f"debian:{release or name}-slim with a line for backports in sources.list would do"
            return Unknown(f"that debian:{tag} has a slim variant: {line}")
        else:
            return Unknown(f"what {part!r} means in the tag {tag!r}")
    return Tag(version, kind, release, name, flavour)


def sibling(image: str, tag: str, kind: str) -> Sibling | Unknown:
    """The tag of the other variant of the same version, slim ones on the same Debian release.

    Where ``kind`` is alpine, the release is that of Alpine, ``3.22``. Both tags are in the table or the answer is Unknown:
    those of one patch by their line, of which each release has both.
    """
    own = parts(tag)
    if isinstance(own, Unknown):
        return own
    if own.kind == kind or own.kind == "alpine":
        return Unknown(f"what {kind} variant {image}:{tag} has")
    found = _by_rows(image, tag, own, kind)
    new = f"{tag}-{kind}"
    if isinstance(found, Unknown) and libraries.seen(f"{image}:{new}"):
        doubt = "" if own.release else f"which release of its system {image}:{tag} and {image}:{new} are built on"
        return Sibling(new, own.release, doubt)
    return found


def _by_rows(image: str, tag: str, own: Tag, kind: str) -> Sibling | Unknown:
    if image in _ON_OPENJDK:
        return Unknown(f"that there is {image}:{tag or 'latest'}-{kind}: slimmer variants of {image} are made no more")
    if image == "debian":
        return _of_debian(own)
    if image == "openjdk" and own.name:
        return _of_java(own, kind)
    if _DAY.fullmatch(own.flavour):
        return Unknown(f"what {own.flavour!r} means in the tag {tag!r}")
    if own.flavour == "management" and image != "rabbitmq":
        return Unknown(f"that {image} has {own.flavour}")
    if own.flavour in _PHP and (image != "php" or own.flavour == "apache"):
        return Unknown(f"that {image} has {own.flavour} on another system than Debian")
    line = _line(image, own)
    if own.flavour == "zts" and own.version and line not in _words(image, kind, "live"):
        return Unknown(f"that {image} had the {kind} variant of {own.version} with zts")
    if not _released(image, own, kind):
        if image == "openjdk" and _OPENJDK_ON_DEBIAN.isdisjoint(own.numbers[:1]):
            return Unknown(
                "what else would change: from Java 12 on openjdk is on Oracle Linux, its slim variant on Debian"
            )
        since = _since(image, own, kind)
        hint = f" (each from {since} on has one)" if since else ""
        return Unknown(f"that {image} had the {kind} variant of {own.name or own.version or 'latest'}{hint}")
    patch = len(own.numbers) == 3
    flavour = f"-{own.flavour}" if own.flavour else ""
    here = own.release or _under(image, "full").get(f"{line}{flavour}", "")
    if kind == "alpine":
        under = _under(image, kind)
        there = under.get(f"{line}{flavour}-alpine", under.get(f"{line}-alpine", "")).removeprefix("alpine")
        new = "-".join(filter(None, (own.name or own.version, own.flavour, "alpine")))
        return Sibling(
            new, "" if patch else there, "" if there else f"which release of Alpine {image}:{new} is built on"
        )
    there = _under(image, kind).get(f"{line}{flavour}-{kind}", "")
    if own.release and there != own.release:
        there = own.release if _named_alive(image, own, kind) else ""
    order = (own.release, kind) if image == "node" else (kind, own.release)
    new = "-".join(filter(None, (own.name or own.version, own.flavour, *order)))
    if own.release and not there and libraries.seen(f"{image}:{new}"):
        return Sibling(new, own.release)
    if own.release and not there:
        return Unknown(f"that there is {image}:{new}")
    if not here and line in _words(image, "full", "live"):
        return Unknown(f"that {image}:{new} exists")  # made so far are its release candidates only
    if not here or not there:
        return Sibling(new, "", f"which Debian release {image}:{tag or 'latest'} and {image}:{new} are built on")
    if here != there:
        return Sibling(new, "", f"{image}:{tag} was last built on {here} and {image}:{new} on {there}")
    return Sibling(new, "" if patch and not own.release else here)


def _of_java(own: Tag, kind: str) -> Sibling | Unknown:
    """The slim variant of an update of Java 8, which each has since the variant is made (2017-07-21)."""
    if not _UPDATE.fullmatch(own.name):
        return Unknown(f"what {own.name!r} means in a tag of openjdk")
    update = int(own.name.partition("u")[2])
    new = "-".join(filter(None, (own.name, own.flavour, kind, own.release)))
    if own.release and libraries.seen(f"openjdk:{new}"):
        return Sibling(new, own.release)
    if kind != "slim" or own.release or update < _FIRST_UPDATE:
        return Unknown(f"that there is openjdk:{new}")
    return Sibling(new, "", f"which Debian release openjdk:{own.name} and openjdk:{new} are built on")


def _of_debian(own: Tag) -> Sibling | Unknown:
    """The slim variant of a Debian release, of one of a day, or of a moving name: the same packages."""
    alive = _words("debian", "slim", "names")
    if own.flavour and (own.version or not _DAY.fullmatch(own.flavour) or own.flavour < _FIRST_DAY):
        return Unknown(f"that there is debian:{own.release or own.name}-{own.flavour}-slim")
    day = f"-{own.flavour}" if own.flavour else ""
    if own.release:
        known = own.release in _under("debian", "slim").values() or f"{own.release}-slim" in alive
        new = f"{own.release}{day}-slim"
        return Sibling(new, own.release) if known else Unknown(f"that debian:{new} exists")
    if own.version:
        new, whole = f"{own.version}-slim", f"{own.numbers[0]}-slim"
        release = _under("debian", "slim").get(new, "")
        hint = f": debian:{whole} would do, with all updates" if whole in _under("debian", "slim") else ""
        return Sibling(new, release) if release else Unknown(f"that debian:{new} exists{hint}")
    if own.name not in _DEBIAN:
        return Unknown(f"that there is debian:{own.name}-slim")
    moving = f"{_DEBIAN[own.name]}-slim"
    new = f"{_DEBIAN[own.name]}{day}-slim"
    return Sibling(new, "") if moving in alive else Unknown(f"that debian:{new} exists")


def keeps_manual_folders(image: str, written: str) -> bool:
    """True where the slim variant of a tag is known to have /usr/share/man/man1 and its like, into which packages put links."""
    tag, other = parts(written), sibling(image, written, "slim")
    if isinstance(tag, Unknown) or isinstance(other, Unknown):
        return False
    if image == "debian" and not other.release:
        return True  # a name that moves along
    if other.release not in images.RELEASES:
        return False
    age = images.RELEASES.index(other.release) - images.RELEASES.index(_FOLDERS_SINCE)
    return age > 0 or (age == 0 and len(tag.numbers) < 3)


def saved(image: str, tag: Tag, kind: str) -> tuple[int, str] | None:
    """Uncompressed bytes between the full image and the other variant where the table has both sizes of this line."""
    line = ".".join(tag.version.split(".")[:2])
    found: dict[str, tuple[int, str]] = {}
    for name, size, day in (row.split() for row in table("variants.toml", "sizes")["rows"].split("\n")):
        repository, _, other = name.partition(":")
        known = parts(other)
        if repository == image and isinstance(known, Tag) and known.version.startswith(f"{line}."):
            found[known.kind] = int(size), f"{name} {day}"
    if line.count(".") != 1 or "full" not in found or kind not in found:
        return None
    return found["full"][0] - found[kind][0], f"{found['full'][1]}, {found[kind][1]}"


def exists(image: str, tag: str) -> bool:
    """True when the table shows this very tag of an image."""
    return any(tag in _under(image, kind) or tag in _words(image, kind, "names") for kind in ("full", "slim", "alpine"))


def built_on(image: str, tag: str) -> str:
    """The release that a tag was last built on, "" where the table does not show it. Each flavour of PHP is built on the same."""
    if image == "php":
        tag = "-".join(part for part in tag.split("-") if part not in _PHP)
    return next(
        (under[tag] for under in (_under(image, kind) for kind in ("full", "slim", "alpine")) if tag in under), ""
    )


def unjudged(image: str, tag: str) -> str:
    """What stands against the slimmer variants of an image of which each use is another one; "" for any other image."""
    if image not in UNJUDGED:
        return ""
    if image == "java" or (image in _JDKS and "jre" not in tag and "headless" not in tag):
        return ""  # a JDK is looked at as such
    alive = any(_words(image, kind, key) for kind in ("slim", "alpine") for key in ("live", "names"))
    return libraries.unjudged(image, tag) if alive else f"the slimmer variants of {image} are made no more"


def gone(image: str) -> str:
    """The day of the last new tag of an official image that has no living one; "" for any other image."""
    return _gone().get(image, "")


def all_gone() -> frozenset[str]:
    """The official images that have no living tag."""
    return frozenset(_gone())


@cache
def _gone() -> dict[str, str]:
    return dict(row.split() for row in table("variants.toml", "gone")["rows"].split("\n"))


def _line(image: str, tag: Tag) -> str:
    """The tag under which the table knows a version: ``3.9`` of ``3.9.1``; the newest one of no version."""
    if tag.version:
        return ".".join(tag.version.split(".")[:2])
    alive = _words(image, "full", "live")
    finished = [line for line in alive if line in _under(image, "full")]
    return max(finished, key=lambda line: [int(part) for part in line.split(".")], default="")


def _released(image: str, tag: Tag, kind: str) -> bool:
    """True when the version, and the moving tag, are known of both variants."""
    if not tag.version and tag.name:
        return f"{tag.name}-{kind}" in _words(image, kind, "names")
    if not tag.version:
        return not {kind, f"{tag.release}-{kind}", f"{kind}-{tag.release}"}.isdisjoint(_words(image, kind, "names"))
    numbers = tag.numbers
    if len(numbers) == 1:
        return tag.version in _majors(image, "full") and tag.version in _majors(image, kind)
    line = ".".join(tag.version.split(".")[:2])
    if line not in _words(image, "full", "versions") or line not in _words(image, kind, "versions"):
        return False
    return (
        len(numbers) == 2
        or libraries.at_least(line, libraries.complete_since(image, kind))
        or libraries.at_least(line, libraries.complete_since(image, kind, str(numbers[0])))
        or libraries.at_least(tag.version, libraries.complete_since(image, kind, line))
    )


def _since(image: str, tag: Tag, kind: str) -> str:
    """The first version from which on each of its line, of its major, or at all has the variant; "" where that is not known, or
    this one is not below it."""
    parts_ = tag.version.split(".")
    for line in (".".join(parts_[:2]), parts_[0], "") if tag.version else ():
        found = libraries.complete_since(image, kind, line)
        if not libraries.at_least(tag.version, found) and found != "999":
            return found
    return ""


def _named_alive(image: str, tag: Tag, kind: str) -> bool:
    """True when the variant's tags with this release are still made, and those of this version."""
    names = _words(image, kind, "names")
    version = ".".join(tag.version.split(".")[:2])
    known = not {f"{kind}-{tag.release}", f"{tag.release}-{kind}"}.isdisjoint(names)
    alive = _words(image, kind, "live")
    return known and (not version or version in alive or any(one.startswith(f"{version}.") for one in alive))


@cache
def _majors(image: str, kind: str) -> frozenset[str]:
    """The first numbers of the lines that the variant was made of."""
    return frozenset(one.partition(".")[0] for one in _words(image, kind, "versions"))


@cache
def _lts() -> str:
    """The major version that ``node:lts`` is of: that of the code name behind it in the table."""
    names = (one.removeprefix("lts-") for one in _words("node", "full", "names") if one.startswith("lts-"))
    return next(filter(None, map(libraries.node_line, names)), "")


@cache
def _under(image: str, kind: str) -> dict[str, str]:
    rows = (row.partition(" ") for row in _row(image, kind)["under"].split("\n") if row)
    return {tag: release for tag, _, release in rows}


@cache
def _words(image: str, kind: str, key: str) -> tuple[str, ...]:
    return tuple(_row(image, kind)[key].split())


def _row(image: str, kind: str) -> dict[str, str]:
    try:
        return table("variants.toml", f"{image} {kind}")
    except KeyError:
        return {"since": "", "versions": "", "live": "", "names": "", "under": ""}
