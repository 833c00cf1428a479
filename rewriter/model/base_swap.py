"""Another tag in a FROM: whether that line can be edited, and the edit; packages that the new base lacks."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from rewriter.knowledge import contents, images, libraries, programs, variants
from rewriter.knowledge.unknown import Unknown
from rewriter.model import apt, from_image, served, stage_links, style
from rewriter.model.file import File, Stage
from rewriter.model.needs import Needs
from rewriter.model.run import Run
from rewriter.rule import Ask, Change
from rewriter.text import Edit, Span, newline_of

#: releases whose base images have adduser, from the oldest with slim ones
_WITH_ADDUSER: Final = ("wheezy", "jessie", "stretch", "buster", "bullseye", "bookworm")
#: commands of full variants that people and programs outside of the file call; each is gone in slim ones
_CALLED: Final = "git curl wget ssh ps top unzip xz file patch gpg make gcc".split()
#: these platforms have every variant; the variables stand for what a build without them takes
_PLATFORMS: Final = frozenset(
    "linux/amd64 linux/arm64 linux/arm64/v8 $TARGETPLATFORM ${TARGETPLATFORM} $BUILDPLATFORM ${BUILDPLATFORM}".split()
)


class From(NamedTuple):
    """The FROM of an official image below the shipped stage. ``place`` covers the image as written in it, ``named`` is what it
    names by its arguments' defaults; ``image`` has no registry, ``written`` is its tag."""

    stage: Stage
    image: str
    written: str
    place: Span
    named: from_image.Image


class Base(NamedTuple):
    """As :class:`From`, with the tag in parts."""

    stage: Stage
    image: str
    tag: variants.Tag
    written: str
    place: Span
    named: from_image.Image


def base_of(file: File, families: AbstractSet[str], ask: Ask, *kinds: str) -> Base | Unknown | None:
    """The base of the shipped stage; None where it is none of these variants of a family, or the user keeps it; Unknown says what
    is not known."""
    found = place_of(file, families, ask, *kinds)
    if not isinstance(found, From):
        return found
    tag = variants.parts(found.written)
    if isinstance(tag, Unknown):
        return tag
    return Base(found.stage, found.image, tag, found.written, found.place, found.named)


def place_of(file: File, families: AbstractSet[str], ask: Ask, *kinds: str) -> From | Unknown | None:
    """As :func:`base_of`, of images whose tags are written in another way."""
    if ask.settings.base == "keep":
        return None
    stage = file.stages[-1].lineage[-1]
    named = from_image.named(file, stage)
    text = stage.image if isinstance(named, Unknown) else named.text
    repository, written = images.named(text)
    name = repository.rpartition("/")[2]
    name = repository if repository in families else name  # of another publisher
    family = name.partition("$")[0] if "$" in text else name
    kind = next((one for one in ("alpine", "slim", "onbuild", "windows", "nanoserver") if one in written), "full")
    if family not in families or kind not in kinds:
        return None
    if isinstance(named, Unknown):
        return named
    if any(text.lower() == other.name for other in file.stages):
        return None  # an argument may name a stage
    if repository != name and not _mirrored(repository, ask):
        host = repository.partition("/")[0]
        mirror = "." in host or ":" in host or host == "localhost"
        hint = " (say so in the configuration: mirrors)"
        return Unknown(f"whether {repository} has the variants of the official image{hint}") if mirror else None
    if "@" in text:
        return Unknown(
            "which digest the other variant has: the one in FROM names this image and no other: a tag in its place would do"
        )
    step = stage.steps[0]
    platform = next((flag.value or "" for flag in step.instruction.flags if flag.name == "platform"), "")
    if platform and platform not in _PLATFORMS:
        return Unknown(f"whether the other variant is made for {platform}")
    others = [other for other in file.stages if stage in other.lineage and other not in file.stages[-1].lineage]
    if others:
        return Unknown(f"what the stage {others[0].name or others[0].index} needs, which is built on the same base")
    taker = _taker(file)
    if taker is not None:
        return Unknown(f"what the stage {taker.name or taker.index} takes from a stage that is built on the same base")
    place = step.instruction.body.span(0, len(stage.image))
    if place.of(file.source) != stage.image:
        return Unknown("how an image that is broken over lines is edited")
    return From(stage, name, written, place, named)


def _mirrored(repository: str, ask: Ask) -> bool:
    """True for the name of an official image behind a registry that the user says to mirror them."""
    prefix = repository.rpartition("/")[0].removesuffix("/library")
    return prefix in [one.strip("/").removesuffix("/library") for one in ask.settings.mirrors]


def _taker(file: File) -> Stage | None:
    """A stage that takes files from one of those that are shipped: by COPY --from, or by a mount."""
    shipped = file.stages[-1].lineage
    others = (stage for stage in file.stages if stage not in shipped)
    return next((one for one in others if any(taken in shipped for taken in stage_links.taken(file, one))), None)


def from_of(file: File) -> Span:
    """The FROM of the shipped base: what is said of the base as a whole is said of it."""
    return file.stages[-1].lineage[-1].steps[0].span


def needs(file: File, base: Base, ask: Ask) -> Needs:
    """What the last stage needs of its base. The readers of programs are loaded here: files on other bases need none."""
    folders = variants.keeps_manual_folders(base.image, base.written)
    if base.image == "debian":
        from rewriter.model.debian_needs import needs_of_debian

        found = needs_of_debian(file, folders, ask)
    else:
        from rewriter.model.stage_needs import needs_of

        found = needs_of(file, base.image, base.tag, folders, ask).copy()
        for tool in ask.settings.keep_tools:
            _keep(tool, base, found)
    if not found.blocks:
        ask_for_arguments(base, found, ask)
    return found


def ask_for_arguments(base: Base | From, needs: Needs, ask: Ask) -> None:
    """Questions about the arguments in FROM, if it has any; else the fact that there are none."""
    names = base.named.arguments
    questions = from_image.questions(base.named, ask) if names else []
    for question in questions:
        needs.ask(question)
    if names and not questions:
        needs.fact(f"no file that may build the image names {' or '.join(names)}, which the image in FROM hangs on")


def _keep(tool: str, base: Base, needs: Needs) -> None:
    """A command that the user wants to stay, although nothing is seen to call it."""
    if programs.in_debian(tool) or tool in needs.installed:
        return
    package = libraries.tool_package(tool) or programs.package(tool)
    if isinstance(package, Unknown):
        needs.ask(f"{package.why}, which keep-tools names, is not known")
    else:
        if libraries.breaks_on_slim(package) and not needs.folders:
            needs.links_pages(package, f"{package}, for {tool} of keep-tools,")
        needs.need(package, f"keep-tools names {tool}", None)
        needs.kept.update((package, "ca-certificates"))


def serves(file: File) -> bool:
    """True where the shipped stage is built on the image of a server, which has no slim variant."""
    return file.image_of(file.stages[-1]) in variants.SERVERS


def retag(file: File, base: Base | From, tag: str | Unknown) -> Change | style.Refusal:
    """Write another tag, where that stands; what stands in front of it, a registry too, stays."""
    if isinstance(tag, Unknown):
        return style.Refusal(f"it is not known {tag.why}")
    edit = from_image.retagged(file, base.stage, base.named, tag)
    return style.Refusal(f"it is not known {edit.why}") if isinstance(edit, Unknown) else Change((edit,))


def reimage(file: File, place: From, image: str) -> Change | style.Refusal:
    """Write another image, with its tag; what stands in front of it, a registry too, stays."""
    if place.named.arguments:
        return style.Refusal("an argument says which image it is: its default would have to be another")
    written = place.place.of(file.source)
    prefix = written[: written.rfind(place.image)]
    return Change((Edit.replace(place.place, f"{prefix}{image}"),))


def proven(base: Base) -> str:
    """The sentence for a swap to slim of which nothing is a question."""
    if base.image == "debian":
        return "the slim variant has the same packages without /usr/share/doc, man, info and locale"
    return "each command, package and module is known to need nothing else of the full variant, on amd64 and arm64"


def lost(base: Base, needs: Needs) -> str:
    """What the new image can no longer do."""
    if base.image == "debian":
        return "no longer there: documents, manual pages and translated messages of Debian's packages"
    gone = [one for one in _CALLED if one not in needs.installed and programs.package(one) not in needs.missing]
    types = [] if "media-types" in needs.missing else ["/etc/mime.types"]
    return f"no longer there: {', '.join([*gone, 'headers', *types])} (keep-tools keeps commands)"


def because(needs: Needs, known: str) -> tuple[str, ...]:
    """The facts of a swap for its finding: what is known, else what a person has to confirm."""
    open_ = (
        "what follows is not seen: a person has to confirm that none of it needs anything of the old base",
        *(f"to confirm: {what}" for what in needs.asks),
    )
    return (*needs.facts, *(open_ if needs.asks else (known,)))


def install(file: File, base: Base, needs: Needs, release: str) -> Change | style.Refusal:
    """Install what is missing: in the first install of the stage where that comes early enough, else below FROM. There the
    folders of manual pages are made, too, where something is installed that puts links into them."""
    there = contents.packages(base.image, "slim", release)
    for package in tuple(needs.missing) if not isinstance(there, Unknown) else ():
        if package in there:
            del needs.missing[package]
    if images.release(base.named.text) == "jessie" or release in _WITH_ADDUSER:
        needs.missing.pop("adduser", None)
    found = _place_for(file, needs, release)
    if isinstance(found, style.Refusal):
        return found
    lines = ["mkdir -p /usr/share/man/man1 /usr/share/man/man7"] if needs.pages else []
    if isinstance(found, str):
        lines += [found]
    below = line_below(file, base, " && ".join(lines)) if lines else Change()
    return below if isinstance(found, str) else below + found


def _place_for(file: File, needs: Needs, release: str) -> Change | str | style.Refusal:
    """The edit that installs what is missing, or the command for a RUN of its own."""
    packages = sorted(needs.missing)
    if not packages:
        return Change()
    if "media-types" in packages and release not in served.SERVED:
        needs.ask("media-types is a package of Debian 11 and later; before, it was mime-support")
    first = min((one.at for one in needs.missing.values() if one.at is not None), default=None)
    for run in file.runs:
        if run.stage in file.stages[-1].lineage and (first is None or run.index < first):
            found = _beside(run, packages)
            if found is not None:
                return found
    if not needs.kept.issuperset(packages) and not served.fetches(file):
        named = [one for one in packages if one != "ca-certificates"] or packages  # which another one only wants
        why = served.against(file, named, release)
        if why:
            return style.Refusal(why)
        ask_for_mirror(packages, release, needs)
    names = " ".join(packages)
    return f"apt-get update && apt-get install -y --no-install-recommends {names} && rm -rf /var/lib/apt/lists/*"


def ask_for_mirror(packages: list[str], release: str, needs: Needs) -> None:
    """A build that never fetched from Debian's mirror may have no way to it."""
    there = (
        ""
        if release in served.SERVED[1:]
        else f"; whether {release or 'its release'} is still served there is not known"
    )
    needs.ask(
        f"the build fetches {', '.join(packages)} from Debian's mirror, and fetched nothing from there before{there}"
    )


def line_below(file: File, base: Base | From, text: str) -> Change:
    """A RUN of its own below FROM."""
    instruction = base.stage.steps[0].instruction
    newline = newline_of(file.source)
    keyword = "run" if instruction.keyword.of(file.source).islower() else "RUN"
    end = instruction.span.end
    if file.source[:end].endswith("\n"):
        return Change((Edit.insert(end, f"{keyword} {text}{newline}"),), adds=style.words_of(text))
    return Change((Edit.insert(end, f"{newline}{keyword} {text}"),), adds=style.words_of(text))


def _beside(run: Run, packages: list[str]) -> Change | None:
    """More operands for a plain install that certainly runs, as root, behind an update of its own."""
    if not run.state.root or run.form != "shell":
        return None
    updates = [c for c in run.commands if apt.is_apt(c, "update") and c.place.certain]
    for command in run.commands:
        if (
            not apt.is_apt(command, "install")
            or not command.editable
            or not command.place.certain
            or not command.operands
        ):
            continue
        if not any(update.start < command.start for update in updates) or command.place.piped or command.wrappers:
            continue
        if command.has("-t", "--target-release", "-o", "-d", "--download-only", "-s", "--only-upgrade"):
            continue
        wanted = [name for name in packages if name not in apt.asked_for(command)]
        if not wanted:
            return Change()
        beside = style.insert_after(run, command.operands[-1].end, " ".join(wanted))
        return beside + _removed(run) if "libc6-dev" in wanted else beside
    return None


def _removed(run: Run) -> Change:
    """The headers of libc go in the command that removes the compiler for which they came."""
    for command in run.commands:
        if apt.is_apt(command, "remove", "purge", "autoremove") and command.editable:
            for word in command.operands:
                if word.value == "gcc":
                    return style.insert_after(run, word.end, "libc6-dev")
    return Change()
