"""The ledgers of the tests do not wait for the disk: no test cuts the power, and a process that is killed loses nothing so.

There are hundreds of them, so SQLAlchemy keeps the statements that it translated for all, and not for each, and an empty one is
made once and copied.
"""

from __future__ import annotations

import os
import tempfile
from functools import cache
from typing import Any

from sqlalchemy import URL, Engine, create_engine
from sqlalchemy.engine import Dialect

from dslim.bot import database

database.SYNCHRONOUS = "OFF"


@cache
def _empty() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "ledger")
        engine = create_engine(f"sqlite:///{file}")
        database.metadata.create_all(engine)
        engine.dispose()
        with open(file, "rb") as made:
            return made.read()


_dialects: dict[str, Dialect] = {}
_statements: dict[Any, Any] = {}


def _engine(url: URL, **more: Any) -> Engine:
    file = url.database or ""
    if url.get_backend_name() == "sqlite" and not os.path.exists(file) and os.path.isdir(os.path.dirname(file)):
        with open(file, "xb") as made:
            made.write(_empty())
    engine = create_engine(url, **more)
    engine.dialect = _dialects.setdefault(engine.dialect.name, engine.dialect)
    return engine.execution_options(compiled_cache=_statements)


vars(database)["create_engine"] = _engine
