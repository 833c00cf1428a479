"""What the RUNs of a builder leave that a program may need, whatever they build: a record that is filled in."""

from __future__ import annotations

from collections.abc import Set
from typing import Final

from rewriter.model import paths
from rewriter.model.split_folders import Folders, Toolchain
from rewriter.model.split_stage import Shipped
from rewriter.model.split_users import Users


class Traces:
    """What the RUNs of the builder leave, filled in from RUN to RUN.

    ``packages`` are what is installed at the end, ``installed`` what ever was, ``removed`` what was taken away again, ``virtual``
    their groups, ``pinned`` those of one version or place, ``spelled`` as the author asks for them, ``doubted`` those under a
    condition; ``recommends`` is True when apt installs what they recommend, too. ``folders``
    are those that are made, and their owners. ``written`` are paths of files that commands write, with the command's name;
    ``unsure`` those that may not be written. ``gone`` is what was deleted, with the instruction and whether whole folders
    certainly are; ``remade`` what lies in such a folder and was written after that. ``asks`` are questions to a person.
    ``blind`` is True while the context is not seen.
    """

    def __init__(self, folders: Folders) -> None:
        self.packages: list[str] = []
        self.installed: set[str] = set()
        self.removed: list[str] = []
        self.folders = folders
        self.users = Users()
        self.written: list[tuple[str, str]] = []
        self.gone: list[tuple[str, int, bool]] = []
        self.remade: set[str] = set()
        self.pinned: set[str] = set()
        self.spelled: dict[str, str] = {}
        self.doubted: set[str] = set()
        self.recommends = False
        self.virtual: dict[str, list[str]] = {}
        self.unsure: set[str] = set()
        self.asks: list[str] = []
        self.blind = False

    def wrote(self, path: str) -> None:
        """``path`` is there from here on, whatever was deleted before."""
        self.gone = [one for one in self.gone if one[0].rstrip("/") != path]
        if any(paths.inside(path, one.rstrip("/*")) for one, _, _ in self.gone):
            self.remade.add(path)

    def builds(self, path: str) -> bool:
        """True for a program that the RUNs built there: what only makes it smaller leaves it one."""
        return False


#: folders that images of languages have, whatever is in them
SHARED: Final = frozenset(("/usr/src", "/mnt", "/media", "/usr/share"))


def of_whole_folders(stage: Shipped, there: Set[str] = SHARED) -> Traces:
    """The record of a builder whose folders go along whole, so that its context need not be seen. ``there`` are folders that the
    image has."""
    traces = Traces(Folders(stage, Toolchain(there=frozenset(there))))
    traces.blind = traces.folders.blind = True
    return traces
