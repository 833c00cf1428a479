"""Edited RUNs do what they did: random scripts are run by a real shell, before and after.

Each RUN gets a process of its own in one directory, the first failure ends the build. A build that fails must fail after
the rewrite too; one that succeeds must leave the same files with the same content and modes.
"""

from __future__ import annotations

import os
import stat
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rewriter.engine import run
from rewriter.model import style
from rewriter.model.file import File
from rewriter.report import Outcome
from rewriter.rule import Change
from rewriter.syntax.dockerfile import read
from rewriter.text import apply
from transforms import pipeline

JOIN = [one for one in pipeline() if one.name == "consecutive-runs"]

SIMPLE = st.sampled_from(
    [
        "true", "false", "touch a", "touch b", "rm a", "rm -f b", "mkdir d/x", "test -f a", "! test -f b", "cd d", "cd ..",
        'cd "$HOME"', "cd d/x", "export V=1", "V=2", "V=3 sh -c 'echo $V >> v'", 'echo "$V" >> v', "pwd >> where", "umask 077",
        "exit 0", "exit 3", "set -e", "set -x", "set -eu", "set -u", "set +e", "set -f", "set -- p q", 'echo "$#" >> count',
        "f() { echo f >> called; }", "f", "echo a b >> words", "IFS=: ", "for i in 1 2; do touch l$i; done", "unset V",
        'echo "$i" >> loop', "if test -f a; then touch c; fi", "if false; then true; else touch e; fi", "(cd d && touch in)",
        "{ touch g; false; }", "(false; touch h)", "while false; do true; done", "echo x | grep -q y", "cat a > copy",
        'echo "${W:=set}" >> w', 'echo "$W" >> w', "trap 'echo bye >> trap' EXIT", "readonly R=1", "cd d && touch t",
        ": $((n = 4))", 'echo "$n" >> n', "echo *", "exec true", "eval touch evil", "echo '# no comment' >> hash",
        "cd d; pwd >> ../where", "sh -c 'exit 2'", "printf %s done >> p", "case a in a) touch k;; esac", "ls > /dev/null 2>&1",
    ]
)  # fmt: skip
OPERATOR = st.sampled_from([" && ", " && ", " && ", "; ", " || "])
PREFIX = st.sampled_from(["", "", "", "", "set -e; ", "set -eux; ", "set -ex && ", "set -e && "])
ENDING = st.sampled_from(["", "", "", "", ";", " # note", " ;"])


@st.composite
def scripts(draw: st.DrawFn) -> str:
    text = draw(PREFIX) + draw(SIMPLE)
    for _ in range(draw(st.integers(0, 3))):
        text += draw(OPERATOR) + draw(SIMPLE)
    return text + draw(ENDING)


def outcome(bodies: list[str], shell: list[str]) -> tuple[bool, dict[str, tuple[str, str]]]:
    """Whether all bodies succeed, one process each, and what lies in the directory then. Failed builds leave nothing."""
    with tempfile.TemporaryDirectory() as outside:
        folder = f"{outside}/1/2/3/4/5/6/7/8"  # "cd .." as often as a script may say it leads to no place of others
        os.makedirs(f"{folder}/d")
        Path(folder, "a").write_text("start\n")
        for body in bodies:
            done = subprocess.run(
                [*shell, body],
                cwd=folder,
                env={"PATH": os.environ["PATH"], "HOME": folder},
                capture_output=True,
                check=False,
            )
            if done.returncode:
                return False, {}
        found = {}
        for path in sorted(Path(outside).rglob("*")):
            content = path.read_text().replace(outside, "/work") if path.is_file() else ""
            found[str(path.relative_to(outside))] = (stat.filemode(path.stat().st_mode), content)
        return True, found


def bodies_of(source: str) -> list[str]:
    return [one.instruction.body.text for one in File(read(source)).runs]


@pytest.mark.parametrize("shell", [["/bin/sh", "-c"], ["bash", "-c"], ["/bin/sh", "-ec"]], ids=" ".join)
@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(parts=st.lists(scripts(), min_size=2, max_size=4))
def test_the_joined_script_does_the_same(shell: list[str], parts: list[str]) -> None:
    check(shell, parts)


def check(shell: list[str], parts: list[str]) -> None:
    named = ", ".join(f'"{word}"' for word in shell)
    source = f"FROM x\nSHELL [{named}]\n" + "".join(f"RUN {part}\n" for part in parts)
    report = run(JOIN, source)
    assert not report.crashed
    assert not [one for one in report.findings if one.outcome is Outcome.REVERTED]
    if report.changed:
        assert outcome(bodies_of(report.text), shell) == outcome(bodies_of(source), shell), report.text


def apply_to(source: str, change: Change) -> str:
    return apply(source, change.edits)


@pytest.mark.parametrize("shell", [["/bin/sh", "-c"], ["bash", "-c"]], ids=" ".join)
@settings(max_examples=120, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(script=scripts())
def test_what_is_appended_runs_when_the_rest_succeeded(shell: list[str], script: str) -> None:
    """And only then: a failure stays one. A trap of the author's runs after it, as it ran after everything else."""
    check_append(shell, script)


def check_append(shell: list[str], script: str) -> None:
    named = ", ".join(f'"{word}"' for word in shell)
    source = f"FROM x\nSHELL [{named}]\nRUN {script}\n"
    (run_,) = File(read(source)).runs
    change = style.append(run_, 'touch "$HOME/appended"')
    if isinstance(change, style.Refusal):
        return
    after = apply_to(source, change)
    old, files = outcome([script], shell)
    new, found = outcome(bodies_of(after), shell)
    assert new == old, after
    if old:
        assert found.pop("1/2/3/4/5/6/7/8/appended", None) is not None, after
        assert found == files, after


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    parts=st.lists(SIMPLE, min_size=1, max_size=3),
    operators=st.lists(OPERATOR, min_size=3, max_size=3),
    at=st.integers(0, 3),
)
def test_a_command_that_does_nothing_can_be_taken_out(parts: list[str], operators: list[str], at: int) -> None:
    check_remove(parts, operators, at)


def check_remove(parts: list[str], operators: list[str], at: int) -> None:
    texts = [*parts[:at], "/bin/true", *parts[at:]]
    script = texts[0] + "".join(operator + text for operator, text in zip(operators, texts[1:], strict=False))
    source = f"FROM x\nRUN {script}\n"
    (run_,) = File(read(source)).runs
    commands = [
        command for command in run_.commands if command.tool == "true" and command.simple.words[0].raw == "/bin/true"
    ]
    if not commands:
        return
    change = style.remove(run_, commands[0])
    if isinstance(change, style.Refusal):
        return
    after = apply_to(source, change)
    assert outcome(bodies_of(after), ["/bin/sh", "-c"]) == outcome([script], ["/bin/sh", "-c"]), after
