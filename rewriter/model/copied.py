"""What one COPY or ADD brings, and where it puts it."""

from __future__ import annotations

from typing import Final

from rewriter import posixpath
from rewriter.model import paths
from rewriter.model.file import File, Step
from rewriter.rule import Ask
from rewriter.syntax import words
from rewriter.syntax.nodes import Flag

#: what ADD unpacks when it comes from the context
_UNPACKED: Final = (".tar", ".tgz", ".tbz", ".tbz2", ".txz", ".gz", ".bz2", ".xz", ".tar.zst")
#: files that are worth a layer of their own; the name says that they are files
_LARGE: Final = (*".jar .war .ear .phar .exe .bin .so .deb .rpm .whl .zip .dll .aar".split(), *_UNPACKED)
#: small files; the name says that they are files
_SMALL: Final = tuple(
    ".sh .bash .zsh .fish .py .pl .rb .js .php .lua .tcl .awk .expect .ps1 .sql .conf .cfg .cnf .ini .json .xml .yml "
    ".yaml .toml .properties .txt .md .env .key .pem .crt .service .html .css .lock .cron .list .repo .template .tmpl "
    ".tpl .erb .j2".split()
)
#: names by which small files are known that have no ending
_NAMES: Final = frozenset(
    "authorized_keys known_hosts id_rsa id_dsa id_ed25519 sshd_config ssh_config sudoers crontab Makefile Gemfile Rakefile "
    "Procfile .bashrc .profile .vimrc .npmrc .gitconfig".split()
)


class Copied:
    """One COPY or ADD.

    ``target`` is its last word as an absolute path; "" when that is not known, and with ``${NAME}`` where a variable of
    unknown value stands. ``into`` is True when it is certainly a directory. ``sources`` are expanded where possible.
    """

    __slots__ = ("_file", "ask", "into", "sources", "step", "target")

    def __init__(self, step: Step, sources: tuple[str, ...], target: str, into: bool, ask: Ask) -> None:
        self.step = step
        self.sources = sources
        self.target = target
        self.into = into
        self.ask = ask
        self._file: str | None = None

    def flag(self, name: str) -> Flag | None:
        """The flag of this name."""
        return next((flag for flag in self.step.instruction.flags if flag.name == name), None)

    @property
    def remote(self) -> bool:
        """True when ADD downloads each source as it is."""
        return self.step.name == "ADD" and all(_is_url(source) for source in self.sources)

    @property
    def unpacks(self) -> bool:
        """True when ADD may unpack or clone a source: owner and mode then come from the archive."""
        if self.step.name != "ADD":
            return False
        local = [source for source in self.sources if not _is_url(source)]
        return any("$" in s or "*" in s or s.endswith(_UNPACKED) or s.startswith("git@") for s in local)

    @property
    def file(self) -> str:
        """The path of the one file that it brings; "" when it brings several, or when it is not known to be a file."""
        if self._file is None:
            self._file = self._one_file()
        return self._file

    def _one_file(self) -> str:
        if len(self.sources) != 1 or not self.target or self.unpacks:
            return ""
        if not self._is_file(self.sources[0]) and not self._is_program():
            return ""
        return self.path_of(self.sources[0]) if self.into else self.target

    @property
    def directory(self) -> str:
        """The directory that is there afterwards."""
        return posixpath.dirname(self.file) if self.file else self.target

    def path_of(self, source: str) -> str:
        """Where a source that is a file comes to lie in a target that is a directory."""
        name = posixpath.basename(source.partition("?")[0].rstrip("/"))
        return posixpath.join(self.target, name)

    @property
    def large(self) -> bool:
        """True when a second copy of the file counts: a program or an archive, by its name or where it comes from."""
        source = self.sources[0].lower().partition("?")[0]
        if source.endswith(_LARGE):
            return True
        small = source.endswith(_SMALL) or posixpath.basename(self.sources[0]) in _NAMES
        return (self.remote or self.flag("from") is not None) and not small

    def may_reach(self, path: str) -> bool:
        """True when something of it may lie in ``path``, although the target is a directory above."""
        if self.file:
            return paths.inside(self.file, path)
        if self.into and self.sources and not self.unpacks and all(self._is_file(source) for source in self.sources):
            return any(paths.inside(self.path_of(source), path) for source in self.sources)
        return True

    def _is_program(self) -> bool:
        """True when the target lies in a directory for programs: nobody makes directories there."""
        directory = self.target if self.into else posixpath.dirname(self.target)
        plain = not any(sign in self.sources[0] for sign in "*?[") and posixpath.basename(self.sources[0]) not in (
            "",
            ".",
        )
        return plain and posixpath.basename(directory) in ("bin", "sbin")

    def _is_file(self, source: str) -> bool:
        if source.startswith("<<"):
            return True
        if _is_url(source):
            return not source.endswith(("/", ".git"))
        if "*" in source or "?" in source or "[" in source or source.endswith("/"):
            return False
        if source.lower().endswith((*_LARGE, *_SMALL)) or posixpath.basename(source) in _NAMES:
            return True
        return self.flag("from") is None and "$" not in source and self.ask.context(source.lstrip("/")) is not None


def copied(file: File, step: Step, ask: Ask) -> Copied:
    """Read a COPY or ADD. Each RUN behind it may ask, so what was read stays with the file."""
    found = file.copies.get(step)
    if found is None or found.ask is not ask:
        found = file.copies[step] = _read(step, file.escape, ask)
    return found


def _read(step: Step, escape: str, ask: Ask) -> Copied:
    instruction = step.instruction
    raw = instruction.args
    if raw is None:
        raw = tuple(part.raw for part in words.split(instruction.body.text, escape))
    if len(raw) < 2:
        return Copied(step, (), "", False, ask)
    state = step.state
    expanded = [state.expand(word, escape) for word in raw]
    sources = tuple(raw[at] if expanded[at] is None else expanded[at] or "" for at in range(len(raw) - 1))
    last = expanded[-1]
    if last is None:
        last = _symbolic(raw[-1])
    into = len(sources) > 1 or last.endswith(("/", "/.")) or last in (".", "./", "")
    if last.startswith("$"):
        target = posixpath.normpath(last)
    elif last.startswith("/") or state.workdir:
        target = posixpath.normpath(posixpath.join(state.workdir or "/", last))
    else:
        target = ""
    return Copied(step, sources, "/" + target.lstrip("/") if target.startswith("/") else target, into, ask)


def _symbolic(word: str) -> str:
    """A word with variables of unknown value, each written ``${NAME}``; "$" when it cannot be compared."""
    pieces = word.strip("\"'").split("$")
    out = [pieces[0]]
    for piece in pieces[1:]:
        if piece.startswith("{"):
            out.append("$" + piece)
            continue
        end = next((at for at, letter in enumerate(piece) if not (letter.isalnum() or letter == "_")), len(piece))
        out.append("${" + piece[:end] + "}" + piece[end:])
    return "".join(out)


def _is_url(source: str) -> bool:
    return source.lower().startswith(("http://", "https://", "ftp://"))
