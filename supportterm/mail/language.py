"""Which language a text is in, by its script and its frequent words."""

from __future__ import annotations

import re
from collections import Counter

from supportterm.mail.markers import markers

SAMPLE = 1_500
"""Code points looked at."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
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
        return "zh"
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
    counts = Counter(words)
    known = markers().words
    weights: dict[str, float] = {}
    for code in codes:
        hits = sum(counts[word] for word in known[code].intersection(counts))
        own = None if sample.isascii() else _OWN_LETTERS.get(code)
        letters = len(own.findall(sample)) if own else 0
        weights[code] = hits + min(0.4 * letters, 0.25 * len(words) + 1)
    best, second = sorted(weights.items(), key=lambda item: -item[1])[:2]
    if best[1] < 1 or best[1] < 0.05 * len(words):
        return None
    return best[0] if best[1] > second[1] else None
