"""Commands that triggers run: one after the other, each at most once, without a shell, for a bounded time.

A command is marked as running before it begins. One that a worker's end cut
short is not run again, as nobody knows how far it came: that is told.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import Mapping
from typing import Any

from supportterm.desk.context import Desk
from supportterm.domain.errors import StoreError
from supportterm.domain.events import EventKind
from supportterm.domain.text import clean
from supportterm.domain.triggers import BY
from supportterm.store import journal, warned

_KEPT = 4_000
"""Bytes of what a command says that are kept."""
_SAID = 300
_UNTIL_QUIET = 1.0
"""Seconds for what was ended to let go of its pipes."""
_PATIENCE = 5.0
"""Seconds a worker that ends waits for the command that runs."""
_CUT_SHORT = "the worker ended while it ran; it is not run again"


class TriggerCommands:
    """Runs the commands that wait, beside the worker's own work."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None
        self._has_looked_back = False

    def look(self, desk: Desk) -> None:
        """Begin to run what waits, unless that is under way; call it where an event loop runs."""
        if self._task is not None and not self._task.done():
            return
        with desk.database.write(bulk=True) as session:
            if not self._has_looked_back:
                self._has_looked_back = True
                for run in warned.runs(session, "running"):
                    warned.move_run(session, run["id"], "running", "unknown", desk.now(), _CUT_SHORT)
                    _entered(session, desk, run, _CUT_SHORT)
            waits = bool(warned.runs(session, "queued"))
        if waits:
            self._task = asyncio.get_running_loop().create_task(self._run_all(desk))

    async def close(self) -> None:
        """Wait a little for the command that runs, then end it."""
        if self._task is None:
            return
        await asyncio.wait([self._task], timeout=_PATIENCE)
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError, StoreError):
            await self._task

    async def _run_all(self, desk: Desk) -> None:
        while True:
            with desk.database.write(bulk=True) as session:
                waiting = warned.runs(session, "queued")
            if not waiting:
                return
            run = waiting[0]
            with desk.database.write(bulk=True) as session:
                if not warned.move_run(session, run["id"], "queued", "running", desk.now()):
                    continue
            failure = await run_one(json.loads(run["argv"]), run["given"], desk.config.trigger_commands.timeout_seconds)
            with desk.database.write(bulk=True) as session:
                state = "failed" if failure else "done"
                warned.move_run(session, run["id"], "running", state, desk.now(), failure)
                _entered(session, desk, run, failure or "done")


async def run_one(argv: list[str], given: str, seconds: float) -> str:
    """Run a program with a text on its input; return what went wrong in a sentence, else nothing.

    A program that takes longer is ended with all it started. Its own words
    are read to the end, and kept as far as they are of use.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *argv,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        return f"it cannot be started: {getattr(error, 'strerror', None) or error}"
    kept = bytearray()
    try:
        async with asyncio.timeout(seconds):
            await asyncio.gather(_give(process, given), _read(process, kept))
            status = await process.wait()
    except TimeoutError:
        return f"it took longer than {seconds:g} s and was ended{_words(kept)}"
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        with contextlib.suppress(asyncio.CancelledError, TimeoutError):
            async with asyncio.timeout(_UNTIL_QUIET):
                await process.wait()
                await _read(process, bytearray(_KEPT))
    return "" if status == 0 else f"it ended with status {status}{_words(kept)}"


async def _give(process: asyncio.subprocess.Process, given: str) -> None:
    if process.stdin is not None:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            process.stdin.write(given.encode())
            await process.stdin.drain()
        process.stdin.close()


async def _read(process: asyncio.subprocess.Process, kept: bytearray) -> None:
    while process.stdout is not None and (part := await process.stdout.read(4096)):
        kept += part[: max(_KEPT - len(kept), 0)]


def _words(kept: bytearray) -> str:
    said = clean(kept.decode("utf-8", "replace"), _SAID)
    return f": {said}" if said else ""


def _entered(session: Any, desk: Desk, run: Mapping[str, Any], what: str) -> None:
    program = clean(json.loads(run["argv"])[0], 100)
    payload = {"trigger": run["name"], "run": run["id"], "why": f"{program} of the trigger “{run['name']}”: {what}"}
    journal.append(session, run["ticket_key"], EventKind.TRIGGERED, payload, by=BY, at=desk.now())
