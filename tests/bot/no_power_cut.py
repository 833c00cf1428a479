"""The ledgers of the tests do not wait for the disk: no test cuts the power, and a process that is killed loses nothing so."""

from __future__ import annotations

from dslim.bot import database

database.SYNCHRONOUS = "OFF"
