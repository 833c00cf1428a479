"""A real PostgreSQL, as Debian has it: started by the tests, on a socket in their own folder, thrown away afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

from tests import lacking

_INSTALLED = "/usr/lib/postgresql"


def programs() -> Path | None:
    """The folder of ``initdb``; Debian keeps it out of PATH, one for each version."""
    found = sorted(Path(_INSTALLED).glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


class Postgres:
    """The server. It is up when the constructor returns; :meth:`fresh` makes an empty ledger."""

    def __init__(self, folder: Path) -> None:
        bin_ = programs()
        if bin_ is None:
            lacking.skip(lacking.Lacking.POSTGRES)
        self._bin = bin_
        self._folder = folder
        self._made = 0
        if os.geteuid() == 0:  # the server refuses to run as root
            shutil.chown(folder, "postgres")
        self._run("initdb", "-D", f"{folder}/data", "-A", "trust", "-U", "dslim", "--no-sync")
        options = f"-k {folder} -c listen_addresses='' -c fsync=off"
        self._run("pg_ctl", "-D", f"{folder}/data", "-w", "-l", f"{folder}/log", "-o", options, "start")

    def fresh(self) -> str:
        """The URL of an empty ledger: a schema of its own."""
        import psycopg
        from psycopg import sql

        self._made += 1
        with psycopg.connect(f"host={self._folder} user=dslim dbname=postgres") as connection:
            connection.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(f"ledger{self._made}")))
        return f"postgresql://dslim@/postgres?host={self._folder}&options=-csearch_path%3Dledger{self._made}"

    def kill(self) -> None:
        """Like a power cut. Its other processes see that it is gone, and end."""
        pid = int((self._folder / "data" / "postmaster.pid").read_text().split("\n")[0])
        os.kill(pid, signal.SIGKILL)

    def _run(self, program: str, *words: str) -> None:
        command = [str(self._bin / program), *words]
        if os.geteuid() == 0:
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        done = subprocess.run(command, cwd=self._folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)  # fmt: skip
        assert done.returncode == 0, done.stdout
