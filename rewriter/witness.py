"""The second witness: before anything is written, ``dockerfile-parse`` must read the new text as our own reader does.

It is known to be wrong about here-documents and about blank lines inside a continuation; there it is silent, and the
report says so. Its parser is used, never its setters.
"""

from __future__ import annotations

from io import BytesIO
from typing import NamedTuple

from rewriter.syntax.nodes import Dockerfile
from rewriter.text import BOM


class Disagreement(NamedTuple):
    """``found`` is True when the two readers differ. ``why`` says where, or why the witness was silent, or is ""."""

    found: bool
    why: str = ""


def disagreement(dockerfile: Dockerfile) -> Disagreement:
    """Compare the instruction lists of the two readers: names and lines."""
    silent = _out_of_reach(dockerfile)
    if silent:
        return Disagreement(False, f"the second reader was not asked: {silent}")
    from dockerfile_parse import DockerfileParser  # 30 ms: only when something is written

    source = dockerfile.source
    text = source.removeprefix(BOM).encode()
    theirs = [
        (entry["instruction"].upper(), entry["startline"] + 1)
        for entry in DockerfileParser(fileobj=BytesIO(text)).structure
        if entry["instruction"] != "COMMENT"
    ]
    ours = [(node.name, dockerfile.lines.line(node.keyword.start)) for node in dockerfile.instructions]
    if ours == theirs:
        return Disagreement(False)
    for mine, other in zip(ours, theirs, strict=False):
        if mine != other:
            return Disagreement(
                True, f"dockerfile-parse reads {other[0]} at line {other[1]}, dslim {mine[0]} at {mine[1]}"
            )
    return Disagreement(True, f"dockerfile-parse reads {len(theirs)} instructions, dslim {len(ours)}")


def _out_of_reach(dockerfile: Dockerfile) -> str:
    """What in this file the second reader is known to read wrongly, or ""."""
    if dockerfile.escape != "\\":
        return "it does not know the escape directive"
    for instruction in dockerfile.instructions:
        if instruction.heredocs:
            return "it does not know here-documents"
        if dockerfile.source.startswith("\\", instruction.keyword.end):
            return "it does not know a continuation right after an instruction's name"
        if instruction.blank_lines:
            return "it does not know blank lines inside a continuation"
    last = dockerfile.instructions[-1]
    if dockerfile.source[last.end : last.span.end].lstrip(" \t").startswith("\\"):
        return "it does not know a continuation at the end of the file"
    return ""
