"""The console with something broken in it, in a process of its own: `python -m tests.faults.console_process WHAT …`.

`WHAT` is a worker that does not work, or what `?` breaks; the rest is the command line.
"""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path
from typing import Any

from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget

from supportterm.__main__ import main
from supportterm.app import SupporttermApp
from supportterm.desk import supervisor, verbs
from supportterm.desk.context import Desk
from supportterm.desk.verbs import Done
from supportterm.screens.base import DeskScreen
from supportterm.store.filters import Where
from supportterm.store.views import reading

BROKEN = "a mistake\x1b]0;in the program"

WORKERS = {
    "dies": "import sys; print('first words'); print('the last words', file=sys.stderr); sys.exit(4)",
    "kills itself": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "sleeps": (
        "import sys, time; from pathlib import Path; from supportterm.desk.synclock import SyncLock;"
        "lock = SyncLock(Path(sys.argv[1]), for_consoles=True); time.sleep(3600)"
    ),
    "spews": (
        "import sys, time; from pathlib import Path; from supportterm.desk.synclock import SyncLock;"
        "lock = SyncLock(Path(sys.argv[1]), for_consoles=True)\n"
        "while True: print('\\x1b[2J' + 'words ' * 10000, flush=True); lock.beat(); time.sleep(0.002)"
    ),
}


class Unrenderable(Widget):
    def render(self) -> str:
        raise RuntimeError(BROKEN)


class Broken(Screen[None]):
    def compose(self) -> ComposeResult:
        yield Unrenderable()


class Unmountable(DeskScreen[None]):
    def on_mount(self) -> None:
        raise RuntimeError(BROKEN)


async def in_background() -> None:
    raise RuntimeError(BROKEN)


def at_once() -> None:
    raise RuntimeError(BROKEN)


def note(desk: Desk) -> Done:
    """Write much, as a verb would."""
    with reading(desk.database.path) as views:
        key = views.queue(Where("1"), limit=1)[0].key
    return verbs.note(desk, key, "word " * 20_000)


BREAKS: dict[str, Any] = {
    "render": lambda app: app.push_screen(Broken()),
    "mount": lambda app: app.push_screen(Unmountable()),
    "action": lambda app: at_once(),
    "timer": lambda app: app.set_timer(0.01, at_once),
    "background": lambda app: app._desk_screen.in_background(in_background()),
    "thread": lambda app: threading.Thread(target=at_once).start(),
    "verb": lambda app: app._desk_screen.perform(note),
    "stuck": lambda app: time.sleep(3600),
}


def worker_that(does: str, store: Path) -> list[str]:
    """Return the command line of a worker that does not work."""
    return [sys.executable, "-c", WORKERS[does], str(store)]


if __name__ == "__main__":
    what, *arguments = sys.argv[1:]
    if what in WORKERS:
        supervisor.command = lambda config: worker_that(what, config.with_name("store.sqlite3"))
        supervisor.PATIENCE = 1.5
        supervisor.Supervisor.__init__.__defaults__ = (None, 1.5, supervisor.time.monotonic)
    else:
        SupporttermApp.action_keys = BREAKS[what]
    sys.exit(main(arguments))
