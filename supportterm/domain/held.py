"""A mail that leaves at a time its author named, by the clocks of whoever it was named for."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from supportterm.domain import clocks
from supportterm.domain.ledger import ClockState, TicketClock
from supportterm.domain.operations import Operation, State
from supportterm.domain.policies import ClockKind
from supportterm.domain.reply_times import offset_name

THEIRS, OURS = "theirs", "ours"
LONGEST = timedelta(days=366)
"""How far ahead a mail may be held."""
KEY = "later"
"""Where an operation's payload keeps whose clocks its time was named by."""
_OWED = frozenset({ClockKind.FIRST_REPLY.value, ClockKind.NEXT_REPLY.value, "promise"})
_OUR_WORDS = ("ours", "our time", "our", "mine", "my time", "yours", "your time", "here", "local", "local time")
_THEIR_WORDS = ("theirs", "their time", "there")
_UTC = re.compile(r"(?:utc|gmt)(?:([+-])(\d{1,2})(?::?(\d\d))?)?")
_SOON = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Hold:
    """When a mail is to leave; `zone` is the one its time was named in, `whose` says whose that is."""

    at: datetime
    zone: tzinfo
    whose: str = THEIRS

    @property
    def payload(self) -> dict[str, Any]:
        """The hold as an operation keeps it."""
        offset = self.at.astimezone(self.zone).utcoffset() or timedelta(0)
        return {"offset": round(offset.total_seconds()), "whose": self.whose}


def is_held(operation: Operation) -> bool:
    """Tell whether a mail waits for a time its author named, and not just for its undo time."""
    return operation.state is State.QUEUED and KEY in operation.payload


def of(operation: Operation) -> Hold | None:
    """Return the hold of a mail that has one."""
    kept = operation.payload.get(KEY)
    if not isinstance(kept, Mapping):
        return None
    zone = timezone(timedelta(seconds=int(kept.get("offset", 0))))
    return Hold(operation.not_before, zone, str(kept.get("whose", THEIRS)))


def zoned(text: str, theirs: tzinfo, ours: tzinfo | None) -> tuple[str, tzinfo | None, str]:
    """Part the words of a time from the zone that ends them, `Monday 9:00 UTC+3`, `Monday 9:00 ours`.

    Returns:
        The time's words, the zone (None for the machine's own), and whose it is.
    """
    words = " ".join(text.split()).rstrip(",")
    for count in (2, 1):
        head, tail = _parted(words, count)
        if not head:
            continue
        if tail in _OUR_WORDS:
            return head, ours, OURS
        if tail in _THEIR_WORDS:
            return head, theirs, THEIRS
        if count == 1 and (zone := _named(tail)) is not None:
            return head, zone, tail
    return words, theirs, THEIRS


def in_words(hold: Hold, now: datetime, ours: tzinfo | None = None) -> str:
    """Return when a mail leaves, by both clocks: `Mon 09:00 (theirs; 08:00 yours)`, `Mon 09:00` where they agree."""
    there, here = hold.at.astimezone(hold.zone), hold.at.astimezone(ours)
    first = _day(there, now.astimezone(hold.zone))
    if there.utcoffset() == here.utcoffset():
        return first
    yours = f"{here:%H:%M}" if here.date() == there.date() else _day(here, now.astimezone(ours))
    if hold.whose == OURS:
        return f"{first} (yours)"
    whose = THEIRS if hold.whose == THEIRS else offset_name(hold.at, hold.zone)
    return f"{first} ({whose}; {yours} yours)"


def outlasts(running: Iterable[TicketClock], at: datetime) -> TicketClock | None:
    """Return what a mail that leaves at an instant would come too late for, the first due: a reply, a promise."""
    owed = (c for c in running if c.kind in _OWED and c.state is ClockState.RUNNING and c.due_at and c.due_at < at)
    return min(owed, key=lambda clock: clock.due_at or at, default=None)


def late_words(clock: TicketClock, at: datetime, now: datetime, ours: tzinfo | None = None) -> str:
    """Say that a mail leaves after what it is owed for is due: `the first reply is due Sun 19:00, 14 h before`."""
    due = clock.due_at or at
    what = f"the promise “{clock.words}”" if clock.kind == "promise" else f"the {clock.kind}"
    if due <= now:
        return f"{what} is late already"
    return f"{what} is due {_day(due.astimezone(ours), now.astimezone(ours))}, {clocks.in_words(at - due)} before that"


def _day(instant: datetime, today: datetime) -> str:
    is_near = abs(instant - today) < _SOON
    return f"{instant:%a %H:%M}" if is_near else f"{instant:%a %d %b %H:%M}"


def _parted(words: str, count: int) -> tuple[str, str]:
    parts = words.rsplit(" ", count)
    if len(parts) <= count:
        return "", ""
    return parts[0].rstrip(" ,("), " ".join(parts[1:]).strip("()").lower()


def _named(word: str) -> tzinfo | None:
    """Return the zone a word names: `utc+3`, `europe/berlin`, `tokyo`."""
    if match := _UTC.fullmatch(word):
        hours, minutes = int(match[2] or 0), int(match[3] or 0)
        if hours > 14 or minutes > 59:
            return None
        return timezone((-1 if match[1] == "-" else 1) * timedelta(hours=hours, minutes=minutes))
    name = _cities().get(word)
    return ZoneInfo(name) if name else None


@functools.cache
def _cities() -> Mapping[str, str]:
    """Return lower-case zone name, and its last part -> the zone's name; of regions and cities only."""
    found: dict[str, str] = {}
    for name in sorted(available_timezones()):
        region, slash, _ = name.partition("/")
        if slash and region not in ("Etc", "posix", "right", "SystemV", "US"):
            found[name.lower()] = name
            found.setdefault(name.rpartition("/")[2].lower(), name)
    return found
