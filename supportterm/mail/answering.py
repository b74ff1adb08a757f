"""The words a reply owes to the mail it answers: its subject and the quoted text."""

from __future__ import annotations

import re
from datetime import datetime

_PREFIX = re.compile(
    r"""\s*(?:re|r|aw|antw(?:ort)?|sv(?:ar)?|vs|ynt|cvp|cevap|yan[ıi]t|отв(?:ет)?|odp|rif|rép|rep|resp?|bls|vá|ats|atb|απ|σχετ
        |回复|回覆|答复|答覆|返信|답장|رد)\.?\s*(?:\[\d+\]|\(\d+\)|\^?\d+)?\s*[:：]""",
    re.IGNORECASE | re.VERBOSE,
)
_FORWARDED = re.compile(r"(?:\s*(?:fwd?|wg|tr|i|пересл|転送|i̇lt|ilt)\s*[:：])+", re.IGNORECASE)
_TOKEN = re.compile(r"\s*\[ST-[0-9A-Za-z]{5,10}\]", re.IGNORECASE)
_LONGEST = 300


def reply_subject(subject: str, ref: str) -> str:
    """Return the subject of a reply: `Re: ` once, then the matter, then the ticket's token once.

    Knows the marks other programs and languages set for `Re:`. Another
    ticket's token gives way. `ref` is like `ST-7KQ2F`.
    """
    matter = _TOKEN.sub("", " ".join(subject.split()))
    while match := _PREFIX.match(matter):
        matter = matter[match.end() :]
    matter = matter.strip()
    if len(matter) > _LONGEST:
        matter = matter[: _LONGEST - 1].rstrip() + "…"
    return " ".join(part for part in ("Re:", matter, f"[{ref}]") if part)


def without_marks(subject: str) -> str:
    """Return the matter alone, as Thread-Topic names it: without `Re:` and the like, and without the token."""
    matter = _TOKEN.sub("", " ".join(subject.split()))
    while match := _PREFIX.match(matter) or _FORWARDED.match(matter):
        matter = matter[match.end() :]
    return matter.strip()


def forward_subject(subject: str, ref: str) -> str:
    """Return the subject of a forward: `Fwd: ` once, then the matter, then the ticket's token once."""
    return "Fwd:" + reply_subject(_FORWARDED.sub("", " ".join(subject.split())), ref).removeprefix("Re:")


def quote(text: str, name: str, date: datetime, lang: str) -> str:
    """Return a mail's text as a reply quotes it: who wrote when, then every line behind `> `.

    The introduction stands in `lang` (en, ja, ru, tr; else English), in the
    form that mail programs recognise and fold. `date` is shown in its own zone.
    """
    writer = " ".join(name.split())
    introduce = _INTRODUCTIONS.get(lang.lower()[:2], _english)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
    quoted = (f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in lines)
    return "\n".join((introduce(writer, date), *quoted))


def _english(name: str, date: datetime) -> str:
    day, month = _DAYS["en"][date.weekday()], _MONTHS["en"][date.month - 1]
    return f"On {day}, {date.day} {month} {date.year} at {date:%H:%M}, {name or 'you'} wrote:"


def _russian(name: str, date: datetime) -> str:
    day, month = _DAYS["ru"][date.weekday()], _MONTHS["ru"][date.month - 1]
    return f"{day}, {date.day} {month} {date.year} г. в {date:%H:%M}, {name + ' пишет' if name else 'вы писали'}:"


def _japanese(name: str, date: datetime) -> str:
    day = _DAYS["ja"][date.weekday()]
    return (
        f"{date.year}年{date.month}月{date.day}日({day}) {date:%H:%M} {name + ' さん' if name else ''}".rstrip() + ":"
    )


def _turkish(name: str, date: datetime) -> str:
    day, month = _DAYS["tr"][date.weekday()], _MONTHS["tr"][date.month - 1]
    when = f"{date.day} {month} {date.year} {day}, {date:%H:%M} tarihinde"
    return f"{name}, {when} şunu yazdı:" if name else f"{when} şunu yazdınız:"


_INTRODUCTIONS = {"en": _english, "ru": _russian, "ja": _japanese, "tr": _turkish}
_DAYS = {
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    "ru": ("пн", "вт", "ср", "чт", "пт", "сб", "вс"),
    "ja": ("月", "火", "水", "木", "金", "土", "日"),
    "tr": ("Pzt", "Sal", "Çar", "Per", "Cum", "Cmt", "Paz"),
}
_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "ru": ("янв.", "февр.", "мар.", "апр.", "мая", "июн.", "июл.", "авг.", "сент.", "окт.", "нояб.", "дек."),
    "tr": ("Oca", "Şub", "Mar", "Nis", "May", "Haz", "Tem", "Ağu", "Eyl", "Eki", "Kas", "Ara"),
}
