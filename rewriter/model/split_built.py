"""What goes along of a language that compiles programs below its sources, or installs them into a folder of its own: the
programs, the folders that they run in where these hold more than sources, and nothing that only builds."""

from __future__ import annotations

from rewriter import posixpath
from rewriter.glob import matches
from rewriter.knowledge import languages, programs
from rewriter.model import paths, split_named, split_purpose, split_start
from rewriter.model.scope import POSIX_SHELLS
from rewriter.model.split_built_page import BuiltPage
from rewriter.model.split_folders import above
from rewriter.model.split_outputs import folders_again
from rewriter.model.split_stage import Against
from rewriter.model.split_start import commands_of, resolved
from rewriter.model.split_tree import Tree
from rewriter.rule import Ask


def tree(found: Tree, page: BuiltPage, ask: Ask) -> Tree:
    """The same, with the programs, and without folders that only hold sources.

    Raises:
        Against: which program runs is not known.
    """
    started = split_named.started(page.stage, [*found.tops, *found.files, *found.written])
    installed = _installed(page, started)
    started = split_named.started(page.stage, [*found.tops, *found.files, *installed, *found.written])
    for work in page.words("works"):  # of a workspace
        page.targets += [f"{one.partition(f'/{work}/')[0]}/{work}" for one in started if f"/{work}/" in one]
    page.programs += [*installed, *(one for one in started if _program(one, page))]
    tops: list[str] = []
    files, whole = [*found.files, *installed], list(found.written)
    workdir = page.stage.end.workdir or "/"
    named = [workdir, *started, *split_named.named(page.stage)]
    places = [*page.copied, *page.targets, *(call.cwd for call in page.calls)]
    places += [step.state.workdir or "/" for step in page.stage.steps] + [page.stage.end.workdir or "/"]
    own = {folder for one in places for folder in (*above(one), one)}  # the others are made to be written to
    for top in found.tops:
        built = any(paths.inside(call.cwd, top) for call in page.calls)
        if not built:
            tops.append(top)
            continue
        inside = [one for one in page.programs if paths.inside(one, top)]
        written = any(paths.inside(path, top) and path not in inside for path, _ in page.traces.written)
        written = written or any(paths.inside(one, top) and one not in own for one in page.traces.folders.made)
        wanted = [one for one in (*named, *page.opened) if paths.inside(one, top) and one not in inside]
        plain = not written and {*wanted} <= {top, workdir} and _only_sources(page, ask)
        if page.programs and (not wanted or plain):
            page.left.append(top)
            files += [one for one in inside if not page.goes_with(one)]
            whole += [page.goes_with(one) for one in inside if page.goes_with(one)]
        else:
            tops.append(top)
    if page.left:
        page.asks.append(
            f"does nothing read files of {' or '.join(page.left)} when it runs? The sources stay in the builder"
        )
    tops_ = tuple(tops)
    files = [one for one in dict.fromkeys(files) if not any(paths.inside(one, top) for top in (*tops_, *whole))]
    found = found._replace(tops=tops, files=files, written=list(dict.fromkeys(whole)))
    return found._replace(commands=folders_again(found, page, tops, files)) if page.left else found


def tidied(found: Tree, page: BuiltPage, patterns: list[str], question: str, first: list[str]) -> list[str]:
    """The commands that end the builder: ``first``, and one that takes away what only builds, those of the ``patterns`` that lie
    in what goes along. ``question`` is asked where there are any.

    Raises:
        Against: it would run as another user than the build did.
    """
    wanted = [
        one for one in dict.fromkeys(patterns) if any(paths.inside(one, top) for top in (*found.tops, *found.written))
    ]
    if not wanted and not first:
        return []
    steps = page.stage.steps
    state = steps[found.at].state if found.at < len(steps) else page.stage.end
    calls = [call for call in page.calls if call.command.tool in page.words("builders")]
    if not state.root and any(call.run.state.user != state.user for call in calls):
        step = next(one for one in steps if one.index == calls[-1].run.index)
        why = f"{page.builder} runs as another user than what follows: nobody may take its object files away there"
        raise Against(step, why)
    page.asks += [question] if question and wanted else []
    return [*first, *([f"rm -rf {' '.join(wanted)}"] if wanted else [])]


def _installed(page: BuiltPage, started: list[str]) -> list[str]:
    """The programs that an installer puts into a folder, as far as they are started. ``started`` are other paths that are.

    Raises:
        Against: a script starts them, and which they are is not known.
    """
    if not page.names and not page.unnamed:
        return []
    every = {posixpath.join(place, name) for name, place in page.names}
    known = {one for one in every if _there(one, page)}
    found: list[str] = []
    for step, command in split_named.calls(page.stage):
        words = command.simple.words[command.head :]
        if command.tool in POSIX_SHELLS and command.arguments and not command.arguments[0].raw.startswith("-"):
            words = command.arguments
        name = paths.symbolic(words[0], page.stage.end) if words else None
        if not name or "$" in name or (words[0].raw == command.tool and command.tool in POSIX_SHELLS):
            continue
        path = resolved(f"./{name}" if "/" not in name and words is command.arguments else name, page.stage)
        text = page.context.text(path) if path.startswith("/") else None
        if text is not None:
            inner = commands_of(text)
            if inner is None:
                raise Against(step, f"which program {name} starts is not known")
            found += [one for each in inner for one in _of(each.tool, page, known)]
            continue
        folders = (page.stage.end.environment.get("PATH") or "").split(":")
        found += [one for one in _of(path, page, known) if "/" in path or posixpath.dirname(one) in folders]
    if not found and not any(_program(one, page) for one in started):
        certain = [one for one in known if one.rpartition("/")[0] not in page.unnamed]
        if certain and len(certain) == len(known):
            return sorted(certain)
        step = split_purpose.started(page.stage)[0]
        raise Against(
            step,
            f"which program of {page.installer} it starts is not seen: the script, or {page.manifest}, would tell",
        )
    others = [one for one in (*sorted(known), *page.beside) if one not in found]
    if others and found:
        names = " or ".join(dict.fromkeys(others))
        page.asks.append(f"does nobody start {names}? What the image does not start stays in the builder")
    return list(dict.fromkeys(found))


def _there(path: str, page: BuiltPage) -> bool:
    """True for what is neither deleted nor moved away."""
    return not any(paths.inside(path, one.rstrip("/*")) for one, _, _ in page.traces.gone)


def _of(name: str, page: BuiltPage, known: set[str]) -> list[str]:
    """The places where an installer puts a program of this name or path, as far as is known."""
    base = programs.of_base("debian")
    if "/" in name:
        return [name] if name in known or name in page.beside or posixpath.dirname(name) in page.unnamed else []
    others = languages.names("every", "idle") | languages.names("c", "runtimes") | split_start.OWN
    if not name or name in base or name in others:
        return []
    certain = [one for one in (*sorted(known), *page.beside) if posixpath.basename(one) == name]
    return certain or [
        one for one in (posixpath.join(each, name) for each in dict.fromkeys(page.unnamed)) if _there(one, page)
    ]


def _program(path: str, page: BuiltPage) -> bool:
    return any(paths.inside(path, one) for one in page.targets) or path in {one for one, _ in page.traces.written}


def _only_sources(page: BuiltPage, ask: Ask) -> bool:
    """True for a context that is seen, and has nothing that a program might ask for."""
    files = ask.files()
    if not files or not any(matches(posixpath.basename(path), page.manifest) for path in files):
        return False
    ends = (*languages.listed("every", "sources"), *languages.listed(page.key, "sources"))
    texts = (*languages.listed("every", "texts"), *languages.listed(page.key, "texts"))
    return all(f"/{path}".endswith(ends) or any(one in f"/{path}" for one in texts) for path in files)
