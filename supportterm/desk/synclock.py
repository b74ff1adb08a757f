"""One worker a store: a lock that dies with its holder."""

from __future__ import annotations

import fcntl
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from supportterm.domain.errors import RefusedError


class SyncLock:
    """The right to sync a store; held from construction until `release`."""

    def __init__(self, store: Path) -> None:
        """Take the lock.

        Raises:
            RefusedError: another process holds it; the text names it.
        """
        path = _path(store)
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(self._handle, 32).decode("ascii", "replace").strip()
            os.close(self._handle)
            raise RefusedError(
                f"Another supportterm (process {holder or 'unknown'}) already syncs this store; it does the work."
            ) from None
        os.ftruncate(self._handle, 0)
        os.write(self._handle, str(os.getpid()).encode())

    def release(self) -> None:
        """Let another worker take over."""
        os.close(self._handle)


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that syncs a store (0: it has not said yet), and since when."""

    pid: int
    since: datetime


def holder(store: Path) -> Holder | None:
    """Return who syncs a store right now, or None; looks at the lock and changes nothing."""
    try:
        handle = os.open(_path(store), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        said = os.read(handle, 32).decode("ascii", "replace").strip()
        return Holder(int(said) if said.isdigit() else 0, datetime.fromtimestamp(os.fstat(handle).st_mtime, UTC))
    else:
        return None
    finally:
        os.close(handle)


def _path(store: Path) -> Path:
    return store.with_name(store.name + ".worker")
