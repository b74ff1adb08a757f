"""Calling back: a time in the customer's own time zone becomes a clock of the agent who promised it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from supportterm.config import Config
from supportterm.desk import promising, reminding
from supportterm.desk.context import Desk
from supportterm.desk.verbs import Done
from supportterm.domain import moments, reply_times
from supportterm.domain.errors import RefusedError
from supportterm.domain.message import Message
from supportterm.domain.policies import ClockKind
from supportterm.domain.ticket import MessageKind
from supportterm.mail import headers

KINDS = frozenset({ClockKind.CALLBACK.value})
_OF_A_TIME = 8
"""Words at the beginning of what is typed that may say when."""


def zone_of(conversation: Sequence[Message], source: Callable[[str], bytes], config: Config) -> tzinfo:
    """Return the customer's time zone: the offset their latest own mail was written with, else the policy's.

    Where the policy's clocks showed the same, the policy's zone is meant: it changes to and from summer time.
    `source` gives the beginning of a mail's source by its name, empty where it is gone.
    """
    ours = ZoneInfo(config.policy.time_zone)
    spoken = (m for m in reversed(conversation) if m.kind is MessageKind.CUSTOMER and m.raw)
    latest = next(spoken, None)
    if latest is not None and (head := source(latest.raw or "")):
        written = headers.date(headers.split(head)[0].raw("date"))
        zone = reply_times.zone_of(written)
        if zone is not None and written is not None and not _alike(written, ours):
            return zone
    return ours


def _alike(written: datetime, ours: tzinfo) -> bool:
    try:
        return written.astimezone(ours).utcoffset() == written.utcoffset()
    except OverflowError:
        return False


def read(text: str, config: Config, now: datetime, zone: tzinfo) -> tuple[datetime, str] | None:
    """Read when to call back and why, `friday 14:00 the invoice`, by the clocks in a zone; None where it is unclear."""
    words = text.split()
    for count in range(min(len(words), _OF_A_TIME), 0, -1):
        if (at := promising.instant(" ".join(words[:count]), config, now, zone)) is not None and at > now:
            return at, " ".join(words[count:])
    return moments.split(text, now, zone)


def call_back(desk: Desk, named: str, due_at: datetime, words: str = "") -> Done:
    """Have this agent call a ticket's customer back at a time; any number of callbacks may run.

    Raises:
        NotFoundError: no such ticket.
        RefusedError: the time has passed.
    """
    return reminding.remind(desk, named, due_at, words, kind=ClockKind.CALLBACK)


def done(desk: Desk, named: str, clock: str | None = None) -> Done:
    """Say that a callback was kept otherwise than by a call of this console: the one named, else the ticket's next.

    Raises:
        NotFoundError: no such ticket.
        RefusedError: no callback runs on it.
    """
    return reminding.done(desk, named, clock, KINDS)


def drop(desk: Desk, named: str, clock: str | None = None) -> Done:
    """Let a callback rest that nobody waits for any more.

    Raises:
        NotFoundError: no such ticket.
        RefusedError: no callback runs on it.
    """
    return reminding.drop(desk, named, clock, KINDS)


def in_words(instant: datetime, zone: tzinfo) -> str:
    """Return an instant as the customer's clocks show it: `Tue 03 Mar, 15:00 (UTC+9)`."""
    return f"{instant.astimezone(zone):%a %d %b, %H:%M} ({reply_times.offset_name(instant, zone)})"


def unclear(text: str) -> RefusedError:
    """Return the refusal of words that name no time to come."""
    return RefusedError(
        f"“{text}” begins with no clear time to come. Write one like `friday 14:00 the invoice` or `2h`."
    )
