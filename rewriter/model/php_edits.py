"""How a RUN that compiled extensions of PHP takes away what it compiled with."""

from __future__ import annotations

from typing import Final

from rewriter.model import privilege, style
from rewriter.model.php_alpine import Built
from rewriter.model.php_headers import of_distribution, removes_unknown
from rewriter.model.run import Run
from rewriter.rule import Change

_HEADERS: Final = "lib.*-dev$"
#: the headers may go, nothing else may, and what may go goes. Source: apt-mark(8)
_TAKEN_AWAY: Final = (
    f"apt-mark showmanual | grep '{_HEADERS}' | xargs -r apt-mark auto",
    f"apt-mark showauto | grep -v '{_HEADERS}' | xargs -r apt-mark manual > /dev/null",
    "apt-get autoremove -y --purge",
)
#: where the compiler came with the headers: libraries and PHP stay
_OF_DISTRIBUTION: Final = (
    "apt-mark showmanual | grep -e '-dev$' -e '^build-essential$' | xargs -r apt-mark auto",
    "apt-mark showauto | grep -e '^lib' -e '^php' | grep -v -e '-dev$' | xargs -r apt-mark manual > /dev/null",
    "apt-get autoremove -y --purge",
)


def taken_away(run: Run, named: list[str]) -> Change | style.Refusal:
    """On Debian: whatever else came along is marked, so that it stays; where PHP is Debian's own, libraries and PHP."""
    unknown = removes_unknown(run)
    if unknown:
        return style.Refusal(f"it removes {unknown} by itself, and which of them stay is not known")
    if not _as_root(run):
        return style.Refusal("apt is called by sudo, or as a user who may not remove packages")
    first, *more = _OF_DISTRIBUTION if of_distribution(named) else _TAKEN_AWAY
    return style.append(run, first, below=True, more=more)


def deleted(run: Run, built: Built) -> Change | style.Refusal:
    """On Alpine: apk takes along what nobody asked for, so that libraries are asked for."""
    if built.against:
        return style.Refusal(built.against[0])
    if not _as_root(run):
        return style.Refusal("apk is called by sudo, or as a user who may not delete packages")
    asked = [f"apk add --no-cache {' '.join(built.kept)}"] if built.kept else []
    first, *more = (*asked, f"apk del --no-cache {' '.join(built.gone)}")
    return style.append(run, first, below=True, more=more)


def _as_root(run: Run) -> bool:
    installs = [one for one in run.commands if one.subcommand in ("install", "add")]
    return not any(map(privilege.with_sudo, installs)) and (run.state.root or privilege.seen_as_root(run))
