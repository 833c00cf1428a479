"""What package.json, and the sources beside it, say about a program for Node.js."""

from __future__ import annotations

import json
import re
from typing import Final, NamedTuple

from rewriter.model.node_packages import script_of
from rewriter.rule import Ask

_LOADED: Final = re.compile(r"""(?:\brequire\(\s*|\bimport\(\s*|\bfrom\s+|\bimport\s+)["']([^"'./][^"']*)["']""")
_TYPES: Final = re.compile(r"^\s*import\s+type\b.*$", re.MULTILINE)
_SOURCES: Final = (".js", ".mjs", ".cjs", ".ts", ".mts", ".jsx", ".tsx")
#: folders and files that only a build or a test reads
_BUILDS: Final = re.compile(
    r"(?:^|/)(?:node_modules|tests?|__tests__|spec|e2e|cypress|webpack|scripts|build|config)/"
    r"|[./](?:test|spec|config|conf|stories)\.|file\.js$|rc\.js$"
)


class Package(NamedTuple):
    """One package.json. ``developed`` are its devDependencies."""

    manifest: dict[str, object]
    developed: frozenset[str]

    def scripts(self, name: str) -> list[str]:
        """The texts that ``npm run name`` runs, with those before and behind it; none where there is no such script."""
        text = script_of(self.manifest, name)
        around = (script_of(self.manifest, f"{part}{name}") for part in ("pre", "post"))
        return [text, *(one for one in around if one)] if text else []

    def loaded(self, ask: Ask) -> str:
        """The first source that loads one of devDependencies, with it: "src/a.js loads x"; or ""."""
        for path in ask.files() or ():
            if not path.endswith(_SOURCES) or path.endswith(".d.ts") or _BUILDS.search(path):
                continue
            for module in _LOADED.findall(_TYPES.sub("", ask.context(path) or "")):
                parts = module.split("/")
                name = "/".join(parts[:2]) if module.startswith("@") else parts[0]
                if name in self.developed:
                    return f"{path} loads, {name},"
        return ""


def read(text: str) -> Package | None:
    """The package.json of this text, None when it cannot be read."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    developed = found.get("devDependencies")
    return Package(found, frozenset(developed) if isinstance(developed, dict) else frozenset())
