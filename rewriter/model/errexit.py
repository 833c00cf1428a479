"""Where ``set -e`` ends a script, and where it passes a failure over. Source: POSIX.1-2017, 2.14, set; dash and bash agree."""

from __future__ import annotations

from itertools import pairwise

from rewriter.model.run import Run
from rewriter.model.walk import bodies, parts
from rewriter.syntax.script import Case, Command, For, Function, Group, If, Loop, Script, Sequence, Simple, Statement


def starts_with_errexit(script: Script) -> bool:
    """True for ``set -e; ...`` and ``set -eux; ...``: the script's first statement turns errexit on by itself."""
    if len(script.body.statements) < 2:
        return False
    pipelines = script.body.statements[0].list.pipelines
    first = pipelines[0].commands[0]
    return len(pipelines) == 1 and isinstance(first, Simple) and sets_errexit(first)


def sets_errexit(simple: Simple) -> bool:
    """True for ``set -e``, ``set -eux``, ``set -o errexit``."""
    return _switches(simple, "-")


def turned_off(script: Script) -> bool:
    """True when a command of the script's own shell turns errexit off, wherever it stands."""
    own = (command for command, own_shell in parts(script.body) if own_shell)
    return any(isinstance(command, Simple) and _switches(command, "+") for command in own)


def _switches(simple: Simple, sign: str) -> bool:
    if not simple.words or simple.words[0].value != "set":
        return False
    options = [word.value or "" for word in simple.words[1:]]
    by_name = (b == "errexit" and a.startswith(sign) and a.endswith("o") for a, b in pairwise(options))
    return any(by_name) or any(o.startswith(sign) and not o.startswith("--") and "e" in o for o in options)


def in_use(run: Run) -> bool:
    """True when errexit is on somewhere in the RUN."""
    return run.state.errexit or any(sets_errexit(command.simple) for command in run.commands)


def ends(statement: Statement) -> bool:
    """True when errexit ends the script wherever the statement fails. It does not where the failure comes out of a list
    of ``&&`` or a ``!`` inside: ``if true; then a && b; fi`` fails with ``a``, and the script goes on."""
    pipelines = statement.list.pipelines
    if len(pipelines) > 1 or pipelines[0].negated:
        return False
    return len(pipelines[0].commands) > 1 or _ends(pipelines[0].commands[0])


def _ends(command: Command) -> bool:
    found: tuple[Sequence, ...] = ()  # what a simple command or a subshell gives back is its own
    if isinstance(command, (Group, For, Loop)):
        found = (command.body,)
    elif isinstance(command, If):
        found = tuple(body for _, body in command.branches)
        found = found if command.otherwise is None else (*found, command.otherwise)
    elif isinstance(command, Case):
        found = bodies(command)
    return all(not sequence.statements or ends(sequence.statements[-1]) for sequence in found)


def says_nothing(script: Script) -> bool:
    """True for one list of ``&&`` with a simple command at its end: no failure in it is one that errexit acts on."""
    statements = script.body.statements
    if len(statements) != 1 or any(operator != "&&" for operator, _ in statements[0].list.operators):
        return False
    last = statements[0].list.pipelines[-1].commands
    simple = all(isinstance(command, Simple) for command in last)
    return simple and not any(isinstance(command, Function) for command, _ in parts(script.body))


def passed_over(sequence: Sequence, simple: Simple) -> bool:
    """True when errexit says nothing where a simple command stands: what is around it takes its failure for an answer.
    The list in which it stands itself does not count."""
    for statement in sequence.statements:
        if not statement.start <= simple.start < statement.end:
            continue
        pipelines = statement.list.pipelines
        for index, pipeline in enumerate(pipelines):
            for command in pipeline.commands:
                if command is simple or not command.start <= simple.start < command.end:
                    continue
                asked = pipeline.negated or index < len(pipelines) - 1
                return asked or any(
                    _condition(command, body) or passed_over(body, simple)
                    for body in bodies(command)
                    if body.start <= simple.start < body.end
                )
    return False


def _condition(command: Command, body: Sequence) -> bool:
    if isinstance(command, Loop):
        return body is command.condition
    return isinstance(command, If) and any(body is condition for condition, _ in command.branches)
