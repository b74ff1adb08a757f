"""Whom a greeting names, and whether that is the customer."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from supportterm.domain.hints.subject import Finding, Subject
from supportterm.domain.lexicon import fold

_WHERE = 160
"""Code points within which a greeting stands."""
_ALIKE = 0.6
_SHORT_FORM = 3
_CYRILLIC_TO_LATIN = dict(zip("абвгдеёзийклмнопрстуфыэ", "abvgdeeziiklmnoprstufye", strict=True)) | {
    "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya", "ь": "", "ъ": "",
}  # fmt: skip


def wrong_name(subject: Subject) -> Iterator[Finding]:
    """Find a greeting that names somebody who is not the customer."""
    name, greeting = subject.reply.customer_name, subject.packs.shapes.patterns.get(f"greeting-{subject.reply.lang}")
    if not name or greeting is None:
        return
    found = greeting.search(subject.text, 0, _WHERE)
    if found is None:
        return
    said = found["name"].rstrip(" .　")
    start = found.start("name")
    if not _is_theirs(said, name, subject):
        first = name.split()[0] if name.split() else name
        yield Finding(start, start + len(said), {"name": name, "found": said}, first)


def _is_theirs(said: str, name: str, subject: Subject) -> bool:
    """Tell whether a greeting's words may mean the customer; where that cannot be told they may."""
    lang, lists = subject.reply.lang, subject.packs.shapes.lists
    if lang == "ja":
        mine, theirs = "".join(said.split()), "".join(name.split())
        return not mine or mine in theirs or theirs in mine or _kind(mine) != _kind(theirs)
    words = [word.strip(".'’") for word in fold(said, lang).replace("-", " ").split()]
    named = [word for word in words if word not in lists["titles"] and word not in lists["nobody"]]
    theirs_all = [_latin(word.strip(".,'’")) for word in fold(name, lang).replace("-", " ").split()]
    theirs_all = [word for word in theirs_all if word]
    if not named or not theirs_all or any(_kind(word) == "other" for word in theirs_all):
        return True
    if len(theirs_all) == 1 and not lists["titles"].isdisjoint(words):
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
