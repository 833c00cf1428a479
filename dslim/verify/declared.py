"""What a Dockerfile says itself about the image that it builds, as opposed to what its base image brings."""

from __future__ import annotations

from collections.abc import Mapping

from dslim.images.entry import Entry
from dslim.images.image import Image, hides
from dslim.verify.verdict import Declared

#: files that go into a compiled program, and are not read when it runs
_SOURCES = (".go", ".c", ".cc", ".cpp", ".h", ".hpp", ".rs", ".java", ".kt", ".proto")
_SOURCE_NAMES = frozenset({"go.mod", "go.sum", "go.work", "Makefile", "Cargo.toml", "Cargo.lock", "Dockerfile",
                           ".dockerignore", ".gitignore"})  # fmt: skip


def declared(text: str, target: str = "") -> Declared:
    """The variables and labels that the stage ``target`` (the last one by default) sets, or a stage of the file that it
    is built FROM. A text that is no Dockerfile declares nothing.
    """
    from rewriter.model.file import File
    from rewriter.syntax import words
    from rewriter.syntax.dockerfile import Unreadable, read

    try:
        file = File(read(text))
    except Unreadable:
        return Declared()
    chosen = [stage for stage in file.stages if target and target.lower() in (stage.name, str(stage.index))]
    final = (chosen or file.stages)[-1:]
    found: dict[str, set[str]] = {"ENV": set(), "LABEL": set()}
    steps = [step for stage in final for one in stage.lineage for step in one.steps if step.name != "FROM"]
    for step in steps:
        if step.name not in found:
            continue
        try:
            found[step.name] |= {pair.key for pair in words.key_values(step.instruction.body.text, file.escape)}
        except words.Malformed:
            continue
    return Declared(frozenset(found["ENV"]), frozenset(found["LABEL"]), len(steps))


def copied(image: Image, tree: Mapping[str, Entry], steps: int) -> dict[str, Entry]:
    """The files of the root file system that a COPY or ADD among the last ``steps`` of the history brought, by path,
    without the sources of compiled languages."""
    found: dict[str, Entry] = {}
    for step in image.history[-steps:] if steps else ():
        words = step.created_by.removeprefix("/bin/sh -c #(nop) ").split()
        if step.layer is None or not words or words[0].upper() not in ("COPY", "ADD"):
            continue
        for entry in image.layers[step.layer].entries:
            kept = tree.get(entry.path)
            if kept is not None and hides(entry.path) is None and kept.kind != "directory" and not _source(entry.path):
                found[entry.path] = kept
    return found


def _source(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.endswith(_SOURCES) or name in _SOURCE_NAMES
