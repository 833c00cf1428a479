"""Reads what the shipped stage needs of its base: each instruction, and what the context shows of the program."""

from __future__ import annotations

from typing import Final

from rewriter.knowledge import variants
from rewriter.model import base_tools, needed_php, server_needs, stage_start
from rewriter.model.context_tree import Tree, brings_composer, brings_uv
from rewriter.model.copied import copied
from rewriter.model.file import File, Step
from rewriter.model.needed_commands import Judge, Site
from rewriter.model.needs import Needs
from rewriter.model.node_packages import Packages, leads_npm
from rewriter.model.python_packages import Installed
from rewriter.model.run import Run
from rewriter.model.walk import hides_commands
from rewriter.rule import Ask
from rewriter.syntax import words

#: variables that lead a program to code or libraries that are not followed
_LEADING: Final = frozenset("LD_LIBRARY_PATH LD_PRELOAD NODE_OPTIONS NODE_PATH PYTHONSTARTUP PYTHONPATH PYTHONHOME BASH_ENV "
                     "GUNICORN_CMD_ARGS".split())  # fmt: skip

_OF_JAVA: Final = ("openjdk", "tomcat", "maven", "eclipse-temurin")


def needs_of(file: File, language: str, tag: variants.Tag, folders: bool, ask: Ask) -> Needs:
    """What the last stage, with those of the file below it, needs of its base image ``language:tag``, which is that of the
    file: so it is worked out once, whoever asks. ``folders``: the slim variant has those of manual pages."""
    found = file.memory.needs.get(file)
    if found is None:
        found = file.memory.needs[file] = _needs(file, language, tag, folders, ask)
    return found


def _needs(file: File, language: str, tag: variants.Tag, folders: bool, ask: Ask) -> Needs:
    needs = Needs(folders)
    stage = file.stages[-1]
    tree = Tree(file, stage, ask)
    numbers = tag.numbers
    python = ".".join(map(str, numbers[:2])) if len(numbers) > 1 else ""
    judge = Judge(language, tree, needs, Installed(tree, needs, python, len(numbers) == 3), Packages(tree, needs))
    judge.major = numbers[0] if numbers else 0
    steps = [step for part in reversed(stage.lineage) for step in part.steps]
    if language == "php":
        needed_php.program(judge)
    for step in steps:
        _places(step, file, needs)
        _step(step, file, judge)
    if language == "tomcat":
        from rewriter.model import needed_java

        needed_java.of_tomcat(judge)
    stage_start.started(steps, file, judge)
    stage_start.elsewhere(ask, needs)
    return needs


def _places(step: Step, file: File, needs: Needs) -> None:
    """Paths that belong to packages of the base image."""
    found = base_tools.places(step.instruction.body.text.replace(server_needs.PAGES[0], ""))
    if found and step.name not in ("FROM", "LABEL", "MAINTAINER"):
        needs.ask(f"line {file.line(step.span.start)} names a path of the base image ({found})")
        if "linux-gnu" in step.instruction.body.text:
            needs.not_alpine(f"line {file.line(step.span.start)} names a folder of glibc's system (linux-gnu)")


def _step(step: Step, file: File, judge: Judge) -> None:
    needs, name, instruction = judge.needs, step.name, step.instruction
    line = file.line(step.span.start)
    if name == "RUN":
        _run(file.run_at[step.index], judge)
    elif name == "ONBUILD":
        needs.block(f"line {line}: what a build that starts from this image needs is not known")
    elif name in ("COPY", "ADD"):
        if judge.language in variants.SERVERS and server_needs.is_data(step, file, judge):
            return
        if brings_uv(instruction):
            needs.installed.update(("uv", "uvx"))
            needs.fact(f"uv, which line {line} copies, is linked statically")
        elif judge.language == "php" and brings_composer(instruction):
            needs.fact(f"Composer, which line {line} brings, is one file in PHP")
        elif judge.language == "php" and "/lib/php/extensions" in instruction.body.text:
            needs.not_alpine(f"line {line} brings extensions of PHP, which are linked to glibc")
        elif judge.language in _OF_JAVA and _only_archives(step, file, judge):
            return  # judged where it is started
        elif any(flag.name == "from" for flag in instruction.flags):
            needs.ask(f"line {line} copies from another stage or image what may need libraries of the full variant")
        elif name == "ADD" and copied(file, step, judge.tree.ask).unpacks:
            needs.ask(f"line {line} unpacks what is not seen")
        elif "://" in instruction.body.text:
            needs.ask(f"line {line} downloads what may need what only the full variant has")
        if judge.language in variants.SERVERS:
            server_needs.settings(step, file, judge)
        owner = next((flag.value or "" for flag in instruction.flags if flag.name == "chown"), "")
        if not needs.knows(owner):
            needs.not_alpine(f"line {line} names a user that Alpine may not have")
    elif name == "SHELL":
        if instruction.args is not None and instruction.args[0].endswith("bash"):
            needs.need_on_alpine("bash", f"line {line} sets bash as SHELL", step.index)
        if instruction.args is None or instruction.args[0].rpartition("/")[2] not in ("sh", "bash", "dash"):
            needs.block(f"line {line} sets a SHELL that slim variants lack")
    elif name == "USER":
        if not needs.knows(instruction.body.text.strip()):
            needs.not_alpine(f"line {line} names a user that Alpine may not have")
    elif name in ("ENV", "ARG"):
        _variables(step, line, judge, file.escape)
    elif name == "HEALTHCHECK":
        stage_start.health(step, file, judge)


def _only_archives(step: Step, file: File, judge: Judge) -> bool:
    """True for a COPY of archives of Java and nothing else."""
    found = copied(file, step, judge.tree.ask)
    return step.name == "COPY" and bool(found.sources) and all(one.endswith((".jar", ".war")) for one in found.sources)


def _run(run: Run, judge: Judge) -> None:
    site = Site(run, False)
    needs = judge.needs
    if not run.readable:
        needs.ask(f"line {site.line} cannot be read")
        return
    if any(mount.type != "cache" for mount in run.mounts):
        needs.ask(f"line {site.line} mounts what is not seen")
    posix = not run.state.shell[0].endswith("bash")
    if (posix and "[[" in run.visible.text) or "((" in run.visible.text.replace("$((", ""):
        needs.not_alpine(f"line {site.line} uses a test or a sum of bash")
    if "<(" in run.visible.text or ">(" in run.visible.text:
        needs.ask(f"line {site.line} starts programs whose output is read as a file, which are not followed")
    if run.script is not None and hides_commands(run.script.body):
        needs.ask(f"line {site.line} calls programs in a here-document or an array, which are not followed")
    for command in run.commands:
        judge.command(command, site)


def _variables(step: Step, line: int, judge: Judge, escape: str) -> None:
    needs = judge.needs
    after = step.state.after(step.instruction, escape).environment
    for name, value in after.items():
        if name in step.state.environment and step.state.environment[name] == value:
            continue
        if name == "PATH":
            _path(step, line, judge, escape)
        elif name in _LEADING or leads_npm(name):
            needs.ask(f"line {line}: {name} leads to what is not followed")
        elif (name == "LANG" or name.startswith("LC_")) and (value or "?").upper() not in (
            "C.UTF-8",
            "C",
            "POSIX",
            "C.UTF8",
        ):
            needs.not_alpine(f"line {line}: {name} names a locale, which musl has not")
        elif name == "TZ":
            needs.not_alpine(f"line {line}: TZ names a time zone, and Alpine's base has no tzdata")


def _path(step: Step, line: int, judge: Judge, escape: str) -> None:
    """The folders that ENV puts into PATH: a program of the context in one of them goes before those of the image."""
    written = next(
        (pair.value or "" for pair in words.key_values(step.instruction.body.text, escape) if pair.key == "PATH"), ""
    )
    for folder in written.strip('"').split(":"):
        known = step.state.expand(folder, escape) if folder not in ("$PATH", "${PATH}") else ""
        if known is None:
            judge.needs.ask(f"line {line}: which programs are in {folder} of PATH is not known")
        elif known:
            judge.folders.insert(0, known)
