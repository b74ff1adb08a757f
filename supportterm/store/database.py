"""Opening the store, and transactions on it."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from supportterm.domain.errors import StoreError
from supportterm.store import backups, migrations
from supportterm.store.turnstile import Turnstile

if TYPE_CHECKING:
    from sqlmodel import Session as Session

BUSY_SECONDS = 10.0


def connect(
    path: Path, *, readonly: bool = False, is_new: bool = False, patience: float | None = None
) -> sqlite3.Connection:
    """Open a plain connection in autocommit mode with the store's settings; `is_new` says that it is to be empty.

    `patience` is how many seconds it waits for a lock (`BUSY_SECONDS`).

    Raises:
        StoreError: it cannot be opened, and the text says why and what to do.
    """
    timeout = BUSY_SECONDS if patience is None else patience
    try:
        if readonly:
            if not path.exists():
                raise StoreError(_no_store(path))
            target = f"{path.absolute().as_uri()}?mode=ro"
            connection = sqlite3.connect(
                target, uri=True, isolation_level=None, timeout=timeout, check_same_thread=False
            )
        else:
            connection = sqlite3.connect(path, isolation_level=None, timeout=timeout, check_same_thread=False)
        if problem := "" if is_new else _foreign(connection, path, readonly=readonly):
            connection.close()
            raise StoreError(problem)
        if not readonly:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = -{4_000 if readonly else 16_000}")
        connection.execute("PRAGMA temp_store = MEMORY")
    except sqlite3.Error as error:
        raise explain(error, path) from None
    return connection


def _foreign(connection: sqlite3.Connection, path: Path, *, readonly: bool) -> str:
    """Say why a file that can be read is no store of ours; empty where it is one, or may become one."""
    found = migrations.version(connection)
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if tables and "operation" not in tables:
        return f"{path} is another program's database; nothing was changed. Name another file as `store`."
    if found > migrations.VERSION:
        return (
            f"The store at {path} was written by a newer supportterm (version {found}, this one knows"
            f" {migrations.VERSION}). Install the newer release; nothing was changed."
        )
    if not tables and (newest := backups.newest(path)):
        return f"The store at {path} is empty. Copy its newest backup in its place: {newest}."
    if not tables and readonly:
        return _no_store(path)
    return ""


def _no_store(path: Path) -> str:
    return f"There is no store at {path} yet. Run `supportterm sync --once` to fetch the mail."


def explain(error: sqlite3.Error, path: Path) -> StoreError:
    """Turn SQLite's complaint into a sentence that says what to do."""
    text = str(error)
    if "not a database" in text or "malformed" in text or "corrupt" in text:
        newest = backups.newest(path)
        advice = (
            f"The newest backup is {newest}: move the store aside, with the -wal and -shm files beside it, and copy the"
            " backup in its place."
            if newest
            else "There is no backup beside it: move it aside, with its -wal and -shm files, and run"
            " `supportterm sync --once` to fetch the mail anew."
        )
        return StoreError(f"The store at {path} is damaged ({text}). {advice}")
    if "readonly" in text or "read-only" in text:
        return StoreError(f"The store at {path} is read-only. Make the file and its folder writable, then try again.")
    if "locked" in text or "busy" in text:
        return StoreError(f"The store at {path} is locked by another program. Close that program, then try again.")
    if "disk I/O" in text:
        return StoreError(
            f"The disk with {path} does not take or give data ({text}). Nothing acknowledged was lost: check that it"
            " has room and works, then do it again."
        )
    if "full" in text:
        return StoreError(f"The disk with {path} is full. Nothing was lost: free some space, then do it again.")
    if "unable to open" in text:
        return StoreError(f"The store at {path} cannot be opened. Check that its folder exists and may be written.")
    return StoreError(f"The store at {path} cannot be used: {text}.")


def is_current(path: Path, patience: float | None = None) -> bool:
    """Tell whether a store lies there that needs no step before it is read; a file that cannot be read is none.

    Raises:
        StoreError: a store lies there that cannot be used.
    """
    if not path.exists():
        return False
    connection = connect(path, readonly=True, patience=patience)
    try:
        return migrations.version(connection) == migrations.VERSION
    finally:
        connection.close()


def must_be_writable(path: Path) -> None:
    """See that a store and its folder may be written.

    Raises:
        StoreError: one of them may not.
    """
    if not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        raise explain(sqlite3.OperationalError("attempt to write a readonly database"), path)


class Database:
    """The store opened for writing; one per process. Transactions are serialised within it."""

    def __init__(self, path: Path) -> None:
        """Open, create or migrate the store at `path`.

        Raises:
            StoreError: newer, locked, read-only, damaged, or its folder cannot be made.
        """
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            if is_new := not path.exists():
                os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
        except OSError as error:
            raise StoreError(f"The store cannot be made at {path}: {error.strerror}. Choose another folder.") from None
        must_be_writable(path)
        self._connection = connect(path, is_new=is_new)
        self._lock = threading.RLock()
        self._turnstile = Turnstile(path.with_name(path.name + ".turnstile"))
        self._migrate()
        from sqlalchemy import create_engine, event
        from sqlalchemy.pool import StaticPool
        from sqlmodel import Session  # noqa: F401 the first verb needs it at once; whoever opens the store can wait

        self._engine = create_engine("sqlite://", creator=lambda: self._connection, poolclass=StaticPool)
        event.listen(self._engine, "begin", lambda begun: begun.exec_driver_sql("BEGIN IMMEDIATE"))

    def _migrate(self) -> None:
        found = migrations.version(self._connection)
        if found == migrations.VERSION:
            return
        try:
            if found:
                backups.make(self._connection, backups.folder(self.path), f"before-version-{migrations.VERSION}")
            with self._turnstile.hold():
                migrations.migrate(self._connection)
        except sqlite3.Error as error:
            raise explain(error, self.path) from None

    @contextmanager
    def write(self, *, bulk: bool = False) -> Iterator[Session]:
        """Open one write transaction; committed at the end, rolled back on any error.

        A verb's transaction holds the turnstile. With `bulk` the writer lets
        waiting verbs go first, so keep each bulk transaction short.

        Raises:
            StoreError: the disk is full, or the store locked, damaged or read-only; nothing was written.
        """
        from sqlmodel import Session

        with self._lock:
            if bulk:
                self._turnstile.pass_through()
                yield from self._transact(Session)
            else:
                with self._turnstile.hold():
                    yield from self._transact(Session)

    def _transact(self, session_type: type[Session]) -> Iterator[Session]:
        import sqlalchemy.exc

        session = session_type(self._engine, expire_on_commit=False)
        try:
            session.connection()
            yield session
            session.commit()
        except sqlalchemy.exc.DBAPIError as error:
            if isinstance(error.orig, sqlite3.Error) and not isinstance(
                error.orig, sqlite3.IntegrityError | sqlite3.ProgrammingError | sqlite3.InterfaceError
            ):
                raise explain(error.orig, self.path) from None
            raise
        except sqlite3.Error as error:
            raise explain(error, self.path) from None
        finally:
            session.close()
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")

    def reader(self) -> sqlite3.Connection:
        """Return a new read-only connection, for views; the caller closes it."""
        return connect(self.path, readonly=True)

    def next_instants(self) -> tuple[int | None, int | None]:
        """Return when the next operation, and the next change of rank or promise, fall due (milliseconds).

        A mail behind an earlier one of its ticket is not due before that one: see `operations.due`.
        """
        with self._lock:
            row = self._connection.execute(
                "SELECT (SELECT min(next_attempt_at) FROM operation o WHERE state IN ('queued', 'sending')"
                "  AND (o.kind != 'send' OR NOT EXISTS (SELECT 1 FROM operation e WHERE e.ticket_key = o.ticket_key"
                "   AND e.kind = 'send' AND e.id < o.id AND e.not_before <= o.not_before"
                "   AND e.state IN ('queued', 'sending')))),"
                " (SELECT min(at) FROM (SELECT min(rank_changes_at) AS at FROM ticket WHERE rank_changes_at IS NOT NULL"
                "  UNION ALL SELECT min(due_at) FROM clock WHERE state = 'running' AND kind = 'promise'))"
            ).fetchone()
        return row[0], row[1]

    def fact(self, name: str) -> str | None:
        """Return a fact about the store, or None; one indexed look, in no transaction."""
        with self._lock:
            row = self._connection.execute("SELECT value FROM meta WHERE name = ?", [name]).fetchone()
        return None if row is None else str(row[0])

    def has_unseen_warnings(self) -> bool:
        """Tell whether a clock has warned and the triggers did not look at it yet; one indexed look."""
        with self._lock:
            row = self._connection.execute("SELECT EXISTS (SELECT 1 FROM warning WHERE seen = 0)").fetchone()
        return bool(row[0])

    def waits_until(self, instant: int) -> bool:
        """Tell whether anything waits for the server that may leave by then (milliseconds), however often it failed."""
        with self._lock:
            row = self._connection.execute(
                "SELECT EXISTS (SELECT 1 FROM operation WHERE state IN ('queued', 'sending') AND not_before <= ?)",
                [instant],
            ).fetchone()
        return bool(row[0])

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the store as far as readers allow."""
        with self._lock:
            self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def backup(self, target: Path | None = None) -> Path:
        """Write a whole copy of the store (sources included) and return its path.

        Raises:
            StoreError: the copy could not be written.
        """
        try:
            return backups.make(self._connection, backups.folder(self.path), "backup", target)
        except sqlite3.Error as error:
            raise explain(error, self.path) from None

    def close(self) -> None:
        """Close the store."""
        with self._lock:
            self._engine.dispose()
            self._connection.close()
