"""What PHP and commands of the system change on an image of PHP: settings, users, what the image has of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rewriter import posixpath
from rewriter.model import paths, split_c_setup, split_image, split_php_calls, split_written
from rewriter.model.command import Command
from rewriter.model.run import Run

if TYPE_CHECKING:
    from rewriter.model.split_php_page import PhpPage

#: commands of PHP that only tell, code that prints, and what writes in such code
_TELLS: Final = ("-v", "-m", "-i", "--version", "--ini", "-l")
_PRINTS: Final = ("echo ", "print ", "print(", "readfile(", "var_dump(", "exit")
_WRITES: Final = tuple("_put_ fopen fwrite copy( rename( mkdir( require include exec( system( eval(".split())
#: where an image of PHP has settings of its own, and its two folders for programs
_SETTINGS: Final = ("/etc/apache2", "/usr/local/etc")
_ABOVE: Final = "/var/www"
ROOT: Final = "/var/www/html"


def runs(page: PhpPage, run: Run, command: Command) -> str:
    """What PHP runs in the build: a program of the author's, what fetches Composer, or code that prints."""
    words = split_php_calls.scripted(command)
    text = [word.value or word.raw for word in words]
    if text[:1] == ["-r"]:
        code = text[1].strip() if len(text) > 1 else ""
        plain = not any(one in code for one in _WRITES) and ("hash(" in code or code.startswith(_PRINTS))
        known = plain or "composer" in code
        return "" if known else "what PHP runs there is not seen"
    if not text or text[0] in ("-", "--"):
        told = command.has(*_TELLS) or "composer" in run.visible.text
        return "" if told else "what PHP runs there is not seen"
    if page.own_file(text[0]) or "composer-setup" in text[0]:
        return ""
    name = " ".join(one for one in text[:2] if "=" not in one)
    page.lone.append(f"php {name}")
    folder = posixpath.dirname(text[0]) if text[0].startswith("/") else command.cwd
    return page.here(run, command, folder)


def deletes(page: PhpPage, run: Run, command: Command) -> str | None:
    """What is deleted of the base image's own is deleted in the final stage too, before anything goes along."""
    found = [paths.literal(word, command, run.state) or "" for word in command.operands]
    base = [one for one in found if any(paths.inside(one, place) for place in _SETTINGS)]
    base += [one for one in found if paths.inside(one, _ABOVE) and not _brought(page, one)]
    if base and (not command.place.certain or any("$" in one for one in base)):
        return f"whether {base[0]} is deleted is not certain"
    for one in base:
        page.first.append(f"rm -rf {one}")
        page.deleted.append(one.rstrip("/*"))
    return "" if len(base) == len(found) and not any(_brought(page, one) for one in base) else None


def many(page: PhpPage, run: Run, command: Command, tool: str) -> str:
    """What goes through files; those of the author's folders go along with the modes that they get."""
    words = [word.raw for word in command.arguments]
    place = paths.literal(command.arguments[0], command, run.state) if words and tool == "find" else None
    ours = place is not None and (place in page.wholes or place in page.traces.folders.made)
    if ours and "chmod" in words and ("f" in words or "755" in words or "0755" in words):
        return ""  # a folder has this mode anyway
    return split_c_setup.many(tool, command)


def _brought(page: PhpPage, path: str) -> bool:
    """True where something of the author's may lie there already."""
    folder = path.rstrip("/*")
    there = [
        *page.copied,
        *page.traces.folders.made,
        *page.traces.folders.files,
        *(call.cwd for call in page.calls),
    ]
    there += [one for one, _ in page.traces.written]
    return any(paths.inside(one, folder) or paths.inside(folder, one) for one in there)


def gives(page: PhpPage, run: Run, command: Command) -> str | None:
    """Everything below /var/www gets an owner or a mode: what lies there has it, and the image's own two folders get it again."""
    words = [word for word in command.arguments if not word.raw.startswith("-")]
    places = [paths.literal(word, command, run.state) for word in words[1:]]
    value = paths.symbolic(words[0], run.state) if words else None
    deep = command.has("-R", "--recursive") and command.place.certain
    if (
        value is None
        or not split_image.plain(value)
        or not deep
        or [(one or "").rstrip("/") for one in places] != [_ABOVE]
    ):
        return None
    there = [one for one in (_ABOVE, ROOT) if one not in page.deleted]
    page.first.append(f"{command.tool} {value} {' '.join(there)}")
    return ""


def changes_user(page: PhpPage, run: Run, command: Command) -> str:
    """A user of the image's own gets another number: done again, since files of the base follow it. On Alpine a package brings
    the command, which stays."""
    words = [paths.symbolic(word, run.state) for word in command.simple.words[command.head :]]
    if None in words or any("$" in (word or "") for word in words) or not command.place.certain:
        return f"what {command.tool} changes is not known"
    if words[-1] != "www-data" or page.stage.alpine is not None:
        return page.traces.users.add(command, run.state)
    page.first.append(" ".join(word or "" for word in words))
    return ""


def edits_settings(page: PhpPage, run: Run, command: Command) -> bool:
    """True for settings that are edited where they lie, by a pattern too; they go along."""
    files = [paths.literal(word, command, run.state) or "" for word in split_written.edited(command)]
    inside = [one for one in files if any(paths.inside(one, place) for place in page.installed)]
    page.traces.written += [(one, "sed") for one in inside]
    return bool(inside) and len(inside) == len(files)
