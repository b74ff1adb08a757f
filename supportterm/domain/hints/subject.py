"""One reply as the rules see it: everything they share is read once, when the first of them asks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from supportterm.domain.concepts import LONGEST, Reading
from supportterm.domain.findings import Words
from supportterm.domain.hints.asker import Asker, asker
from supportterm.domain.hints.likeness import is_unchanged
from supportterm.domain.hints.masking import masked, without_quotations
from supportterm.domain.hints.packs import HintPack, Packs
from supportterm.domain.hints.reply import Reply
from supportterm.domain.hints.stems import stems
from supportterm.domain.promises import PromiseReading

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_SENTENCE = re.compile(r"[^\n.!?。！？]*\w[^\n.!?。！？]*(?:[.!?。！？]+|\n|$)")
_LAST_LINES = 4
GREETING = "greeting"
"""The concept of the structure packs: how a reply greets."""
_GREETING_WORDS = 6
_OPENING = 4
"""Sentences, a greeting's line among them, within which one shows that one understood."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: where, what fills its message, and what could stand there instead."""

    start: int | None = None
    end: int | None = None
    values: Mapping[str, object] | None = None
    suggestion: str | None = None
    insert_at: int | None = None


class Subject:
    """A reply with its readings; of a longer one only its beginning is looked at."""

    def __init__(self, reply: Reply, packs: Packs) -> None:
        self.reply = reply
        self.packs = packs
        self.raw = reply.text[:LONGEST]

    @cached_property
    def text(self) -> str:
        """The reply, with blanks for quotes, code, addresses of pages and the signature."""
        return masked(self.raw)

    @cached_property
    def with_addresses(self) -> str:
        """The same as `text`, but with the addresses of pages."""
        return masked(self.raw, addresses=False)

    @cached_property
    def plain(self) -> str:
        """The same, with blanks also for what stands in quotation marks."""
        return without_quotations(self.text)

    @cached_property
    def wording(self) -> Reading | None:
        """The reply read through the language's words for wording; None where it has none."""
        pack = self.packs.wording.get(self.reply.lang)
        return pack.read(self.plain, self.structure) if pack else None

    @property
    def pack(self) -> HintPack | None:
        """The language's words for form and facts; None where it has none."""
        return self.packs.structure.get(self.reply.lang)

    @cached_property
    def structure(self) -> Reading | None:
        """The reply read through them."""
        return self.pack.read(self.plain) if self.pack else None

    @cached_property
    def promise_reading(self) -> PromiseReading | None:
        """The reply read through the language's words for promises."""
        pack = self.packs.promises.get(self.reply.lang)
        return pack.read(self.plain, self.structure) if pack else None

    def promises_in(self, text: str) -> PromiseReading | None:
        """Return another text, a part of the reply, read through the same words."""
        pack = self.packs.promises.get(self.reply.lang)
        return pack.read(text) if pack else None

    @cached_property
    def macro_is_unchanged(self) -> bool:
        """True where the reply is its snippet."""
        macro = self.reply.macro_text
        return bool(macro) and is_unchanged(self.raw, (macro or "")[:LONGEST], self.reply.customer_name)

    @cached_property
    def asker(self) -> Asker:
        """The customer's mail."""
        return asker(self.reply.customer, self.reply.customer_lang, self.reply.lang, self.packs)

    @property
    def customer(self) -> str:
        """The customer's own words now, with blanks for the rest."""
        return self.asker.text

    @property
    def mood(self) -> Words:
        """What the customer's words say."""
        return self.asker.mood

    @property
    def upset(self) -> bool:
        """True where the customer is upset."""
        return self.mood.upset

    @cached_property
    def evidence(self) -> str:
        """The words that show it."""
        return next((line.evidence for line in self.mood.lines if line.id == "upset"), "")

    def stems(self, text: str) -> frozenset[str]:
        """Return what a text is about, in the reply's language."""
        return stems(text, self.reply.lang, self.pack.common if self.pack else frozenset())

    def suits(self, when: Mapping[str, Any]) -> bool:
        """Tell whether a rule's circumstances are those of this reply."""
        return all(self._suits(key, wanted) for key, wanted in when.items())

    def _suits(self, key: str, wanted: Any) -> bool:
        if key == "upset":
            return self.upset is wanted
        if key == "attachments":
            return self.reply.attachments is not None and (not self.reply.attachments) is (wanted == "none")
        if key == "approved":
            return self.reply.supervisor_approved is wanted
        value = getattr(self.reply, key)
        return value in wanted if isinstance(wanted, list) else value == wanted

    @property
    def matter(self) -> int:
        """Where the matter begins: past a greeting that stands alone."""
        sentences = self.structure.sentences if self.structure else []
        if self.structure is None or len(sentences) < 2 or GREETING not in sentences[0].hits:
            return 0
        alone = sentences[0].last - sentences[0].first <= _GREETING_WORDS
        return self.structure.place(sentences[1].span)[0] if alone else 0

    def part(self, where: str) -> tuple[int, int]:
        """Return where a part of the reply begins and ends; all of it for an empty name."""
        lines = [found.span() for found in _LINE.finditer(self.text)]
        if not where or not lines:
            return 0, len(self.text)
        if where == "first-line":
            return lines[0]
        if where == "last-lines":
            return lines[-_LAST_LINES:][0][0], len(self.text)
        ends = [found.end() for found in _SENTENCE.finditer(self.text)]
        return 0, ends[min(_OPENING, len(ends)) - 1] if ends else len(self.text)
