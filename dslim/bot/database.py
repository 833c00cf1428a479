"""The tables of the bot's memory, in SQLite or PostgreSQL, and how a transaction on them is begun.

SQLite is opened with a write-ahead log, so that readers never wait, and each transaction takes the write lock when it
begins: two that read and then write cannot both succeed on what they read. PostgreSQL gets the same by a lock that each
transaction takes first (an advisory one, so that readers outside of the bot are not stopped): its ``SERIALIZABLE`` would end
transactions that we had to begin again. They are short, and no request is ever made within one. Times are seconds since 1970.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Dialect,
    Engine,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    make_url,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable

from dslim.bot.secrets import keep, redacted

VERSION = 1
SYNCHRONOUS = "FULL"  # what was promised is on the disk, also after a power cut
_LOCK = 0x64736C696D  # "dslim": whoever shares the database has locks of other numbers
metadata = MetaData()

about = Table("about", metadata, Column("name", String, primary_key=True), Column("value", String, nullable=False))

repositories = Table(
    "repositories",
    metadata,
    Column("host", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("default_branch", String, nullable=False),
    Column("heads", Text, nullable=False, default="{}"),  # JSON: base branch to the commit that was looked at
    Column("looked_at", Float, nullable=False, default=0.0),
    Column("version", String, nullable=False, default=""),  # of the dslim that looked
    Column("state", String, nullable=False, default=""),
    Column("reason", Text, nullable=False, default=""),
    Column("not_before", Float, nullable=False, default=0.0),
)
Index("repositories_by_name", repositories.c.host, repositories.c.name)

slots = Table(
    "slots",
    metadata,
    Column("slot", String, primary_key=True),
    Column("host", String, nullable=False),
    Column("repository", String, nullable=False),
    Column("base", String, nullable=False),
    Column("grouping", String, nullable=False),
    Column("branch", String, nullable=False, default=""),
    Column("state", String, nullable=False, default=""),
    Column("change_key", String, nullable=False, default=""),
    Column("plan_key", String, nullable=False, default=""),
    Column("tree", String, nullable=False, default=""),
    Column("head", String, nullable=False, default=""),
    Column("number", Integer, nullable=False, default=0),
    Column("reason", Text, nullable=False, default=""),
    Column("not_before", Float, nullable=False, default=0.0),
    Column("asked", String, nullable=False, default=""),  # what a person asked for and has not got yet: recreate, ...
    Column("said", Text, nullable=False, default=""),  # the once-only comments that were written, by name
    Column("opened_at", Float, nullable=False, default=0.0),
    Column("updated_at", Float, nullable=False, default=0.0),
)
Index("slots_by_repository", slots.c.host, slots.c.repository)

#: what people answered to each question of a pull request: closed, or merged
answers = Table(
    "answers",
    metadata,
    Column("place", String, primary_key=True),  # host, repository, base branch
    Column("answer_key", String, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("answer", String, nullable=False),
    Column("at", Float, nullable=False),
)

leases = Table(
    "leases",
    metadata,
    Column("name", String, primary_key=True),
    Column("owner", String, nullable=False),
    Column("until", Float, nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    Column("sweep", String, primary_key=True),
    Column("repository", String, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("state", String, nullable=False, default="waiting"),
    Column("attempts", Integer, nullable=False, default=0),
    Column("not_before", Float, nullable=False, default=0.0),
    Column("outcome", String, nullable=False, default=""),  # one of `states.py`, of the last time that it was handled
    Column("reason", Text, nullable=False, default=""),
    Column("owner", String, nullable=False, default=""),
    Column("until", Float, nullable=False, default=0.0),
    Column("wanted", Float, nullable=False, default=0.0),  # when it was asked for last
    Column("taken", Float, nullable=False, default=0.0),  # when it was begun last
)
Index("jobs_by_turn", jobs.c.sweep, jobs.c.state, jobs.c.not_before, jobs.c.position)

#: deliveries of webhooks that were taken, so that none counts twice
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String, primary_key=True),
    Column("at", Float, nullable=False),
)
Index("deliveries_by_time", deliveries.c.at)

#: what people asked for in a comment, until it is done
commands = Table(
    "commands",
    metadata,
    Column("id", String, primary_key=True),  # of the comment, and which line of it
    Column("repository", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("comment", BigInteger, nullable=False),
    Column("login", String, nullable=False),
    Column("verb", String, nullable=False),
    Column("argument", Text, nullable=False, default=""),
    Column("at", Float, nullable=False),
)
Index("commands_by_repository", commands.c.repository, commands.c.at)

#: what people said for good, in a comment: leave a rule, a file or the whole repository alone
wishes = Table(
    "wishes",
    metadata,
    Column("host", String, primary_key=True),
    Column("repository", String, primary_key=True),
    Column("kind", String, primary_key=True),
    Column("value", String, primary_key=True),
    Column("login", String, nullable=False, default=""),
    Column("at", Float, nullable=False, default=0.0),
)

limits = Table(
    "limits",
    metadata,
    Column("installation", String, primary_key=True),
    Column("not_before", Float, nullable=False, default=0.0),
    Column("strikes", Integer, nullable=False, default=0),
    Column("wrote_at", Float, nullable=False, default=0.0),
)

#: one row for each request that made something, kept for an hour
writes = Table(
    "writes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("installation", String, nullable=False),
    Column("at", Float, nullable=False),
)
Index("writes_by_time", writes.c.installation, writes.c.at)


class Unusable(RuntimeError):
    """The memory cannot be opened; the message says why, and holds no password."""


class Newer(Unusable):
    """The memory was written by a newer dslim, which we would garble."""


class Database:
    """One open memory. Threads may share it; processes open their own."""

    def __init__(self, url: str) -> None:
        """``url`` is a path, ``sqlite:///path``, or what SQLAlchemy calls a URL (``postgresql+psycopg://…``).

        Raises:
            Unusable: see there.
        """
        try:
            self.engine = _engine(url)
            self._create()
            self._check_version(url)
        except SQLAlchemyError as error:
            cause = str(error).splitlines()[0]
            raise Unusable(redacted(f"{url}: {cause}; give a path, or postgresql://USER@HOST/NAME")) from None

    def _create(self) -> None:
        """What is there already stays."""
        with self.transaction() as there:
            for statement in _statements(self.engine.dialect):
                there.exec_driver_sql(statement)

    def _check_version(self, url: str) -> None:
        with self.transaction() as there:
            found = there.execute(select(about.c.value).where(about.c.name == "version")).scalar()
            if found is None:
                there.execute(self.insert(about).values(name="version", value=str(VERSION)).on_conflict_do_nothing())
            elif int(found) > VERSION:
                raise Newer(
                    f"{redacted(url)} was written by a newer dslim (version {found}); install that, or give another --ledger"
                )

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """All or nothing, and nobody writes in between."""
        with self.engine.begin() as connection:
            yield connection

    def insert(self, table: Table) -> Any:
        """An INSERT that knows ``on_conflict_do_update``; SQLAlchemy has one for each database, with the same methods."""
        return sqlite.insert(table) if self.engine.dialect.name == "sqlite" else postgresql.insert(table)

    def upsert(self, connection: Connection, table: Table, **values: object) -> None:
        """Write a row, over the one with the same primary key."""
        keys = [column.name for column in table.primary_key]
        rest = {name: value for name, value in values.items() if name not in keys}
        connection.execute(
            self.insert(table).values(**values).on_conflict_do_update(index_elements=keys, set_=rest)
            if rest
            else self.insert(table).values(**values).on_conflict_do_nothing()
        )

    def close(self) -> None:
        self.engine.dispose()


def _engine(url: str) -> Engine:
    if "://" not in url:
        folder = os.path.dirname(os.path.abspath(url))
        os.makedirs(folder, mode=0o700, exist_ok=True)
        url = f"sqlite:///{url}"
    parsed = make_url(url)
    keep(parsed.password or "")
    if parsed.get_backend_name() in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite":
        engine = create_engine(parsed, pool_pre_ping=True)
        event.listen(engine, "begin", _locked)
        return engine
    engine = create_engine(parsed, connect_args={"timeout": 60})
    event.listen(engine, "connect", _connected)
    event.listen(engine, "begin", _begun)
    return engine


@cache
def _statements(dialect: Dialect) -> tuple[str, ...]:
    """The SQL that makes all tables."""
    found: list[CreateTable | CreateIndex] = []
    for table in metadata.sorted_tables:
        found.append(CreateTable(table, if_not_exists=True))
        found += [CreateIndex(index, if_not_exists=True) for index in table.indexes]
    return tuple(str(one.compile(dialect=dialect)) for one in found)


def _locked(connection: Connection) -> None:
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def _connected(connection: Any, record: object) -> None:
    connection.isolation_level = None  # the driver begins no transaction by itself: _begun does
    connection.execute(f"PRAGMA synchronous={SYNCHRONOUS}")
    connection.execute("PRAGMA journal_mode=WAL")


def _begun(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
