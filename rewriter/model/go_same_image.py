"""What a program needs where the final stage is on the image that the file put Go on: the same system, without what came to it.

The C library, users, shell and programs of the image are there by definition. What RUNs installed is not: libraries that may be
linked, packages that a program may call, certificates.
"""

from __future__ import annotations

import re
from typing import Final

from rewriter.knowledge import dev_packages, golang, images, languages
from rewriter.model import bases, go_installed, served, split_image
from rewriter.model.go_asked import Asked
from rewriter.model.go_traces import GoTraces
from rewriter.model.split_stage import Shipped

#: packages of headers, by their ending
_HEADERS: Final = ("-dev", "-devel")
_CERTIFICATES: Final = "ca-certificates"
#: tags and releases whose packages change all the time
_MOVING: Final = frozenset("sid unstable testing experimental edge".split())
#: what names another release where it stands beside one of these
_SOURCES: Final = ("/etc/apt", "/etc/apk", "-t ", "-release ", "-release=", "--repository", "-X ", "add-apt-repository")
_WORD: Final = re.compile(r"[a-z]+")
_ALPINE: Final = re.compile(r"\bv3\.\d+")
#: how many packages a question names
_FEW: Final = 5


def linked(asked: Asked, module: str) -> str:
    """ "same", since the C library always is; or why what is linked is not known. ``module`` needs cgo, or is ""."""
    program, image = asked.program, asked.stage.stage.image
    static = {one.cgo for one in asked.built} == {"0"}
    newer = "" if static else _newer(asked.stage)
    if newer:
        return f"{newer}: a program may be linked to a newer C library than {image} has (with CGO_ENABLED=0 it is not)"
    asked.because.append(
        f"{image} is what it is built on: the C library, users and all that the image has are the same"
    )
    if static:
        asked.because.append("CGO_ENABLED=0 is set: it links no library")
        return "same"
    if program is not None and not program.cgo and not program.unseen and not module:
        asked.because.append('no package that it is built of imports "C": it links no library')
        return "same"
    found = _libraries(asked)
    named = [] if program is None else program.libraries
    if not found and (named or (module and module not in golang.listed("imports", "bundled"))):
        return f"cgo links {(named or [module])[0]}, which no package of the file brings"
    if found:
        asked.libraries += found
        asked.because.append(f"{', '.join(found)}: what it may link goes along")
    else:
        asked.because.append("no package of headers is installed: nothing but what the image has can be linked")
    if asked.stage.alpine is not None and not golang.names("packages", "cxx").isdisjoint(asked.traces.installed):
        asked.libraries += languages.listed("c", "apk")
    call = None if program is None else program.foreign_call()
    if call:
        asked.questions.append(f"what does {call} in its C need at run time? What was installed stays in the builder")
    return "same"


def _newer(stage: Shipped) -> str:
    """What may bring packages of a later release than the image has, or ""."""
    image = stage.stage.image
    repository, tag = bases.base_of(stage.stage)
    if not _MOVING.isdisjoint(tag.split("-")) and repository in ("alpine", "debian"):
        return f"the packages of {image} change under it"
    own = images.release(image)
    others = {*images.RELEASES, *_MOVING} - {own, "current", "stable"}
    for step in stage.steps:
        text = step.instruction.body.text
        if not any(place in text for place in _SOURCES):
            continue
        words = set(_WORD.findall(text.replace(f"{own}-backports", "")))
        named = sorted(words & others) or [one for one in _ALPINE.findall(text) if one != f"v{stage.alpine}"]
        if named:
            return f"packages of {named[0]} are installed"
    return ""


def _libraries(asked: Asked) -> list[str]:
    """The packages of the libraries whose headers are installed: by themselves where they are known, else with the headers."""
    stage, found = asked.stage, list[str]()
    for name in sorted(asked.traces.installed):
        if not name.endswith(_HEADERS) or name in languages.names("every", "build") or go_installed.serves(name):
            continue
        alone: tuple[str, ...] = ()
        if stage.alpine is not None or dev_packages.named_in(images.release(stage.stage.image)):
            alone = dev_packages.libraries("debian" if stage.alpine is None else "alpine", name)
        found += [one for one in alone or (name,) if one not in found]
    return found


def packages(asked: Asked, script: str) -> tuple[list[str], str]:
    """The packages of the final stage, or why they are not known. ``script`` is one that starts the program and is not seen, or
    "": it may call whatever is installed."""
    stage, traces = asked.stage, asked.traces
    kept, left = list(asked.libraries), list[str]()
    checks = {word for step in stage.steps if step.name == "HEALTHCHECK" for word in step.instruction.body.text.split()}
    for name in traces.packages:
        if name == _CERTIFICATES or name.endswith(_HEADERS) or name in kept or go_installed.serves(name):
            continue
        if name == "tzdata" and bases.base_of(stage.stage)[0] == "debian":
            continue  # it is there
        fetches = name in golang.names("packages", "fetchers") and not script and name not in checks
        (left if fetches or name in languages.names("every", "build") else kept).append(name)
    if all(name.endswith("-release") for name in kept):
        kept = []  # they tell where packages come from, and none does
    found = [traces.spelled.get(name, name) for name in kept]
    if stage.alpine is not None:
        found = [_CERTIFICATES, *(one for one in ("tzdata",) if one not in found), *found]
    elif _CERTIFICATES in traces.installed or _recommended(traces):
        found += [_CERTIFICATES] if (found or not _certain(asked)) and manager(stage) == "apt-get" else []
    why = _against(asked, [*kept, *(one for one in found if one not in kept and stage.alpine is None)])
    if why:
        return [], why
    if manager(stage) == "apt-get":
        release = served.release_of(stage.stage.image)
        question = served.question(stage.file, found, release)
        asked.questions += [question] if question else []
        why = served.against(stage.file, found, release)
    name = asked.built[0].path
    tables = sorted({"mercurial", "bzr"} & traces.installed)
    if asked.program is not None and asked.program.says("types") and tables:
        asked.questions.append(f"does it serve files whose type /etc/mime.types tells? {tables[0]} may have brought it")
    if asked.program is None:
        shown = ", ".join(["go", *left[:_FEW]])
        asked.questions.append(f"does {script or name} call other programs? These stay in the builder: {shown}")
    return found, why


def _against(asked: Asked, kept: list[str]) -> str:
    """Why packages cannot be installed again as they were, or ""."""
    traces, stage = asked.traces, asked.stage
    name = next((one for one in kept if one in traces.doubted), "")
    if name:
        return f"{name} is installed under a condition, and the program may call it"
    copies = (step.instruction.body.text for step in stage.steps if step.name in ("COPY", "ADD"))
    texts = [*(path for path, _ in traces.written), *copies]
    own = any(place in text for text in texts for place in ("/etc/apt", "/etc/apk", "/etc/yum.repos.d"))
    name = next((one for one in kept if own or (one in traces.pinned and one not in traces.spelled)), "")
    return f"{name} is installed, from a place of its own, and the program may call it" if name else ""


def certificates(stage: Shipped, traces: GoTraces, installed: tuple[str, ...]) -> bool:
    """True where certificates are in the builder for certain, and come neither with the image nor as a package."""
    there = _CERTIFICATES in traces.packages or _recommended(traces)
    return there and _CERTIFICATES not in installed and manager(stage) == "apt-get"


def _recommended(traces: GoTraces) -> bool:
    return traces.recommends and not golang.names("packages", "certified").isdisjoint(traces.installed)


def _certain(asked: Asked) -> bool:
    """True where nobody doubts that the builder has certificates: they can be copied, and nothing need be fetched."""
    traces = asked.traces
    if _CERTIFICATES in traces.packages:
        return _CERTIFICATES not in traces.doubted
    bring = golang.names("packages", "certified") & set(traces.packages)
    doubts = ("recommends", "/etc/apt/apt.conf")
    return bool(bring) and not traces.removed and not any(one in asked.stage.file.source.lower() for one in doubts)


def manager(stage: Shipped) -> str:
    """What installs packages in the stage."""
    if stage.alpine is not None:
        return "apk"
    called = (command.tool for run in stage.runs.values() for command in run.commands)
    return next((tool for tool in called if tool in split_image.RPM), "apt-get")
