"""What goes with a move to Alpine: what the file does with packages and users, and packages that Alpine's base lacks."""

from __future__ import annotations

from typing import NamedTuple

from rewriter.knowledge import alpine
from rewriter.knowledge.unknown import Unknown
from rewriter.model import apk_translation, base_swap, style
from rewriter.model.apk_translation import Translated
from rewriter.model.base_swap import Base, From
from rewriter.model.file import File
from rewriter.model.needs import Missing, Needs
from rewriter.rule import Change
from rewriter.text import Edit


class Moved(NamedTuple):
    """The edits beside FROM, what a reader may check, and whether some of it is a question."""

    change: Change
    facts: tuple[str, ...]
    doubtful: bool


def moved(file: File, base: Base, needs: Needs, release: str) -> Moved | style.Refusal:
    """All that has to be edited beside FROM for a release of Alpine (``3.22``), or why it cannot be."""
    found = apk_translation.translate(file, release)
    if isinstance(found, style.Refusal):
        return found
    return completed(file, base, needs, release, found)


def completed(file: File, base: Base | From, needs: Needs, release: str, found: Translated) -> Moved | style.Refusal:
    """As :func:`moved`, where the file's own packages are translated."""
    wanted = {**needs.missing, **needs.lacking}
    wanted.pop("libc6-dev", None)  # Alpine's names for gcc have those of musl
    packages: list[str] = []
    older = dict(found.older)
    for package in sorted(wanted):
        if package.startswith("$"):  # the image has their names in a variable
            packages.append(package)
            continue
        names = alpine.names(package, release)
        if isinstance(names, Unknown):
            return style.Refusal(f"it is not known {names.why}")
        if isinstance(names, alpine.Absent):
            return style.Refusal(names.why)
        packages += [name for name in names.names if name not in packages]
        older.update((name, names.last) for name in names.names if names.last)
    facts = [f"{found.whose} packages on Alpine: {', '.join(found.said)}"] if found.said else []
    facts += [f"{one.package} is installed: {one.why}" for one in wanted.values()]
    for last in sorted(set(older.values())):
        named = ", ".join(sorted(name for name in older if older[name] == last))
        facts.append(
            f"to confirm: Alpine {release} still has {named}; the last package list that is known is that of {last}"
        )
    facts += [f"what line {line} takes away stays on Alpine, where apk would have to delete it" for line in found.stays]
    if found.renumbered:
        facts.append(
            f"to confirm: no volume has files of {', '.join(found.renumbered)}, whose number changes: shadow counts those of the"
            " system down from 999, Alpine up from 100"
        )
    return Moved(
        found.packages + found.users + _installed(file, base, found, wanted, packages),
        tuple(facts),
        bool(older or found.renumbered),
    )


def _installed(
    file: File, base: Base | From, found: Translated, wanted: dict[str, Missing], packages: list[str]
) -> Change:
    """The packages beside those that the file installs where that comes early enough, else in a RUN below FROM."""
    needed = min((one.at for one in wanted.values() if one.at is not None), default=None)
    if found.first is not None and (needed is None or found.first.run.index < needed):
        new = [name for name in packages if name not in found.first.packages]
        return Change((Edit.insert(found.first.end, f" {' '.join(new)}"),), adds=tuple(new)) if new else Change()
    return base_swap.line_below(file, base, f"apk add --no-cache {' '.join(packages)}") if packages else Change()
