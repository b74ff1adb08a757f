"""The console's eye on the worker: starts one where none is, ends one that hangs, and says why there was trouble.

Several consoles may watch one store: the lock decides whose worker stays. A
worker outlives the console that started it, for as long as mail is leaving.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from supportterm.desk import synclock
from supportterm.desk.errorlog import curb, log
from supportterm.desk.synclock import Holder
from supportterm.domain.text import clean

LOOK_SECONDS = 1.0
PATIENCE = 60.0
"""Seconds without a sign of life after which a worker hangs."""
_START_PATIENCE = 180.0
"""Seconds for a start: a store of an older version is backed up and brought up to date first."""
_END_PATIENCE = 5.0
_LONGEST_PAUSE = 60.0
_UNUSABLE = 2
"""The exit status of a worker that cannot be configured: nothing changes until somebody changes something."""
_UNUSABLE_PAUSE = 300.0
_SETTLED = 30.0
"""Seconds of life after which a worker's earlier failures are forgotten."""
_SHOWN = 300


def command(config: Path | None) -> list[str]:
    """Return the command line of a worker for consoles."""
    named = ["--config", str(config)] if config else []
    return [sys.executable, "-m", "supportterm", *named, "sync", "--watch", "--while-wanted"]


class Supervisor:
    """Watches over one store's worker, in a thread of its own between `start` and `stop`."""

    def __init__(
        self,
        store: Path,
        worker: Sequence[str],
        passwords: Mapping[str, str] | None = None,
        patience: float = PATIENCE,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Watch; `worker` is the command line, `passwords` go to its standard input and nowhere else."""
        self._store = store
        self._worker = [*worker]
        self._passwords = dict(passwords or {})
        self._patience = patience
        self._now = monotonic
        self._child: subprocess.Popen[bytes] | None = None
        self._began = self._next_start = monotonic()
        self._said_from = 0
        self._failures = 0
        self._reason = ""
        self._seen: tuple[int, int] | None = None
        self._silent = self._lived = 0.0
        self._looked = monotonic()
        self._asked_to_end: float | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)

    @property
    def log_file(self) -> Path:
        """Where the worker's words go."""
        return self._store.with_name(self._store.name + ".worker.log")

    @property
    def trouble(self) -> str:
        """What is wrong with the worker and what happens next, as one or two sentences; empty where all is well."""
        if not self._reason:
            return ""
        left = math.ceil(self._next_start - self._now())
        then = f" It starts again in {left} s." if left > 1 else " It is being started again."
        return self._reason + then

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def hasten(self) -> None:
        """Start a worker that is waited with at the next look: somebody may have mended what was wrong."""
        self._next_start = self._now()

    def stop(self) -> None:
        """Watch no longer; the worker decides by itself when it leaves."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(LOOK_SECONDS)

    def _watch(self) -> None:
        while not self._stop.is_set():
            try:
                self.look()
            except OSError as error:
                self._reason = f"The mail worker cannot be started: {error.strerror}."
                self._next_start = self._now() + _LONGEST_PAUSE
                log.error("worker not started", exc_info=error)
            self._stop.wait(LOOK_SECONDS)

    def look(self) -> None:
        """See how the worker is, and do what is needed now."""
        now = self._now()
        passed, self._looked = min(now - self._looked, 2 * LOOK_SECONDS), now
        if self._child is not None and (status := self._child.poll()) is not None:
            self._ended(status)
        holder = synclock.holder(self._store)
        if holder is not None:
            self._listen(holder, passed)
        elif self._child is None:
            self._seen = None
            if now >= self._next_start and self._store.exists():  # a worker would make a new one
                self._begin()
        elif now - self._began > _START_PATIENCE:
            self._end(self._child.pid, f"The mail worker did not get ready in {_START_PATIENCE:.0f} seconds.")
        self._curb()

    def _begin(self) -> None:
        descriptor = os.open(
            self.log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600
        )
        try:
            self._said_from = os.fstat(descriptor).st_size
            self._child = subprocess.Popen(  # noqa: S603 our own program, an argument list, no shell
                self._worker,
                stdin=subprocess.PIPE,
                stdout=descriptor,
                stderr=descriptor,
                start_new_session=True,
            )
        finally:
            os.close(descriptor)
        self._began, self._asked_to_end = self._now(), None
        log.info("worker %d started", self._child.pid)
        with contextlib.suppress(OSError):
            if self._child.stdin is not None:
                self._child.stdin.write(json.dumps(self._passwords).encode() + b"\n")
                self._child.stdin.close()

    def _listen(self, holder: Holder, passed: float) -> None:
        """Count the time without a sign of life by our own looks: a machine that slept is no worker that hangs."""
        if (seen := (holder.pid, holder.beat)) != self._seen:
            if self._seen is None or self._seen[0] != holder.pid:
                self._lived = 0.0
            self._seen, self._silent, self._asked_to_end = seen, 0.0, None
            self._lived += passed
            if self._lived > _SETTLED:
                self._failures = 0
            if self._lived > _END_PATIENCE or not self._failures:
                self._reason = ""
            return
        self._silent += passed
        if self._silent < self._patience:
            return
        if holder.by_console and holder.pid > 1:
            self._end(holder.pid, f"The mail worker gave no sign of life for {self._patience:.0f} seconds.")
        else:
            self._reason = f"The mail worker (process {holder.pid}, not started by a console) gives no sign of life."

    def _end(self, pid: int, reason: str) -> None:
        """Ask a worker that hangs to end, then end it with its children; a process that is stopped hears only that."""
        now = self._now()
        self._reason = reason
        self._failures += self._asked_to_end is None
        self._next_start = now
        with contextlib.suppress(OSError):
            if self._asked_to_end is None:
                self._asked_to_end = now
                log.error("worker %d hangs: %s", pid, reason)
                os.kill(pid, signal.SIGTERM)
            elif now - self._asked_to_end >= _END_PATIENCE and os.getpgid(pid) == pid:
                os.killpg(pid, signal.SIGKILL)

    def _ended(self, status: int) -> None:
        hung, self._child, self._seen = self._asked_to_end is not None, None, None
        now = self._now()
        self._asked_to_end = None
        if hung:
            self._next_start = now
            return
        if status in (0, 1):  # it left by itself, or another worker was there first
            self._next_start = now + LOOK_SECONDS
            return
        log.info("worker ended with status %d", status)
        self._failures += 1
        self._reason = f"The mail worker ended: {self._last_words(status)}"
        pause = _UNUSABLE_PAUSE if status == _UNUSABLE else min(2.0 ** (self._failures - 1), _LONGEST_PAUSE)
        self._next_start = now + pause

    def _last_words(self, status: int) -> str:
        if status < 0:
            return f"killed by signal {-status}."
        with contextlib.suppress(OSError), self.log_file.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            since = self._said_from if self._said_from <= size else 0
            file.seek(max(since, size - 4096))
            lines = file.read().decode("utf-8", "replace").split("\n")
            words = next((line for line in reversed(lines) if line.strip()), "")
            if words:
                said = clean(words.removeprefix("supportterm: "), _SHOWN)
                return said if said.endswith((".", "!", "?", "…")) else f"{said}."
        return f"exit status {status}."

    def _curb(self) -> None:
        with contextlib.suppress(OSError):
            descriptor = os.open(self.log_file, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                curb(descriptor)
            finally:
                os.close(descriptor)
