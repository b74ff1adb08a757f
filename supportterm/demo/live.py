"""The demo's world while somebody works in it: the mail server, its customers, a colleague and new mail.

`python -m supportterm.demo.live ADDRESS STORE` is a process of its own, so
that the console itself opens no socket. It prints one JSON line with the
server's ports and password once the mailbox is filled, takes `up` and `down`
on standard input for the network, and ends when that closes: then it ends the
demo's worker and, with `--remove`, takes the store's folder away. So nothing
is left behind however the console ended, killed included.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from supportterm.demo.arriving import Arrivals
from supportterm.demo.colleague import Colleague
from supportterm.demo.customers import Customers
from supportterm.demo.server import ADDRESS, DemoError, DemoServer, check_installed
from supportterm.demo.story import fill
from supportterm.desk import errorlog, synclock

STOP_SECONDS = 5.0
_WAIT_SECONDS = 15.0
UP, DOWN, DONE = "up", "down", "done"
_NOT_STARTED = "The demo's mail server did not start. `python -m supportterm.demo.server` shows why."


@dataclass(frozen=True, slots=True)
class Account:
    """How the demo's mailbox is reached on this machine."""

    user: str
    password: str
    imap_port: int
    smtp_port: int


class Live:
    """The console's hold on that process: starts it, pulls its cable, ends it. Blocks; ask it from a thread."""

    def __init__(self, store: Path, address: str = ADDRESS, *, kept: bool = False) -> None:
        """Start the process; in the end it removes the store's folder, unless that is kept.

        Raises:
            DemoError: the extra `[demo]` is not installed.
        """
        check_installed()
        self._process = subprocess.Popen(  # noqa: S603 our own program, with arguments of our own
            [sys.executable, "-m", "supportterm.demo.live", address, str(store), *([] if kept else ["--remove"])],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            text=True,
        )

    def account(self) -> Account:
        """Wait until the mailbox is filled and return how it is reached; to be asked once.

        Raises:
            DemoError: the process did not start.
        """
        if not (told := self._heard()):
            raise DemoError(_NOT_STARTED)
        return Account(**json.loads(told))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def network(self, *, up: bool) -> None:
        """Pull the cable or plug it in again; returns when it is done.

        Raises:
            DemoError: the process has ended.
        """
        try:
            if self._process.stdin is not None:
                self._process.stdin.write(f"{UP if up else DOWN}\n")
                self._process.stdin.flush()
        except OSError:
            raise DemoError("The demo's mail server has ended. Leave the console and start the demo again.") from None
        self._heard()

    def stop(self) -> None:
        """End the process and the server with it."""
        with suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        try:
            self._process.wait(_WAIT_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def _heard(self) -> str:
        return self._process.stdout.readline() if self._process.stdout is not None else ""


async def serve(address: str, store: Path) -> None:
    """Run the world until standard input closes."""
    server = DemoServer(address)
    loop, playing = asyncio.get_running_loop(), asyncio.current_task()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if playing is not None:
            loop.add_signal_handler(number, playing.cancel)
    people: list[asyncio.Task[None]] = []
    try:
        await server.start()
        await fill(server)
        _say(
            json.dumps(
                {
                    "user": server.user,
                    "password": server.password,
                    "imap_port": server.imap_port,
                    "smtp_port": server.smtp_port,
                }
            )
        )
        at_work = (Customers(server), Colleague(server, store), Arrivals(server))
        people = [asyncio.create_task(person.run()) for person in at_work]
        await _obey(server)
    finally:
        for person in people:
            person.cancel()
        await asyncio.gather(*people, return_exceptions=True)
        await server.stop()


def clear(store: Path, *, remove: bool) -> None:
    """End the worker that still syncs a store, and take the store's folder away where that is wanted.

    The folder stays where an error was written down in it: the sentence that ended the console names that file.
    """
    remove = remove and not errorlog.path_beside(store).exists()
    ends = time.monotonic() + STOP_SECONDS
    while (holder := synclock.holder(store)) is not None and time.monotonic() < ends + 1:
        with suppress(OSError):
            if holder.pid:  # 0: it has not said yet who it is
                os.kill(holder.pid, signal.SIGTERM if time.monotonic() < ends else signal.SIGKILL)
        time.sleep(0.1)
    while remove and store.parent.exists() and time.monotonic() < ends + 2:
        shutil.rmtree(store.parent, ignore_errors=True)
        time.sleep(0.05)


async def _obey(server: DemoServer) -> None:
    orders = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin.buffer)
    while line := await orders.readline():
        await server.network(up=line.strip() == UP.encode())
        _say(DONE)


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def main(arguments: Sequence[str]) -> int:
    """Run the process; return its exit status."""
    address, store = arguments[0], Path(arguments[1])
    try:
        with suppress(asyncio.CancelledError, BrokenPipeError, DemoError):
            asyncio.run(serve(address, store))
    finally:
        clear(store, remove="--remove" in arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
