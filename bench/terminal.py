"""A program under a pseudo terminal: keys in, bytes out, and when they came."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench.registry import BenchError

COLUMNS, ROWS = 120, 36
QUIET = 0.03
"""Seconds without a byte after which a frame counts as complete."""
PATIENCE = 60.0
_ANSWERS = (
    (re.compile(rb"\x1b\[(?:0)?c"), b"\x1b[?62;22c"),
    (re.compile(rb"\x1b\[>(?:0)?q"), b"\x1bP>|bench\x1b\\"),
    (re.compile(rb"\x1b\[6n"), b"\x1b[1;1R"),
    (re.compile(rb"\x1b\[5n"), b"\x1b[0n"),
    (re.compile(rb"\x1b\[\?2026\$p"), b"\x1b[?2026;2$y"),
    (re.compile(rb"\x1b\[\?2048\$p"), b"\x1b[?2048;0$y"),
)
"""What a modern terminal answers at once when a program asks for its kind or its cursor."""

_SEQUENCE = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]P_^X].*?(?:\x07|\x1b\\)|.)", re.S)


class Terminal:
    """Runs one program, `with` starts it and kills what is left of it; times are `time.perf_counter()`."""

    def __init__(
        self, command: Sequence[str], cwd: Path | None = None, environment: Mapping[str, str] | None = None
    ) -> None:
        self._command = list(command)
        self._cwd = cwd
        self._environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", **(environment or {})}
        self.output = bytearray()
        self.started = 0.0
        self.last = 0.0
        """When the newest byte came."""
        self.pid = 0
        self._master = -1

    def __enter__(self) -> Terminal:
        self.started = time.perf_counter()
        self.pid, self._master = pty.fork()
        if self.pid == 0:
            try:
                fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
                if self._cwd:
                    os.chdir(self._cwd)
                os.execvpe(self._command[0], self._command, self._environment)
            finally:
                os._exit(127)
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)
        os.close(self._master)

    def press(self, keys: bytes) -> float:
        """Type, and return when."""
        now = time.perf_counter()
        os.write(self._master, keys)
        return now

    def read(self, seconds: float) -> bytes:
        """Return what comes within so many seconds, as soon as anything does; empty where nothing comes.

        Raises:
            BenchError: the program has ended.
        """
        if not select.select([self._master], [], [], seconds)[0]:
            return b""
        try:
            found = os.read(self._master, 1 << 16)
        except OSError:
            found = b""
        if not found:
            raise BenchError(f"{self._command[0]} ended: {self.words()[-200:]}")
        self.last = time.perf_counter()
        self.output += found
        for question, answer in _ANSWERS:
            for _ in question.findall(found):
                os.write(self._master, answer)
        return found

    def words(self) -> str:
        """Return what was written so far without its control sequences."""
        plain = re.sub(
            rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]P_^X].*?(?:\x07|\x1b\\)|.)", b"", bytes(self.output), flags=re.S
        )
        return plain.decode("utf-8", "replace")

    def until(self, seen: Callable[[bytes], bool], patience: float = PATIENCE) -> float:
        """Read until what came since this call shows something, and return when its last byte came.

        Raises:
            BenchError: it did not come in time.
        """
        start, deadline = len(self.output), time.perf_counter() + patience
        while not seen(bytes(self.output[start:])):
            left = deadline - time.perf_counter()
            if left <= 0:
                raise BenchError(f"{self._command[0]} showed nothing of the sort: {self.words()[-200:]!r}")
            self.read(left)
        return self.last

    def settle(self, quiet: float = QUIET, patience: float = PATIENCE) -> float:
        """Read until nothing has come for so long, and return when the last byte came."""
        deadline = time.perf_counter() + patience
        while self.read(quiet) and time.perf_counter() < deadline:
            pass
        return self.last

    def paint(self, keys: bytes) -> float | None:
        """Press keys and return the milliseconds until their frame was complete; None where nothing was painted."""
        pressed = self.press(keys)
        if not self.read(1.0):
            return None
        return (self.settle() - pressed) * 1000

    def memory(self) -> tuple[float, float]:
        """Return the process's resident and proportional memory in MB; zeros where the system does not tell."""
        try:
            told = Path(f"/proc/{self.pid}/smaps_rollup").read_text()
        except OSError:
            return 0.0, 0.0
        found = {name: int(kilobytes) / 1024 for name, kilobytes in re.findall(r"^(Rss|Pss):\s+(\d+) kB", told, re.M)}
        return found.get("Rss", 0.0), found.get("Pss", 0.0)
