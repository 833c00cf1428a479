"""Makes ``forgejo.swagger.json`` of Forgejo's description of its API (MIT): the calls that a pull-request bot makes.

python -m tests.bot.counterparts.swagger_slice swagger.v1.json      # of any server: /swagger.v1.json
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

from tests.bot.counterparts.openapi_slice import references

SLICE = Path(__file__).parent / "prism" / "forgejo.swagger.json"
KEPT = re.compile(
    r"/user|/repos/\{owner\}/\{repo\}"
    r"(/branches(/\{branch\})?|/contents|/git/(commits|trees|blobs)/\{sha\}|/compare/\{basehead\}|/pulls(/\{index\}(/requested_reviewers)?)?"
    r"|/issues(/\{index\}(/comments|/labels)?)?|/issues/comments/\{id\}/reactions|/collaborators/\{collaborator\}/permission)?"
)


def slice_of(whole: dict[str, Any]) -> dict[str, Any]:
    """Prism makes answers of the schemas, so those are kept whole; a ``basePath`` it does not know."""
    paths = {whole["basePath"] + path: item for path, item in whole["paths"].items() if KEPT.fullmatch(path)}
    kept: dict[str, Any] = {key: {} for key in ("definitions", "parameters", "responses")}
    wanted = list(references(paths))
    while wanted:
        kind, name = wanted.pop()
        if name not in kept[kind]:
            kept[kind][name] = whole[kind][name]
            wanted += references(kept[kind][name])
    head: dict[str, Any] = {
        key: whole[key] for key in ("swagger", "info", "consumes", "produces", "schemes") if key in whole
    }
    return {**head, "paths": paths, **kept}


if __name__ == "__main__":
    text = json.dumps(slice_of(json.loads(Path(sys.argv[1]).read_text("utf-8"))), indent=1, ensure_ascii=False)
    SLICE.write_text(text + "\n", "utf-8")
    print(f"{SLICE}: {len(text)} bytes")
