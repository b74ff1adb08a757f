"""Where the rules find little: what the kinds of words in a text, taken together, lean to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from supportterm.domain.ticket import Reason

if TYPE_CHECKING:
    from supportterm.domain.concepts import Reading

LEANING = "leaning"
MOST_POINTS = 5
_STEEPNESS = 15


@dataclass(frozen=True, slots=True)
class Leaning:
    """Weights of concepts, the same in every language: positive where they stand in mails that press."""

    bias: float = 0.0
    weights: Mapping[str, float] = field(default_factory=dict)

    def points(self, concepts: set[str]) -> int:
        """Return -5 to 5 for the concepts of a text; 0 where none of them says anything."""
        known = [self.weights[name] for name in sorted(concepts) if name in self.weights]
        if not known:
            return 0
        return round(max(-MOST_POINTS, min(MOST_POINTS, _STEEPNESS * (self.bias + sum(known)))))

    def line(self, reading: Reading) -> Reason | None:
        """Return the line for a text, resting on the place that says most in its direction."""
        points = self.points(reading.concepts)
        if not points:
            return None
        sign = 1 if points > 0 else -1
        places = [
            (self.weights[name] * sign, -hit.start, hit)
            for sentence in reading.sentences
            for name, hits in sentence.hits.items()
            if self.weights.get(name, 0) * sign > 0
            for hit in hits[:1]
        ]
        words = "reads like trouble" if points > 0 else "reads calm"
        if not places:
            return Reason(LEANING, points, words, source="model")
        start, end = reading.place(max(places)[2])
        return Reason(LEANING, points, words, start, end, source="model")
