"""What of a text the customer says now: quotes, signatures and quoted words are blanked, offsets stay."""

from __future__ import annotations

import re

_QUOTED_LINE = re.compile(r"^[ \t]*(?:[>＞|]|\w{1,3}>).*$", re.MULTILINE)
_INTRODUCTION = re.compile(r"^[^\n>]{3,200}[:：][ \t]*(?=\n[ \t\n]{0,20}[>＞])", re.MULTILINE)
_SEPARATOR = re.compile(
    r"^[ \t]*[-_=*]{2,20}[ \t]*\w[^\n]{0,60}?[-_=*]{2,20}[ \t]*$|^_{20,}[ \t]*$|^--[ \t]?$"
    r"|^(?:sent from my|get outlook for|отправлено с|iphoneから送信|\w+'?(?:den|dan) gönderildi)\b.*$",
    re.MULTILINE | re.IGNORECASE,
)
_HEADERS = re.compile(
    r"^\*?(?:from|от|von|de|差出人|kimden)\*?[ \t]?[:：][^\n]*\n(?:\*?\w[\w ]{0,20}\*?[ \t]?[:：][^\n]*\n){2}",
    re.M | re.I,
)
_SIGN_OFF = re.compile(
    r"^[ \t]*(?:(?:(?:best|kind|warm|many) )?regards|best wishes|yours(?: \w+)?|sincerely(?: yours)?|cheers|best"
    r"|с уважением|с наилучшими пожеланиями|всего доброго"
    r"|saygılarım(?:ız)?la|iyi çalışmalar|sevgiler|kolay gelsin|敬具|よろしくお願い(?:いた|致)?します)[ \t,.!。]*$",
    re.MULTILINE | re.IGNORECASE,
)
_MARKS = (('"', '"', 40), ("“", "”", 40), ("„", "“”", 40), ("«", "»", 40), ("「", "」", 20), ("『", "』", 20))
"""What opens a quotation, what may close it, and how many characters it may have to be a name or a saying."""
_QUOTED_WORDS = re.compile(
    "|".join(rf"{begin}(?:[^{end}\n]|\n(?!\s*\n)){{1,{longest}}}[{end}]" for begin, end, longest in _MARKS)
    + r"|‘[^’\n]{1,40}’(?!\w)|(?<!\w)'[^'\n]{1,40}'(?!\w)|`[^`\n]{1,200}`"
)
_ERROR_MESSAGE = re.compile(
    r"\b[45]\d\d\b|\b(?:error|failed|failure|denied|invalid|not found|timed? ?out|exception|unavailable)\b"
    r"|ошибк|не удалось|не найден|недоступн|неизвестн|неверн|отказано|запрещен"
    r"|エラー|失敗|できません|無効|見つかりません|\bhata|başarısız|geçersiz|bulunamadı|reddedildi",
    re.IGNORECASE,
)
"""What a program says when it fails: in quotation marks it is still the trouble itself, not a name for something."""
_SIGNATURE_LINES = 8


def own_words(text: str) -> str:
    """Return the text as long as before, with blanks where it is not the customer speaking now.

    Blanked: quoted lines with their introduction, forwarded and earlier mails,
    signatures, code and words in quotation marks, except error messages.
    """
    text = _QUOTED_WORDS.sub(_blank_name, _INTRODUCTION.sub(_blank, text))
    text = _QUOTED_LINE.sub(_blank, text)
    for mark in (_SEPARATOR, _HEADERS):
        if (found := mark.search(text)) and text[: found.start()].strip():
            text = text[: found.start()] + _blank_text(text[found.start() :])
    for found in _SIGN_OFF.finditer(text):
        tail = text[found.end() :]
        if len(tail.strip().splitlines()) <= _SIGNATURE_LINES and text[: found.start()].strip():
            return text[: found.start()] + _blank_text(text[found.start() :])
    return text


def _blank_name(found: re.Match[str]) -> str:
    said = found.group()
    return said if said[0] != "`" and _ERROR_MESSAGE.search(said) else _blank_text(said)


def _blank(found: re.Match[str]) -> str:
    return _blank_text(found.group())


def _blank_text(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
