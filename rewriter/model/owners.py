"""To whom a RUN gives the files of a COPY, with which mode, and whether that can be said at the COPY already."""

from __future__ import annotations

from rewriter.model.command import Command
from rewriter.model.copied import Copied
from rewriter.model.file import File
from rewriter.model.ownership import ACCOUNTS, PACKAGES, Altered, Tree, base_tree, lineage
from rewriter.model.scope import State
from rewriter.model.style import Refusal
from rewriter.syntax.nodes import Kind, Trivia
from rewriter.syntax.script import Word
from rewriter.text import BOM


def owner_of(at: Altered) -> tuple[str, str] | Refusal:
    """User and group as ``--chown`` takes them. "" where the command leaves one as it is."""
    word = at.value
    text = word.value
    if text is None:
        text = _plain_variables(word, at.run.state)
        if text is None:
            return Refusal("the owner is only known inside the RUN")
    if at.command.tool == "chgrp":
        return "", text
    user, colon, group = text.partition(":")
    if not colon and text.count(".") == 1 and "$" not in text:
        user, colon, group = text.partition(".")
    if colon and not group:
        return Refusal("the group is the user's own, which only /etc/passwd of the image tells")
    return user, group


def _plain_variables(word: Word, state: State) -> str | None:
    """A word made of text and of ENV and ARG variables, without its quotes."""
    if word.substitutions or word.assigns or any(name not in state.environment for name in word.parameters):
        return None
    text = word.raw.replace('"', "")
    rest = text
    for name in sorted(word.parameters, key=len, reverse=True):
        rest = rest.replace("${" + name + "}", "").replace("$" + name, "")
    return None if any(sign in rest for sign in "$'\\`~") else text


def unknown_at(file: File, at: Altered, tree: Tree, names: tuple[str, str]) -> str:
    """Why user or group might be none or another one when the first COPY runs; "" when they are the same.

    Whoever the chown names is there when it runs. So it is there at the COPY too, when nothing in between makes users.
    """
    wanted = {name for name in names if name and not name.isdigit() and name != "root"}
    if not wanted:
        return ""
    first = min(copy.step.index for copy in tree.copies)
    base = base_tree(at.run.stage)
    known = set(base.users) if base is not None else set()
    for step in lineage(file, at.run):
        between = step.index > first and step.name in ("ENV", "ARG")
        if between and any(variable in step.instruction.body.text for variable in at.value.parameters):
            return f"line {file.line(step.instruction.keyword.start)} sets a variable of its owner after the COPY"
    line = at.run.stage.lineage
    for run in file.runs:
        if run.index > at.run.index or run.stage not in line:
            continue
        for command in run.commands:
            if run is at.run and command.simple is at.command.simple:
                return ""
            words_ = {word.raw.replace('"', "") for word in command.arguments}
            if run.index < first:
                known |= words_ if command.tool in ACCOUNTS and command.place.certain else set()
            elif command.tool in ACCOUNTS and (not wanted <= known or wanted & words_):
                return f"line {file.line(run.instruction.keyword.start)} makes or changes users after the COPY"
            elif (command.tool in PACKAGES or _edits_accounts(command)) and not wanted <= known:
                why = f"{min(wanted - known)} may only be made by line {file.line(run.instruction.keyword.start)}"
                return f"{why}, after the COPY"
    return ""


def _edits_accounts(command: Command) -> bool:
    named = [*command.arguments, *(redirect.target for redirect in command.simple.redirects)]
    return command.tool != "cat" and any(word.value in ("/etc/passwd", "/etc/group") for word in named)


def mode_of(at: Altered, copies: list[Copied]) -> str | Refusal:
    """The mode in octal digits."""
    text = at.value.value or ""
    if text.isdigit() and 3 <= len(text) <= 4 and set(text) <= set("01234567"):
        if len(text) == 4 and text[0] != "0":
            return Refusal("--chmod takes no setuid, setgid or sticky bit")
        return text
    if all(copy.remote and copy.file for copy in copies) and not at.recursive:
        mode = _symbolic(text, 0o600)
        if mode is not None:
            return f"{mode:o}"
    return Refusal(f"{at.value.raw} keeps a part of the mode that the files have, and that is not known here")


def old_frontend(file: File) -> bool:
    """True when the file asks for a Dockerfile frontend from before ``--chmod`` (1.2)."""
    for node in file.dockerfile.nodes:
        if not isinstance(node, Trivia) or node.kind is not Kind.DIRECTIVE:
            return False
        name, _, value = node.span.of(file.source).lstrip(BOM + "# \t").partition("=")
        image, _, tag = value.strip().partition("@")[0].rpartition(":")
        if name.strip().lower() == "syntax" and image.endswith("docker/dockerfile"):
            return tag.startswith(("1.0", "1.1", "experimental"))
    return False


def _symbolic(text: str, mode: int) -> int | None:
    """``mode`` after ``chmod text`` under the usual umask 022, for additions like ``+x`` and ``a+rx``."""
    who, plus, letters = text.partition("+")
    if not plus or not letters or not set(who) <= set("ugoa") or not set(letters) <= set("rwx"):
        return None
    bits = sum({"r": 4, "w": 2, "x": 1}[letter] for letter in set(letters))
    shifts = {shift for letter, shift in (("u", 6), ("g", 3), ("o", 0)) if letter in who or "a" in who or not who}
    added = sum(bits << shift for shift in shifts)
    return mode | (added if who else added & ~0o022)
