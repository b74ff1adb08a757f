"""The turnstile: bulk writers let a waiting verb go first.

SQLite's busy handler is not fair: a worker that commits batches back to back
can starve a verb for seconds. A verb holds the turnstile while it waits and
writes; a bulk writer passes through it before each batch, so it waits there
while any verb is at work.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Turnstile:
    """A lock file beside the store; each instance is one holder."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the turnstile: bulk writers wait until it is let go."""
        handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def pass_through(self) -> None:
        """Wait until no verb holds the turnstile, and leave it free."""
        with self.hold():
            pass
