"""A worker in a process of its own that kills itself at a given step of its work.

Steps are counted where the world could see the difference: each command to the
mailbox, each mail it hands over, each commit of the store, each line and answer
of SMTP, and the middle of a mail's body.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from datetime import datetime
from multiprocessing import get_context
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

from aiosmtplib.protocol import SMTPProtocol
from sqlmodel import Session

from supportterm.config import Server
from supportterm.mail.parse import parse
from tests.faults.scene import Scene, letter

_context: list[ForkServerContext] = []
parse(letter("a@b.example", "Hello", "Hello, where is it?", message_id=None))  # loads what each child would load anew


def run(place: Path, smtp: Server, start: datetime, kill_at: int) -> int:
    """Run a worker until all is done or it dies at step `kill_at` (0: never); return its exit status, -9 if killed."""
    if not _context:
        context = get_context("forkserver")
        context.set_forkserver_preload([__name__])
        _context.append(context)
    process = _context[0].Process(target=_work, args=(place, smtp, start, kill_at))
    process.start()
    process.join(60)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise AssertionError("the worker did not end within a minute")
    return process.exitcode


def steps(place: Path) -> int:
    """Return how many steps a worker that was not killed took."""
    return int((place / "steps").read_text())


class Fuse:
    """Counts steps, and kills this process at one of them."""

    def __init__(self, kill_at: int) -> None:
        self.burnt = 0
        self._kill_at = kill_at

    def step(self) -> None:
        self.burnt += 1
        if self.burnt == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


def _work(place: Path, smtp: Server, start: datetime, kill_at: int) -> None:
    fuse = Fuse(kill_at)
    _before(Session, "commit", fuse.step)
    _before(SMTPProtocol, "read_response", fuse.step)
    _halve_writes(fuse.step)
    scene = Scene(place, smtp, start=start)
    with scene.desk() as desk:
        asyncio.run(scene.settle(desk, scene.worker(desk, fuse.step)))
    (place / "steps").write_text(str(fuse.burnt))


def _before(owner: type, name: str, step: Callable[[], None]) -> None:
    """Take a step before each call of a method (a coroutine function's result is handed on as it is)."""
    real = getattr(owner, name)

    def counted(*args: Any, **kwargs: Any) -> Any:
        step()
        return real(*args, **kwargs)

    setattr(owner, name, counted)


def _halve_writes(step: Callable[[], None]) -> None:
    """Take a step before each write and one in the middle of whatever is longer than a command: a mail's body."""
    write = SMTPProtocol.write

    def halved(self: SMTPProtocol, data: bytes) -> None:
        step()
        if len(data) > 300:
            write(self, data[: len(data) // 2])
            step()
            data = data[len(data) // 2 :]
        write(self, data)

    SMTPProtocol.write = halved  # type: ignore[method-assign]  # this process lives for one run only
