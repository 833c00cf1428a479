"""What a final stage does again, since COPY would bring something else: links, and what sets up a package."""

from __future__ import annotations

import re
from typing import Final

from rewriter import posixpath
from rewriter.model import paths, split_image
from rewriter.model.command import Command
from rewriter.model.scope import State
from rewriter.model.split_page import Page
from rewriter.model.split_tree import Tree

_WHICH: Final = re.compile(r"\$\(which [\w.+-]+\)")


def repeated(page: Page, command: Command) -> str:
    """What sets up a package is done again, once the package is there."""
    words = [word.raw if _WHICH.fullmatch(word.raw) else word.value for word in command.simple.words[command.head :]]
    if not command.place.certain or any(
        word is None or not (split_image.plain(word) or _WHICH.fullmatch(word)) for word in words
    ):
        return f"what {command.tool} changes is not known"
    named = {posixpath.basename(word or "").partition("-")[0] for word in words[1:]}
    if command.tool == "update-alternatives" and named & (page.words("builders") | {"gcov", "cpp"}):
        return ""  # of a compiler, which stays
    page.again.append(" ".join(word for word in words if word is not None))
    return ""


def linked(page: Page, command: Command, state: State, cwd: str | None) -> str:
    """A link is made again: COPY would bring what it leads to, or nothing."""
    words = [word for word in command.arguments if not word.raw.startswith("-")]
    named = [paths.symbolic(word, state) for word in words]
    symbolic = command.has("-s", "--symbolic")
    absolute = [None if one is None or "$" in one else _joined(one, cwd) for one in named]
    if len(words) == 1 and cwd is not None:
        absolute.append(posixpath.join(cwd, posixpath.basename((named[0] or "$").rstrip("/"))))
    target = absolute[-1] if absolute else None
    if len(absolute) != 2 or target is None:
        return "where ln writes is not known"
    folder = page.traces.folders.known(target) and target not in page.deleted
    if target.endswith("/") or folder:
        target = posixpath.join(target, posixpath.basename((named[0] or "$").rstrip("/")))
    if any(paths.inside(target, one) for one in page.installed) or target == "/etc/localtime":
        page.linked.append(absolute[0] or "")
        page.traces.written.append((target, "ln"))
        return ""
    source = absolute[0]
    if symbolic and named[0] and not named[0].startswith("/"):
        source = posixpath.normpath(posixpath.join(posixpath.dirname(target), named[0]))
    if not symbolic or source is None or not split_image.plain(source + target) or not command.place.certain:
        return "it links what is not known"
    page.linked.append(source)
    gone = (
        f"rm -rf {target} && " if target in page.deleted else ""
    )  # in one RUN: it may be the folder that RUNs start in
    page.lies[f"{gone}ln -sfn {named[0]} {target}"] = target
    return ""


def _joined(path: str, cwd: str | None) -> str | None:
    if path.startswith("/"):
        return posixpath.normpath(path) + ("/" if path.endswith("/") else "")
    return None if cwd is None else posixpath.normpath(posixpath.join(cwd, path))


def with_links(tree: Tree, page: Page) -> Tree:
    """The tree, with the links that are made again where no folder brings them."""
    page.links = [
        command for command, path in page.lies.items() if not any(paths.inside(path, top) for top in tree.tops)
    ]
    return tree._replace(after=[*tree.after, *page.lies.values()])
