"""What a build's log says becomes one line: cause, and what to do."""

from __future__ import annotations

import pytest

from dslim.verify.trouble import Failure, read_log
from dslim.verify.verdict import DIFFERENT, NOT_BUILT, unbuilt

RUN_FAILED = """#5 [2/2] RUN make
#5 0.412 cc: no such file
#5 ERROR: process "/bin/sh -c make" did not complete successfully: exit code: 2
------
 > [2/2] RUN make:
0.412 cc: no such file
------
Dockerfile:2
--------------------
   1 |     FROM alpine
   2 | >>> RUN make
--------------------
ERROR: failed to solve: process "/bin/sh -c make" did not complete successfully: exit code: 2
"""
PULL = """#2 [internal] load metadata for docker.io/nosuch/image:1
#2 ERROR: pull access denied, repository does not exist or may require authorization
------
 > [internal] load metadata for docker.io/nosuch/image:1:
------
ERROR: failed to solve: nosuch/image:1: failed to resolve source metadata for docker.io/nosuch/image:1: pull access denied
"""
DISK = """#5 [2/2] RUN big
#5 3.1 tar: write error: No space left on device
#5 ERROR: process "/bin/sh -c big" did not complete successfully: exit code: 1
ERROR: failed to solve: process "/bin/sh -c big" did not complete successfully: exit code: 1
"""
EXPORT = """#6 exporting to image
#6 ERROR: write /var/lib/docker/tmp/x: no space left on device
ERROR: failed to solve: write /var/lib/docker/tmp/x: no space left on device
"""
ENGINE = "ERROR: Cannot connect to the Docker daemon at unix:///x.sock. Is the docker daemon running?"
BUILDX = "unknown flag: --load\nSee 'docker --help'."
CONTEXT = 'ERROR: unable to prepare context: path "/nowhere" not found'
SYNTAX = "ERROR: failed to solve: dockerfile parse error on line 2: unknown instruction: RUM (did you mean RUN?)"
COPY = """#6 ERROR: failed to calculate checksum of ref x::y: "/nofile": not found
ERROR: failed to solve: failed to compute cache key: failed to calculate checksum of ref x::y: "/nofile": not found
"""
MENTIONED = """#5 0.3 ERROR: pull access denied
#5 0.4 warning: cannot connect to the docker daemon, going on; failed to resolve source metadata
#5 ERROR: process "/bin/sh -c false" did not complete successfully: exit code: 1
ERROR: failed to solve: process "/bin/sh -c false" did not complete successfully: exit code: 1
"""


@pytest.mark.parametrize(
    ("log", "kind", "cause", "do"),
    [
        (RUN_FAILED, "build", "exit code: 2 (cc: no such file)", ""),
        (PULL, "pull", "a base image cannot be pulled: nosuch/image:1", "docker pull"),
        (DISK, "disk", "the engine's disk is full: tar: write error", "docker system df"),
        (EXPORT, "disk", "the engine's disk is full: write", "docker builder prune"),
        (ENGINE, "engine", "no Docker engine answers: Cannot connect", "DOCKER_HOST"),
        (BUILDX, "engine", "unknown flag: --load", "buildx plugin"),
        (CONTEXT, "context", "the build context cannot be read", "--context"),
        (SYNTAX, "build", "unknown instruction: RUM", ""),
        (COPY, "build", '"/nofile": not found', ""),
        (MENTIONED, "build", "exit code: 1", ""),
        ("", "build", "did not say why", ""),
    ],
)
def test_causes(log: str, kind: str, cause: str, do: str) -> None:
    failure = read_log(log)
    assert failure.kind == kind
    assert cause in failure.cause
    assert do in failure.do and bool(do) == bool(failure.do)
    assert "\n" not in failure.line
    assert failure.outside == (kind != "build")


BROKEN, FULL = Failure("build", "exit code: 1"), Failure("disk", "full")


@pytest.mark.parametrize(
    ("before", "after", "verdict", "said"),
    [
        (BROKEN, None, DIFFERENT, "a failure is ignored now"),
        (None, BROKEN, DIFFERENT, "the original builds, and the rewrite does not: exit code: 1"),
        (BROKEN, BROKEN, NOT_BUILT, "neither is built"),
        (FULL, None, NOT_BUILT, "before: full"),
        (None, FULL, NOT_BUILT, "after: full"),
        (BROKEN, FULL, NOT_BUILT, "after: full"),
    ],
)
def test_what_a_failed_build_proves(before: Failure | None, after: Failure | None, verdict: str, said: str) -> None:
    found, because = unbuilt(before, after)
    assert found == verdict
    assert said in because
