"""The school grade a text reads as, where somebody published how to tell for its language; else None.

English: Flesch-Kincaid grade level (Kincaid, Fishburne, Rogers, Chissom 1975,
Research Branch Report 8-75). Russian: Oborneva's reading ease (2006), brought
to grades by Flesch's own bands (1949). Turkish: Ateşman's readability (Dil
Dergisi 58, 1997), brought to grades by the bands published with it. All three
count words, sentences and syllables, and say little of a short text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from supportterm.domain.hints.masking import masked

FEWEST = 20
"""Words below which a grade is chance."""
_LONGEST = 20_000
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_COUNTED = re.compile(r"\w+(?:['’-]\w+)*")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)|\n\s*\n|\n(?=\s*[-*•\d])|(?<=[,:])\n")
_ENGLISH_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]e|[aeiouy]les?|[^aeiouytd]ed|[^aeiouyscxzghl]es)$")
_RUSSIAN_VOWELS = re.compile(r"[аеёиоуыэюя]")
_TURKISH_VOWELS = re.compile(r"[aeıioöuüâîû]")


def grade(text: str, lang: str) -> int | None:
    """Return the grade a text reads as, 1 or more; None for another language or too few words.

    Quotes, code and the signature do not count.
    """
    formula = _FORMULAS.get(lang)
    if formula is None:
        return None
    plain = masked(text[:_LONGEST])
    sentences = [found for part in _SENTENCE_END.split(plain) if (found := _WORD.findall(part))]
    every = [word for sentence in sentences for word in sentence]
    if len(every) < FEWEST:
        return None
    syllables = sum(map(_SYLLABLES[lang], every))
    return max(1, round(formula(len(every) / len(sentences), syllables / len(every))))


def count(text: str) -> tuple[int, str]:
    """Return how long a text is, in words, or in characters where nothing parts the words, and which of both."""
    characters = len(_UNSPACED.findall(text))
    words = len(_COUNTED.findall(text))
    return (characters, "characters") if characters > words else (words, "words")


def _english(word: str) -> int:
    lower = word.lower()
    return max(1, len(_ENGLISH_VOWELS.findall(lower)) - bool(_SILENT.search(lower)))


def _russian(word: str) -> int:
    return max(1, len(_RUSSIAN_VOWELS.findall(word.lower())))


def _turkish(word: str) -> int:
    return max(1, len(_TURKISH_VOWELS.findall(word.replace("I", "ı").replace("İ", "i").lower())))


def _banded(bands: Sequence[tuple[float, float]], ease: float) -> float:
    """Return the grade of a reading ease between the grades of the two bands around it."""
    ease = min(max(ease, bands[-1][0]), bands[0][0])
    for (high, easier), (low, harder) in pairwise(bands):
        if ease >= low:
            return harder - (harder - easier) * (ease - low) / (high - low)
    return bands[-1][1]


_FLESCH = ((100.0, 4.0), (90.0, 5.0), (80.0, 6.0), (70.0, 7.0), (60.0, 9.0), (50.0, 12.0), (30.0, 16.0), (0.0, 18.0))
_ATESMAN = ((100.0, 3.0), (90.0, 4.0), (80.0, 6.0), (70.0, 8.0), (60.0, 10.0), (50.0, 12.0), (40.0, 15.0), (30.0, 16.0))
_FORMULAS: Mapping[str, Callable[[float, float], float]] = {
    "en": lambda length, syllables: 0.39 * length + 11.8 * syllables - 15.59,
    "ru": lambda length, syllables: _banded(_FLESCH, 206.835 - 1.3 * length - 60.1 * syllables),
    "tr": lambda length, syllables: _banded(_ATESMAN, 198.825 - 40.175 * syllables - 2.610 * length),
}
_SYLLABLES: Mapping[str, Callable[[str], int]] = {"en": _english, "ru": _russian, "tr": _turkish}
