"""The customer's mail as the rules see it: read once for as long as the reply to it is being written."""

from __future__ import annotations

from functools import cached_property, lru_cache

from supportterm.domain.concepts import LONGEST, Reading
from supportterm.domain.findings import Words, read_words
from supportterm.domain.hints.packs import Packs
from supportterm.domain.own_words import own_words
from supportterm.domain.questions import questions


class Asker:
    """A customer's mail, read in the language of the reply."""

    def __init__(self, text: str, spoken: str | None, lang: str, packs: Packs) -> None:
        self._text, self._spoken, self._lang, self._packs = text, spoken, lang, packs

    @cached_property
    def text(self) -> str:
        """The customer's own words now, with blanks for the rest."""
        return own_words(self._text[:LONGEST])

    @cached_property
    def structure(self) -> Reading | None:
        """They, read through the words for form and facts."""
        pack = self._packs.structure.get(self._lang)
        return pack.read(self.text) if pack else None

    @cached_property
    def wording(self) -> Reading | None:
        """They, read through the words for wording."""
        pack = self._packs.wording.get(self._lang)
        return pack.read(self.text, self.structure) if pack else None

    @cached_property
    def questions(self) -> tuple[tuple[str, frozenset[str]], ...]:
        """What they ask, with the concepts in each question."""
        pack = self._packs.structure.get(self._lang)
        asked = questions(self.text)
        return tuple((one, frozenset(pack.read(one).concepts if pack else ())) for one in asked)

    @cached_property
    def mood(self) -> Words:
        """What their words say."""
        return read_words(self._text, self._spoken, self._packs.triage) if self._text.strip() else Words()


@lru_cache(maxsize=16)
def asker(text: str, spoken: str | None, lang: str, packs: Packs) -> Asker:
    """Return a customer's mail; the last few are kept."""
    return Asker(text, spoken, lang, packs)
