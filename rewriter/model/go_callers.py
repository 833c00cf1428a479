"""Who starts containers of this image, as far as the files around it say: compose files, manifests, Makefiles, CI.

What they call has to be in the final image too. Their language is read line by line: a key, and what is behind or below it.
Source: https://docs.docker.com/reference/compose-file/services, https://kubernetes.io/docs/reference/kubernetes-api, Pod.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Final

from rewriter import posixpath
from rewriter.knowledge import golang
from rewriter.model import compose, split_callers, split_start
from rewriter.model.split_start import commands_of
from rewriter.rule import Ask

_GO: Final = re.compile(r"\b(go|dlv)[\"', ]+(run|test|build|vet|generate|debug|mod)\b")
_BASH: Final = re.compile(r"docker\b.*\b(?:run|exec)\b.*\b(bash|make)\b")
_CALL: Final = re.compile(r"\bgo +(?:install|build|run|test|get)\b")
_REGISTRY: Final = re.compile(r"image:.*CI_REGISTRY")
_KEY: Final = re.compile(
    r"\s*(?:-\s+)?[\"']?(command|entrypoint|test|user|release_command|dockerCommand)[\"']?\s*[:=]\s*(.*)"
)
_SHELL: Final = re.compile(r"(?:CMD-SHELL\s+|CMD\s+)?(?:(?:/bin/)?sh\s+-\w*c\s+)?(.*)", re.DOTALL)
#: the same on every system, in a shell or beside it
_ANYWHERE: Final = split_start.OWN | {"sh", "cat", "ls"}


def question(
    seen: tuple[str, ...], ask: Ask, there: list[str], users: AbstractSet[str], entry: bool, bash: bool
) -> str:
    """What a person must confirm, or "". ``there`` are the programs of the final image, ``users`` the names that it knows,
    ``entry`` is True when it has an ENTRYPOINT, ``bash`` when it has bash."""
    files = list(split_callers.around(seen, ask))
    marks = {
        mark
        for path, text in files
        if compose.composed(path)
        for one in compose.services(_lines(text))
        for mark in _marks(one)
    }
    for path, text in files:
        for line in text.split("\n"):
            told = (compose.composed(path) or "docker" in line) and not line.lstrip().startswith("#")
            if (told or posixpath.basename(path) == "Tiltfile") and _GO.search(line):
                return f"does {path} call go in a container of this image?"
            deployed = posixpath.basename(path) in golang.names("files", "deployments") and "bash" in line
            tool = _BASH.search(line) if told else None
            if (tool is not None and not (bash and tool[1] == "bash")) or (deployed and not bash):
                return f"does {path} call {tool[1] if tool else 'bash'} in a container of this image?"
        if _to_develop_in(path, text):
            return f"is this image the one to develop or test in that {path} names?"
        ours = _ours(path, text, marks)
        kept = entry and compose.composed(path) and not any(line.lstrip().startswith("entrypoint:") for line in ours)
        for key, value in _values(ours):
            if key == "user":
                stranger = value.partition(":")[0]
                if compose.composed(path) and not stranger.isdigit() and stranger not in users:
                    return f"is there a user {stranger} in the final image? {path} starts it as one"
                continue
            other = "" if key == "command" and kept else _foreign(value, there)
            if other:
                return f"does {path} call {other} in a container of this image? It may lack it"
    return ""


def _to_develop_in(path: str, text: str) -> bool:
    """True for settings that may open this image to develop or test in it."""
    name = posixpath.basename(path)
    if "Dockerfile" in name:  # one that goes on from an image that has go, and is not golang's
        return "golang" not in text and bool(_CALL.search(text))
    if name == "devcontainer.json":
        return "dockerComposeFile" in text or ("ockerfile" in text.lower() and "../" in text)
    if name == ".gitpod.yml":
        return "file:" in text
    return name == ".gitlab-ci.yml" and bool(_REGISTRY.search(text) and _GO.search(text))


def _foreign(value: str, there: list[str]) -> str:
    """The first command of a value that the final image may lack, or ""."""
    match = _SHELL.fullmatch(value)
    text = match[1] if match else value
    if text in ("", "NONE", "null", "~"):
        return ""
    commands = commands_of(text)
    if commands is None:
        return text.split("\n")[0]
    names = {*there, *(posixpath.basename(one) for one in there)}
    for command in commands:
        words = command.simple.words[command.head :]
        name = words[0].value if words else ""
        if name is None or (name and posixpath.basename(name) not in names and name not in _ANYWHERE):
            return words[0].raw
    return ""


def _ours(path: str, text: str, marks: set[str]) -> list[str]:
    """The lines that may be about this image: services that are built, and manifests. ``marks`` tell the built services."""
    lines = _lines(text)
    if not compose.composed(path):
        manifest = "containerDefinitions" in text or any(line.lstrip(" -").startswith("containers:") for line in lines)
        return lines if manifest or posixpath.basename(path) in golang.names("files", "deployments") else []
    if any(line.startswith("x-") for line in lines):
        return lines  # services may take what stands there
    return [line for one in compose.services(lines) if _built(one, marks) for line in one]


def _lines(text: str) -> list[str]:
    """The lines without comments and blank ones."""
    lines = [line.partition(" #")[0].rstrip() for line in text.split("\n")]
    return [line for line in lines if line and not line.lstrip().startswith("#")]


def _built(service: list[str], marks: set[str]) -> bool:
    """True for a service that is built, here or in another file, or that another file completes."""
    keys = {line.strip().partition(":")[0] for line in service}
    named = {line.strip() for line in service}
    return "build" in keys or "image" not in keys or not marks.isdisjoint(named)


def _marks(service: list[str]) -> set[str]:
    """The name and the image of a service that is built, by which other files may mean it."""
    lines = {line.strip() for line in service}
    if not any(line.startswith("build:") for line in lines):
        return set()
    return {service[0].strip(), *(line for line in lines if line.startswith("image:"))}


def _values(lines: list[str]) -> Iterator[tuple[str, str]]:
    """The keys that name commands, each with its value as a line of shell."""
    for at, line in enumerate(lines):
        match = _KEY.fullmatch(line)
        if match is None:
            continue
        depth, value = compose.indent(line), match[2].strip().rstrip(",")
        if value in ("", "|", ">", "|-", ">-") or (value.startswith("[") and not value.endswith("]")):
            for below in lines[at + 1 :]:
                item = below.lstrip().startswith("-")
                if compose.indent(below) < depth or (
                    compose.indent(below) == depth and not item and not below.strip().startswith("]")
                ):
                    break
                value += " " + below.strip().removeprefix("- ")
            value = value.lstrip("|>- ")
        if value.startswith("["):
            value = value.strip("[] ").replace(",", " ")
        yield match[1], _plain(value)


def _plain(value: str) -> str:
    """The value without the quotes around its words, as far as they are those of the file's own language."""
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" and value.count(value[0]) == 2:
        return value[1:-1]
    return re.sub(r"\"([^\"]*)\"|'([^']*)'", lambda match: match[1] or match[2] or "", value)
