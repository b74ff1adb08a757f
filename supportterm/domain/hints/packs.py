"""The rules that are data: a language's words, and which of them together deserve a hint."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from supportterm.domain.concepts import Reading, Rule, Sentence
from supportterm.domain.hints.shapes import Shapes
from supportterm.domain.hints.slips import Verdict
from supportterm.domain.lexicon import Hit, Lexicon, fold
from supportterm.domain.promises import PromisePack
from supportterm.domain.signals import Pack


@dataclass(frozen=True, slots=True)
class PackRule:
    """A rule of a pack: it holds where any of `slots` does and none of `unless` in the same words or sentence."""

    id: str
    slots: tuple[Rule, ...]
    unless: tuple[Rule, ...] = ()
    unless_in_sentence: bool = False
    negatable: bool = True
    """A `not` beside the words undoes the match."""
    when: Mapping[str, Any] = field(default_factory=dict)
    """Circumstances: state, channel (one or several), turn, upset, attachments ("none"), approved."""
    rewrites: tuple[tuple[re.Pattern[str], str], ...] = ()
    absent: bool = False
    """It holds where nothing of `slots` does: what is missing from the reply."""
    least: int = 1
    """How many places it must hold at."""
    where: str = ""
    """Only there: `first-line`, `opening` (the greeting and two sentences) or `last-lines` (four)."""
    insert: str | None = None
    """What to insert where something is missing: at the start for the first two of these, else at the end."""
    above: bool = False
    """It belongs above the matter: after a greeting, before all else."""
    instead: tuple[tuple[re.Pattern[str], str], ...] = ()
    """What a whole clause is found by, and what it becomes; `{names}` are times."""

    def find(self, reading: Reading) -> Iterator[tuple[Hit, Sentence]]:
        """Yield the words it holds for, with their sentence."""
        for rule in self.slots:
            for hit, sentence in reading.places(rule, negatable=self.negatable):
                if not self._is_undone(reading, hit, sentence):
                    yield hit, sentence

    def _is_undone(self, reading: Reading, hit: Hit, sentence: Sentence) -> bool:
        for guard in self.unless:
            for other, where in reading.places(guard, negatable=False):
                if where is sentence and (self.unless_in_sentence or (other.start < hit.end and hit.start < other.end)):
                    return True
        return False

    def rewritten(self, words: str, times: Mapping[str, str]) -> str | None:
        """Return the words with its rewrites applied, None where none changes them or a time they need is not known."""
        new = words
        for pattern, put in self.rewrites:
            if pattern.search(new) and (filled := dated(put, times)) is not None:
                new = pattern.sub(filled.replace("\\", "\\\\") if filled != put else put, new)
        return None if new == words else new

    def clause(self, sentence: str, start: int, end: int, times: Mapping[str, str]) -> tuple[int, int, str] | None:
        """Return where the clause about `start` to `end` of a sentence stands, best all of it, and what it becomes."""
        near = [
            (found, filled)
            for pattern, put in self.instead
            if (filled := dated(put, times)) is not None
            for found in pattern.finditer(sentence)
            if found.start() < end and start < found.end()
        ]
        whole = [(found, filled) for found, filled in near if found.start() <= start and end <= found.end()]
        for found, filled in whole or near:
            is_large = found[0][:1].isupper()
            return found.start(), found.end(), filled[:1].upper() + filled[1:] if is_large else filled
        return None


_TIME = re.compile(r"\{(soon|day|day_end|week|week_end)\}")


def dated(put: str, times: Mapping[str, str]) -> str | None:
    """Return a rewrite with its times, as `{soon}`, filled in; None where one is not known."""
    names = _TIME.findall(put)
    if not names:
        return put
    return None if set(names) - set(times) else _TIME.sub(lambda name: times[name[1]], put)


@dataclass(frozen=True, slots=True)
class Example:
    """A text a rule fires on or is silent on, with its circumstances."""

    rule: str
    reply: str
    fires: bool
    circumstances: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HintPack:
    """One file's words, rules and examples."""

    name: str
    lang: str
    lexicon: Lexicon
    rules: tuple[PackRule, ...]
    window: int = 8
    examples: tuple[Example, ...] = ()
    lists: Mapping[str, Any] = field(default_factory=dict)
    """What code needs besides concepts: thresholds, tables of words."""
    off: frozenset[str] = frozenset()
    """Rules that are not wanted in this language."""
    by_id: Mapping[str, Sequence[PackRule]] = field(init=False, default_factory=dict)
    common: frozenset[str] = field(init=False, default=frozenset())
    """Words that say nothing about what a text is about, folded."""

    def __post_init__(self) -> None:
        by_id: dict[str, list[PackRule]] = {}
        for rule in self.rules:
            by_id.setdefault(rule.id, []).append(rule)
        object.__setattr__(self, "by_id", by_id)
        object.__setattr__(self, "common", frozenset(fold(word, self.lang) for word in self.lists.get("common", ())))

    def read(self, text: str, like: Reading | None = None) -> Reading:
        """Read a text in this language; `like` is the same text read through other words of it."""
        return Reading(text, self.lexicon, self.window, like)


@dataclass(frozen=True, eq=False)
class Packs:
    """Everything that checking a reply reads, by language."""

    wording: Mapping[str, HintPack]
    structure: Mapping[str, HintPack]
    triage: Mapping[str, Pack]
    promises: Mapping[str, PromisePack]
    shapes: Shapes = field(default_factory=Shapes)
    dictionaries: Mapping[str, Verdict] = field(default_factory=dict)
    """What tells whether a word is one, or what was meant; a language without one has only its lists."""
