"""One worker a store: a lock that dies with its holder, and the sign of life its holder gives."""

from __future__ import annotations

import fcntl
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from supportterm.domain.errors import RefusedError

_TRIES = 10
"""A look at the lock (`holder`) holds it for an instant, so that one refusal says little."""
_FOR_CONSOLES = "for consoles"


@dataclass(frozen=True, slots=True)
class Holder:
    """The worker of a store: its process, when it last gave a sign of life (ns), whether a console started it."""

    pid: int
    beat: int
    by_console: bool

    @property
    def since(self) -> datetime:
        """Its last sign of life."""
        return datetime.fromtimestamp(self.beat / 1e9, UTC)


class SyncLock:
    """The right to sync a store; held from construction until `release`."""

    def __init__(self, store: Path, *, for_consoles: bool = False) -> None:
        """Take the lock; `for_consoles` lets a console end the holder where it hangs.

        Raises:
            RefusedError: another process holds it; the text names it.
        """
        self._handle = os.open(_path(store), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        for attempt in range(_TRIES):
            with suppress(OSError):
                fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            if attempt == _TRIES - 1:
                holder = os.read(self._handle, 32).decode("ascii", "replace").partition(" ")[0]
                os.close(self._handle)
                raise RefusedError(
                    f"Another supportterm (process {holder or 'unknown'}) already syncs this store; it does the work."
                )
            time.sleep(0.01)
        os.ftruncate(self._handle, 0)
        os.write(self._handle, f"{os.getpid()} {_FOR_CONSOLES if for_consoles else ''}".strip().encode())

    def beat(self) -> None:
        """Give a sign of life."""
        os.utime(self._handle)

    def release(self) -> None:
        """Let another worker take over."""
        os.close(self._handle)


def holder(store: Path) -> Holder | None:
    """Return the worker that syncs a store, or None where there is none."""
    try:
        handle = os.open(_path(store), os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        pid, why = _written(handle)
        return Holder(pid, os.fstat(handle).st_mtime_ns, why == _FOR_CONSOLES)
    finally:
        os.close(handle)
    return None


def _written(handle: int) -> tuple[int, str]:
    """Return what the holder wrote, which it does right after it took the lock; process 0 where it never did."""
    for _ in range(_TRIES):
        pid, _, why = os.pread(handle, 64, 0).decode("ascii", "replace").partition(" ")
        if pid.isdigit():
            return int(pid), why
        time.sleep(0.01)
    return 0, ""


def _path(store: Path) -> Path:
    return store.with_name(store.name + ".worker")
