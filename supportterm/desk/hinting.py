"""A reply made ready for its hints: the languages told, the packs at hand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from supportterm.desk.pack_files import LANGUAGES
from supportterm.domain.concepts import LONGEST
from supportterm.domain.hints.masking import masked, without_quotations
from supportterm.domain.hints.reply import Reply
from supportterm.domain.hints.times import EXAMPLES
from supportterm.domain.languages import language
from supportterm.domain.own_words import own_words
from supportterm.domain.signals import Pack
from supportterm.mail.language import guess

_ENGLISH = frozenset(
    ("the", "and", "my", "you", "your", "it", "can", "please", "not", "this", "that", "with", "have", "are", "what",
     "how", "where", "when", "there", "from", "does", "do", "i", "i'm", "don't", "would", "our", "for", "which", "by",
     "why")
)  # fmt: skip
"""English words that hardly any other language spells so."""
_FEWEST = 2
_TURKISH_ENDING = re.compile(
    r"(?:[iu]yor\w*|[iu]n[iu]z\w*|[sd][iu]r|l[ae]r\w{0,4}|m[iu]z\w*|ed[ae]|mis|acak|ecek|zir)\b"
)
_TURKISH = frozenset("ğışĞİŞ")
_SAMPLE = 1_500
_LETTERS = re.compile(r"[a-z]+(?:'[a-z]+)?")
_NEAR_ENGLISH = frozenset(("de", "nl", "da", "no", "sv"))


def with_languages(reply: Reply, packs: Mapping[str, Pack], lang: str = "auto") -> Reply:
    """Return the reply with its language, where `lang` does not give it, and the customer's.

    A reply too short to tell is taken for the customer's language where that
    is one of ours, else for English.
    """
    spoken, known = reply.customer_lang, True
    if spoken is None:
        spoken, known = told(own_words(reply.customer[:LONGEST]), packs)
    written, sure = (lang, True) if lang != "auto" else told(without_quotations(masked(reply.text[:LONGEST])), packs)
    guesses = (written, spoken) if sure or not known else (spoken, written)
    ours = next((one for one in guesses if one in LANGUAGES), "en")
    times = reply.times or EXAMPLES.get(ours or "en", {})
    return replace(reply, customer_lang=spoken if known else None, lang=ours or "en", lang_is_sure=sure, times=times)


def told(text: str, packs: Mapping[str, Pack]) -> tuple[str | None, bool]:
    """Return a text's language, None where nothing gives it away, and whether that is sure."""
    english = sum(word in _ENGLISH for word in _LETTERS.findall(text[:_SAMPLE].lower()))
    if text.isascii() and english >= _FEWEST:
        return "en", True
    other = guess(text)
    if other is None:
        ours = language(text, packs)
        if ours == "tr" and text.isascii() and not _TURKISH_ENDING.search(text.lower()):
            ours = "en"
        return ours, ours in ("ja", "ru") or (ours == "tr" and not _TURKISH.isdisjoint(text))
    if other not in LANGUAGES and not text.isascii() and language(text, packs) == "tr":
        return "tr", False
    if english and text.isascii() and other not in (*_NEAR_ENGLISH, "en"):
        return "en", True
    return other, True
