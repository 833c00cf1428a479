"""golang's onbuild images, and the instructions that their triggers stand for.

Sources: https://github.com/docker-library/golang, 1.8/onbuild/Dockerfile; its pull request 175: there is none since 1.9;
https://github.com/docker-library/official-images/issues/2076.
"""

from __future__ import annotations

from typing import Final

from rewriter.model import bases
from rewriter.model.file import File
from rewriter.model.style import words_of
from rewriter.rule import Ask, Change, Decline, Finding, Safety
from rewriter.text import Edit, newline_of

#: the last version with such an image, which ``golang:onbuild`` is
_LAST: Final = "1.8"
_TRIGGERS: Final = (
    "WORKDIR /go/src/app",
    "COPY . /go/src/app",
    "RUN go-wrapper download",
    "RUN go-wrapper install",
)
_STARTS: Final = 'CMD ["go-wrapper", "run"]'


def written_out(file: File, ask: Ask) -> Finding | Decline | None:
    """The triggers written out; why not; None for another image."""
    stage = file.stages[-1]
    repository, tag = bases.base_of(stage)
    if repository != "golang" or stage.parent is not None or not tag.endswith("onbuild"):
        return None
    first = stage.steps[0]
    body = first.instruction.body
    place = body.span(0, len(stage.image))
    version = tag.removesuffix("onbuild").rstrip("-")
    if version in ("", "1", "latest"):
        version = _LAST
    numbers = bases.version_of(version)
    if numbers is None or place.of(file.source) != stage.image or "@" in stage.image:
        return Decline(first.span, f"what golang:{tag} was built on is not known")
    if numbers[:2] > (1, 8):
        return Decline(
            first.span, f"golang has no onbuild image since 1.9: golang:{tag} is another's, or does not build"
        )
    image = stage.image.removesuffix(tag) + version
    starts = () if any(step.name in ("CMD", "ENTRYPOINT") for step in stage.steps) else (_STARTS,)
    lower = first.instruction.keyword.of(file.source).islower()
    lines = [_keyword(line, lower) for line in (*_TRIGGERS, *starts)]
    newline = newline_of(file.source)
    end = first.span.end
    ended = file.source[:end].endswith("\n")
    text = newline.join(lines)
    change = Change(
        (
            Edit.replace(place, image),
            Edit.insert(end, f"{text}{newline}" if ended else f"{newline}{text}"),
        ),
        adds=words_of(" && ".join(line.removeprefix("RUN ") for line in _TRIGGERS if line.startswith("RUN "))),
    )
    because = (
        f"golang:{tag} is {image} with three triggers, and a CMD that it starts with; there is none since Go 1.9",
        "by itself it saves nothing: what is built is seen now, and can be split",
        f"to confirm: does it still build with {image}? golang:onbuild moved along with Go up to there"
        if version == _LAST
        else f"to confirm: does it still build with {image}?",
    )
    return Finding(first.span, f"Write out what golang:{tag} does", change, Safety.SHOW, because)


def _keyword(line: str, lower: bool) -> str:
    name, blank, rest = line.partition(" ")
    return (name.lower() if lower else name) + blank + rest
