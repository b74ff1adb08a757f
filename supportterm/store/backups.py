"""Whole copies of the store, taken while it is in use."""

from __future__ import annotations

import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from supportterm.domain.errors import StoreError, SupporttermError

KEEP = 5
RESTORED = "restored"
"""The fact that marks a copy: what waits in its outbox may have left since, and does not leave from it unasked."""


def folder(store: Path) -> Path:
    """Return where backups of this store lie; another store beside it has its own."""
    return store.parent / "backups" / store.stem


def newest(store: Path) -> Path | None:
    """Return the newest backup of this store, or None."""
    found = sorted(folder(store).glob("*.sqlite3"), key=lambda p: p.stat().st_mtime)
    return found[-1] if found else None


def make(connection: sqlite3.Connection, into: Path, name: str, target: Path | None = None) -> Path:
    """Copy the open store to `target`, or to a dated file in `into` of which the newest few are kept.

    Raises:
        SupporttermError: the target exists.
        StoreError: it cannot be written.
    """
    try:
        if target is None:
            into.mkdir(parents=True, exist_ok=True, mode=0o700)
            stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
            target = into / f"{stamp}-{name}.sqlite3"
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise SupporttermError(f"{target} exists already. Name a file that does not.") from None
    except OSError as error:
        raise StoreError(f"The backup cannot be written to {target}: {error.strerror}.") from None
    copy = sqlite3.connect(target)
    try:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        copy.execute("INSERT OR REPLACE INTO meta VALUES (?, '1')", [RESTORED])
        copy.commit()
    except sqlite3.Error:
        target.unlink(missing_ok=True)
        raise
    finally:
        copy.close()
    if target.parent == into:
        for old in sorted(into.glob(f"*-{name}.sqlite3"))[:-KEEP]:
            old.unlink(missing_ok=True)
    return target
