"""Compares ``read_shell`` with ``shfmt`` on every shell-form RUN of a corpus of Dockerfiles.

usage: python benchmarks/oracle_shell.py CORPUS.jsonl.gz

Each line of the corpus is a JSON object with the Dockerfile as ``text``. Needs the packages ``dockerfile``, which is
BuildKit's own parser, and ``shfmt-py``.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import dockerfile

sys.path.insert(0, str(Path(__file__).parent.parent))

from rewriter.syntax.script import Opaque
from rewriter.syntax.shell import read_shell
from tests.oracle_shell import compare, shfmt_all

ONLY_OPENER = re.compile(r"<<-?(['\"]?)\w+\1")


def bodies(corpus: str) -> Iterator[str]:
    """The shell texts of all the RUNs of a corpus."""
    with gzip.open(corpus, "rt", encoding="utf-8") as lines:
        for line in lines:
            try:
                commands = dockerfile.parse_string(json.loads(line)["text"])
            except dockerfile.GoParseError:
                continue
            for command in commands:
                if command.cmd.upper() == "RUN" and not command.json and command.value:
                    yield body(command)


def body(command: dockerfile.Command) -> str:
    """The text that the shell of one RUN gets."""
    line = str(command.value[0])
    if not command.heredocs:
        return line
    if ONLY_OPENER.fullmatch(line.strip()):
        return str(command.heredocs[0].content)
    return line + "\n" + "".join(f"{heredoc.content}{heredoc.name}\n" for heredoc in command.heredocs)


def main() -> int:
    """Print the figures; fail when a tree differs."""
    texts = list(dict.fromkeys(bodies(sys.argv[1])))
    begun = time.perf_counter()
    for text in texts:
        read_shell(text)
    spent = time.perf_counter() - begun
    ours = [read_shell(text) for text in texts]
    reasons: Counter[str] = Counter()
    equal = different = read_by_shfmt = opaque_but_read = 0
    for text, script, theirs in zip(texts, ours, shfmt_all(texts), strict=True):
        read = not isinstance(theirs, str)
        read_by_shfmt += read
        if isinstance(script, Opaque):
            opaque_but_read += read
            reasons[re.sub(r"\d+", "N", script.reason)] += 1
        elif found := compare(text, script, theirs):
            different += 1
            print(f"--- {text!r}\n" + "\n".join(found[:4]))
        else:
            equal += 1
    opaque = sum(reasons.values())
    print(f"bodies     {len(texts)}, {sum(map(len, texts)) / len(texts):.0f} characters each")
    print(f"equal      {equal}")
    print(f"opaque     {opaque} ({opaque / len(texts):.2%}), of which shfmt reads {opaque_but_read}")
    for reason, count in reasons.most_common(15):
        print(f"           {count:6} {reason}")
    print(f"different  {different}")
    print(f"shfmt      reads {read_by_shfmt}")
    print(f"time       {spent / len(texts) * 1e6:.0f} µs per body")
    return different > 0


if __name__ == "__main__":
    sys.exit(main())
