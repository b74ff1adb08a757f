"""A time to come as a customer reads it in their language: `tomorrow, Tuesday, 09:26`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo


def spoken(instant: datetime, now: datetime, lang: str, zone: tzinfo | None = None) -> str:
    """Return an instant as a person in `zone` would say it (without one: the machine's), to the minute before it.

    Languages other than Russian, Japanese and Turkish read English. The words
    fit behind "by", "не позднее чем", "en geç" and before "までに".
    """
    here = instant.astimezone(zone)
    before = _BEFORE_TIME.get(lang.lower().partition("-")[0], ", ")
    return f"{spoken_day(here.date(), now.astimezone(zone).date(), lang)}{before}{here:%H:%M}"


def spoken_day(day: date, today: date, lang: str) -> str:
    """Return a day as a person would say it: `tomorrow, Tuesday`, `Friday, 27 November`."""
    words = _LANGUAGES.get(lang.lower().partition("-")[0], _english)
    return words(day, (day - today).days, day.year == today.year)


def dated(day: date, today: date, lang: str) -> str:
    """Return a day by its name and date, however near, to stand behind "on" as well as "by": `Monday, 30 November`."""
    words = _LANGUAGES.get(lang.lower().partition("-")[0], _english)
    return words(day, _FAR, day.year == today.year)


def near(day: date, today: date, lang: str) -> str:
    """Return a day within the next six by its name alone, another as `dated` does: `Monday`, `в среду`, `月曜日`."""
    if not 0 < (day - today).days < 7:
        return dated(day, today, lang)
    code = lang.lower().partition("-")[0]
    name = _DAYS.get(code, _DAYS["en"])[day.weekday()]
    return f"{name}曜日" if code == "ja" else name


def brief(instant: datetime, now: datetime, lang: str) -> str:
    """Return an instant, by the clocks of its own zone, as shortly as it can be said: `15:00 today`, `Monday 9:30`."""
    here = now.astimezone(instant.tzinfo).date()
    code = lang.lower().partition("-")[0]
    today, tomorrow, between = _BRIEF.get(code, _BRIEF["en"])
    day = {0: today, 1: tomorrow}.get((instant.date() - here).days) or near(instant.date(), here, lang)
    at = f"{instant:%H.%M}" if code == "tr" else f"{instant:%H:%M}"
    return f"{at} {day}" if code not in ("ru", "ja", "tr") and day in (today, tomorrow) else f"{day}{between}{at}"


def offset_name(instant: datetime, zone: tzinfo) -> str:
    """Return how far a zone is from UTC at an instant: `UTC+9`, `UTC-3:30`, `UTC`."""
    offset = instant.astimezone(zone).utcoffset() or timedelta(0)
    minutes = abs(offset) // timedelta(minutes=1)
    if not minutes:
        return "UTC"
    hours, rest = divmod(minutes, 60)
    return f"UTC{'-' if offset < timedelta(0) else '+'}{hours}{f':{rest:02}' if rest else ''}"


def zone_of(written: datetime | None) -> tzinfo | None:
    """Return the zone a mail's Date names; None for UTC, which many servers write whatever zone their sender is in."""
    if written is None or written.tzinfo is None or written.tzinfo is UTC or not written.utcoffset():
        return None
    return written.tzinfo


def _english(day: date, days: int, this_year: bool) -> str:
    name = _DAYS["en"][day.weekday()]
    if days in (0, 1):
        return f"{('today', 'tomorrow')[days]}, {name}"
    return f"{name}, {day.day} {_MONTHS['en'][day.month - 1]}{'' if this_year else f' {day.year}'}"


def _russian(day: date, days: int, this_year: bool) -> str:
    name = _DAYS["ru"][day.weekday()]
    if days in (0, 1):
        return f"{('сегодня', 'завтра')[days]}, {name}"
    return f"{name}, {day.day} {_MONTHS['ru'][day.month - 1]}{'' if this_year else f' {day.year} года'}"


def _japanese(day: date, days: int, this_year: bool) -> str:
    near = {0: "本日 ", 1: "明日 "}.get(days, "")
    return f"{near}{'' if this_year else f'{day.year}年'}{day.month}月{day.day}日（{_DAYS['ja'][day.weekday()]}）"


def _turkish(day: date, days: int, this_year: bool) -> str:
    name = _DAYS["tr"][day.weekday()]
    if days in (0, 1):
        return f"{('bugün', 'yarın')[days]}, {name}"
    return f"{day.day} {_MONTHS['tr'][day.month - 1]}{'' if this_year else f' {day.year}'} {name}"


_BRIEF = {
    "en": ("today", "tomorrow", " "),
    "ru": ("сегодня", "завтра", " к "),
    "ja": ("本日", "明日", ""),
    "tr": ("bugün", "yarın", " saat "),
}
_FAR = 99
"""Days from which on no day is near."""
_BEFORE_TIME = {"ru": ", в ", "ja": "", "tr": ", saat "}
_LANGUAGES: dict[str, Callable[[date, int, bool], str]] = {
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
