"""Pagure, a whole forge, as Debian has it: started by the tests in a root of its own (`pagure/make-root.sh` makes that)."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from tests import lacking
from tests.bot.counterparts.emulate import free_port
from tests.bot.counterparts.npm import HERE, cache


def root() -> Path:
    """The root that ``DSLIM_PAGURE`` names, else that in the user's cache."""
    return Path(os.environ.get("DSLIM_PAGURE") or cache() / "pagure")


class Pagure:
    """``url`` is of its one project, ``demo``; ``token`` lets ``bot`` push there. It is up when the constructor returns."""

    def __init__(self) -> None:
        if os.geteuid() != 0 or not (root() / "usr/share/pagure").is_dir():
            lacking.skip(lacking.Lacking.PAGURE)
        port = free_port()
        self.folder = Path(tempfile.mkdtemp(dir=root() / "tmp"))
        shutil.copy(HERE / "pagure" / "inside.py", self.folder)
        inside = "/" + str(self.folder.relative_to(root()))
        program = [f"{inside}/inside.py", inside, str(port), str(free_port())]
        log = self.folder / "log"
        with open(log, "wb") as out:  # not a pipe: nobody would read all that it says
            self._process = subprocess.Popen(
                ["chroot", str(root()), "python3", "-W", "ignore", *program], stdout=out, stderr=out,
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}, start_new_session=True,
            )  # fmt: skip
        while not (found := re.search(r"^token (\w+)\n", log.read_text("utf-8", "replace"), re.MULTILINE)):
            assert self._process.poll() is None, log.read_text("utf-8", "replace")[-3000:]
            time.sleep(0.2)
        self.token = found[1]
        self.url = f"http://127.0.0.1:{port}/demo.git"

    def close(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
