"""A reply made ready for its hints: the languages told, the packs at hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from supportterm.desk.pack_files import LANGUAGES
from supportterm.domain.concepts import LONGEST, Pack
from supportterm.domain.hints.masking import masked, without_quotations
from supportterm.domain.hints.reply import Reply
from supportterm.domain.languages import language
from supportterm.domain.own_words import own_words
from supportterm.mail.language import guess


def with_languages(reply: Reply, packs: Mapping[str, Pack], lang: str = "auto") -> Reply:
    """Return the reply with its language, where `lang` does not give it, and the customer's.

    A reply too short to tell is taken for the customer's language where that
    is one of ours, else for English.
    """
    spoken = reply.customer_lang or told(own_words(reply.customer[:LONGEST]), packs)
    written = lang if lang != "auto" else told(without_quotations(masked(reply.text[:LONGEST])), packs)
    fallback = spoken if spoken in LANGUAGES else None
    return replace(
        reply,
        customer_lang=spoken,
        lang=written if written in LANGUAGES else fallback or "en",
        lang_is_sure=written is not None,
    )


def told(text: str, packs: Mapping[str, Pack]) -> str | None:
    """Return a text's language, one of ours before any other; None where it cannot be told."""
    other = guess(text)
    ours = language(text, packs)
    if other in LANGUAGES or other is None or (ours is not None and not text.isascii() and ours != "en"):
        return ours or other
    return other
