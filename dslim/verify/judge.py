"""Two images that are there, held against each other: no engine is asked, so that archives and tests can be judged too."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from dslim.images.entry import Entry
from dslim.images.image import Image, flatten
from dslim.verify.compare import Compared, Difference, configuration, trees, without_noise
from dslim.verify.declared import copied
from dslim.verify.places import Contents, Root, with_folders
from dslim.verify.program import Check, program
from dslim.verify.verdict import Declared, conclude


class Seen(NamedTuple):
    """An image with its root file system."""

    image: Image
    tree: Mapping[str, Entry]

    def root(self, contents: Contents) -> Root:
        """The image as a program sees it."""
        return Root(self.tree, contents, self.image.config)


class Judged(NamedTuple):
    """Verdict, reasons, and the evidence: see :class:`dslim.verify.verdict.Verified`."""

    verdict: str
    because: tuple[str, ...]
    config: dict[str, tuple[object, object]]
    found: Compared
    checks: tuple[Check, ...]


def seen(image: Image) -> Seen:
    """The image with its layers laid over each other."""
    return Seen(image, with_folders(flatten(image)))


def differences(before: Seen, after: Seen, noise: Iterable[Difference] | None) -> Compared:
    """What differs in the root file systems; ``noise`` is what differs between two builds of the original, None when that
    is not known."""
    found = trees(before.tree, after.tree)
    return found if noise is None else without_noise(found, noise)


def judge(
    before: Seen, after: Seen, found: Compared, checks: Sequence[Check], strict: bool, declared: Declared
) -> Judged:
    """Conclude from what differs (see :func:`differences`) and from the checks of the program.

    ``strict`` asks for the same files, else the same program is enough, with the files that were copied into the image.
    """
    config = configuration(before.image.config, after.image.config)
    all_checks = list(checks)
    if not strict:
        all_checks += _files(copied(before.image, before.tree, declared.steps), found)
    verdict, because = conclude(config, found.differences, tuple(all_checks), strict, declared)
    return Judged(verdict, because, config, found, tuple(all_checks))


def judge_images(
    before: Image,
    after: Image,
    contents: tuple[Contents, Contents],
    strict: bool = True,
    declared: Declared | None = None,
    noise: Iterable[Difference] | None = None,
) -> Judged:
    """Judge two images by all that can be seen without starting them."""
    old, new = seen(before), seen(after)
    checks = program(old.root(contents[0]), new.root(contents[1]))
    return judge(old, new, differences(old, new, noise), checks, strict, declared or Declared())


def _files(brought: Mapping[str, Entry], found: Compared) -> list[Check]:
    """The check that every file which the Dockerfile copied into the image is there, unchanged."""
    lost = [one for one in found.differences if one.path in brought and one.kind != "added"]
    if lost:
        shown = "; ".join(f"/{one.path} is {one.kind}" for one in lost[:5])
        return [Check("copied files", False, f"{len(lost)} of {len(brought)}: {shown}")]
    return [Check("copied files", True, f"{len(brought)} are there, unchanged")] if brought else []
