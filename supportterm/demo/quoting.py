"""How mail programs quote what they answer: the line above, by program and language, and the marks."""

from __future__ import annotations

from datetime import datetime

from supportterm.domain.mail import Address

_MONTHS = {
    "en": ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
    "ru": ["янв.", "февр.", "мар.", "апр.", "мая", "июн.", "июл.", "авг.", "сент.", "окт.", "нояб.", "дек."],
    "tr": ["Oca", "Şub", "Mar", "Nis", "May", "Haz", "Tem", "Ağu", "Eyl", "Eki", "Kas", "Ara"],
    "ja": [f"{month}月" for month in range(1, 13)],
}
_DAYS = {
    "en": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"],
    "ru": ["пн", "вт", "ср", "чт", "пт", "сб", "вс"],
    "tr": ["Pzt", "Sal", "Çar", "Per", "Cum", "Cmt", "Paz"],
    "ja": ["月", "火", "水", "木", "金", "土", "日"],
}
_ABOVE = {
    ("gmail", "en"): "On {day}, {month} {d}, {y} at {time}, {who} wrote:",
    ("gmail", "ru"): "{day}, {d} {month} {y} г. в {time}, {who}:",
    ("gmail", "tr"): "{who}, {d} {month} {y} {day}, {time} tarihinde şunu yazdı:",
    ("gmail", "ja"): "{y}年{month}{d}日({day}) {time} {who}:",
    ("apple", "en"): "On {d} {month} {y}, at {time}, {who} wrote:",
    ("apple", "ru"): "{d} {month} {y} г., в {time}, {who} написал(а):",
    ("apple", "tr"): "{who} şunları yazdı ({d} {month} {y} {time}):",
    ("apple", "ja"): "{y}/{m:02}/{d:02} {time}、{who}のメール:",
    ("thunderbird", "en"): "On {d:02}/{m:02}/{y} {time}, {name} wrote:",
    ("thunderbird", "ru"): "{d:02}.{m:02}.{y} {time}, {name} пишет:",
    ("thunderbird", "tr"): "{d:02}.{m:02}.{y} {time} tarihinde {name} yazdı:",
    ("thunderbird", "ja"): "{y}/{m:02}/{d:02} {time} に {name} さんは書きました:",
    ("yandex", "ru"): '{d:02}.{m:02}.{y}, {time}, "{name}" <{address}>:',
}
_BLOCK = {
    "en": (
        "-----Original Message-----",
        "From: {who}",
        "Sent: {d} {month} {y} {time}",
        "To: {to}",
        "Subject: {subject}",
    ),
    "ru": (
        "-----Исходное сообщение-----",
        "От: {who}",
        "Отправлено: {d} {month} {y} г. {time}",
        "Кому: {to}",
        "Тема: {subject}",
    ),
    "tr": (
        "-----Özgün İleti-----",
        "Kimden: {who}",
        "Gönderildi: {d} {month} {y} {time}",
        "Kime: {to}",
        "Konu: {subject}",
    ),
    "ja": (
        "-----元のメッセージ-----",
        "差出人: {who}",
        "送信日時: {y}年{month}{d}日 {time}",
        "宛先: {to}",
        "件名: {subject}",
    ),
}
AGENTS = {
    "gmail": None,
    "apple": "Apple Mail (2.3774)",
    "thunderbird": "Mozilla Thunderbird",
    "outlook": "Microsoft Outlook 16.0",
    "yandex": "Yamail [ https://mail.example ] 5.0",
}
"""What a program calls itself in X-Mailer, None where it does not."""


def quoted(text: str, sender: Address, to: Address, subject: str, when: datetime, program: str, lang: str) -> str:
    """Return a mail as its answer quotes it, `when` being the time on the answerer's clock."""
    facts = {
        "who": f"{sender.name} <{sender.address}>" if sender.name else sender.address,
        "name": sender.name or sender.address,
        "address": sender.address,
        "to": to.name or to.address,
        "subject": subject,
        "day": _DAYS.get(lang, _DAYS["en"])[when.weekday()],
        "month": _MONTHS.get(lang, _MONTHS["en"])[when.month - 1],
        "d": when.day,
        "m": when.month,
        "y": when.year,
        "time": f"{when:%H:%M}",
    }
    lines = text.rstrip().splitlines()
    if program == "outlook":
        head = [line.format(**facts) for line in _BLOCK.get(lang, _BLOCK["en"])]
        return "\n".join([*head, "", *lines])
    above = _ABOVE.get((program, lang), _ABOVE["gmail", "en"]).format(**facts)
    return "\n".join([above, *(f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in lines)])
