"""Text made comparable for search: what a person would call the same word becomes the same letters.

Both sides go through `fold`: what is indexed and what is looked for. FTS5's
`unicode61` then finds short words in scripts that set no spaces.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache

CJK = r"々-〇ぁ-ゖゝ-ヺー-ヿㇰ-ㇿ㐀-䶿一-鿿豈-﫿가-힣\U00020000-\U0003ffff"
"""Letters of scripts that set no spaces, as the inside of a character class."""
_MARKS = (
    "[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
)
"""Accents and vowel points. Marks that make another letter (Japanese voicing, Indic vowels) are not among them."""
_WORD = r"[^\W_]+"
"""What the index takes for a word."""
_SHORT_I = "\u0438\u0306"
_LETTERS = str.maketrans({"ı": "i", "\x00": " ", '"': " "} | dict.fromkeys(range(0xD800, 0xE000), "\ufffd"))


@cache
def _pattern(pattern: str) -> re.Pattern[str]:
    """Compile at the first use: these take long, and a start that meets only ASCII has none."""
    return re.compile(pattern)


def fold(text: str) -> str:
    """Return the searchable form of a text.

    NFKC, casefolded, without accents; İ and ı are i, ё is е, й stays itself.
    Runs of Chinese, Japanese and Korean letters become overlapping pairs and
    their last letter, so that any piece of a run can be found.
    """
    if text.isascii():
        return " ".join(text.lower().replace("\x00", " ").replace('"', " ").split())
    return _spaced(letters(text))


def match_expression(terms: Sequence[str], *, prefix: bool = True) -> str:
    """Return an FTS5 MATCH expression for words and phrases that must all occur in one row.

    Every term is quoted, so nothing in it is FTS5 syntax. With `prefix` the
    last term may go on. Empty where no term holds a letter or digit: MATCH
    takes no empty expression.
    """
    quoted = [_quoted(term) for term in terms]
    found = [term for term in quoted if term]
    if found and prefix and quoted[-1] and not found[-1].endswith("*"):
        found[-1] += " *"
    return " AND ".join(found)


def holds(text: str, term: str, *, prefix: bool) -> bool:
    """Tell whether a text holds a word or phrase as a search of the index would find it; a term without letters is.

    With `prefix` the term's last word may go on.
    """
    expression = match_expression([term], prefix=prefix)
    if not expression:
        return True
    wanted = _pattern(_WORD).findall(expression)
    held = _pattern(_WORD).findall(fold(text))
    *whole, last = wanted
    for at in range(len(held) - len(wanted) + 1):
        if held[at : at + len(whole)] == whole:
            end = held[at + len(whole)]
            if end.startswith(last) if expression.endswith("*") else end == last:
                return True
    return False


def _quoted(term: str) -> str:
    plain = _pattern(r"[\W_]+$").sub("", letters(term))
    if not any(character.isalnum() for character in plain):
        return ""
    folded = _spaced(plain)
    if _pattern(f"[{CJK}]{{2,}}$").search(plain):
        return f'"{folded[:-2]}"'
    return f'"{folded}" *' if _pattern(f"[{CJK}]+").fullmatch(plain[-1]) else f'"{folded}"'


def _spaced(plain: str) -> str:
    return " ".join(_pattern(f"[{CJK}]+").sub(lambda run: f" {_pairs(run[0])} ", plain).split())


def letters(text: str) -> str:
    """Return a text's letters as `fold` has them, spaces and runs left as they are."""
    plain = unicodedata.normalize("NFKC", text.translate(_LETTERS)).casefold()
    parts = unicodedata.normalize("NFD", plain).replace(_SHORT_I, "й")
    return unicodedata.normalize("NFC", _pattern(_MARKS).sub("", parts)).translate(_LETTERS)


def _pairs(run: str) -> str:
    return " ".join([*(run[at : at + 2] for at in range(len(run) - 1)), run[-1]])
