"""A program in a pseudo-terminal of its own, as a person sees and types it; and a store for it to work on.

with terminal(keep(tmp_path), size=(80, 24)) as seen:
    seen.until("Enter open")
    seen.type("j", "enter")
    seen.resize(120, 36)
    ...
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyte
from rich.cells import cell_len

from supportterm.demo import samples
from supportterm.demo.samples import Sample
from supportterm.desk import synclock
from supportterm.paths import shipped_macros
from tests.desk.fakes import ADDRESS, make_world

ROOT = shipped_macros().parent
PATIENCE = 30.0
"""Seconds after which what is waited for is taken never to come; nothing waits that long where all is well."""

QUIET = 0.05
"""Seconds within which the rest of a frame comes."""

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "shift+tab": "\x1b[Z",
    "backspace": "\x7f",
    "space": " ",
    "up": "\x1b[A",
    "down": "\x1b[B",
    "right": "\x1b[C",
    "left": "\x1b[D",
    "home": "\x1b[H",
    "end": "\x1b[F",
    "pageup": "\x1b[5~",
    "pagedown": "\x1b[6~",
    "f1": "\x1bOP",
    "f5": "\x1b[15~",
    "f6": "\x1b[17~",
    "f7": "\x1b[18~",
    "f8": "\x1b[19~",
    "f9": "\x1b[20~",
    "f10": "\x1b[21~",
}
_UNKNOWN_TO_PYTE = re.compile(rb"\x1b\[[<>=][0-9;]*[A-Za-z]|\x1b\[\?[0-9;]*\$p|\x1b\[[0-9;:]*4:[0-9;:]*m")
_MODE = re.compile(rb"\x1b\[\?([0-9;]+)([hl])")
_UNFINISHED = re.compile(rb"\x1b(\[[<>=?]?[0-9;:$]*)?$")
_ESCAPES = re.compile(rb"\x1b\[[0-9;:?<>=]*[ -/]*[@-~]")
_ALTERNATE = 1049
_NOT_HANDED_ON = ("TEXTUAL", "SUPPORTTERM", "NO_COLOR", "COLUMNS", "LINES")
"""What the shell around the tests may have set; a size set there would hide the window's own."""


class Terminal:
    """One program under a pty: `type` to it, look at `text`, wait `until` something shows, `wait` for its end.

    `raw` holds every byte it wrote, `modes` the private modes that are on
    (1049 the other screen, 1000 the mouse; `left_on` those that a program must
    not leave behind). What it asks of the terminal is never answered.
    """

    def __init__(
        self, command: Sequence[str], size: tuple[int, int] = (120, 36), env: Mapping[str, str] | None = None
    ) -> None:
        self.size = size
        self.raw = b""
        self.modes: set[int] = set()
        self._rest = b""
        self._fresh()
        self._master, slave = pty.openpty()
        self._set_size()
        environment = {k: v for k, v in os.environ.items() if not k.startswith(_NOT_HANDED_ON)}
        self.process = subprocess.Popen(
            [*command],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=ROOT,
            env={**environment, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(env or {})},
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(slave)

    @property
    def pid(self) -> int:
        """The program's process."""
        return self.process.pid

    @property
    def lines(self) -> list[str]:
        """The rows of the screen, blanks at their ends taken off."""
        self.look()
        return [self._row(number).rstrip() for number in range(self._shown.lines)]

    @property
    def text(self) -> str:
        """The whole screen."""
        return "\n".join(self.lines)

    @property
    def left_on(self) -> set[int]:
        """The private modes a program must have switched off before it ends, and -1 where keys are not echoed."""
        self.look()
        left = self.modes & {_ALTERNATE, 1000, 1002, 1003, 1004, 1006, 1015, 1016, 2004}
        with contextlib.suppress(termios.error):
            flags = termios.tcgetattr(self._master)[3]
            left |= set() if flags & termios.ECHO and flags & termios.ICANON else {-1}
        return left

    def type(self, *keys: str) -> None:
        """Press keys: names of `KEYS`, `ctrl+x`, or text as it is."""
        for key in keys:
            found = chr(ord(key[-1]) & 0x1F) if re.fullmatch(r"ctrl\+[a-z]", key) else KEYS.get(key, key)
            os.write(self._master, found.encode())

    def until(self, wanted: str | Callable[[str], object], patience: float = PATIENCE) -> str:
        """Wait until a text shows, broken into lines or not, or a question to the screen's text is answered yes.

        Returns the screen with the frame whole in which it showed, where that frame stays.
        """
        ends = time.monotonic() + patience
        while True:
            shown = self.text
            if _holds(wanted, shown):
                self.look(QUIET)
                return whole if _holds(wanted, whole := self.text) else shown
            if time.monotonic() > ends:
                ended = self.process.poll()
                state = "it runs" if ended is None else f"it ended with status {ended}"
                raise AssertionError(f"{wanted!r} never showed, {state}; the screen holds:\n{shown}")
            self.look(0.05)

    def until_told(self, words: str) -> None:
        """Wait until words were written at some time since the start, though a toast may have taken them away again."""
        ends = time.monotonic() + PATIENCE
        while words not in _ESCAPES.sub(b"", self.raw).decode(errors="replace"):
            assert time.monotonic() < ends, f"{words!r} was never told; the screen holds:\n{self.text}"
            self.look(0.05)

    def resize(self, columns: int, rows: int) -> None:
        """Give the window another size, as a person who drags its corner."""
        self.look()
        self.size = (columns, rows)
        self._fresh()
        self._set_size()
        os.killpg(os.tcgetpgrp(self._master), signal.SIGWINCH)

    def wait(self, patience: float = PATIENCE) -> int:
        """Wait for the program's end and return its exit status (a signal's number, negative)."""
        ends = time.monotonic() + patience
        while (status := self.process.poll()) is None:
            if time.monotonic() > ends:
                raise AssertionError(f"it does not end; the screen holds:\n{self.text}")
            self.look(0.02)
        self.look(0.05)
        return status

    def look(self, patience: float = 0.0) -> None:
        """Take in what the program has written, waiting so many seconds for something."""
        while self._master >= 0 and select.select([self._master], [], [], patience)[0]:
            try:
                data = os.read(self._master, 1 << 16)
            except OSError:
                return
            if not data:
                return
            self._take(data)
            patience = 0.0

    def hang_up(self) -> None:
        """Close the window: the kernel sends SIGHUP, and whatever is written goes nowhere."""
        os.close(self._master)
        self._master = -1

    def end(self) -> None:
        """End the program where it still runs."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self._master >= 0:
            self.hang_up()

    def _row(self, number: int) -> str:
        """Return a row; the second cell of a wide sign is skipped, and blank where the sign was written over."""
        row, shown, skip = self._shown.buffer[number], "", False
        for column in range(self._shown.columns):
            data = row[column].data
            if not skip:
                shown += data or " "
            skip = not skip and cell_len(data) == 2
        return shown

    def _fresh(self) -> None:
        self._plain, self._other = pyte.Screen(*self.size), pyte.Screen(*self.size)
        self._shown = self._other if _ALTERNATE in self.modes else self._plain
        self._stream = pyte.ByteStream(self._shown)

    def _set_size(self) -> None:
        columns, rows = self.size
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _take(self, data: bytes) -> None:
        self.raw += data
        data = self._rest + data
        unfinished = _UNFINISHED.search(data)
        self._rest = data[unfinished.start() :] if unfinished else b""
        data = _UNKNOWN_TO_PYTE.sub(b"", data[: unfinished.start()] if unfinished else data)
        begin = 0
        for mode in _MODE.finditer(data):
            numbers = {int(number) for number in mode[1].split(b";") if number}
            self.modes = self.modes | numbers if mode[2] == b"h" else self.modes - numbers
            if _ALTERNATE in numbers:
                self._stream.feed(data[begin : mode.start()])
                begin = mode.end()
                self._shown = self._plain
                if mode[2] == b"h":
                    self._shown = self._other = pyte.Screen(*self.size)
                self._stream = pyte.ByteStream(self._shown)
        self._stream.feed(data[begin:])


def supportterm(config: Path | None, *arguments: str) -> list[str]:
    """Return the command line that opens the console, or runs a command, under a configuration."""
    named = ["--config", str(config)] if config else []
    return [sys.executable, "-m", "supportterm", *named, *arguments]


def end_worker(store: Path) -> None:
    """End the worker that a console left on a store, where there is one."""
    found = synclock.holder(store)
    if found is not None and found.pid not in (0, 1, os.getpid()):
        os.kill(found.pid, signal.SIGKILL)


def _holds(wanted: str | Callable[[str], object], shown: str) -> bool:
    if isinstance(wanted, str):
        return wanted in f"{shown}\n{' '.join(shown.split())}"
    return bool(wanted(shown))


@contextlib.contextmanager
def terminal(
    config: Path | None, *arguments: str, size: tuple[int, int] = (120, 36), env: Mapping[str, str] | None = None
) -> Iterator[Terminal]:
    """Open the console in a terminal of its own, and see that it is gone at the end."""
    opened = Terminal(supportterm(config, *arguments), size, env)
    try:
        yield opened
    finally:
        opened.end()


def keep(
    folder: Path,
    *,
    imap: int = 9,
    smtp: int = 9,
    mails: Sequence[Sample] | None = None,
    undo_seconds: int = 10,
    user: str = ADDRESS,
    password: Sequence[str] = ("printenv", "THROWAWAY"),
    extra: str = "",
) -> Path:
    """Make a store of the demo's conversations, read a moment ago, with its configuration; return the latter's path.

    Nobody listens on port 9, so a worker is offline. `mails` stand in for the
    demo's; `extra` is more of the configuration.
    """
    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    world = make_world(folder)
    world.clock.advance((now - world.clock.now()).total_seconds())
    for sample in samples.load(now - timedelta(minutes=5), ADDRESS) if mails is None else mails:
        world.server.put(sample.raw, sample.folder, sample.received_at)
    asyncio.run(world.sync())
    world.desk.database.close()
    return configure(folder, imap, smtp, undo_seconds, user, password, extra)


def configure(
    folder: Path,
    imap: int = 9,
    smtp: int = 9,
    undo_seconds: int = 10,
    user: str = ADDRESS,
    password: Sequence[str] = ("printenv", "THROWAWAY"),
    extra: str = "",
) -> Path:
    """Write a configuration for the store of a folder and return its path; what signs in is in $THROWAWAY."""
    command = ", ".join(f'"{word}"' for word in password)
    server = f'host = "127.0.0.1"\nsecurity = "plaintext-on-loopback"\nuser = "{user}"\ntimeout_seconds = 5.0\n'
    server += f"password_command = [{command}]\n" if password else ""
    path = folder / "config.toml"
    path.write_text(
        f'store = "{folder / "store.sqlite3"}"\n\n[agent]\nid = "ada"\nname = "Ada"\n\n'
        f'[mailbox]\naddress = "{ADDRESS}"\nname = "Acme Support"\n\n'
        f"[mailbox.imap]\nport = {imap}\n{server}\n[mailbox.smtp]\nport = {smtp}\n{server}\n"
        f"[sending]\nundo_seconds = {undo_seconds}\n\n{extra}",
        encoding="utf-8",
    )
    return path
