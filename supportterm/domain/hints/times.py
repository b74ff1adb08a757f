"""The times that suggestions name: what can be said truthfully instead of “soon” and “not this week”."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from supportterm.domain.reply_times import brief, near

EXAMPLES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "en": {"soon": "15:00 today"},
        "ru": {"soon": "сегодня к 15:00"},
        "ja": {"soon": "本日15:00"},
        "tr": {"soon": "bugün saat 15.00"},
    }
)
"""By language what stands where nobody's hours are known."""


@dataclass(frozen=True, slots=True)
class Times:
    """When a desk can say something, and when it can begin and have done with some work; `soon` is in its own zone."""

    now: datetime
    soon: datetime
    day: date
    """The next working day."""
    day_end: date
    """The second one after it."""
    week: date
    """The first working day of next week."""
    week_end: date

    def words(self, lang: str) -> dict[str, str]:
        """Return the names rewrites use -> their words in a language."""
        today = self.now.astimezone(self.soon.tzinfo).date()
        days = {"day": self.day, "day_end": self.day_end, "week": self.week, "week_end": self.week_end}
        return {"soon": brief(self.soon, self.now, lang), **{n: near(day, today, lang) for n, day in days.items()}}
