"""What should not have happened, written down for whoever mends it: a small log beside the store, for its owner only.

`$SUPPORTTERM_LOG` names a second file that hears everything. Texts of others
pass the gate for control characters; passwords are never logged.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import stat
import tempfile
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from supportterm.domain.errors import SupporttermError
from supportterm.domain.text import clean_body

VARIABLE = "SUPPORTTERM_LOG"
_BYTES = 512 << 10
_LONGEST = 1 << 20
"""Bytes after which what a worker said is forgotten."""
log = logging.getLogger("supportterm")


def path_beside(store: Path) -> Path:
    """Return where the log of a store lies."""
    return store.with_name(store.name + ".errors.log")


def begin(store: Path) -> None:
    """Log errors beside the store from now on, and everything where `$SUPPORTTERM_LOG` names a file."""
    root = logging.getLogger()
    asked = os.environ.get(VARIABLE)
    wanted = [(path_beside(store), logging.ERROR), *([(Path(asked).expanduser(), logging.DEBUG)] if asked else [])]
    have = {handler.baseFilename for handler in root.handlers if isinstance(handler, _OwnersFile)}
    for path, level in wanted:
        if str(path.absolute()) not in have:
            handler = _OwnersFile(path, maxBytes=_BYTES, backupCount=1, encoding="utf-8", delay=True)
            handler.setLevel(level)
            handler.setFormatter(_Safe("%(asctime)s %(process)d %(levelname)s %(message)s"))
            root.addHandler(handler)
    log.setLevel(logging.DEBUG if asked else logging.ERROR)


def sentence(error: BaseException, store: Path) -> str:
    """Return what a person is told of an error; one that is nobody's fault but ours is logged, and the file named."""
    if isinstance(error, SupporttermError):
        return str(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return "The disk is full. Nothing was lost: free some space, then do it again."
    where = record(error, store)
    details = f" Details: {where}" if where else ""
    return f"Something went wrong that should not have ({type(error).__name__}).{details}"


def record(error: BaseException, store: Path) -> Path | None:
    """Write an error down and return the file: beside the store, else in the temporary folder, else None."""
    record = log.makeRecord(log.name, logging.ERROR, "", 0, "unexpected", (), (type(error), error, error.__traceback__))
    for path in (path_beside(store), Path(tempfile.gettempdir()) / f"supportterm-{os.getuid()}.errors.log"):
        try:
            handler = _OwnersFile(path, maxBytes=_BYTES, backupCount=1, encoding="utf-8")
        except OSError:
            continue
        handler.setFormatter(_Safe("%(asctime)s %(process)d %(message)s"))
        handler.emit(record)
        handler.close()
        if not handler.failed:
            return path
    return None


def curb(descriptor: int, longest: int = _LONGEST) -> None:
    """Keep a log that is appended to from growing without end; a terminal, a pipe, a foreign file is left alone."""
    with contextlib.suppress(OSError):
        found = os.fstat(descriptor)
        if stat.S_ISREG(found.st_mode) and found.st_size > longest:
            os.ftruncate(descriptor, 0)


class _OwnersFile(RotatingFileHandler):
    """A rotating file of mode 0600, no link followed; a full disk is borne in silence."""

    failed = False

    def _open(self) -> TextIOWrapper:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
        return os.fdopen(os.open(self.baseFilename, flags, 0o600), "a", encoding="utf-8", errors="replace")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 logging's own name
        self.failed = True


class _Safe(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return clean_body(super().format(record))
