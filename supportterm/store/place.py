"""The store's place in its folder: notices when another file is put there while the store is open.

SQLite would play the log of the file before (`-wal`) into the one that was put
in its place, so that log is set aside by whoever held the file before open.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

_BESIDE = ("-wal", "-shm")


class Place:
    """One store as it was found."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._file = _identity(store)
        self._beside = self._found_beside()

    def is_taken_by_another(self) -> bool:
        """Tell whether another file, or none, lies in the place now."""
        if _identity(self._store) != self._file:
            return True
        self._beside = self._found_beside()
        return False

    def set_aside(self) -> None:
        """Rename what the file before left beside the one that took its place, so that it is not played into it."""
        for path, before in self._beside.items():
            if before is not None and _identity(path) == before:
                with contextlib.suppress(OSError):
                    path.rename(path.with_name(path.name + ".replaced"))

    def _found_beside(self) -> dict[Path, tuple[int, int] | None]:
        names = [self._store.with_name(self._store.name + suffix) for suffix in _BESIDE]
        return {path: _identity(path) for path in names}


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
