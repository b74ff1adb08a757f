"""Where a search's words stand in a text, and the piece of it around the first of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from supportterm.domain.folding import CJK, letters
from supportterm.domain.query import All, Either, Node, Query, Words

Span = tuple[int, int]

_LONGEST = 20_000
_TERM = re.compile(rf"[{CJK}]+|(?:(?![{CJK}])[^\W_])+")
_CJK_LETTER = re.compile(f"[{CJK}]")
_BETWEEN, _START, _END = r"[\W_]", r"(?<![^\W_])", r"(?![^\W_])"
_VOICED = "\u3099\u309a\uff9e\uff9f"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of a text on one line and where in it the words stand, in code points."""

    text: str
    found: tuple[Span, ...] = ()


def wanted(query: Query) -> list[Words]:
    """Return the words a query looks for, without those that must not be there."""
    return list(_words(query.root)) if query.root is not None else []


def _words(node: Node) -> Iterable[Words]:
    match node:
        case Words():
            yield node
        case All(terms=terms) | Either(terms=terms):
            for term in terms:
                yield from _words(term)
        case _:
            return


def places(text: str, words: Sequence[Words]) -> list[Span]:
    """Return where the words stand in a text, in order, none overlapping; letters compared as the search does."""
    pattern = "|".join(found for word in words if (found := _pattern(word)))
    if not pattern or not text:
        return []
    folded, origin = _folded(text[:_LONGEST])
    return [(origin[match.start()], origin[match.end()]) for match in re.finditer(pattern, folded)]


def excerpt(text: str, words: Sequence[Words], room: int) -> Excerpt:
    """Return about so many characters of a text of one line, from a little before the first of the words.

    Cut at the front only; the end is left to whoever knows the width in cells.
    """
    found = places(text, words)
    start = 0
    if found and found[0][0] > room // 3:
        start = found[0][0] - room // 4
        blank = text.find(" ", start, found[0][0])
        start = blank + 1 if blank >= 0 else start
    piece = text[start : start + room * 2]
    lead = "…" if start else ""
    shift = len(lead) - start
    end = len(piece) + start
    return Excerpt(lead + piece, tuple((a + shift, min(b, end) + shift) for a, b in found if a < end))


def _pattern(word: Words) -> str:
    """Return what finds a word or phrase in folded text: whole words, the last one also begun, CJK anywhere."""
    terms = _TERM.findall(letters(word.text))
    if not terms:
        return ""
    parts = [] if _CJK_LETTER.match(terms[0]) else [_START]
    for before, term in zip([None, *terms[:-1]], terms, strict=True):
        if before is not None:
            touching = _CJK_LETTER.match(before) or _CJK_LETTER.match(term)
            parts.append(_BETWEEN + ("*" if touching else "+"))
        parts.append(re.escape(term))
    if not word.partial and not _CJK_LETTER.match(terms[-1]):
        parts.append(_END)
    return "".join(parts)


def _folded(text: str) -> tuple[str, list[int]]:
    """Fold a text letter by letter; the second is where each folded letter came from, and the text's end."""
    if text.isascii():
        return text.lower(), list(range(len(text) + 1))
    parts: list[str] = []
    origin: list[int] = []
    start = 0
    while start < len(text):
        end = start + 1
        while end < len(text) and (unicodedata.combining(text[end]) or text[end] in _VOICED):
            end += 1
        folded = letters(text[start:end])
        parts.append(folded)
        origin += [start] * len(folded)
        start = end
    return "".join(parts), [*origin, len(text)]
