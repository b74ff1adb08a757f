"""Typing errors: doubled words, known confusions, and words one slip of the hand from one in the dictionary."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from supportterm.domain.hints.slips import SHORTEST, Verdict
from supportterm.domain.hints.subject import Finding, Subject
from supportterm.domain.lexicon import fold

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_DOUBLED = re.compile(r"(?<![\w'’-])([^\W\d_]+)([ \t]+|[ \t]*\n[ \t]*)\1(?![\w'’-])", re.IGNORECASE)
_PART_OF_A_NAME = re.compile(r"[\w@#/\\.:=&$%+~-]")
_MOST = 40
"""Unknown words looked at in one reply; a text of more is no text."""


def spelling(subject: Subject) -> Iterator[Finding]:
    """Find typing errors; names, codes, house words and the customer's own words are none."""
    pack = subject.pack
    if pack is None:
        return
    house = " ".join((subject.reply.customer, subject.reply.customer_name or "", *subject.reply.known))
    theirs = frozenset(word.lower() for word in _WORD.findall(house))
    yield from _doubled(subject, pack.lists)
    yield from _confused(subject, pack.lists, theirs)
    verdict = subject.packs.dictionaries.get(subject.reply.lang)
    if verdict is not None:
        yield from _slips(subject, verdict, theirs | frozenset(pack.lists.get("words", ())))


def _doubled(subject: Subject, lists: Mapping[str, Any]) -> Iterator[Finding]:
    fine, only = lists.get("doubled-fine", ()), lists.get("doubled-only", ())
    for found in _DOUBLED.finditer(subject.plain):
        word = fold(found[1], subject.reply.lang)
        twice_a_name = found[1][0].isupper() and found.group()[-len(found[1])].isupper()
        if len(found[1]) > 1 and not twice_a_name and word not in fine and (not only or word in only):
            yield Finding(found.start(), found.end(), {"word": " ".join(found.group().split())}, found[1])


def _confused(subject: Subject, lists: Mapping[str, Any], theirs: frozenset[str]) -> Iterator[Finding]:
    lower = _lower(subject.plain)
    typos: Mapping[str, str] = lists.get("typos", {})
    for start, end in _places(lower, typos, by_word=subject.reply.lang != "ja"):
        find, word = lower[start:end], subject.raw[start:end]
        if find not in theirs:
            yield Finding(start, end, {"word": word}, _as_large(word, typos[find]))
    for find, put in lists.get("typo-patterns", {}).items():
        for found in re.finditer(find, lower):
            start, end = found.span() if put else _word_around(lower, found.start())
            word = subject.raw[start:end]
            if lower[start:end] not in theirs and not (put == "" and word[:1].isupper() and start):
                yield Finding(start, end, {"word": word}, found.expand(put) if put else None)


def _places(lower: str, typos: Mapping[str, str], *, by_word: bool) -> Iterator[tuple[int, int]]:
    """Yield where a text holds a known error: a word, several, or signs where no blanks part the words."""
    if by_word:
        yield from (found.span() for found in _WORD.finditer(lower) if found.group() in typos)
    for find in typos:
        if by_word and " " not in find:
            continue
        at = lower.find(find)
        while at >= 0:
            end = at + len(find)
            if not by_word or not (lower[max(at - 1, 0) : at].isalnum() or lower[end : end + 1].isalpha()):
                yield at, end
            at = lower.find(find, end)


def _word_around(lower: str, at: int) -> tuple[int, int]:
    start = end = at
    while start and lower[start - 1].isalpha():
        start -= 1
    while end < len(lower) and lower[end].isalpha():
        end += 1
    return start, end


def _slips(subject: Subject, verdict: Verdict, fine: frozenset[str]) -> Iterator[Finding]:
    unknown = 0
    for found in _WORD.finditer(subject.plain):
        word, start, end = found.group(), found.start(), found.end()
        if len(word) < SHORTEST or not (word.isascii() and word.islower()) or word.endswith("'s") or word in fine:
            continue
        around = subject.plain[max(start - 1, 0) : start] + subject.plain[end : end + 1].strip(".:")
        if _PART_OF_A_NAME.search(around) or subject.plain[end : end + 2].strip()[1:].isalnum():
            continue
        meant = verdict(word)
        unknown += meant is not None
        if unknown > _MOST:
            return
        if meant:
            yield Finding(start, end, {"word": word}, meant)


def _lower(text: str) -> str:
    """Return the text in lower case, code point for code point as long."""
    text = text.replace("İ", "i").replace("’", "'")
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(low if len(low := c.lower()) == 1 else c for c in text)


def _as_large(word: str, put: str) -> str:
    return put[:1].upper() + put[1:] if word[:1].isupper() else put
