"""Lengths of time as a policy writes them: `"90 s"`, `"10 min"`, `"24 h"`, `"2 business days"`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

LONGEST = timedelta(days=366)
NONE = "none"
"""The word for no target at all."""

_UNITS = {
    timedelta(seconds=1): ("s", "sec", "secs", "second", "seconds"),
    timedelta(minutes=1): ("m", "min", "mins", "minute", "minutes"),
    timedelta(hours=1): ("h", "hr", "hrs", "hour", "hours"),
    timedelta(days=1): ("d", "day", "days"),
}
_BY_NAME = {name: unit for unit, names in _UNITS.items() for name in names}
_LENGTH = re.compile(
    r"(?P<number>\d{1,6}(?:\.\d{1,3})?)\s*(?:(?P<first>business|clock)\s+)?(?P<unit>[a-z]+)(?:\s+(?P<last>business|clock))?"
)


class LengthError(ValueError):
    """A text that is no length of time; it says what to write."""


@dataclass(frozen=True, slots=True)
class Length:
    """A length of time; `business` is None where the text does not say in which time it runs."""

    number: float
    unit: timedelta
    business: bool | None = None

    def of(self, working_day: timedelta) -> timedelta:
        """Return it in time; a business day lasts `working_day`, any other day 24 hours."""
        unit = working_day if self.business and self.unit == timedelta(days=1) else self.unit
        return self.number * unit


def parse(text: str) -> Length:
    """Read a length; from one second to 366 days.

    Raises:
        LengthError: it is none.
    """
    match = _LENGTH.fullmatch(text.strip().lower())
    unit = _BY_NAME.get(match["unit"]) if match else None
    if match is None or unit is None or (match["first"] and match["last"]):
        raise LengthError(f'{text!r} is no length of time. Write it like "90 s", "24 h" or "2 business days".')
    word = match["first"] or match["last"]
    length = Length(float(match["number"]), unit, None if word is None else word == "business")
    if not timedelta(seconds=1) <= length.number * unit <= LONGEST:
        raise LengthError(f"{text!r} is out of reach: a length is at least a second and at most 366 days.")
    return length
