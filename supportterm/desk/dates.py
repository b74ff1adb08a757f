"""Calendar dates in words, read by `dateparser`; it is loaded when the first one is read."""

from __future__ import annotations

import re
from datetime import date, datetime

_NUMERIC = re.compile(r"(?:(\d{4})[年./-])?(\d{1,2})[月./-](\d{1,2})(?:日|\.(?!\d))?(?:[./](\d{4}|\d\d))?")
_BRACKETS = re.compile(r"[（(].[)）]")
_ENDINGS = re.compile(r"(?<=\d)-?(?:го|му|е|ого)\b|'\w+|^the |\bof\b|\bthe\b")
_LONG_AGO = 60
"""Days past until which a date without a year is meant to be this year's, and is over."""


def read(text: str, lang: str, now: datetime) -> date | None:
    """Return the date that words name, seen from `now` in its zone: `3 December`, `3 декабря`, `12月3日`.

    A date without a year is the next such one, unless it has only just passed.
    None where it is none, or could be two: `3/12` in English.
    """
    said = _BRACKETS.sub("", text).strip()
    if found := _NUMERIC.fullmatch(said):
        return _numeric(found, lang, now.date())
    import dateparser

    parsed = dateparser.parse(
        " ".join(_ENDINGS.sub(" ", said).rstrip(".").split()),
        languages=[lang],
        settings={
            "RELATIVE_BASE": now.replace(tzinfo=None),
            "PREFER_DATES_FROM": "current_period",
            "REQUIRE_PARTS": ["day", "month"],
            "RETURN_AS_TIMEZONE_AWARE": False,
        },
    )
    if parsed is None:
        return None
    return _coming(parsed.month, parsed.day, parsed.year if re.search(r"\d{4}", said) else None, now.date())


def _numeric(found: re.Match[str], lang: str, today: date) -> date | None:
    before, first, second, after = found.groups()
    year = int(before or after or 0)
    year += 2000 if 0 < year < 100 else 0
    day, month = int(first), int(second)
    if before or lang == "ja":
        day, month = month, day
    elif lang == "en" and "/" in found.group() and day != month:
        if max(day, month) <= 12:
            return None
        if month > 12:
            day, month = month, day
    return _coming(month, day, year or None, today)


def _coming(month: int, day: int, year: int | None, today: date) -> date | None:
    try:
        named = date(year or today.year, month, day)
        if year is None and (today - named).days > _LONG_AGO:
            return date(today.year + 1, month, day)
    except ValueError:
        return None
    return named
