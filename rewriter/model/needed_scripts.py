"""Scripts of the context that a command runs, and shell texts: what they call is judged as if it stood in the Dockerfile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rewriter import posixpath
from rewriter.knowledge import programs
from rewriter.model import base_tools
from rewriter.model.command import Command
from rewriter.model.node_program import NodeProgram
from rewriter.model.python_program import PythonProgram
from rewriter.model.run import listed
from rewriter.model.walk import hides_commands
from rewriter.syntax.script import Script, Word
from rewriter.syntax.shell import read_shell

if TYPE_CHECKING:
    from rewriter.model.needed_commands import Judge, Site

#: "$@" as a shell may write it: all that a script was called with
_ALL: Final = frozenset(('"$@"', "$@", "${@}", '"${@}"', "$*", '"$*"'))
#: what a file that a script writes may be, if a program is to be started from it
_CODE: Final = (".py", ".js", ".mjs", ".cjs", ".sh", ".ts", ".rb", ".pl")
_WRITERS: Final = frozenset("sed tee cp mv envsubst install ln patch".split())


class Scripts:
    """Reads the scripts that one stage runs. ``handed_on`` is True once one of them starts what it was called with."""

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.seen: set[tuple[str, str]] = set()
        self.handed_on = False
        self._elsewhere: set[tuple[str, int | None, int]] = set()  # tools that no file stands in front of
        self.arguments: tuple[str, ...] = ()  # what CMD hands to the script of ENTRYPOINT

    def first_in_path(self, tool: str, command: Command, site: Site) -> bool:
        """True when a file of the context stands in PATH in front of the program of this name: that one is read."""
        looked_for = tool, site.index, len(self.judge.folders)
        if looked_for in self._elsewhere:
            return False
        unseen: list[str] = []
        for folder in self.judge.tree.reaching((*self.judge.folders, *programs.SEARCHED), tool):
            path = posixpath.join(folder, tool)
            if self.judge.tree.text(path, site.index) is not None:
                self.run(path, command, site)
                return True
            if self.judge.tree.unseen(path, site.index):
                unseen.append(folder)
        if unseen and self.judge.tree.writes(tool):
            self.judge.needs.ask(
                f"a RUN writes a file named {tool}: line {site.line} may call that in place of the program"
            )
        elif set(programs.SEARCHED).issubset(unseen):
            self.judge.needs.ask("the file unpacks or copies what is not seen into /, which may lie over programs")
        elif unseen:
            where = ", ".join(unseen)
            self.judge.needs.ask(f"the file puts what is not seen into {where}, where programs are looked for")
        self._elsewhere.add(looked_for)
        return False

    def shell(self, command: Command, site: Site) -> None:
        """``sh script`` and ``sh -c text``."""
        needs = self.judge.needs
        words = [word for word in command.arguments if not (word.value or "").startswith("-")]
        if command.tool == "bash":
            needs.need_on_alpine("bash", f"line {site.line} runs bash", site.index)
        if any((word.value or "").startswith("-") and "c" in (word.value or "")[1:3] for word in command.arguments):
            if words and words[0].value is None:
                needs.ask(f"line {site.line} runs a text in {command.tool} that is only known later")
            elif words and not isinstance(read_shell(words[0].value or ""), Script):
                needs.ask(f"line {site.line} runs a text in {command.tool} that cannot be read")
            return  # its commands are listed of themselves
        if not words or words[0].value is None:
            needs.ask(f"line {site.line} runs {command.tool} on what is not seen")
            needs.not_alpine(f"line {site.line} runs a script that is not seen, which may call what only Debian has")
            return
        self.run(words[0].value, command, site)

    def path(self, path: str, command: Command, site: Site) -> None:
        """A command that is called by its path."""
        if path.startswith(("node_modules/", "./node_modules/")) or "/node_modules/" in path or "/venv/" in path:
            self.judge.needs.ask(f"line {site.line} runs {path}, and what it runs is not followed")
        else:
            self.run(path, command, site)

    def run(self, path: str, command: Command, site: Site) -> None:
        """A script of the context that is run by its path: a shell script, or one that names its interpreter."""
        needs, line = self.judge.needs, site.line
        full = path if path.startswith("/") else posixpath.join(command.cwd, path) if command.cwd else None
        text = self.judge.tree.text(posixpath.normpath(full), site.index) if full else None
        if text is None or full is None:
            needs.ask(f"line {line} runs {path}, which is not seen in the context")
            if not site.at_run_time:
                needs.not_alpine(f"line {line} runs {path}, which is not seen and may call what only Debian has")
            return
        full = posixpath.normpath(full)
        first = text.split("\n", 1)[0]
        shell = posixpath.basename(first.strip().split(" ")[-1]) if first.startswith("#!") else "sh"
        if "/usr/bin/python" in first:
            needs.block(f"{posixpath.basename(path)} is started by /usr/bin/python3, which only the full variant has")
        elif shell.rstrip("0123456789.") == "python" and self.judge.language != "python":
            if shell in needs.installed:
                needs.ask(f"line {line} runs {path}, a program in {shell}, which is not followed")
            else:
                needs.block(f"{posixpath.basename(path)} is started by {shell}, which only the full variant has")
        elif shell.rstrip("0123456789.") == "python" and self.judge.pip.another(shell):
            needs.block(f"{posixpath.basename(path)} is started by {shell}, which is not the image's own Python")
        elif shell == "node" and self.judge.language != "node":
            needs.ask(f"line {line} runs {path}, a script for {shell}")
        elif shell.rstrip("0123456789.") == "python":
            PythonProgram(self.judge.tree, needs, site.index, line).script(full)
        elif shell == "node":
            NodeProgram(self.judge.tree, needs, site.index, line).script(full)
        elif shell not in ("sh", "bash", "dash", "ash"):
            needs.ask(f"line {line} runs {path}, a script for {shell}")
        else:
            if shell == "bash":
                needs.need_on_alpine("bash", f"{posixpath.basename(path)} is a script for bash", site.index)
            self.text(text.replace("\r\n", "\n"), command.cwd, site, posixpath.basename(path), shell == "bash")

    def text(self, text: str, cwd: str | None, site: Site, name: str, bash: bool = False) -> None:
        """The commands of a shell text from the context; ``bash`` is True where bash reads it whatever the base is."""
        needs = self.judge.needs
        if (name, text) in self.seen:
            return
        self.seen.add((name, text))
        script = read_shell(text)
        if not isinstance(script, Script):
            needs.ask(f"{name} cannot be read: {script.reason}")
            return
        if not bash and ("[[" in text or "((" in text.replace("$((", "")):
            needs.not_alpine(f"{name} uses a test or a sum of bash")
        site = type(site)(site.run, site.at_run_time, True) if bash else site
        place = base_tools.places(text.partition("\n")[2] if text.startswith("#!") else text)
        if place:
            needs.ask(f"{name} names a path of the base image ({place})")
        if "<(" in text or ">(" in text:
            needs.ask(f"{name} starts programs whose output is read as a file, which are not followed")
        if hides_commands(script.body):
            needs.ask(f"{name} calls programs in a here-document or an array, which are not followed")
        for command in listed(script, cwd):
            self._writes(command, name)
            words = command.simple.words
            if command.tool == "set" and any(word.raw == "--" for word in words):
                self._set([word for word in words[1:] if word.raw != "--"], name, site)
            if words and words[command.head].raw in _ALL:
                self.handed_on = True  # the CMD, which is judged of itself
                continue
            if command.tool in base_tools.HANDING and any(word.raw in _ALL for word in command.arguments):
                self.handed_on = True
            self.judge.command(command, site)

    def _set(self, words: list[Word], name: str, site: Site) -> None:
        """``set -- python "$@"``: what the script starts as its arguments is judged as a command."""
        if not words or words[0].raw in _ALL:
            return
        if words[0].value is None:
            self.judge.needs.ask(f"{name} sets its own arguments, and may start what they name")
        elif words[0].value[:1] not in ("-", "+"):
            given = tuple(word.value for word in words if word.value is not None)
            if any(word.raw in _ALL for word in words):  # in front of what CMD, or a person, says: options as a rule
                if len(given) == 1 and given[0] == self.judge.language and not "".join(self.arguments).startswith("-"):
                    return
                given += self.arguments
            self.judge.program(given, site)

    def _writes(self, command: Command, name: str) -> None:
        """What a script writes is not what the context holds."""
        targets = [redirect.target for redirect in command.simple.redirects if ">" in redirect.operator]
        if command.tool in _WRITERS:
            targets += [word for word in command.operands if word.value is None or word.value.endswith(_CODE)]
        for word in targets:
            if _may_be_code(word.value):
                self.judge.needs.ask(f"{name} writes {word.raw}, which may be run")


def _may_be_code(path: str | None) -> bool:
    """True for a path that is not known, ends as code does, or has no ending, as programs have none."""
    if path is None or path.endswith(_CODE):
        return True
    return "." not in posixpath.basename(path) and not path.startswith("/dev/") and not path.isdigit()
