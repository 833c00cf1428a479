"""Commands that busybox reads as GNU's tools do, and those of which that is not known."""

from __future__ import annotations

import pytest

from rewriter.model.busybox_alike import alike
from rewriter.model.run import listed
from rewriter.syntax.script import Script
from rewriter.syntax.shell import read_shell

SAME = [
    "sed -i s/a/b/ f",
    "sed -i 's/^#x=.*$/x=1/g' f",
    "sed -E 's/(a)([0-9]+)/\\2\\1/' f",
    "sed -i -e 's|/srv|/data|' -e 's,a,b,' f",
    "sed -i '/^x/d' f",
    "sed -i '$a y=1' f",
    "sed -i.bak 's/\\s\\+/_/' f",
    "tar xzf t.tgz --strip-components=1 -C /o",
    "tar -xvzf t.tgz",
    "tar -C /o -zxf t.tgz --strip 1",
    "find /srv -name '*.pyc' -delete",
    "echo x | sha1sum -c -",
    "cp -R a b",
]
OTHER = [
    "sed 's/.*/\\U&/' f",
    "sed -z 's/\\n/,/g' f",
    "sed '0,/a/s//X/' f",
    "sed -i 's/a/b/;s/c/d/' f",
    'sed -i "s/a/$X/" f',
    "sed -i -f script f",
    "sed --follow-symlinks -i s/a/b/ f",
    "sed 's/^//e' f",
    "tar xJf t.txz",
    "tar cf t.tar --transform 's/d/q/' d",
    "tar xf t.tgz '*/h'",
    "tar xf t.tgz */h",
    "tar -I gzip -xf t.tgz",
    "find d -printf '%p'",
    "find d -type f,d",
    "find d -regextype posix-extended -regex '.*h'",
    "md5sum --ignore-missing -c s",
    "date -d yesterday",
]


def _alike(text: str) -> bool:
    script = read_shell(text)
    assert isinstance(script, Script), text
    return alike(listed(script, "/")[-1])


@pytest.mark.parametrize("text", SAME)
def test_read_alike(text: str) -> None:
    assert _alike(text)


@pytest.mark.parametrize("text", OTHER)
def test_not_known_to_be_read_alike(text: str) -> None:
    assert not _alike(text)
