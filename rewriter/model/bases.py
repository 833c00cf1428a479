"""The image that a stage starts from, through the stages between."""

from __future__ import annotations

from rewriter.knowledge import images
from rewriter.model.file import File, Stage


def base_of(stage: Stage) -> tuple[str, str]:
    """Repository and tag of the image below ``stage``: ``("golang", "1.9-alpine")``.

    The tag is "" when there is none; the repository is "" when it depends on an ARG. Official images lose their
    registry and ``library/``.
    """
    repository, tag = images.named(stage.lineage[-1].image)
    return ("" if "$" in repository else repository), tag


def version_of(tag: str) -> tuple[int, ...] | None:
    """``(1, 9)`` for ``1.9-alpine``; None for a tag that does not begin with a number."""
    numbers: list[int] = []
    for part in tag.partition("-")[0].split("."):
        if not part.isdigit():
            break
        numbers.append(int(part))
    return tuple(numbers) or None


def shipped_base(file: File) -> tuple[str, str]:
    """Repository and tag of the image below the last stage."""
    return base_of(file.stages[-1]) if file.stages else ("", "")
