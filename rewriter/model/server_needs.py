"""What a stage needs of the image of a server: the program is the image's own, the file brings its settings and data."""

from __future__ import annotations

from typing import Final

from rewriter.model.copied import copied
from rewriter.model.file import File, Step
from rewriter.model.needed_commands import Judge

#: parts of settings that name what Debian's variant has: users, modules, paths
_ODD: Final = ("www-data", "load_module", "LoadModule", "/usr/share/", "/usr/lib/", "lua_", "perl_", "/bin/bash")


#: folders of what is served
PAGES: Final = ("/usr/share/nginx/html", "/usr/local/apache2/htdocs", "/var/www", "/srv", "/data")


def is_data(step: Step, file: File, judge: Judge) -> bool:
    """True for COPY or ADD of what is served, wherever it comes from."""
    target = copied(file, step, judge.tree.ask).target
    return any(f"{target}/".startswith(f"{folder}/") for folder in PAGES)


def settings(step: Step, file: File, judge: Judge) -> None:
    """Settings of the server that COPY or ADD brings: read where they are seen."""
    found = copied(file, step, judge.tree.ask)
    if "/etc" not in found.target and "conf" not in found.target and not found.target.endswith(".conf"):
        return
    line = file.line(step.span.start)
    text = judge.tree.text(found.file) if found.file else None
    if text is None:
        judge.needs.ask(
            f"line {line} brings settings, which are not seen: they may name users, modules or paths of Debian"
        )
        return
    odd = next((part for part in _ODD if part in text), "")
    if odd:
        judge.needs.ask(f"line {line} brings settings with {odd}, which Alpine may not have")
