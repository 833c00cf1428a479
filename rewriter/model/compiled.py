"""What pip and gem compile, on a slim variant: a compiler with headers that is there while they run, and removed in the same RUN.

`apt-get install gcc libpq-dev libpq5 && pip install psycopg2 && apt-get purge --auto-remove gcc libpq-dev`: libraries that the
result is linked to are installed by their own names, so that they count as wanted and stay. Which these are: libraries.toml.
Source: apt-get(8), "purge" and "--auto-remove"; apt-mark(8) on what is installed by its name.
"""

from __future__ import annotations

from typing import Final

from rewriter.knowledge import libraries
from rewriter.model import apt, base_swap, download, errexit, served, style
from rewriter.model.file import File
from rewriter.model.needs import Needs
from rewriter.model.run import Run
from rewriter.rule import Change
from rewriter.syntax.script import Script
from rewriter.text import Edit

#: these run what is not in the file
_HIDING: Final = frozenset("sh bash dash ash source . eval xargs parallel ansible-playbook make npx playwright".split())
#: these install packages in another way, or say what counts as wanted
_OTHERS: Final = frozenset("dpkg gdebi apt-mark aptitude tasksel".split())


#: the first version whose images were never built on a Debian before 11. Sources: github.com/docker-library/python, October 2021;
#: github.com/docker-library/ruby, December 2021
_SINCE: Final = {"python": (3, 10), "ruby": (3, 1)}


def around(file: File, base: base_swap.Base, needs: Needs, release: str) -> Change | style.Refusal:
    """The edits that install what compiles around each RUN that needs it. ``release`` is what the slim variant is built on, ""
    where that is not known."""
    change = Change()
    for index in sorted({one.at for one in needs.compiled}):
        ours = [one for one in needs.compiled if one.at == index]
        why = ours[0].why
        if release and release not in served.SERVED:
            return style.Refusal(
                f"{why}; a compiler for Debian {release} is no longer served where apt looks: a tag on a newer one would do"
            )
        if not release and base.tag.numbers[:2] < _SINCE[ours[0].language]:
            return style.Refusal(
                f"{why}; the image may be of a Debian that is no longer served: a tag that names a newer one would do"
            )
        run = file.run_at[index]
        against = _against(file, run)
        if against:
            return style.Refusal(f"{why}; around it no compiler can be installed and removed, since {against}")
        names = sorted({one.name for one in ours})
        recipes = [libraries.recipe(one.language, one.name) for one in ours]
        build = sorted({package for one in recipes if one is not None for package in one.build})
        stays = sorted({package for one in recipes if one is not None for package in one.stays})
        found = _written(run, build, stays)
        if isinstance(found, style.Refusal):
            return style.Refusal(f"{why}; around it no compiler can be installed and removed: {found.why}")
        change += found
        line = file.line(run.span.start)
        kept = f"; {' and '.join(stays)}, which the result is linked to, {'stay' if len(stays) > 1 else 'stays'}"
        needs.fact(
            f"line {line} compiles {', '.join(names)}: {', '.join(build)} are installed and removed in the same RUN"
            + (kept if stays else "")
        )
        for name in names:
            needs.asks += [one for one in libraries.compiled_otherwise(name) if one not in needs.asks]
        if not release:
            needs.ask(f"the Debian release of the slim variant is still served, and has {', '.join(build + stays)}")
        elif not served.fetches(file):
            base_swap.ask_for_mirror(build + stays, release, needs)
    return change


def _against(file: File, run: Run) -> str:
    """What stands against a compiler for one RUN only, "" for nothing."""
    if not run.state.root:
        return "that RUN is not run by root"
    if run.form != "shell" or run.instruction.heredocs or run.script is None:
        return "that RUN is in exec form or a here-document"
    if any(mount.target is None or f"{mount.target}/".startswith("/var/") for mount in run.mounts):
        return "that RUN mounts a folder of apt"
    for other in file.runs:
        if other.stage not in file.stages[-1].lineage or other.index > run.index:
            continue
        line = file.line(other.span.start)
        if not other.readable:
            return f"which packages line {line} installs is not known"
        for command in other.commands:
            raw = command.simple.words[command.head].value if command.tool else None
            if command.tool in _HIDING or "/" in (raw or "") or (not command.tool and command.simple.words):
                return f"what {raw or 'a command'} of line {line} installs is not seen, and may go with it"
            if command.tool in _OTHERS or apt.is_apt(command, "build-dep", "satisfy"):
                return f"what {command.tool} of line {line} installs may go with it"
            if apt.is_apt(command, "remove", "purge", "autoremove", "autopurge") and other is run:
                return f"line {line} removes packages of its own"
            for package in apt.packages(other, command) if apt.is_apt(command, "install", "reinstall") else ():
                if not libraries.needs_no_compiler(package):
                    return f"{package} of line {line} may depend on it, and would go with it"
    return ""


def _written(run: Run, build: list[str], stays: list[str]) -> Change | style.Refusal:
    names = " ".join([*build, *stays])
    install = ("apt-get update", f"apt-get install -y --no-install-recommends {names}")
    # lists that an earlier RUN left may be read by a later one
    lists = () if apt.inherited(run.file, run) else ("rm -rf /var/lib/apt/lists/*",)
    remove = (f"apt-get purge -y --auto-remove {' '.join(build)}", *lists)
    first = next((command for command in run.commands if command.place.own_shell), None)
    assert run.script is not None
    if first is None:
        return style.Refusal("it calls nothing")
    if errexit.starts_with_errexit(run.script):
        before, after = _below_set(run, run.script, install), style.append(run, "; ".join(remove), below=True)
    else:
        before = download.in_front(run, first, " && ".join(install), above=True)
        after = style.append(run, " && ".join(remove), below=True)
    if isinstance(before, style.Refusal):
        return before
    return after if isinstance(after, style.Refusal) else before + after


def _below_set(run: Run, script: Script, commands: tuple[str, ...]) -> Change | style.Refusal:
    """Commands behind ``set -e;``, in front of the others, each of which ends the RUN where it fails."""
    first, second, *_ = script.body.statements
    others = script.body.statements[1:]
    if errexit.turned_off(script) or not all(map(errexit.ends, others)) or any(one.ended_by == "&" for one in others):
        return style.Refusal("not each of its commands would end it by failing")
    at = run.visible.source(second.start)
    gap = run.file.source[run.visible.source(first.ended_at) : at]
    if first.ended_by != ";" or "#" in gap:
        return style.Refusal("set -e does not stand in front of its other commands by itself")
    return Change(
        (Edit.insert(at, "".join(command + gap for command in commands)),), adds=style.words_of("; ".join(commands))
    )
