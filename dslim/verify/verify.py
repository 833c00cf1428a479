"""One original, and any number of rewrites that are held against it: builds, reads, compares, concludes."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from dslim.images.source import open_image
from dslim.verify import running
from dslim.verify.build import Built, Workshop
from dslim.verify.compare import Difference
from dslim.verify.declared import declared
from dslim.verify.judge import Seen, differences, judge, seen
from dslim.verify.modules import imports
from dslim.verify.places import Contents
from dslim.verify.program import Check, program
from dslim.verify.sizes import Side, compress, weigh
from dslim.verify.trouble import Failure
from dslim.verify.verdict import NOT_BUILT, Verified, unbuilt

_LARGEST = 512 << 20  #: bytes of a file whose content is looked at


class Asked(NamedTuple):
    """What is compared. ``strict`` asks for the same files, else the same program is enough. ``noise`` builds the original
    twice, ``doubt`` only where something differs. ``commands`` are run, ``addresses`` asked, and ``scripts`` run by
    /bin/sh in both images; ``compressed`` measures compressed bytes."""

    strict: bool = True
    noise: bool = False
    doubt: bool = False
    commands: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    compressed: bool = True
    limits: running.Limits = running.Limits()


class Made(NamedTuple):
    """A build with its image, as far as there is one."""

    built: Built
    seen: Seen | None = None

    @property
    def failure(self) -> Failure | None:
        return self.built.failure


class Verifier:
    """Holds rewrites against one original, which is built once (twice with noise)."""

    def __init__(self, original: bytes, workshop: Workshop, asked: Asked, say: Callable[[str], None]) -> None:
        """``say`` hears what is being done, in a few words."""
        self._original = original
        self._workshop = workshop
        self._asked = asked
        self._say = say
        self._before: Made | None = None
        self._noise: tuple[Difference, ...] | None = None
        self._spread = 0
        self._compressed: dict[str, int] = {}
        self._count = 0

    def against(self, rewrite: bytes, strict: bool | None = None) -> Verified:
        """Build ``rewrite`` and hold it against the original. ``strict`` overrules what was asked.

        Raises:
            ImageTrouble: the engine broke off while an image was read or a container was started.
        """
        strict = self._asked.strict if strict is None else strict
        before = self._original_made()
        if before.failure is not None and before.failure.outside:
            return self._unbuilt(before, Made(Built("", 0)))
        self._count += 1
        name = "after" if self._count == 1 else f"after-{self._count}"
        after = self._made(rewrite, name)
        if (after.failure is None) != (before.failure is None):  # one may have failed by chance: it gets a second one
            if after.failure is not None and not after.failure.outside:
                after = self._made(rewrite, f"{name}-again")
            elif before.failure is not None:
                before = self._before = self._made(self._original, "before-again")
        if before.seen is None or after.seen is None:
            return self._unbuilt(before, after)
        result = self._compared(before, after, before.seen, after.seen, strict)
        self._workshop.discard(after.built.tag)  # a bisection builds many
        return result

    def _compared(self, before: Made, after: Made, old: Seen, new: Seen, strict: bool) -> Verified:
        self._say("comparing")
        found = differences(old, new, None)
        notes: list[str] = []
        grown = new.image.bytes - old.image.bytes
        if self._asked.noise or (self._asked.doubt and (found.differences or grown > 0)):
            noise = self._own_noise(old)
            if noise is None:
                notes.append("the original did not build a second time: its noise is not known")
            found = differences(old, new, noise)
        elif strict and found.differences:
            notes.append("whether two builds of the original differ in this too is not known; --noise tells")
        told = declared(self._original.decode("utf-8", "replace"), self._workshop.settings.target)
        checks = self._program(before.built.tag, after.built.tag, old, new)
        judged = judge(old, new, found, checks, strict, told)
        sides = self._side(before), self._side(after)
        result = Verified(
            judged.verdict,
            judged.because,
            *sides,
            judged.config,
            found.differences,
            found.explained,
            judged.checks,
            tuple(notes),
            self._spread,
        )
        if result.grown > 0:
            return result._replace(notes=(*notes, f"the image grew by {result.grown:,} bytes"))
        return result

    def _original_made(self) -> Made:
        if self._before is None:
            self._before = self._made(self._original, "before")
        return self._before

    def _made(self, text: bytes, name: str, fresh: bool = False) -> Made:
        self._say(f"building {name.replace('-', ' ')}")
        built = self._workshop.build(text, name, fresh)
        if built.failure is not None:
            return Made(built)
        self._say(f"reading {name.replace('-', ' ')}")
        return Made(built, seen(open_image(built.tag, self._workshop.engine)))

    def _own_noise(self, before: Seen) -> tuple[Difference, ...] | None:
        """How two builds of the original differ, without cache; None when the second one fails."""
        if self._noise is None:
            again = self._made(self._original, "before-twice", fresh=True)
            if again.seen is None:
                return None
            self._noise = differences(before, again.seen, None).differences
            self._spread = abs(again.seen.image.bytes - before.image.bytes)
            self._workshop.discard(again.built.tag)
        return self._noise

    def _program(self, before: str, after: str, old: Seen, new: Seen) -> list[Check]:
        workshop, asked = self._workshop, self._asked
        tags = before, after
        self._say("looking at the program")
        roots = [seen.root(self._contents(tag, seen)) for tag, seen in zip(tags, (old, new), strict=True)]
        checks = program(*roots)
        asks = [
            lambda words, folder, tag=tag: running.interpreter(workshop, tag, words, folder, asked.limits)
            for tag in tags
        ]
        if all(check.ok for check in checks):
            checks += imports(roots[0], roots[1], asks[0], asks[1])
        for text in asked.commands:
            self._say(f"running {text}")
            checks.append(running.command(*tags, text, workshop, asked.limits))
        checks += [running.script(*tags, text, workshop, asked.limits) for text in asked.scripts]
        for text in asked.addresses:
            self._say(f"asking {text}")
            checks.append(running.answer(*tags, text, workshop, asked.limits))
        self._say("checking health")
        checks += running.health(*tags, old.image.config, workshop, asked.limits)
        return checks

    def _contents(self, tag: str, seen: Seen) -> Contents:
        """Gives files of an image, from a container that is never started. What is very large is not looked into."""
        container = self._workshop.container(tag, "/never-started")
        kept: dict[str, bytes | None] = {}

        def contents(path: str) -> bytes | None:
            if path not in kept:
                small = path in seen.tree and seen.tree[path].size <= _LARGEST
                kept[path] = self._workshop.content(container, path) if small else None
            return kept[path]

        return contents

    def _side(self, made: Made) -> Side:
        if made.seen is None:
            return Side(False, made.built.seconds, failure=made.failure.line if made.failure else "")
        if self._asked.compressed:
            open_ones = [layer.digest for layer in made.seen.image.layers if not layer.compressed_bytes]
            wanted = [digest for digest in open_ones if digest not in self._compressed]
            if wanted:
                self._say("compressing")
                self._compressed |= compress(self._workshop.engine, made.built.tag, wanted)
        return weigh(made.seen.image, made.built.seconds, self._compressed)

    def _unbuilt(self, before: Made, after: Made) -> Verified:
        verdict, because = unbuilt(before.failure, after.failure)
        return Verified(verdict, (because,), self._side(before), self._side(after))


def broken_off(line: str) -> Verified:
    """The outcome where nothing could be built or read, for the reason in ``line``."""
    return Verified(NOT_BUILT, (line,), Side(False), Side(False))
