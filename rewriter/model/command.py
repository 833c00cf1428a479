"""One command of a RUN: the tool behind its wrappers, its subcommand, options and operands."""

from __future__ import annotations

from typing import Final

from rewriter import posixpath
from rewriter.knowledge import tools
from rewriter.model.walk import Place
from rewriter.syntax.script import Simple, Word

#: what runs a command as another user, beside su
_SWITCHERS: Final = frozenset("sudo doas gosu su-exec chpst setpriv runuser setuidgid".split())


class Command:
    """A simple command as the shell would run it.

    ``tool`` is the base name of the program behind wrappers such as ``sudo``, ``env`` or ``time``; "" when there is none
    (a bare assignment) or it is dynamic. ``head`` is the index of its word in ``simple.words``.
    ``editable`` is False when the command was read out of another word (``sh -c "..."``): it has no text of its own.
    ``cwd`` is the working directory it starts in, or None when it is not known.
    ``outer`` is the ``sh -c "..."`` that it was read out of, None for a command of the RUN itself.
    """

    __slots__ = (
        "_option_names", "_split", "_subcommand", "cwd", "editable", "environment", "head", "outer", "place", "simple", "tool",
    )  # fmt: skip

    def __init__(
        self,
        simple: Simple,
        place: Place,
        cwd: str | None,
        editable: bool,
        tool: str,
        head: int,
        environment: tuple[tuple[str, str | None], ...],
        outer: Command | None = None,
    ) -> None:
        self.simple = simple
        self.place = place
        self.cwd = cwd
        self.editable = editable
        self.tool = tool
        self.head = head
        self.environment = environment
        self.outer = outer
        self._split: tuple[tuple[Word, ...], tuple[Word, ...]] | None = None
        self._option_names: frozenset[str] | None = None
        self._subcommand: str | None = None

    @property
    def start(self) -> int:
        return self.simple.start

    @property
    def end(self) -> int:
        return self.simple.end

    @property
    def wrappers(self) -> tuple[Word, ...]:
        """The words in front of the tool: ``sudo -E`` of ``sudo -E pip install x``."""
        return self.simple.words[: self.head]

    @property
    def arguments(self) -> tuple[Word, ...]:
        """The words after the tool."""
        return self.simple.words[self.head + 1 :]

    @property
    def split(self) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
        """Options (each with its value word left out) and the other words."""
        if self._split is None:
            self._split = self._divided()
        return self._split

    def _divided(self) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
        takes_value = tools.value_options(self.tool)
        options: list[Word] = []
        others: list[Word] = []
        arguments = iter(self.arguments)
        level = False
        for word in arguments:
            text = word.raw if word.value is None else word.value
            if text == "--":
                others.extend(arguments)
                break
            if text.startswith("-") and len(text) > 1:
                options.append(word)
                if text in takes_value:
                    next(arguments, None)
                level = text in ("-q", "--quiet")
            elif level and text.isdigit() and self.tool in ("apt-get", "apt"):
                level = False  # -q 2
            else:
                level = False
                others.append(word)
        return tuple(options), tuple(others)

    @property
    def switches_user(self) -> bool:
        """True when it may have the home directory of another user than the shell that calls it."""
        return self.tool == "su" or not _SWITCHERS.isdisjoint(posixpath.basename(word.raw) for word in self.wrappers)

    @property
    def moves(self) -> bool:
        """True when it starts in another directory than the shell that calls it: a login of su or sudo, ``env -C``."""
        su = self.tool == "su"
        if not su and not self.head:
            return False
        words = [word.raw for word in (self.arguments if su else self.wrappers)]
        words = words[: words.index("-c")] if "-c" in words else words
        letters = {letter for word in words if word[:1] == "-" != word[1:2] for letter in word[1:]}
        if su:
            return "-" in words or "--login" in words or "l" in letters
        if any(word.startswith(("-C", "--chdir", "-D")) for word in words):
            return True
        return "sudo" in words and ("--login" in words or "i" in letters)

    @property
    def options(self) -> tuple[Word, ...]:
        return self.split[0]

    @property
    def option_names(self) -> frozenset[str]:
        """Options as written, without ``=value``; short ones also one by one: ``-qy`` gives ``-qy``, ``-q``, ``-y``."""
        if self._option_names is None:
            self._option_names = self._named_options()
        return self._option_names

    def _named_options(self) -> frozenset[str]:
        names: set[str] = set()
        for word in self.options:
            name = (word.value or word.raw).split("=", 1)[0]
            names.add(name)
            if len(name) > 2 and name[0] == "-" != name[1]:
                names.update(f"-{letter}" for letter in name[1:])
        return frozenset(names)

    def has(self, *options: str) -> bool:
        """True when one of the options is given."""
        return not self.option_names.isdisjoint(options)

    def option(self, *names: str) -> Word | str | None:
        """The value of the first of these options: the word after it, or the text after ``=`` or after a short name."""
        for index, word in enumerate(self.arguments):
            text = word.value or word.raw
            if text in names:
                return self.arguments[index + 1] if index + 1 < len(self.arguments) else None
            for name in names:
                if name.startswith("--") and text.startswith(f"{name}="):
                    return text[len(name) + 1 :]
        return None

    @property
    def subcommand(self) -> str:
        """The first word that is no option: ``install`` of ``apt-get -y install git``; "" without one."""
        if self._subcommand is None:
            others = () if tools.has_no_subcommand(self.tool) else self.split[1]
            self._subcommand = (others[0].value or "") if others else ""
        return self._subcommand

    @property
    def operands(self) -> tuple[Word, ...]:
        """The words that are neither options nor the subcommand."""
        others = self.split[1]
        return others if tools.has_no_subcommand(self.tool) else others[1:]

    @property
    def words_text(self) -> str:
        """Tool and arguments with one blank between, for messages and for matching ``python -m pip``."""
        return " ".join(word.value or word.raw for word in self.simple.words[self.head :])


WRAPPERS: Final = frozenset({"sudo", "env", "time", "nice", "ionice", "nohup", "command", "eatmydata", "exec", "timeout", "gosu",
                      "su-exec", "chronic", "builtin", "stdbuf", "setarch", "linux32", "fakeroot"})  # fmt: skip
_WRAPPER_VALUES: Final = {
    "sudo": frozenset("-u -g -h -p -C -r -t -T -U -D -R --user --group --host --prompt --chdir".split()),
    "env": frozenset("-u --unset -C --chdir".split()),
    "nice": frozenset(("-n", "--adjustment")),
    "ionice": frozenset(("-c", "-n")),
    "timeout": frozenset(("-k", "-s", "--kill-after", "--signal")),
    "stdbuf": frozenset(("-i", "-o", "-e")),
}
_WRAPPER_OPERANDS: Final = {"timeout": 1, "gosu": 1, "su-exec": 1, "setarch": 1}


def unwrap(words: tuple[Word, ...]) -> tuple[int, list[tuple[str, str | None]]]:
    """The index of the word that names the tool, and the variables that wrappers set. The index is ``len(words)`` when
    there is no such word."""
    index = 0
    environment: list[tuple[str, str | None]] = []
    while index < len(words):
        name = (words[index].value or "").rpartition("/")[2]
        if name not in WRAPPERS:
            return index, environment
        index += 1
        values = _WRAPPER_VALUES.get(name, frozenset())
        while index < len(words):
            text = words[index].value or words[index].raw
            if text.startswith("-") and len(text) > 1:
                index += 2 if text in values else 1
            elif name in ("env", "sudo") and "=" in text and text.split("=", 1)[0].isidentifier():
                variable, value = text.split("=", 1)
                environment.append((variable, value if words[index].value is not None else None))
                index += 1
            else:
                break
        index += _WRAPPER_OPERANDS.get(name, 0)
    return min(index, len(words)), environment


def command_of(simple: Simple, place: Place, cwd: str | None, editable: bool, outer: Command | None = None) -> Command:
    """The command behind a simple command's wrappers."""
    words = simple.words
    head, tool = 0, _base_name(words, 0)
    environment: list[tuple[str, str | None]] = []
    if tool in WRAPPERS:
        head, environment = unwrap(words)
        tool = _base_name(words, head)
    if tool[:1] == "p" and head + 1 < len(words):
        head = _module(words, head, tool)
        tool = _base_name(words, head)
    if simple.assignments:
        environment[:0] = [(a.name, a.value.value if a.value is not None else "") for a in simple.assignments]
    head = min(head, max(len(words) - 1, 0))
    return Command(simple, place, cwd, editable, tool, head, tuple(environment), outer)


def _base_name(words: tuple[Word, ...], at: int) -> str:
    """The name of the program that word ``at`` calls, without its folder; "" where there is none or it is dynamic."""
    return (words[at].value or "").rpartition("/")[2] if at < len(words) else ""


_MODULES: Final = frozenset({"pip", "pipx", "pipenv", "poetry", "uv"})


def _module(words: tuple[Word, ...], head: int, name: str) -> int:
    """The index of ``pip`` in ``python3 -m pip``, of ``composer.phar`` in ``php composer.phar``; ``head``, the index of the
    word that calls the program ``name``, otherwise."""
    if name.startswith("php") and name.rstrip("0123456789.") == "php":
        at = next((at for at in range(head + 1, len(words)) if not _php_option(words, at)), head)
        return at if posixpath.basename(words[at].value or "") in ("composer", "composer.phar") else head
    if words[head + 1].value == "-m" and head + 2 < len(words) and words[head + 2].value in _MODULES:
        return head + 2 if tools.canonical(name) == "python" else head
    return head


def _php_option(words: tuple[Word, ...], at: int) -> bool:
    """True for ``-n``, ``-dx=1``, ``-d`` and the ``x=1`` behind it."""
    text = words[at].value or words[at].raw
    return (text.startswith("-") and text not in ("-r", "-f", "--")) or words[at - 1].raw in ("-d", "-c")
