"""What a container of the last stage starts, as far as it is written down: in CMD or ENTRYPOINT, or at the end of a script of the
context. Sources: the Dockerfile reference on how CMD and ENTRYPOINT go together; POSIX on ``exec`` and ``"$@"``.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from rewriter import posixpath
from rewriter.model.context_tree import Tree
from rewriter.model.file import File, Step
from rewriter.model.scope import POSIX_SHELLS
from rewriter.rule import Ask
from rewriter.syntax.script import Script, Simple
from rewriter.syntax.shell import read_shell

_INITS: Final = frozenset("tini dumb-init exec".split())
_HANDED_ON: Final = ("$@", '"$@"', "${@}", '"${@}"')
_SCRIPTS: Final = (".sh", ".bash")


class Start(NamedTuple):
    """``command`` is the name of the program; "" where it is in ``script``, which is not seen or ends otherwise."""

    command: str
    script: str = ""


def start_of(file: File, ask: Ask) -> Start | None:
    """The program of a container, its script, or None where neither is written down."""
    steps = [step for step in file.stages[-1].steps if step.name in ("CMD", "ENTRYPOINT")]
    entry = next((step for step in reversed(steps) if step.name == "ENTRYPOINT"), None)
    last = next((step for step in reversed(steps) if step.name == "CMD"), None)
    if entry is None:
        return None if last is None else _of(file, ask, last, _words(last), ())
    given = () if last is None or last.index < entry.index else tuple(_words(last))
    return _of(file, ask, entry, _words(entry), given)


def _of(file: File, ask: Ask, step: Step, words: list[str], given: tuple[str, ...]) -> Start | None:
    words = _bare(words)
    if not words:
        return _of(file, ask, step, list(given), ()) if given else None
    if posixpath.basename(words[0]) in POSIX_SHELLS and len(words) > 1 and not words[1].startswith("-"):
        words = words[1:]
    elif not (words[0].endswith(_SCRIPTS) or "entrypoint" in words[0]):
        return Start(posixpath.basename(words[0]))
    path = posixpath.normpath(posixpath.join(step.state.workdir or "/", words[0]))
    tree = Tree(file, file.stages[-1], ask)
    places = (path, *(f"{folder}/{words[0]}" for folder in ("/usr/local/bin", "/usr/bin") if "/" not in words[0]))
    text = next((text for one in places if (text := tree.text(one, step.index)) is not None), None)
    ending = [] if text is None else _bare(_ending(text))
    if ending and ending[0] in _HANDED_ON:
        ending = _bare(list(given))
    ended = bool(ending) and not ending[0].endswith(_SCRIPTS)
    return Start(posixpath.basename(ending[0])) if ended else Start("", words[0])


def _bare(words: list[str]) -> list[str]:
    """The words without ``exec``, an init with its options, ``cd x &&``, variables in front, and a shell with one text."""
    while words:
        name = posixpath.basename(words[0])
        if name in POSIX_SHELLS and len(words) == 3 and words[1] in ("-c", "-lc", "-ec"):
            words = words[2].split()
        elif name in _INITS:
            words = words[1:]
            while words and words[0].startswith("-"):
                words = words[1:]
        elif name == "cd" and "&&" in words:
            words = words[words.index("&&") + 1 :]
        elif "=" in words[0] and words[0].partition("=")[0].isidentifier():
            words = words[1:]
        else:
            break
    return words


def _ending(text: str) -> list[str]:
    """The words of the last command of a script, where that stands by itself at its end."""
    script = read_shell(text)
    if not isinstance(script, Script) or not script.body.statements:
        return []
    list_ = script.body.statements[-1].list
    last = list_.pipelines[-1].commands
    if len(last) > 1 or not isinstance(last[0], Simple) or any(operator != "&&" for operator, _ in list_.operators):
        return []
    return [word.raw for word in last[0].words]


def _words(step: Step) -> list[str]:
    given = step.instruction.args
    return list(given) if given is not None else step.instruction.body.text.split()
