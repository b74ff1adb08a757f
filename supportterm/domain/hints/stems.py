"""What a text is about: its content words, cut to stems that survive endings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from supportterm.domain.lexicon import fold

_WORD = re.compile(r"[^\W_]+")
_KATAKANA = re.compile(r"[ァ-ヺー]{2,}|[a-z0-9]{2,}")
_KANJI = re.compile(r"[々一-鿿]+")
_ENGLISH_ENDING = re.compile(r"(?:ations?|ings?|ments?|ness|edly|ied|ies|ers?|ed|es|ly|s|e|y)$")
_SHORTEST = {"en": 3, "ru": 3, "tr": 2}
_LONGEST = {"en": 6, "ru": 5, "tr": 5}
_COMMON_KANJI = frozenset("事時物方何今日中後前的上下人様御用場可能出来行見言思教頂致申際等回")


def stems(text: str, lang: str, common: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return the stems of a text's words that are not common, both folded.

    In Japanese: words in katakana, pairs of kanji, and single ones that say something.
    """
    return frozenset(_stems(text, lang, common))


def _stems(text: str, lang: str, common: frozenset[str]) -> Iterator[str]:
    folded = fold(text, lang)
    if lang == "ja":
        yield from _KATAKANA.findall(folded)
        for run in _KANJI.findall(folded):
            yield from (run[at : at + 2] for at in range(len(run) - 1))
            yield from (sign for sign in run if sign not in _COMMON_KANJI)
        return
    shortest, longest = _SHORTEST.get(lang, 3), _LONGEST.get(lang, 6)
    for word in _WORD.findall(folded):
        if word in common or (len(word) < shortest and not word.isdigit()):
            continue
        stem = _ENGLISH_ENDING.sub("", word) if lang == "en" and len(word) > shortest + 1 else word
        yield (stem if len(stem) >= shortest else word)[:longest]
