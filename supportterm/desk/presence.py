"""Who is at the desk: each open console holds a shared lock on the store, which dies with it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from supportterm.domain.errors import StoreError


class Presence:
    """One console's word that it is there; held from construction until `leave`."""

    def __init__(self, store: Path) -> None:
        """Take a share of the lock.

        Raises:
            StoreError: no file can be made beside the store.
        """
        try:
            self._handle = _open(store)
            fcntl.flock(self._handle, fcntl.LOCK_SH)
        except OSError as error:
            raise StoreError(
                f"No file can be made beside the store at {store}: {error.strerror}. Make its folder writable."
            ) from None

    def leave(self) -> None:
        """Give the share back."""
        os.close(self._handle)


def anybody(store: Path) -> bool:
    """Tell whether a console is open on a store."""
    try:
        handle = _open(store)
    except OSError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(handle)
    return False


def _open(store: Path) -> int:
    return os.open(store.with_name(store.name + ".consoles"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
