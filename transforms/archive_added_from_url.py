"""Download an archive in the RUN that unpacks it, not with ADD.

## What it does
Replaces `ADD https://host/a.tar.gz /tmp/` and a later RUN that unpacks it by a download in that RUN, with the curl or
wget that an earlier RUN of the stage installed or used.

## Why it saves
ADD of a URL stores the archive, as it is, in a layer of its own; the RUN that unpacks it stores the content once more,
and an `rm` there takes nothing out.

## When it is safe
When the image is known to have curl or wget, and a RUN above has fetched over https with it: REVIEW. When the tool is
only installed, its certificates may be missing: SHOW. Mode and time of the archive differ (ADD writes 0600 and the
server's time), which an archive that is unpacked does not pass on.

## What it leaves alone
`ADD --checksum` and other flags, git addresses, several sources; a local archive, which ADD unpacks itself; COPY of an
archive (`RUN --mount=type=bind` would unpack it without a copy); stages that do not ship; images without a known tool.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter import posixpath
from rewriter.knowledge import filetools
from rewriter.model import download, effects, leftovers, style
from rewriter.model.file import File, Step
from rewriter.model.shipping import Unshipped
from rewriter.rule import Ask, Change, Decline, Finding, Phase, Safety, transform


@transform(phase=Phase.LAYERS, touches={"RUN", "ADD"}, safety=Safety.SHOW)
def archive_added_from_url(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    unshipped = Unshipped()
    for stage in file.stages:
        for step in stage.steps:
            if step.name not in ("ADD", "COPY"):
                continue
            sources, path, text = _archive(step)
            if not path or download.unpacking(file, step.index, stage.index, path) is None:
                continue
            if not stage.ships:
                yield from unshipped.once(stage, step.span)
            elif step.name == "COPY" and not any(flag.name == "from" for flag in step.instruction.flags):
                yield Decline(step.span, f"the layer of this COPY keeps {path}; RUN --mount=type=bind,source={sources},"
                              f"target={path} could unpack it without a copy, where BuildKit builds")  # fmt: skip
            elif step.name == "ADD":
                yield _downloaded(file, step, stage.index, sources, path, text)


def _archive(step: Step) -> tuple[str, str, str]:
    """The one source of a COPY, or of an ADD from a URL, that is an archive, where it comes to lie, and that path in the
    author's words, with his variables."""
    words = step.instruction.args or tuple(step.instruction.body.text.split())
    if len(words) != 2 or step.instruction.heredocs:
        return "", "", ""
    source, target = words
    if source in (".", "./"):
        return "", "", ""  # the whole context
    if (step.name == "ADD") != source.startswith(("http://", "https://", "ftp://")) or source.endswith(".git"):
        return "", "", ""
    text, place = step.state.expand(source, "\\"), step.state.expand(target, "\\")
    text = source if text is None else text
    name = posixpath.basename(text.partition("?")[0])
    if place is None or "$" in name or (place.endswith("/") and not name.endswith(filetools.ARCHIVES)):
        return "", "", ""
    start, into = step.state.workdir or ".", place.endswith(("/", "."))
    path = effects.join(start, posixpath.join(place, name) if into else place) or ""
    if "$" not in target and ("$" not in source or not into):
        return source, path, path
    last = posixpath.basename(source.partition("?")[0])
    written = effects.join(start, posixpath.join(target, last) if into else target) or ""
    return source, path, written if step.state.expand(written, "\\") == path else path


def _downloaded(file: File, step: Step, stage: int, source: str, path: str, text: str) -> Finding | Decline:
    unpacked = download.unpacking(file, step.index, stage, path)
    assert unpacked is not None
    run, command = unpacked
    line, keep = file.line(run.instruction.keyword.start), f"the layer of this ADD keeps {leftovers.shown(path)}"
    between = [one for one in run.stage.steps if step.index < one.index < run.index]
    secure = source.startswith("https")
    tool, trusted = download.fetcher(file, Step(run.instruction, run.index, run.state), stage, secure)
    why = download.in_the_way(file, between, path) or _unlike(step, run.state.root, source, path)
    if not why and download.uninstalls([one for one in file.runs if one.stage is run.stage and one.index < run.index]):
        why = "a RUN above uninstalls packages, among which may be curl or wget"
    if not why and not tool:
        why = "a download in the RUN needs curl or wget, and no RUN above installs or uses one"
    if why:
        return Decline(step.span, f"{keep}: {why}")
    make = "" if posixpath.dirname(path) in {*filetools.COMMON_DIRECTORIES, run.state.workdir} else (
        f"mkdir -p {posixpath.dirname(text)} && ")  # fmt: skip
    get = f"curl -fsSL -o {text} {source}" if tool == "curl" else f"wget -q -O {text} {source}"
    added = download.in_front(run, download.first_use(run, command, path), make + get)
    if not isinstance(added, Change):
        return Decline(step.span, f"{keep}: {added.why}")
    removed = Change((style.whole(file, step.instruction),))
    doubts = () if trusted else (f"that {tool} finds certificates for {source.split('/')[2]} is not seen",)
    because = (f"line {line} unpacks {path}", f"the image has {tool}", "the layer of an ADD is for ever", *doubts)
    return Finding(step.span, f"Download {path} in the RUN that unpacks it", removed + added,
                   Safety.REVIEW if trusted else Safety.SHOW, because)  # fmt: skip


def _unlike(step: Step, root: bool, source: str, path: str) -> str:
    """Why a download in a RUN would not give the same file, or ""."""
    if step.instruction.flags:
        return f"--{step.instruction.flags[0].name} does what a plain download does not"
    if not root:
        return "the RUN that unpacks it is not run by root, as ADD is"
    if not path.startswith("/"):
        return "where it lies depends on the WORKDIR of the base image"
    if not all(letter.isalnum() or letter in "-._~:/+%=@${}" for letter in source + path):
        return "its address or path has letters that the shell would read otherwise"
    if "${" in source and any(mark in source for mark in (":-", ":+")):
        return "its address has an expansion with a default"
    return ""
