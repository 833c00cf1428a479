"""Say that an official image is gone or renamed, and what took its place.

## What it does
For an image without a living tag in the official library (`java`, `centos`, `jenkins`, `vault` ...), and for `openjdk`, which
has early access builds only since 2022, it names the successor. Where the new name has the very same tag (`java:8`,
`openjdk:8`) it proposes that tag, at level SHOW.

## Why it saves
It saves no bytes by itself. A tag that nobody rebuilds keeps its old packages, and has no smaller variant to go to.

## When it is safe
Never: another image is another program, and a person must decide. It is printed and not applied by default.

## What it leaves alone
Every image that is still rebuilt; images outside the official library; stages of the same file.
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriter.knowledge import images, libraries, variants
from rewriter.model.file import File
from rewriter.rule import Ask, Change, Decline, Finding, Phase, Safety, transform
from rewriter.text import Edit


@transform(phase=Phase.BASE, touches={"FROM"}, safety=Safety.SHOW, images=variants.all_gone() | libraries.all_frozen())
def base_gone_or_renamed(file: File, ask: Ask) -> Iterator[Finding | Decline]:
    for stage in file.stages:
        name, tag = images.named(stage.image)
        if stage.parent is not None or "$" in stage.image or "/" in name:
            continue
        place = stage.steps[0].instruction.body.span(0, len(stage.image))
        day, frozen = variants.gone(name), libraries.frozen(name)
        if not day and not frozen:
            continue
        successor = libraries.successor(name)
        renamed = libraries.renamed(name)
        since = (
            f"{name} has had no new tag since {day}" if day else f"{name} has early access builds only since {frozen}"
        )
        tag = tag.removeprefix(f"{renamed}-") if renamed else tag  # java:openjdk-8-jdk and java:8-jdk are one image
        if renamed and place.of(file.source) == stage.image and variants.exists(renamed, tag or "latest"):
            yield Finding(
                place,
                f"Start from {renamed}:{tag or 'latest'}",
                Change((Edit.replace(place, f"{renamed}:{tag or 'latest'}"),)),
                Safety.SHOW,
                (since, f"{renamed} took its place, and has this tag", f"its successor today is {successor}"),
            )
            continue
        now = f"its successor is {successor}" if successor else "nothing took its place"
        yield Decline(stage.steps[0].span, f"{since}; {now}")
