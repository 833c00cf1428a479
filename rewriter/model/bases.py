"""The image that a stage starts from, through the stages between."""

from __future__ import annotations

from rewriter.model.file import File, Stage


def base_of(stage: Stage) -> tuple[str, str]:
    """Repository and tag of the image below ``stage``: ``("golang", "1.9-alpine")``.

    The tag is "" when there is none; the repository is "" when it depends on an ARG. Official images lose their
    registry and ``library/``.
    """
    while stage.parent is not None:
        stage = stage.parent
    image = stage.image.partition("@")[0]
    head, slash, last = image.rpartition("/")
    name, _, tag = last.partition(":")
    repository = head + slash + name
    for prefix in ("docker.io/", "index.docker.io/", "library/"):
        repository = repository.removeprefix(prefix)
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
