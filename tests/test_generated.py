"""A file that says that it is generated is left alone: the next run of what generates it would undo a change."""

import dslim
from rewriter.keep import says_generated

FAT = "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n"
SAID = '#\n# NOTE: THIS DOCKERFILE IS GENERATED VIA "update.sh"\n#\n# PLEASE DO NOT EDIT IT DIRECTLY.\n#\n'


def test_it_is_left_alone() -> None:
    report = dslim.rewrite(SAID + FAT)
    assert not report.changed
    assert report.reason == "line 2 says that it is generated: change what generates it"
    assert dslim.rewrite(FAT).changed


def test_where_it_is_said() -> None:
    assert says_generated("# auto-generated: edit Dockerfile.in instead\nFROM a\n") == 1
    assert not says_generated("FROM a\n" + SAID)
    assert not says_generated("# the key is generated below\nFROM a\n")
    assert not says_generated("# do not edit\nFROM a\n")
