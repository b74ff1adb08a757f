"""Texts as a screen shows them: cleaned, cut and padded to terminal cells, times in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.cells import cell_len, set_cell_size

from supportterm.domain import clocks
from supportterm.domain.moments import UNTIL_THEY_WRITE
from supportterm.domain.text import clean, clean_body
from supportterm.domain.ticket import Ticket

NO_SUBJECT, NOBODY = "(no subject)", "(no sender)"
"""What stands where a mail leaves a place empty."""


def line(text: str, limit: int = 2_000) -> str:
    """Return a foreign text as one safe line; the door every foreign string passes on its way to a screen."""
    return clean(text, limit)


def body(text: str) -> str:
    """Return a foreign text of many lines, safe to show."""
    return clean_body(text).expandtabs(4)


def fit(text: str, cells: int, more: str = "…") -> str:
    """Return a line cut or padded to exactly so many terminal cells."""
    if cells <= 0:
        return ""
    if text.isascii() and text.isprintable():
        return text.ljust(cells) if len(text) <= cells else text[: cells - 1] + more
    if cell_len(text) <= cells:
        return set_cell_size(text, cells)
    return set_cell_size(text, cells - 1) + more


def customer(ticket: Ticket) -> str:
    """Return the customer's name, else their address."""
    return line(ticket.requester_name or ticket.requester_address) or NOBODY


def subject(ticket: Ticket) -> str:
    """Return the subject, or a word for none."""
    return line(ticket.subject) or NO_SUBJECT


_KINDS = {
    "first reply": "reply",
    "next reply": "reply",
    "resolution": "solve",
    "callback": "call",
    "follow-up": "follow",
    "reminder": "remind",
}


def kind(clock: str | None) -> str:
    """Return what a clock is for in one short word, seven cells at most."""
    return _KINDS.get(clock or "", clock or "due")


def due(ticket: Ticket, now: datetime) -> tuple[str, str]:
    """Return the clock's kind and what is left: `("reply", "41 min")`, `("late", "4 min")`, two blanks without one."""
    if ticket.due_at is None:
        return "", ""
    words = clocks.in_words(ticket.due_at - now)
    if words.startswith("late "):
        return "late", words.removeprefix("late ")
    return kind(ticket.due_kind), words


def pressing(due_at: datetime | None, warnings: Sequence[datetime], now: datetime) -> str:
    """Say how far a clock is: `late`, `hurry` after its last warning, `warn` after the first, else empty."""
    if due_at is None:
        return ""
    if due_at < now:
        return "late"
    passed = sum(each <= now for each in warnings)
    return "" if not passed else "hurry" if passed == len(warnings) > 1 else "warn"


def ago(instant: datetime, now: datetime) -> str:
    """Return how long ago something was: `4 s`, `41 min`, `3 d`."""
    seconds = (now - instant).total_seconds()
    return f"{max(int(seconds), 0)} s" if seconds < 60 else clocks.in_words(now - instant)


def when(instant: datetime, now: datetime) -> str:
    """Return an instant in the machine's zone, as short as it can be understood: `today 08:12`, `yesterday 17:30`.

    The end of a snooze that no time ends is `they write`.
    """
    if instant >= UNTIL_THEY_WRITE:
        return "they write"
    here, today = instant.astimezone(), now.astimezone().date()
    days = (today - here.date()).days
    if days == 0:
        return f"today {here:%H:%M}"
    if abs(days) == 1:
        return f"{'yesterday' if days > 0 else 'tomorrow'} {here:%H:%M}"
    return f"{here:%a %d %b %H:%M}" if here.year == today.year else f"{here:%Y-%m-%d %H:%M}"


def length(seconds: int) -> str:
    """Return a length of time in words: `3 d`, `90 min`."""
    for unit, name in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds % unit == 0:
            return f"{seconds // unit} {name}"
    return f"{seconds} s"
