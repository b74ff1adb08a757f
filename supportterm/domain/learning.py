"""What a team's own corrections teach about words: naive Bayes over words that tell pressing from less pressing.

Only words that tell them apart by more than chance are kept, so that a few
hundred tickets do not teach their own noise. Works where words are set apart
by spaces (their beginnings count too, for endings) and where they are not.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from supportterm.domain.folding import CJK, letters
from supportterm.domain.ticket import Priority, Reason

LEARNED = "learned"
"""The signal's name."""
MOST_POINTS = 5
LEAST = 500
"""Corrected tickets that are needed."""
_STEM = 5
_RARE = 5
_CHANCE = 3.0
"""Standard errors that a word's weight must lie from nothing."""
_STEEPEST = 3.0
_SHOWN = 3
LONGEST = 4_000
"""Characters of a ticket that are read."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One corrected ticket: what the rules made of its words, and what an agent made of it."""

    text: str
    score: int
    """By the rules alone."""
    given: Priority
    """By the rules alone."""
    wanted: Priority
    lean: int = 0
    """Where an agent rejected lines without another priority coming of it: below 0 less pressing, above 0 more."""

    @property
    def direction(self) -> int:
        """1 where it was to be more pressing than the rules say, -1 where less, 0 where they were right."""
        by_priority = (self.wanted < self.given) - (self.wanted > self.given)
        return by_priority or (self.lean > 0) - (self.lean < 0)


@dataclass(frozen=True, slots=True)
class Gain:
    """Over pairs of corrected tickets that were not learned from: how often the order was the agents'."""

    tickets: int
    pairs: int
    before: float
    after: float
    chance: float
    """What `after` might exceed `before` by without anything having been learned (two standard errors)."""

    @property
    def is_real(self) -> bool:
        """Tell whether the order got better by more than chance."""
        return self.pairs > 0 and self.after - self.before > max(self.chance, 0.005)


def learn(lessons: Iterable[Lesson]) -> dict[str, float]:
    """Return the weights of words: above 0 for those that make a ticket more pressing."""
    counts: dict[int, Counter[str]] = {1: Counter(), -1: Counter()}
    totals = {1: 0, -1: 0}
    for lesson in lessons:
        if lesson.direction:
            totals[lesson.direction] += 1
            counts[lesson.direction].update({feature for form in _forms(lesson.text) for feature in form[1]})
    weights = {}
    for word in counts[1].keys() | counts[-1].keys():
        up, down = counts[1][word], counts[-1][word]
        if up + down < _RARE or not all(totals.values()):
            continue
        weight = math.log((up + 0.5) / (totals[1] + 1)) - math.log((down + 0.5) / (totals[-1] + 1))
        error = math.sqrt(1 / (up + 0.5) + 1 / (down + 0.5))
        if abs(weight) > _CHANCE * error:
            weights[word] = round(max(-_STEEPEST, min(_STEEPEST, weight)), 3)
    return dict(sorted(weights.items()))


def line(text: str, weights: Mapping[str, float]) -> Reason | None:
    """Return what a text's words add, at most five points either way, the strongest words named; None for nothing."""
    found: dict[str, tuple[float, str]] = {}
    for shown, features in _forms(text):
        known = [feature for feature in features if feature in weights]
        if known:
            feature = max(known, key=lambda each: abs(weights[each]))
            found.setdefault(feature, (weights[feature], shown))
    total = sum(weight for weight, _ in found.values())
    points = round(MOST_POINTS * math.tanh(total / 2))
    if not points:
        return None
    strongest = sorted((each for each in found.values() if each[0] * points > 0), key=lambda each: -abs(each[0]))
    words = list(dict.fromkeys(shown for _, shown in strongest))[:_SHOWN]
    said = "the team raised tickets like this" if points > 0 else "the team lowered tickets like this"
    more = f", also for {' and '.join(f'“{word}”' for word in words[1:])}" if words[1:] else ""
    return Reason(LEARNED, points, said + more, evidence=words[0], source="model")


def measure(lessons: Sequence[Lesson], weights: Mapping[str, float]) -> Gain:
    """Compare the order of tickets by the rules alone and with what was learned, ties counting half."""
    before = [lesson.score for lesson in lessons]
    after = [lesson.score + (found.points if (found := line(lesson.text, weights)) else 0) for lesson in lessons]
    pairs, sums, better = 0, [0.0, 0.0], []
    for one, lesson in enumerate(lessons):
        others = [other for other, each in enumerate(lessons) if each.wanted != lesson.wanted]
        rights = [
            sum(_agrees(scores[one] - scores[other], lessons[other].wanted - lesson.wanted) for other in others)
            for scores in (before, after)
        ]
        pairs += len(others)
        sums = [sums[0] + rights[0], sums[1] + rights[1]]
        if others:
            better.append((rights[1] - rights[0]) / len(others))
    if not pairs:
        return Gain(len(lessons), 0, 0.0, 0.0, 0.0)
    mean = sum(better) / len(better)
    spread = math.sqrt(sum((each - mean) ** 2 for each in better) / len(better))
    chance = 2 * 2 * spread / math.sqrt(len(better))
    return Gain(len(lessons), pairs // 2, sums[0] / pairs, sums[1] / pairs, chance)


def _agrees(scores: int, wanted: int) -> float:
    return 0.5 if scores == 0 else float((scores > 0) == (wanted > 0))


def _forms(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each word of a text as it stands there, with what is counted of it; no numbers."""
    for found in _word().finditer(text[:LONGEST]):
        shown = found[0]
        if _unspaced().match(shown):
            yield from ((shown[at : at + 2], (letters(shown[at : at + 2]),)) for at in range(len(shown) - 1))
            continue
        plain = letters(shown)
        if len(plain) > 1 and plain.isalpha():
            yield shown, (plain, plain[:_STEM] + "*") if len(plain) > _STEM else (plain,)


@cache
def _word() -> re.Pattern[str]:
    return re.compile(rf"[{CJK}]+|[^\W_{CJK}]+")


@cache
def _unspaced() -> re.Pattern[str]:
    return re.compile(f"[{CJK}]")
