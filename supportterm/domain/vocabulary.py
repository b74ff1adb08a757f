"""Which words of a text a dictionary is asked about: those an author writes, no names, codes, links or quotes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from supportterm.domain.concepts import LONGEST
from supportterm.domain.hints.masking import masked, without_quotations

_CHUNK = re.compile(r"\S+")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_CODE = re.compile(r"[\d_@#/\\<>=$%^+~|&{}§№]|\w[.:]\w|\*\w+\*|^-{1,2}\w")
_LETTERS = {
    "en": re.compile(r"[A-Za-zÀ-ɏ'’]+"),
    "tr": re.compile(r"[A-Za-zÀ-ɏ'’]+"),
    "ru": re.compile(r"[А-Яа-яЁё]+"),
}
_BEGINS = re.compile(r"(?:^|[.!?…:;\n])[\"'“”«»„(\[*•–—\s-]*$")
_LONGEST_WORD = 64
_SHORTEST_NAME = 4
_RUSSIAN_ENDING = "аеёийоуыьэюя"


class Word(NamedTuple):
    """A word to look up, with straight apostrophes: first code point and end in the text."""

    start: int
    end: int
    word: str


def words(text: str, lang: str, blanks: Iterable[tuple[int, int]] = ()) -> list[Word]:
    """Return the words of a text to look up in a language's dictionary; `blanks` are spans that are nobody's words.

    A word with a capital in the middle of a sentence is a name; in capitals, or with some inside, a code.
    """
    letters = _LETTERS.get(lang)
    if letters is None:
        return []
    plain = without_quotations(masked(text[:LONGEST]))
    for start, end in blanks:
        plain = plain[:start] + " " * (min(end, len(plain)) - start) + plain[end:]
    found = []
    for chunk in _CHUNK.finditer(plain):
        if _CODE.search(chunk.group()):
            continue
        for one in _WORD.finditer(plain, *chunk.span()):
            word = one.group().replace("’", "'")
            if not 1 < len(word) <= _LONGEST_WORD or not letters.fullmatch(word) or not word[1:].islower():
                continue
            if word[0].isupper() and not _BEGINS.search(plain, max(one.start() - 8, 0), one.start()):
                continue
            found.append(Word(one.start(), one.end(), word))
    return found


@dataclass(frozen=True, slots=True)
class Fine:
    """Words that are right whatever a dictionary says: `words` as they stand, `names` with their endings too."""

    words: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    @staticmethod
    def of(texts: Iterable[str], names: Iterable[str]) -> Fine:
        """Take every word of texts, and of names."""
        return Fine(_folded(texts), _folded(names))

    def __or__(self, other: Fine) -> Fine:
        return Fine(self.words | other.words, self.names | other.names)

    def holds(self, word: str, lang: str) -> bool:
        """Tell whether a word is one of them."""
        lower = word.casefold()
        stem = lower.partition("'")[0]
        if not self.words.isdisjoint((lower, stem)) or not self.names.isdisjoint((lower, stem)):
            return True
        if lang == "en":
            return False
        return any(lower.startswith(_stem(name)) for name in self.names if len(name) >= _SHORTEST_NAME)


def _folded(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(
        form
        for text in texts
        for found in _WORD.findall(text)
        for word in (found.replace("’", "'").casefold(),)
        for form in {word, word.partition("'")[0]}
    )


def _stem(name: str) -> str:
    return name[:-1] if name[-1] in _RUSSIAN_ENDING else name


def unknown(found: Iterable[Word], meant: Mapping[str, str | None], fine: Fine, lang: str) -> list[Word]:
    """Return the words that a dictionary said it lacks, and nobody else holds."""
    return [word for word in found if meant.get(word.word) is not None and not fine.holds(word.word, lang)]
