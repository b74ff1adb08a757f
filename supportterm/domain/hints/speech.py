"""Whether a reply speaks the customer's language."""

from __future__ import annotations

from collections.abc import Iterator

from supportterm.domain.hints.subject import Finding, Subject

_NAMES = {"en": "English", "ru": "Russian", "ja": "Japanese", "tr": "Turkish", "de": "German", "fr": "French",
          "es": "Spanish", "it": "Italian", "pt": "Portuguese", "nl": "Dutch", "pl": "Polish", "uk": "Ukrainian",
          "sv": "Swedish", "no": "Norwegian", "da": "Danish", "fi": "Finnish", "cs": "Czech", "zh": "Chinese",
          "ko": "Korean", "el": "Greek", "hu": "Hungarian", "ro": "Romanian", "ar": "Arabic", "he": "Hebrew",
          "vi": "Vietnamese"}  # fmt: skip
_FEWEST_LETTERS = 8


def language_mismatch(subject: Subject) -> Iterator[Finding]:
    """Find a reply in another language than the customer's, unless that is what they asked for."""
    mine, theirs = subject.reply.lang, subject.reply.customer_lang
    if theirs is None or theirs == mine or not subject.reply.lang_is_sure:
        return
    if min(_letters(subject.plain), _letters(subject.customer)) < _FEWEST_LETTERS:
        return
    asked = subject.packs.shapes.patterns.get(f"names-{mine}")
    if asked is None or not asked.search(subject.reply.customer):
        yield Finding(values={"a": _NAMES.get(theirs, theirs), "b": _NAMES.get(mine, mine)})


def _letters(text: str) -> int:
    cjk = sum("\u3040" <= c <= "\u9fff" for c in text)
    return sum(map(str.isalpha, text)) + cjk
