"""What one shell would hand on to commands that once had a shell of their own.

Sources: POSIX.1-2017, "Shell Command Language", 2.12 (shell execution environment) and 2.14 (special built-ins); bash(1).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rewriter.model.run import Run
from rewriter.model.walk import parts
from rewriter.syntax.script import Arithmetic, Case, Command, For, Function, Script, Simple, Test, Word

_DIRECTORY: Final = frozenset(("cd", "pushd", "popd", "dirs"))
_STATE: Final = frozenset(
    "export readonly declare typeset local unset . source eval alias unalias trap umask ulimit shopt read getopts mapfile "
    "readarray let exec exit return hash enable builtin command_not_found_handle nvm sdk rvm".split()
)
#: traces on standard error; no command behaves otherwise under them
_HARMLESS_OPTIONS: Final = frozenset("xv")


#: the phrase for the directory in which a RUN ends
DIRECTORY: Final = "its working directory"


def leaks(run: Run, later: Iterable[Run], shared: Simple | None = None, *, directory: bool = True) -> str:
    """What of this RUN's shell would reach the ``later`` ones, in one phrase; "" when nothing would.

    ``shared`` is a command that all of them begin with (``set -eux``), whose effect is wanted. ``directory``: where it ends
    counts.
    """
    script = run.script
    if script is None:
        return ""
    after = list(later)
    for command, own_shell in parts(script.body):
        if not own_shell or command is shared:
            continue
        if isinstance(command, Function):
            return f"the function {command.name}"
        if isinstance(command, Arithmetic):
            return "an arithmetic assignment"
        if isinstance(command, Test) and _expands("BASH_REMATCH", after):
            return "the variable BASH_REMATCH"
        if isinstance(command, For) and (_expands(command.name, after) or not command.name):
            return f"the variable {command.name}"
        if isinstance(command, Simple):
            why = _simple(command, run, after)
            if why and (directory or why != DIRECTORY):
                return why
    return ""


def hinders(run: Run, text: str) -> str:
    """What the RUN has done to its shell that a command written behind it, ``text``, would run into; "" when nothing."""
    program = text.split(None, 1)[0]
    script = run.script
    for command, own_shell in parts(script.body) if script is not None else ():
        if not own_shell:
            continue
        if isinstance(command, Function) and command.name == program:
            return f"it makes {program} a function"
        if not isinstance(command, Simple):
            continue
        if not command.words and any(one.name == "PATH" and _anew(one.value) for one in command.assignments):
            return f"it sets PATH anew, and {program} may not be found there"
        words = [word.value or word.raw for word in command.words]
        if words[:1] == ["export"] and any(word.raw.startswith("PATH=") and _anew(word) for word in command.words):
            return f"it sets PATH anew, and {program} may not be found there"
        if words[:1] == ["alias"] and any(word.startswith(f"{program}=") for word in words):
            return f"it makes {program} an alias"
        if "*" in text and _without_patterns(words):
            return "it turns patterns off, and the clean-up needs one"
    return ""


def _anew(path: Word | None) -> bool:
    """True for a PATH that does not hold the one before."""
    return path is None or "PATH" not in path.parameters


def _without_patterns(words: list[str]) -> bool:
    """True for ``set -f``, ``set -o noglob``, ``shopt -s failglob``."""
    if words[:1] == ["set"]:
        return "noglob" in words or any(one.startswith("-") and "f" in one for one in words[1:])
    return words[:1] == ["shopt"] and "failglob" in words


def _simple(command: Simple, run: Run, after: list[Run]) -> str:
    if any(word.assigns for word in command.words):
        return "an assignment inside an expansion"
    if not command.words:
        for assignment in command.assignments:
            variable = assignment.name
            if variable in run.state.environment or _special(variable) or _expands(variable, after):
                return f"the variable {variable}"
        return ""
    at = _own(command)
    name = command.words[at].value
    if name is None and "/" not in command.words[at].raw:
        return f"what {command.words[at].raw} does"
    if name in _DIRECTORY and at:
        return f"the directory of {command.words[0].value} {name}"  # no walker follows it
    if name in _DIRECTORY:
        return "" if name == "cd" and all(map(_begins_elsewhere, after)) else DIRECTORY
    second = command.words[at + 1].value if at + 1 < len(command.words) else ""
    if name == ":" and command.assignments:
        return f"the variable {command.assignments[0].name}"
    if name == "printf" and second == "-v":
        return "a variable set by printf -v"
    if name == "conda" and second in ("activate", "deactivate"):
        return "the conda environment"
    if name == "set":
        return _options(command, after)
    return f"what {name} sets" if name in _STATE else ""


def _expands(name: str, runs: Iterable[Run]) -> bool:
    """True when the script of one of the RUNs expands the variable."""
    return any(name in variables(run) for run in runs)


def _own(command: Simple) -> int:
    """The index of the command's name behind ``command``, ``builtin`` and ``time``, which run it in this very shell."""
    at = 0
    while at + 1 < len(command.words) and command.words[at].value in ("command", "builtin", "time"):
        at += 1
    return at


def _special(name: str) -> bool:
    """Variables that the shell or its children may heed: those that the base image or a predefined build argument exports
    stay exported. By custom their names are upper case; those of proxies are either."""
    return name.isupper() or name.lower().endswith("_proxy")


def _options(command: Simple, after: list[Run]) -> str:
    letters = set()
    for word in command.words[1:]:
        text = word.value or ""
        if not text.startswith("-") or text.startswith("--") or not text[1:].isalpha():
            return "its shell options"
        letters |= set(text[1:])
    letters -= _HARMLESS_OPTIONS
    if letters == {"e"} and all(map(plain_list, after)):
        return ""  # inside one list of && errexit has nothing to say
    return "its shell options" if letters else ""


def plain_list(run: Run) -> bool:
    """True for one list of simple commands joined by ``&&``: no ``;``, no ``||``, nothing compound, so that errexit makes no
    difference to it."""
    if run.form == "exec":
        return True
    script = run.script
    if script is None or len(script.body.statements) != 1:
        return False
    list_ = script.body.statements[0].list
    return all(operator == "&&" for operator, _ in list_.operators) and all(
        isinstance(command, Simple) and not pipeline.negated
        for pipeline in list_.pipelines
        for command in pipeline.commands
    )


def _begins_elsewhere(run: Run) -> bool:
    """True when the first thing that a RUN does is ``cd /somewhere``, and it never asks where it came from."""
    first = run.commands[0] if run.commands else None
    if first is None or first.tool != "cd" or not first.place.certain or first.place.piped:
        return False
    operands = first.arguments
    if len(operands) != 1 or not (operands[0].value or operands[0].raw).startswith("/"):
        return False
    return not any(
        c.tool in ("pushd", "popd", "dirs") or (c.tool == "cd" and "-" in (w.value for w in c.arguments))
        for c in run.commands
    ) and "OLDPWD" not in variables(run)


def variables(run: Run) -> frozenset[str]:
    """The variables that the RUN's script expands."""
    script = run.script
    if script is None:
        return frozenset()
    known = run.file.memory.variables.get(script.text)
    if known is None:
        names = (name for command, _ in parts(script.body) for word in words_in(command) for name in _expanded(word))
        known = run.file.memory.variables[script.text] = frozenset(names)
    return known


def _expanded(word: Word) -> Iterator[str]:
    yield from word.parameters
    for body in word.substitutions:
        for command, _ in parts(body):
            for inner in words_in(command):
                yield from _expanded(inner)


def words_in(command: Command) -> Iterator[Word]:
    """The words of one command itself, those of its assignments and redirections included, those of commands inside not."""
    if isinstance(command, Function):
        return
    if isinstance(command, Simple):
        for assignment in command.assignments:
            yield from (assignment.value,) if assignment.value is not None else assignment.elements or ()
    if isinstance(command, (Simple, Test, For)):
        yield from command.words or ()
    elif isinstance(command, Case):
        yield command.word
        for patterns, _ in command.items:
            yield from patterns
    elif isinstance(command, Arithmetic):
        yield command.expression
    for redirect in command.redirects:
        yield redirect.target
        if redirect.content is not None:
            yield redirect.content


def script_of(run: Run) -> Script:
    """The script of a RUN that is known to be readable."""
    assert run.script is not None, f"{run} cannot be read"
    return run.script
