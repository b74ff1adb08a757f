"""Where the demo plays: a scratch store, a real worker in a process of its own, and the command line beside it."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from supportterm.config import Config
from supportterm.demo.host import Host
from supportterm.demo.scratch import CONFIG, PASSWORD_VARIABLE, STORE, configure
from supportterm.domain.errors import StoreError

if TYPE_CHECKING:
    from supportterm.store.views import Views

PATIENCE_SECONDS = 60.0
"""How long a step may take to show on a slow machine."""
POLL_SECONDS = 3600
"""So long that what comes in is seen because the server told of it (IDLE), not because somebody asked."""
LOOK_SECONDS = 0.1
STOP_SECONDS = 10.0

T = TypeVar("T")


class NotSeenError(Exception):
    """A step did not show: what was expected, and what was seen instead."""

    def __init__(self, expected: str, seen: str) -> None:
        super().__init__(f"expected {expected}; seen: {seen}")
        self.expected = expected
        self.seen = seen


@dataclass(frozen=True, slots=True)
class Ran:
    """A command line that was run: its words as typed, its exit status, what it printed and what it remarked."""

    words: tuple[str, ...]
    status: int
    printed: str
    remarked: str

    @property
    def line(self) -> str:
        """The command as a shell takes it."""
        return shlex.join(self.words)


class Stage:
    """The store, the worker and the command line over one mail server."""

    def __init__(self, host: Host, folder: Path, patience: float = PATIENCE_SECONDS) -> None:
        self.host = host
        self.folder = folder
        self._patience = patience
        self._worker: asyncio.subprocess.Process | None = None
        self.configure(undo_seconds=10)

    @property
    def config_file(self) -> Path:
        """The configuration that the worker and the command line read."""
        return self.folder / CONFIG

    @property
    def store(self) -> Path:
        """The scratch store."""
        return self.folder / STORE

    @property
    def worker_pid(self) -> int:
        """The worker's process."""
        return self._worker.pid if self._worker else 0

    def configure(self, *, undo_seconds: int) -> Config:
        """Write the configuration; the password is not in it, a command prints it from the environment."""
        return configure(self.folder, self.host, undo_seconds=undo_seconds, poll_seconds=POLL_SECONDS)

    @contextmanager
    def views(self) -> Iterator[Views]:
        """Open the store for reading."""
        from supportterm.store.views import reading

        with reading(self.store) as opened:
            yield opened

    async def run(self, *arguments: str, typed: str = "") -> Ran:
        """Run one command in a process of its own, as a person in a terminal would; `typed` is its standard input."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "supportterm", *arguments),
            env=self._environment(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        try:
            printed, remarked = await process.communicate(typed.encode())
        except BaseException:
            await _end(process)
            raise
        words = ("supportterm", *arguments)
        return Ran(words, process.returncode or 0, printed.decode().strip(), remarked.decode().strip())

    async def until(self, expected: str, look: Callable[[], Awaitable[T | None]]) -> T:
        """Look again and again until there is something to see.

        Raises:
            NotSeenError: the patience is over, or the worker has ended.
        """
        ends = time.monotonic() + self._patience
        while not (found := await look()):
            if self._worker is not None and self._worker.returncode is not None:
                raise NotSeenError(expected, f"the worker ended by itself: {self._last_words()}")
            if time.monotonic() > ends:
                raise NotSeenError(expected, await self._seen())
            await asyncio.sleep(LOOK_SECONDS)
        return found

    async def start_worker(self) -> None:
        """Start the worker, which syncs until it is stopped."""
        with (self.folder / "worker.log").open("wb") as log:
            self._worker = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "supportterm", "--config", str(self.config_file), "sync", "--watch"),
                env=self._environment(),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
            )

    async def stop_worker(self) -> None:
        """End the worker; a no-op where none runs."""
        process, self._worker = self._worker, None
        if process is not None:
            await _end(process)

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "SUPPORTTERM_CONFIG": str(self.config_file), PASSWORD_VARIABLE: self.host.password}

    async def _seen(self) -> str:
        try:
            with self.views() as views:
                sync, mails = views.sync(), views.outbox(everything=True)
        except StoreError:
            return "no store yet"
        outbox = ", ".join(f"mail {mail.id} {mail.state}" for mail in mails) or "empty"
        said = "; ".join(text for text in (str(sync.get("error") or ""), *(mail.said for mail in mails)) if text)
        accepted = len(await self.host.accepted())
        return f"sync {sync.get('state', 'not begun')}, outbox: {outbox}, {accepted} accepted by the server" + (
            f" ({said})" if said else ""
        )

    def _last_words(self) -> str:
        lines = (self.folder / "worker.log").read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1] if lines else "without a word"


@asynccontextmanager
async def staged(host: Host, folder: Path, patience: float = PATIENCE_SECONDS) -> AsyncIterator[Stage]:
    """Set the stage with a worker running on it, and clear it again."""
    stage = Stage(host, folder, patience)
    try:
        await stage.start_worker()
        yield stage
    finally:
        await stage.stop_worker()


async def _end(process: asyncio.subprocess.Process) -> None:
    """Ask a process of ours to end, and end it with its children where it does not."""
    with suppress(ProcessLookupError):
        process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()
