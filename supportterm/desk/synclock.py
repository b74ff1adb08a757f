"""One worker a store: a lock that dies with its holder."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from supportterm.domain.errors import RefusedError


class SyncLock:
    """The right to sync a store; held from construction until `release`."""

    def __init__(self, store: Path) -> None:
        """Take the lock.

        Raises:
            RefusedError: another process holds it; the text names it.
        """
        path = store.with_name(store.name + ".worker")
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
