"""`demo` in a terminal: the console on the demo's mailbox, with customers, a colleague and a cable to pull."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from supportterm.cli.output import Output

if TYPE_CHECKING:
    from supportterm.app import SupporttermApp
    from supportterm.demo.live import Live

UNDO_SECONDS = 10
POLL_SECONDS = 15
"""So often the worker also looks where nobody tells it of new mail: in Sent, where the colleague's answers come."""
_SIGNALS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def play(folder: Path, output: Output, *, kept: bool) -> int:
    """Open the console on a demo in an empty folder, which goes again unless it is kept; return the exit status."""
    from supportterm.demo.live import Live
    from supportterm.demo.scratch import CONFIG, PASSWORD_VARIABLE, STORE, configure

    with _signals(), Live(folder / STORE, kept=kept) as live:
        from supportterm.cli.console import work_at

        account = live.account()
        config = configure(folder, account, undo_seconds=UNDO_SECONDS, poll_seconds=POLL_SECONDS)
        os.environ[PASSWORD_VARIABLE] = account.password

        def furnish(app: SupporttermApp) -> None:
            from supportterm.screens.widgets.coach import Coach

            app.coach = Coach(app.support)
            app.extra_commands |= cable(live, app)

        status = work_at(config, furnish)
    if kept:
        output.say(f"The store is kept: supportterm --config {shlex.quote(str(folder / CONFIG))} queue")
    return status


def cable(live: Live, app: SupporttermApp) -> dict[str, tuple[str, Callable[[str], Awaitable[None]]]]:
    """Return the commands that pull the demo's network cable and plug it in again."""

    async def offline(_: str) -> None:
        await asyncio.to_thread(live.network, up=False)
        app.notify("The cable is out. Work on: what you send waits in the outbox.", markup=False)

    async def online(_: str) -> None:
        await asyncio.to_thread(live.network, up=True)
        app.notify("The cable is in again. What waits leaves by itself.", markup=False)

    return {
        "offline": ("Pull the demo's network cable.", offline),
        "online": ("Plug the demo's network cable in again.", online),
    }


@contextmanager
def _signals() -> Iterator[None]:
    """Let the signals that end a program end it in order, before the console hears them and after."""

    def stop(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = {number: signal.signal(number, stop) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
