"""Whom a greeting names, and whether that is the customer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from supportterm.domain.hints.subject import Finding, Subject
from supportterm.domain.lexicon import fold

_LATIN = r"[A-ZÀ-ÖØ-ÞĀ-ŽŞİĞ][\w'’.-]*"
_CYRILLIC = r"[А-ЯЁ][а-яё-]+"
_TITLES = frozenset(
    "mr mrs ms miss mx dr prof sir madam professor doctor bey hanim bay bayan hanimefendi beyefendi господин госпожа г г-н г-жа".split()  # noqa: SIM905 a sentence of titles reads better than a list of strings
)
_NOBODY = frozenset(
    "there all everyone everybody team folks customer client colleague colleagues friend friends both again and sir madam guest"
    " user member subscriber support sales support-team valued my our"
    " коллеги друзья клиент клиенты покупатель всем команда пользователь гость"
    " herkese arkadaslar musterimiz ekip ekibi kullanici misafirimiz dostum degerli".split()  # noqa: SIM905 as above
)
_GREETINGS = {
    "en": re.compile(
        r"^[ \t]*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|greetings|welcome(?: back)?)[ ,]+"
        rf"(?-i:(?P<name>(?:{_LATIN}[ ]?){{1,4}}))(?=[,!.:;\n–—-]|$|and\b|ve\b)",
        re.IGNORECASE | re.MULTILINE,
    ),
    "ru": re.compile(
        r"^[ \t]*(?:здравствуйте|добрый (?:день|вечер)|доброе утро|приветствую(?: вас)?|привет|уважаем(?:ый|ая|ые)|дорог(?:ой|ая))"
        rf"[ ,!]+(?-i:(?P<name>(?:(?:{_CYRILLIC}|{_LATIN})[ ]?){{1,3}}))(?=[,!.\n—-]|$)",
        re.IGNORECASE | re.MULTILINE,
    ),
    "tr": re.compile(
        r"^[ \t]*(?:merhabalar|merhaba|selamlar|selam|say[ıi]n|sevgili|iyi (?:günler|akşamlar)|günaydın|de[ğg]erli)[ ,]+"
        rf"(?-i:(?P<name>(?:{_LATIN}[ ]?){{1,4}}))(?=[,!.:;\n–—-]|$|and\b|ve\b)",
        re.IGNORECASE | re.MULTILINE,
    ),
    "ja": re.compile(
        r"^[ \t　]*(?P<name>(?:(?!お客|皆|担当|御中|各位|会員|仕様|同様)[一-鿿々ぁ-んァ-ヶーA-Za-z・ 　]){1,16}?)[ 　]?(?:様|さま|さん|殿)",
        re.MULTILINE,
    ),
}
_ENGLISH_ELSEWHERE = ("ru", "tr")
_WHERE = 160
"""Code points within which a greeting stands."""
_ALIKE = 0.6
_SHORT_FORM = 3
_CYRILLIC_TO_LATIN = dict(
    zip(
        "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
        "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch . y . e yu ya".split(),  # noqa: SIM905 pairs
        strict=True,
    )
)


def wrong_name(subject: Subject) -> Iterator[Finding]:
    """Find a greeting that names somebody who is not the customer."""
    name, greeting = subject.reply.customer_name, _GREETINGS.get(subject.reply.lang)
    if not name or greeting is None:
        return
    found = greeting.search(subject.text, 0, _WHERE)
    if found is None:
        return
    said = found["name"].rstrip(" .　")
    start = found.start("name")
    if not _is_theirs(said, name, subject.reply.lang):
        first = name.split()[0] if name.split() else name
        yield Finding(start, start + len(said), {"name": name, "found": said}, first)


def _is_theirs(said: str, name: str, lang: str) -> bool:
    """Tell whether a greeting's words may mean the customer; where that cannot be told they may."""
    if lang == "ja":
        mine, theirs = "".join(said.split()), "".join(name.split())
        return not mine or mine in theirs or theirs in mine or _kind(mine) != _kind(theirs)
    words = [word.strip(".'’") for word in fold(said, lang).replace("-", " ").split()]
    named = [word for word in words if word not in _TITLES and word not in _NOBODY]
    theirs_all = [_latin(word.strip(".,'’")) for word in fold(name, lang).replace("-", " ").split()]
    theirs_all = [word for word in theirs_all if word]
    if not named or not theirs_all or any(_kind(word) == "other" for word in theirs_all):
        return True
    if len(theirs_all) == 1 and any(word in _TITLES for word in words):
        return True
    across = any(_kind(word) != _kind(fold(name, lang)[:1]) for word in named)
    return any(_matches(_latin(word), one, across) for word in named for one in theirs_all)


def _matches(said: str, name: str, across: bool) -> bool:
    if said == name or (min(len(said), len(name)) >= _SHORT_FORM and (said.startswith(name) or name.startswith(said))):
        return True
    return across and SequenceMatcher(None, said, name).ratio() >= _ALIKE


def _latin(word: str) -> str:
    return "".join(_CYRILLIC_TO_LATIN.get(letter, letter) for letter in word)


def _kind(word: str) -> str:
    letter = next((c for c in word if c.isalpha()), "a")
    if letter < "\u0250":
        return "latin"
    return "cyrillic" if "\u0400" <= letter <= "\u04ff" else "kana" if "\u3040" <= letter <= "\u30ff" else "other"
