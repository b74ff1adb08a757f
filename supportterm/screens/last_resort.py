"""What ends the console when nothing else does: in time, and with the terminal as it was found."""

from __future__ import annotations

import contextlib
import os
import sys
import termios
import threading
import time
from typing import Any

SECONDS = 1.5
"""How long a console that was told to end may take."""
_PLAIN = b"\x1b[?2004l\x1b[?7h\x1b[?1000l\x1b[?1003l\x1b[?1015l\x1b[?1006l\x1b[?1004l\x1b[<u\x1b[?1049l\x1b[?25h\x1b[0m"
_armed = threading.Event()


def has_terminal() -> bool:
    """Tell whether the terminal is still there; one that was closed is none any more."""
    return sys.__stdin__ is not None and os.isatty(sys.__stdin__.fileno())


def arm(driver: Any, status: int) -> None:
    """End this process in a while, whatever it does until then; the first call counts."""
    if not _armed.is_set():
        _armed.set()
        threading.Thread(target=_wait, args=(driver, status), name="last resort", daemon=True).start()


def _wait(driver: Any, status: int) -> None:
    time.sleep(SECONDS)
    restoring = threading.Thread(target=restore, args=(driver,), daemon=True)
    restoring.start()
    restoring.join(0.2)  # a terminal that takes nothing is left as it is
    os._exit(status)


def restore(driver: Any) -> None:
    """Give the terminal back as it was found, where it is still there."""
    with contextlib.suppress(OSError, termios.error, AttributeError, ValueError):
        if (attributes := driver.attrs_before) is not None:
            termios.tcsetattr(driver.fileno, termios.TCSANOW, attributes)
        if sys.__stderr__ is not None and os.isatty(sys.__stderr__.fileno()):
            os.write(sys.__stderr__.fileno(), _PLAIN)
