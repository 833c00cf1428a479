"""A file that says that it is generated: whoever changes it hears of it."""

import dslim
from rewriter.keep import says_generated

FAT = "FROM debian:12\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n"
SAID = '#\n# NOTE: THIS DOCKERFILE IS GENERATED VIA "update.sh"\n#\n# PLEASE DO NOT EDIT IT DIRECTLY.\n#\n'


def test_a_rewrite_says_so() -> None:
    report = dslim.rewrite(SAID + FAT)
    assert report.changed
    assert report.notes == ("line 2 says that this file is generated: what generates it has to change too",)
    assert dslim.rewrite(FAT).notes == () == dslim.rewrite(SAID + "FROM debian:12-slim\n").notes


def test_where_it_is_said() -> None:
    assert says_generated("# auto-generated: edit Dockerfile.in instead\nFROM a\n") == 1
    assert not says_generated("FROM a\n" + SAID)
    assert not says_generated("# the key is generated below\nFROM a\n")
    assert not says_generated("# do not edit\nFROM a\n")
