"""Makes ``github.openapi.json`` of GitHub's description of its API: the calls that a pull-request bot makes, requests only.

GitHub publishes the description under the MIT licence; npm has it as ``@octokit/openapi`` (385 MB, so the slice is kept here):

    npm i @octokit/openapi@23.0.2
    python -m tests.bot.counterparts.openapi_slice node_modules/@octokit/openapi/generated/api.github.com.json

Answers lose their bodies: GitHub's own examples break its schemas of answers, and only requests are checked. Prose goes too.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SLICE = HERE / "prism" / "github.openapi.json"

#: calls that are kept
KEPT = re.compile(
    r"/app(/installations(/\{installation_id\}(/access_tokens)?)?)?"
    r"|/installation/repositories|/meta|/rate_limit|/user|/user/repos|/graphql|/users/\{username\}|/orgs/\{org\}(/repos)?"
    r"|/(repos|users|orgs)/[^/]+(/\{repo\})?/installation|/repositories/.*|/search/(issues|repositories)"
    r"|/repos/\{owner\}/\{repo\}(/(git|pulls|issues|labels|compare|contents|check-runs|milestones|forks|merges|merge-upstream|tarball)(/.*)?"
    r"|/commits(/\{ref\}(/(status|check-runs|check-suites))?|/\{commit_sha\}/pulls)?|/branches(/\{branch\}(/protection)?)?|/rules/branches/\{branch\}"
    r"|/collaborators(/\{username\}(/permission)?)?|/assignees(/\{assignee\})?|/statuses/\{sha\}|/topics|/languages)?"
)
PROSE = frozenset(
    ["description", "summary", "externalDocs", "examples", "example", "x-github", "x-octokit", "tags", "title"]
)
METHODS = ("get", "put", "post", "patch", "delete", "head")


def slice_of(whole: dict[str, Any]) -> dict[str, Any]:
    paths = {path: _plain(item) for path, item in whole["paths"].items() if KEPT.fullmatch(path)}
    for item in paths.values():
        for method in METHODS:
            if method in item:
                item[method]["responses"] = {code: {"description": ""} for code in item[method]["responses"]}
    components: dict[str, Any] = {}
    wanted = list(references(paths))
    while wanted:
        kind, name = wanted.pop()
        if name not in components.setdefault(kind, {}):
            components[kind][name] = _plain(whole["components"][kind][name])
            wanted += references(components[kind][name])
    info = {key: whole["info"][key] for key in ("title", "version", "license")}
    return {
        "openapi": whole["openapi"],
        "info": info,
        "servers": whole["servers"],
        "paths": paths,
        "components": components,
    }


def _plain(value: Any, of_properties: bool = False) -> Any:
    """Without prose. A property may well be called ``description``."""
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if not isinstance(value, dict):
        return value
    kept = {key: one for key, one in value.items() if of_properties or key not in PROSE}
    return {key: _plain(one, key == "properties" and not of_properties) for key, one in kept.items()}


def references(value: Any) -> Iterator[tuple[str, str]]:
    """Where it points, as kind and name: ``#/components/schemas/x`` of OpenAPI, ``#/definitions/x`` of Swagger."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            kind, name = value["$ref"].split("/")[-2:]
            yield kind, name
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from references(one)


if __name__ == "__main__":
    text = json.dumps(slice_of(json.loads(Path(sys.argv[1]).read_text("utf-8"))), indent=1, ensure_ascii=False)
    SLICE.write_text(text + "\n", "utf-8")
    print(f"{SLICE}: {len(text)} bytes")
