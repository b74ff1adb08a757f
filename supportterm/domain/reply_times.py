"""A time to come as a customer reads it in their language: `tomorrow, Tuesday, 09:26`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo


def spoken(instant: datetime, now: datetime, lang: str, zone: tzinfo | None = None) -> str:
    """Return an instant as a person in `zone` would say it (without one: the machine's), to the minute before it.

    Languages other than Russian, Japanese and Turkish read English. The words
    fit behind "by", "не позднее чем", "en geç" and before "までに".
    """
    here, today = instant.astimezone(zone), now.astimezone(zone).date()
    words = _LANGUAGES.get(lang.lower().partition("-")[0], _english)
    return words(here, (here.date() - today).days, here.year == today.year)


def offset_name(instant: datetime, zone: tzinfo) -> str:
    """Return how far a zone is from UTC at an instant: `UTC+9`, `UTC-3:30`, `UTC`."""
    offset = instant.astimezone(zone).utcoffset() or timedelta(0)
    minutes = abs(offset) // timedelta(minutes=1)
    if not minutes:
        return "UTC"
    hours, rest = divmod(minutes, 60)
    return f"UTC{'-' if offset < timedelta(0) else '+'}{hours}{f':{rest:02}' if rest else ''}"


def zone_of(date: datetime | None) -> tzinfo | None:
    """Return the zone a mail's Date names; None for UTC, which many servers write whatever zone their sender is in."""
    if date is None or date.tzinfo is None or date.tzinfo is UTC or not date.utcoffset():
        return None
    return date.tzinfo


def _english(at: datetime, days: int, this_year: bool) -> str:
    day = _DAYS["en"][at.weekday()]
    if days in (0, 1):
        return f"{('today', 'tomorrow')[days]}, {day}, {at:%H:%M}"
    return f"{day}, {at.day} {_MONTHS['en'][at.month - 1]}{'' if this_year else f' {at.year}'}, {at:%H:%M}"


def _russian(at: datetime, days: int, this_year: bool) -> str:
    day = _DAYS["ru"][at.weekday()]
    if days in (0, 1):
        return f"{('сегодня', 'завтра')[days]}, {day}, в {at:%H:%M}"
    return f"{day}, {at.day} {_MONTHS['ru'][at.month - 1]}{'' if this_year else f' {at.year} года'}, в {at:%H:%M}"


def _japanese(at: datetime, days: int, this_year: bool) -> str:
    near = {0: "本日 ", 1: "明日 "}.get(days, "")
    year = "" if this_year else f"{at.year}年"
    return f"{near}{year}{at.month}月{at.day}日（{_DAYS['ja'][at.weekday()]}）{at:%H:%M}"


def _turkish(at: datetime, days: int, this_year: bool) -> str:
    day = _DAYS["tr"][at.weekday()]
    if days in (0, 1):
        return f"{('bugün', 'yarın')[days]}, {day}, saat {at:%H:%M}"
    return f"{at.day} {_MONTHS['tr'][at.month - 1]}{'' if this_year else f' {at.year}'} {day}, saat {at:%H:%M}"


_LANGUAGES: dict[str, Callable[[datetime, int, bool], str]] = {
    "en": _english,
    "ru": _russian,
    "ja": _japanese,
    "tr": _turkish,
}
_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "ru": ("в понедельник", "во вторник", "в среду", "в четверг", "в пятницу", "в субботу", "в воскресенье"),
    "ja": ("月", "火", "水", "木", "金", "土", "日"),
    "tr": ("Pazartesi", "Salı", "Çarşamba", "Perşembe", "Cuma", "Cumartesi", "Pazar"),
}
_MONTHS = {
    "en": (
        *("January", "February", "March", "April", "May", "June", "July", "August", "September", "October"),
        *("November", "December"),
    ),
    "ru": (
        *("января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября"),
        *("ноября", "декабря"),
    ),
    "tr": (
        *("Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim"),
        *("Kasım", "Aralık"),
    ),
}
