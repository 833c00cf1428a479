"""The image that a FROM names when its build arguments have their defaults, and where each part of its tag is written.

Source: docs.docker.com/reference/dockerfile, "Understand how ARG and FROM interact". An ARG in front of the first FROM is for
FROMs, and for the stages that declare it again; it sees those above it. ``${V:-x}`` and ``${V-x}`` bring a default of their own.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from rewriter.knowledge.unknown import Unknown
from rewriter.model.file import File, Stage
from rewriter.rule import Ask
from rewriter.syntax import words
from rewriter.syntax.nodes import Visible
from rewriter.text import Edit, Span

#: a variable, with a default of its own where it has one
_VARIABLE: Final = re.compile(r"\$(?:(\w+)|\{(\w+)(?:(:?-)([^${}\\\"'`]*))?\})", re.ASCII)
#: what is neither a plain character nor the beginning of such a variable
_ODD: Final = frozenset("\"'\\`{}")
#: these parts of a name say that its value is a whole tag, or more, and not a version
_WHOLE: Final = ("tag", "image", "base", "from")


class Part(NamedTuple):
    """A piece of the image: its text, where it is written, and the arguments through which it gets into FROM (none: it stands
    there itself). The place of an empty piece is where two others meet."""

    text: str
    place: Span
    through: tuple[str, ...]


class Image(NamedTuple):
    """An image with the defaults of its arguments, in parts."""

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)

    @property
    def arguments(self) -> tuple[str, ...]:
        """The arguments that it hangs on, each once."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.through))


def named(file: File, stage: Stage) -> Image | Unknown:
    """The image of a stage's FROM; Unknown says which argument has no default."""
    body = stage.steps[0].instruction.body
    known: dict[str, Image | Unknown | None] = {}
    for instruction in file.preamble if "$" in stage.image else ():
        if instruction.name == "ARG":
            _declare(instruction.body, file.escape, known)
    return _parts(Visible(stage.image, body.pieces), 0, stage.image, known, ())


def text(file: File, stage: Stage) -> str:
    """The image of a stage's FROM with the defaults of its arguments, or as it is written where these are not known."""
    found = named(file, stage)
    return stage.image if isinstance(found, Unknown) else found.text


def _declare(body: Visible, escape: str, known: dict[str, Image | Unknown | None]) -> None:
    """Note what the arguments of an ARG are by default: None for one without a default."""
    for pair in words.key_values(body.text, escape, legacy=False):
        value, start = pair.value, pair.start + len(pair.key) + 1
        if value is None:
            known[pair.key] = None
            continue
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" and ("$" not in value or value[0] == '"'):
            value, start = value[1:-1], start + 1
        known[pair.key] = _parts(body, start, value, known, (pair.key,))


def _parts(
    body: Visible, start: int, text: str, known: dict[str, Image | Unknown | None], through: tuple[str, ...]
) -> Image | Unknown:
    """The parts of ``text``, which begins at offset ``start`` of an instruction's body."""
    if not _ODD.isdisjoint(_VARIABLE.sub("", text)) or "$" in _VARIABLE.sub("", text):
        return Unknown(f"what {text} stands for")
    found: list[Part] = []
    at = 0
    for match in _VARIABLE.finditer(text):
        found.append(Part(text[at : match.start()], body.span(start + at, start + match.start()), through))
        at = match.end()
        name, own = match[1] or match[2], match[4]
        given = known.get(name)
        if isinstance(given, Unknown):
            return Unknown(f"what the default of {name} stands for")
        if given is not None and (match[3] != ":-" or given.text):
            found += [Part(part.text, part.place, (*through, *part.through)) for part in given.parts]
        elif own is not None:
            found.append(Part(own, body.span(start + match.start(4), start + match.end(4)), (*through, name)))
        else:
            return Unknown(f"what {name} in {text} is, since the file gives it no default: one would do")
    found.append(Part(text[at:], body.span(start + at, start + len(text)), through))
    return Image(tuple(found))


def retagged(file: File, stage: Stage, image: Image, tag: str) -> Edit | Unknown:
    """The edit that gives the image another tag: in FROM where the arguments say a version, else in the default that says the
    tag. Unknown where no one place says it, or the argument is for more than this FROM."""
    text = image.text
    name = text.rfind("/") + 1
    colon = text.find(":", name)
    begins = len(text) if colon < 0 else colon + 1
    old, new = text[begins:], f":{tag}" if colon < 0 else tag
    in_from: list[Edit] = []
    in_default: list[Edit] = []
    why, whole = "", False
    at = 0
    for part in image.parts:
        start, at = at, at + len(part.text)
        low, high = max(start - begins, 0), at - begins
        whole = whole or (bool(part.through) and at > name and (start < begins or _is_whole(part)))
        if high < 0 or not (
            new.startswith(old[:low]) and new.endswith(old[high:]) and len(new) >= low + len(old) - high
        ):
            continue
        place = Span(part.place.end - (high - low), part.place.end)
        if place.of(file.source) != old[low:high]:
            continue  # broken over lines
        edit = Edit.replace(place, new[low : len(new) - (len(old) - high)])
        if not part.through:
            in_from.append(edit)
        elif part.place.start > stage.steps[0].span.start:  # ${V:-default}
            in_default.append(edit)
        elif used := next((one for one in part.through if _elsewhere(file, one)), ""):
            why = f"what else would follow from another default of {used}, which is used elsewhere too"
        else:
            in_default.append(edit)
    in_default.reverse()  # of a default that is made of others, what stands behind them
    edits = [*in_default, *in_from] if whole else [*in_from, *in_default]
    if whole and why and not in_default:
        return Unknown(why)
    return edits[0] if edits else Unknown(why or f"which part of {stage.image} would have to say {tag}")


def _is_whole(part: Part) -> bool:
    """True for a default that is more than a version, or whose name says that it is meant to be."""
    name = part.through[0].lower()
    return "-" in part.text or part.text == "latest" or any(one in name for one in _WHOLE)


def _elsewhere(file: File, name: str) -> bool:
    """True where an argument is for more than one FROM: for another stage, another argument, or what a stage does with it."""
    variable = re.compile(rf"\$(?:{name}(?!\w)|\{{{name}(?!\w))", re.ASCII)
    uses = 0
    for instruction in file.dockerfile.instructions:
        if instruction.name == "ARG" and instruction not in file.preamble:
            pairs = words.key_values(instruction.body.text, file.escape, legacy=False)
            uses += 2 * any(pair.key == name for pair in pairs)
        if instruction.name in ("FROM", "ARG"):
            text = " ".join([instruction.body.text, *(flag.value or "" for flag in instruction.flags)])
            uses += len(variable.findall(text))
    return uses != 1


def questions(image: Image, ask: Ask) -> list[str]:
    """Questions about the arguments of an image, for a person: who may give them another value."""
    files = ask.building()
    found: list[str] = []
    for name in image.arguments:
        if files is None:
            found.append(f"no build gives {name} another value (--build-arg): what builds the image is not seen")
            continue
        named_ = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)")
        unread = next((path for path, text in files if text is None), "")
        by = next((path for path, text in files if text is not None and named_.search(text)), "")
        if by:
            found.append(f"{by} names {name}, and may give it another value (--build-arg)")
        elif unread:
            found.append(f"no build gives {name} another value (--build-arg): {unread} is not seen")
    return found
