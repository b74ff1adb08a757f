"""How commands speak: records to stdout, as text or as JSON lines; words to stderr."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TextIO

from supportterm.domain.moments import UNTIL_THEY_WRITE
from supportterm.domain.text import clean_body

NO_SUBJECT, NOBODY = "(no subject)", "(no sender)"
"""What stands where a mail leaves a place empty."""


def set_up_streams() -> None:
    """Let both streams carry every character: UTF-8 for pipes and files, the terminal's own set with marks else."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


class Output:
    """Where a command writes; every text passes the last gate for control characters."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

    def record(self, record: Mapping[str, Any], text: str) -> None:
        """Write one record: as a JSON line, or as text (skipped where it is empty)."""
        if self.as_json:
            print(json.dumps(record, ensure_ascii=False, default=_plain))  # noqa: T201 this is where output happens
        elif text:
            self.text(text)

    def text(self, text: str) -> None:
        """Write text for people; nothing where JSON was asked for."""
        if not self.as_json:
            print(_shown(clean_body(text, limit=100_000_000), sys.stdout))  # noqa: T201 this is where output happens

    def say(self, words: str) -> None:
        """Write a remark to stderr; nothing where nobody hears it, as in a terminal that was closed."""
        with contextlib.suppress(OSError):
            print(_shown(clean_body(words), sys.stderr), file=sys.stderr)  # noqa: T201 this is where output happens


def local(instant: datetime, now: datetime) -> str:
    """Return an instant in the machine's zone, as short as it can be understood."""
    if instant >= UNTIL_THEY_WRITE:
        return "they write"
    here, today = instant.astimezone(), now.astimezone().date()
    if here.date() == today:
        return f"{here:%H:%M}"
    if here.year == today.year:
        return f"{here:%d %b %H:%M}"
    return f"{here:%Y-%m-%d %H:%M}" if here.date() > today else f"{here:%Y-%m-%d}"


def columns() -> int:
    """Return the terminal's columns, also where the output goes through a pipe to it; 120 where there is none."""
    for descriptor in (1, 2, 0):
        with contextlib.suppress(OSError):
            return shutil.get_terminal_size((os.get_terminal_size(descriptor).columns, 24)).columns
    return shutil.get_terminal_size((120, 24)).columns


def wrapped(text: str, wide: int) -> str:
    """Return a text whose long lines are broken between words, each further piece indented like its line."""
    return "\n".join(piece for line in text.split("\n") for piece in _pieces(line, wide))


def _pieces(line: str, wide: int) -> list[str]:
    if width(line) <= wide:
        return [line]
    from rich.cells import chop_cells

    indent = line[: len(line) - len(line.lstrip(" "))][: wide // 2]
    room = wide - len(indent)
    pieces = [""]
    for word in line.strip(" ").split(" "):
        longer = f"{pieces[-1]} {word}" if pieces[-1] else word
        if width(longer) <= room:
            pieces[-1] = longer
        else:
            pieces += chop_cells(word, room)
    return [indent + piece for piece in pieces if piece]


def _shown(text: str, stream: TextIO) -> str:
    return wrapped(text, columns()) if stream.isatty() else text


def width(text: str) -> int:
    """Return how many terminal columns a text takes."""
    from rich.cells import cell_len

    return cell_len(text)


def fit(text: str, columns: int) -> str:
    """Return a text cut or padded to exactly so many terminal columns."""
    from rich.cells import set_cell_size

    flat = " ".join(text.split())
    return set_cell_size(flat, columns) if width(flat) <= columns else set_cell_size(flat, columns - 1) + "…"


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
