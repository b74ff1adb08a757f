"""A guess at a text's language, by its script and its everyday words."""

from __future__ import annotations

from collections.abc import Mapping

from supportterm.domain.lexicon import fold
from supportterm.domain.signals import Pack

_SHORT = 12
"""Words up to which a text without an everyday word is judged by its pack's own words."""


def language(text: str, packs: Mapping[str, Pack]) -> str | None:
    """Guess which of the packs' languages a text is in, by its script and its everyday words; None where none fits."""
    letters = [c for c in text[:2000] if c.isalpha()]
    if not letters:
        return None
    for lang, low, high in (("ja", "\u3040", "\u30ff"), ("ru", "\u0400", "\u04ff")):
        if lang in packs and sum(low <= c <= high for c in letters) * 5 > len(letters):
            return lang
    if "ja" in packs and sum("\u4e00" <= c <= "\u9fff" for c in letters) * 2 > len(letters):
        return "ja"
    words = text[:2000].split()
    marked = sum(c in "ğşıİĞŞ" for c in letters)
    counts: dict[str, int] = {}
    for lang in packs:
        if lang not in ("ja", "ru"):
            everyday = {fold(word, lang) for word in packs[lang].common}
            found = sum(fold(word, lang).strip(".,;:!?()\"'") in everyday for word in words)
            counts[lang] = found + (3 * marked if lang == "tr" else 0)
    if not any(counts.values()) and len(words) <= _SHORT:
        counts = {lang: packs[lang].read(text).found for lang in counts}
    best = max(counts, key=lambda lang: counts[lang], default=None)
    return best if best and counts[best] else None
