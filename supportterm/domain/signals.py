"""What a customer's words mean for the queue, and one language's words and rules for it."""

from __future__ import annotations

from dataclasses import dataclass, field

from supportterm.domain.concepts import Reading, Rule
from supportterm.domain.leaning import Leaning
from supportterm.domain.lexicon import Lexicon


@dataclass(frozen=True, slots=True)
class Signal:
    """What a customer's words mean for the queue: it holds where any rule does and none of `unless` in that sentence.

    `points` are None for a mark: a finding that only guides the others.
    """

    id: str
    points: int | None
    words: str
    rules: tuple[Rule, ...]
    unless: tuple[Rule, ...] = ()
    negatable: bool = True

    def find(self, reading: Reading) -> tuple[int, int] | None:
        """Return the evidence's offsets in the text, or None."""
        for rule in self.rules:
            if found := reading.find(rule, negatable=self.negatable, unless=self.unless):
                return found
        return None


@dataclass(frozen=True, slots=True)
class Pack:
    """One language's words and rules."""

    lang: str
    lexicon: Lexicon
    signals: tuple[Signal, ...]
    window: int = 8
    common: frozenset[str] = frozenset()
    """Everyday words that give the language away."""
    examples: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = ()
    """Signal, texts it fires on, texts it is silent on."""
    leaning: Leaning = field(default_factory=Leaning)

    def read(self, text: str) -> Reading:
        """Read a text in this language."""
        return Reading(text, self.lexicon, self.window)
