"""dive's efficiency score, so that the two tools can be compared.

    efficiency = sum over all paths of the smallest size that the path has in any layer
                 / sum over all paths of its sizes in all layers that have it

Source: ``Efficiency`` in dive/filetree/efficiency.go (https://github.com/wagoodman/dive). As there:

- of each layer only leaves count: files, links, empty directories, whiteouts; links and devices have size 0;
- a whiteout counts 0 for a file, so a file that was deleted has the smallest size 0;
- a whiteout of a directory counts as one path with the size of all that it hides, while what was below keeps its
  sizes: a deleted tree costs less than its files deleted one by one would;
- opaque directories are passed over. An image without bytes has the score 1.

"Wasted bytes" of dslim are another figure: see ``dslim.layers.waste``.
"""

from __future__ import annotations


class Efficiency:
    """The score of paths that are met layer by layer. Only paths that are met twice take memory."""

    def __init__(self) -> None:
        self._total = 0
        self._again: dict[str, tuple[int, int]] = {}  # path -> smallest size, sum of sizes

    def met(self, path: str, size: int, before: int | None) -> None:
        """A layer has ``path`` with ``size`` bytes. ``before`` is its size in the layer that showed it until now, None
        where it is not seen."""
        self._total += size
        known = self._again.get(path)
        if known is not None:
            self._again[path] = (min(known[0], size), known[1] + size)
        elif before is not None:
            self._again[path] = (min(before, size), before + size)

    def hidden(self, path: str, size: int) -> None:
        """``path`` is no longer seen; it may come again."""
        self._again.setdefault(path, (size, size))

    @property
    def value(self) -> float:
        """The score of what was met so far, from 0 to 1."""
        lost = sum(total - smallest for smallest, total in self._again.values())
        return (self._total - lost) / self._total if self._total else 1.0
