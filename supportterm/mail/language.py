"""Which language a text is in, by its script and its frequent words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from functools import cache

from supportterm.mail.markers import markers

SAMPLE = 1_500
"""Code points looked at."""

SHORT = 12
"""Words up to which beginnings, endings and words typed without their accents count as well."""
_FOLDED, _PART, _BRIEF = 0.8, 0.7, 0.4
"""What a word without its accents, a beginning or ending, and a very short ending count, where a word counts 1."""
_LEAD = 0.25
"""By how much the best of a few words must lead."""
_CHINESE = re.compile("[的了是我你您們们吗嗎没沒请請这這么麼怎呢吧订訂货貨单單谢謝问問]")
"""Letters that Japanese does not write, or not alone."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_HAN = 24
"""Letters up to which a text of Chinese letters alone may be Japanese."""
_NOISE = re.compile(r"https?://\S{1,500}|\S{1,64}@\S{1,200}|^\s{0,8}>.*$", re.M)
_SCRIPTS = (
    ("kana", re.compile("[\u3040-\u30ff]")),
    ("han", re.compile("[\u4e00-\u9fff]")),
    ("hangul", re.compile("[\uac00-\ud7a3]")),
    ("cyrillic", re.compile("[\u0400-\u04ff]")),
    ("greek", re.compile("[\u0370-\u03ff]")),
    ("hebrew", re.compile("[\u0590-\u05ff]")),
    ("arabic", re.compile("[\u0600-\u06ff]")),
)
_OWN_LETTERS = {
    "tr": re.compile("[ğışİŞĞ]"),
    "pl": re.compile("[łąęśżźćńŁŚŻ]"),
    "cs": re.compile("[řěůčžŘČŽ]"),
    "hu": re.compile("[őűŐŰ]"),
    "ro": re.compile("[ățșȚȘ]"),
    "vi": re.compile("[ạảấầẩẫậắằặẹẻẽếềểễệịọỏốồổỗộớờởợụủứừửữựỳỵỷỹđơư]"),
    "de": re.compile("[ßäöü]"),
    "fr": re.compile("[éèêàçùœ]"),
    "es": re.compile("[ñ¿¡áéíóú]"),
    "pt": re.compile("[ãõçáéíóâê]"),
    "it": re.compile("[àèéìòù]"),
    "sv": re.compile("[åäö]"),
    "fi": re.compile("[äö]"),
    "da": re.compile("[æøå]"),
    "no": re.compile("[æøå]"),
}


def guess(text: str) -> str | None:
    """Return the ISO 639-1 code of a text's language, None where it cannot be told."""
    sample = _NOISE.sub(" ", text[: 2 * SAMPLE])[:SAMPLE]
    letters = sum(map(str.isalpha, sample))
    if letters < 3:
        return None
    if not sample.isascii():
        by_script = _by_script(sample, letters)
        if by_script:
            return by_script
    return _by_words(sample, [code for code in markers().words if code not in ("ru", "uk", "el")])


def _by_script(sample: str, letters: int) -> str | None:
    count = {name: len(pattern.findall(sample)) for name, pattern in _SCRIPTS}
    if count["kana"] >= 2 and count["kana"] + count["han"] > 0.2 * letters:
        return "ja"
    if count["hangul"] > 0.2 * letters:
        return "ko"
    if count["han"] > 0.2 * letters:
        return "zh" if letters > _HAN or _CHINESE.search(sample) else None
    if count["cyrillic"] > 0.3 * letters:
        own = len(re.findall("[іїєґІЇЄҐ]", sample))
        return "uk" if own > 0.01 * count["cyrillic"] and not re.search("[ыэъёЫЭЪЁ]", sample) else "ru"
    for name, code in (("greek", "el"), ("hebrew", "he"), ("arabic", "ar")):
        if count[name] > 0.3 * letters:
            return code
    return None


def _by_words(sample: str, codes: list[str]) -> str | None:
    words = [word.replace("’", "'") for word in _WORD.findall(sample.replace("İ", "i").lower())]
    if not words:
        return None
    weights = _weights(sample, words, codes)
    if len(words) <= SHORT:
        for code, weight in _of_few(words, codes).items():
            weights[code] += weight
    best, second = sorted(weights.items(), key=lambda item: -item[1])[:2]
    if len(words) <= SHORT:
        return best[0] if best[1] >= _BRIEF and best[1] - second[1] >= _LEAD else None
    if best[1] < 1 or best[1] < 0.05 * len(words):
        return None
    return best[0] if best[1] > second[1] else None


def _weights(sample: str, words: list[str], codes: Iterable[str]) -> dict[str, float]:
    """Weigh each language by its everyday words and by letters that it writes."""
    counts, known = Counter(words), markers().words
    weights: dict[str, float] = {}
    for code in codes:
        hits = sum(counts[word] for word in known[code].intersection(counts))
        own = None if sample.isascii() else _OWN_LETTERS.get(code)
        letters = len(own.findall(sample)) if own else 0
        weights[code] = hits + min(0.4 * letters, 0.25 * len(words) + 1)
    return weights


def _of_few(words: list[str], codes: Iterable[str]) -> dict[str, float]:
    """Weigh what a few words tell beside: everyday words without accents, beginnings and endings."""
    known = markers().words
    weights: dict[str, float] = {}
    for code in codes:
        exact, plain, begins, ends = _short(code)
        weight = 0.0
        for word in words:
            bare = _bare(word)
            if word in known[code]:
                continue
            if word in exact:
                weight += 1
            elif bare in plain:
                weight += _FOLDED
            elif bare.startswith(begins):
                weight += _PART
            elif end := next((end for end in ends if bare.endswith(end) and len(bare) >= len(end) + 2), ""):
                weight += _PART if len(end) > 3 else _BRIEF
        weights[code] = weight
    return weights


@cache
def _short(code: str) -> tuple[frozenset[str], frozenset[str], tuple[str, ...], tuple[str, ...]]:
    """Return a language's words for short texts, its words without accents, its beginnings and endings."""
    found = markers().short[code]
    exact = frozenset(word for word in found if "*" not in word)
    plain = frozenset(map(_bare, exact | markers().words[code]))
    begins = tuple(_bare(word[:-1]) for word in found if word.endswith("*"))
    ends = sorted((_bare(word[1:]) for word in found if word.startswith("*")), key=len, reverse=True)
    return exact, plain, begins, tuple(ends)


def _bare(word: str) -> str:
    """Return a word without accents, as it is typed where the keyboard has none."""
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFD", word.replace("ı", "i"))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))
