"""useradd, groupadd and usermod in the words of busybox; what dash and busybox read otherwise."""

from __future__ import annotations

import pytest

from rewriter.model import alpine_users, shell_dialect
from rewriter.model.command import Command
from rewriter.model.run import listed
from rewriter.syntax.script import Script
from rewriter.syntax.shell import read_shell


def only(text: str) -> Command:
    script = read_shell(text)
    assert isinstance(script, Script)
    return listed(script, "/")[-1]


@pytest.mark.parametrize(
    ("debian", "alpine"),
    [
        ("useradd app", "adduser -D -H -s /bin/sh app"),
        ("useradd -m app", "adduser -D -s /bin/sh app"),
        ("useradd --create-home --shell /bin/bash app", "adduser -D -s /bin/bash app"),
        ("useradd -ms /bin/bash -u 1200 app", "adduser -D -u 1200 -s /bin/bash app"),
        ("useradd -u1200 -d /srv app", "adduser -D -H -u 1200 -h /srv -s /bin/sh app"),
        ("useradd --uid=1200 -c 'The app' app", "adduser -D -H -u 1200 -g 'The app' -s /bin/sh app"),
        ("useradd -r -g made app", "adduser -D -S -H -s /bin/sh -G made app"),
        ("useradd -r app", "addgroup -S app && adduser -D -S -H -s /bin/sh -G app app"),
        ("useradd -G audio,made app", "adduser -D -H -s /bin/sh app && addgroup app audio && addgroup app made"),
        ("groupadd app", "addgroup app"),
        ("groupadd -r -g 400 app", "addgroup -S -g 400 app"),
        ("usermod -aG made app", "addgroup app made"),
        ("useradd -g sudo app", None),  # no such group on Alpine
        ("useradd -G sudo app", None),
        ("useradd -g 1000 app", None),  # busybox takes the group by its name
        ("useradd -o -u 0 app", None),
        ("useradd -N app", None),
        ("useradd -p secret app", None),
        ("useradd $NAME", None),
        ("useradd -u $ID app", None),
        ("useradd a b", None),
        ("useradd", None),
        ("groupadd -f app", None),
        ("groupadd -o -g 1 app", None),
        ("usermod -u 1000 app", None),
        ("usermod -aG sudo app", None),
    ],
)
def test_users(debian: str, alpine: str | None) -> None:
    assert alpine_users.adduser(only(debian), {"made"}) == alpine


def test_numbers_that_nobody_names() -> None:
    assert alpine_users.renumbered(only("useradd -r app")) == "app"
    assert not alpine_users.renumbered(only("useradd -r -u 300 app"))
    assert not alpine_users.renumbered(only("useradd app"))
    assert not alpine_users.renumbered(only("usermod -aG made app"))


@pytest.mark.parametrize(
    "text",
    [
        "echo hello",
        "echo -n hello",
        'echo "$KNOWN"',
        'cp "${A:-b}" "${#A}" "${A%.*}" "${A##*/}" "$1" "$@"',
        "set -eux",
        "set -e -o errexit",
        "set -- a -b c",
        '[ "$A" = b ]',
        "test -f x",
        "read -r line",
        "export A=b",
        'x="$((1 + 2))"',
        "cat > x 2>&1 <<EOF\n$A\nEOF",
    ],
)
def test_shells_agree(text: str) -> None:
    assert shell_dialect.odd(only(text), {"KNOWN": "plain"}) == ""


@pytest.mark.parametrize(
    "text",
    [
        "echo -e hello",
        r"echo 'a\nb'",
        'echo "$UNKNOWN"',
        'echo "$BACKSLASH"',
        'echo "$(date)"',
        r"printf '%s\n' a",
        'cp "${A:0:1}" x',
        'cp "${A/b/c}" x',
        'cp "${A^^}" x',
        "cp $'a\\n' x",
        "set -o pipefail",
        "set +e -k",
        '[ "$A" == b ]',
        '[ "$A" \\< b ]',
        "read -p name line",
        "export -p",
        "cat <<< text",
        "touch $RANDOM",
        "touch $BASH_VERSION",
        'x="$((A++))"',
        "x=(a ${b:0:1})",
    ],
)
def test_shells_differ(text: str) -> None:
    assert shell_dialect.odd(only(text), {"KNOWN": "plain", "BACKSLASH": "a\\nb"})
