"""The query language's vocabulary: which fields there are, and what may stand behind each."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from supportterm.domain import problem
from supportterm.domain.query_hints import meant, nearest
from supportterm.domain.ticket import Status

__all__ = ["CHANNELS", "FIELDS", "HAS", "IS", "LIMIT", "NONE", "PRIORITIES", "SORTS", "TIERS", "UNITS"]
__all__ += ["Day", "Duration", "FieldKind", "Offset", "Operator", "Value", "ValueProblem"]
__all__ += ["nearest", "parse_duration", "reference"]

Operator = Literal[":", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time without a sign: `2h`. What it is measured from depends on the field."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Offset:
    """An instant relative to now: `-7d` is seven days ago, `+2h` in two hours."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day relative to today: 0 is `today`, -1 `yesterday`."""

    days: int


Value = str | int | Duration | Offset | Day | date

PRIORITIES = {"low": 4, "normal": 3, "high": 2, "urgent": 1, "p1": 1, "p2": 2, "p3": 3, "p4": 4, "p5": 5}
TIERS = {"now": 0, "today": 1, "can-wait": 2, "no-answer": 3}
CHANNELS = ("email", "phone", "chat", "social")
CLOCKS = ("promise", "callback", "follow-up", "reminder")
"""Clocks that somebody set, by their kind."""
HAS = ("attachment", "note", "reply", "call", "draft", "tag", "clock", "override", "question", "problem", *CLOCKS)
IS = ("mine", "unassigned", "open", "waiting", "overdue", "snoozed", "auto", "history", "undelivered")
NONE = "none"
"""The value that says a ticket has no assignee, no tag, no language."""
DAYS = {"today": 0, "yesterday": -1, "tomorrow": 1}
UNITS = {"m": 60, "h": 3600, "d": 86400, "w": 604800}
SORTS = ("due", "promise", "created", "updated", "waiting", "priority", "tier", "subject", "from", "status")
LIMIT = 10_000
"""The most a `limit:` may ask for."""

_DURATION = re.compile(r"([+-]?)(\d{1,5})([mhdw])")
_YEARS = range(1971, 2200)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def parse_duration(text: str) -> Duration | Offset | None:
    """Read `30m`, `2h`, `3d`, `1w`, with a sign an offset from now; None where it is neither."""
    match = _DURATION.fullmatch(text.lower())
    if match is None:
        return None
    seconds = int(match[2]) * UNITS[match[3]]
    return Offset(-seconds if match[1] == "-" else seconds) if match[1] else Duration(seconds)


class ValueProblem(Exception):  # noqa: N818 # caught by the parser, which adds the place; never met by a person
    """A value that its field does not take; the text is the sentence after the word itself."""


@dataclass(frozen=True, slots=True)
class FieldKind:
    """What a field takes: how its values are read, the operator it mostly stands with, what to suggest."""

    read: Callable[[str], Value]
    compares: bool = False
    usual: Operator = ":"
    suggestions: tuple[str, ...] = ()


def _one_of(field: str, known: Iterable[str]) -> Callable[[str], Value]:
    words = tuple(known)

    def read(text: str) -> Value:
        if text.lower() not in words:
            raise ValueProblem(meant(field, text, words, _CLOSED))
        return text.lower()

    return read


def _moment(text: str) -> Value:
    lowered = text.lower()
    if lowered in DAYS:
        return Day(DAYS[lowered])
    if (duration := parse_duration(text)) is not None:
        return duration
    if _DATE.fullmatch(text):
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise ValueProblem("There is no such day in the calendar.") from None
        if day.year not in _YEARS:
            raise ValueProblem("The year is beyond any ticket.")
        return day
    near = difflib.get_close_matches(lowered, DAYS, 1, 0.6)
    meant = f"Did you mean `{near[0]}`?" if near else "Write a time like 30m, 2h, 3d, 1w, -7d, today or 2026-11-22."
    raise ValueProblem(meant)


def _length(text: str) -> Value:
    found = parse_duration(text)
    if not isinstance(found, Duration):
        raise ValueProblem("Write a length of time like 30m, 2h, 3d or 1w.")
    return found


def _lower(text: str) -> Value:
    return text.lower()


def reference(text: str) -> str:
    """Return a ticket reference in its written form: `#7kq2f` and `st-7kq2f` become `ST-7KQ2F`."""
    bare = re.sub(r"^(#|ST-)+", "", text.strip().upper())
    return "ST-" + bare.translate(str.maketrans("OIL", "011"))


def _problem(text: str) -> Value:
    number = problem.number_in(text)
    if number is None and text.lower() != NONE:
        raise ValueProblem("Write a problem's name, like P-3, or none.")
    return NONE if number is None else number


_CLOSED = {"status": tuple(Status), "is": IS, "has": HAS, "channel": CHANNELS, "priority": PRIORITIES, "tier": TIERS}
_LENGTHS = ("30m", "2h", "1d", "3d", "1w")
_AHEAD = ("30m", "2h", "1d", "today", "tomorrow")
_MOMENTS = ("today", "yesterday", "-1d", "-7d", "-30d")

FIELDS: dict[str, FieldKind] = {
    "status": FieldKind(_one_of("status", Status), suggestions=tuple(Status)),
    "assignee": FieldKind(str, suggestions=("me", NONE)),
    "tag": FieldKind(_lower, suggestions=(NONE,)),
    "channel": FieldKind(_one_of("channel", CHANNELS), suggestions=CHANNELS),
    "priority": FieldKind(
        _one_of("priority", PRIORITIES), compares=True, suggestions=("low", "normal", "high", "urgent")
    ),
    "tier": FieldKind(_one_of("tier", TIERS), suggestions=tuple(TIERS)),
    "from": FieldKind(str),
    "subject": FieldKind(str),
    "lang": FieldKind(_lower, suggestions=("en", "ja", "ru", "tr", NONE)),
    "ref": FieldKind(reference),
    "problem": FieldKind(_problem, suggestions=(NONE,)),
    "mentions": FieldKind(str.casefold, suggestions=("me",)),
    "has": FieldKind(_one_of("has", HAS), suggestions=HAS),
    "is": FieldKind(_one_of("is", IS), suggestions=IS),
    "due": FieldKind(_moment, compares=True, usual="<", suggestions=_AHEAD),
    "promise": FieldKind(_moment, compares=True, usual="<", suggestions=_AHEAD),
    "callback": FieldKind(_moment, compares=True, usual="<", suggestions=_AHEAD),
    "reminder": FieldKind(_moment, compares=True, usual="<", suggestions=_AHEAD),
    "created": FieldKind(_moment, compares=True, usual=">", suggestions=_MOMENTS),
    "updated": FieldKind(_moment, compares=True, usual=">", suggestions=_MOMENTS),
    "waiting": FieldKind(_length, compares=True, usual=">", suggestions=_LENGTHS),
}
"""Every field a test may name; `sort` and `limit` stand beside them."""
