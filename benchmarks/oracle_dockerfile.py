"""Compares our reader with BuildKit's parser on a corpus: ``python -m benchmarks.oracle_dockerfile CORPUS.jsonl.gz``.

The corpus holds one JSON object a line, with "id" and "text". Prints each difference, then the figures.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from rewriter.syntax.dockerfile import Unreadable, read
from tests.oracle_dockerfile import differences


def texts(corpus: Path) -> Iterator[tuple[str, str]]:
    """The (id, text) of each file of the corpus."""
    with gzip.open(corpus, "rt", encoding="utf-8", newline="\n") as lines:
        for line in lines:
            record = json.loads(line)
            yield record["id"], record["text"]


def main(corpus: Path) -> int:
    """Prints the figures; the exit code is 1 when a reading differs."""
    accepted = refused = differing = skipped = 0
    seconds = 0.0
    for name, text in texts(corpus):
        if "\0" in text:
            skipped += 1
            continue
        started = time.perf_counter()
        try:
            read(text)
            accepted += 1
        except Unreadable:
            refused += 1
        seconds += time.perf_counter() - started
        found = differences(text)
        differing += bool(found)
        for difference in found:
            print(f"{name}: {difference}")
    total = accepted + refused
    print(
        f"{total - differing} of {total} files agree ({accepted} accepted, {refused} refused by us; {skipped} with NUL)"
    )
    print(f"{1000 * seconds / max(total, 1):.3f} ms a file")
    return int(differing > 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
