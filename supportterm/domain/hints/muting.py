"""Hints that somebody does not want to hear: on these words, on a ticket, for an agent, for the team; and habits.

A rule that an agent passed over again and again drops a level for that agent.
Whatever asks before sending stays as it is: it can be muted on the words it
is about, and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from supportterm.domain.hints.catalogue import NEVER_OVERRIDDEN
from supportterm.domain.hints.hint import Hint, Level

ANSWERS = 10
"""As many of an agent's latest answers to a rule count."""
DISMISSED = 8
"""So many dismissals among them make the rule drop a level."""


class Reach(StrEnum):
    """How far a mute reaches."""

    WORDS = "words"
    TICKET = "ticket"
    AGENT = "agent"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Mute:
    """One rule that is not heard; `whose` is a ticket's key, an agent, or empty for the team."""

    rule: str
    reach: Reach
    whose: str = ""
    words: str = ""
    """The words it is about, as `words_of` gives them; empty for a remark on the whole of a reply."""
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Ears:
    """What one agent hears on one ticket."""

    muted: frozenset[str] = frozenset()
    words: frozenset[tuple[str, str]] = frozenset()
    """Rules with the words they are muted on."""
    lowered: frozenset[str] = frozenset()
    """Rules that dropped a level by habit."""

    def heard(self, hints: Sequence[Hint], text: str) -> tuple[Hint, ...]:
        """Return the hints that are heard, each at the level it has for this agent."""
        return tuple(there for hint in hints if (there := self._one(hint, text)) is not None)

    def _one(self, hint: Hint, text: str) -> Hint | None:
        if (hint.rule, words_of(hint, text)) in self.words and hint.rule not in NEVER_OVERRIDDEN:
            return None
        if hint.level is Level.CONFIRM:
            return hint
        if hint.rule in self.muted:
            return None
        if hint.rule in self.lowered:
            return replace(hint, level=Level.HINT) if hint.level is Level.WARN else None
        return hint


EVERYTHING = Ears()


def words_of(hint: Hint, text: str) -> str:
    """Return the words a hint is about, so that the same words are known again; empty for the whole reply."""
    return " ".join(text[hint.start : hint.end].casefold().split())[:200] if hint.start is not None else ""


def why_not(hint: Hint, reach: Reach) -> str:
    """Say why a hint cannot be muted so far; empty where it can."""
    if hint.rule in NEVER_OVERRIDDEN:
        return f"“{hint.rule}” has to be mended before anything leaves: it cannot be muted."
    if hint.level is Level.CONFIRM and reach is not Reach.WORDS:
        return f"“{hint.rule}” always asks before sending: it can be muted on these words alone."
    return ""


@dataclass
class Told:
    """What was put before an agent's eyes while a reply was written: what it became is their answer."""

    seen: dict[str, set[str]] = field(default_factory=dict)
    """Rule -> the words it spoke of."""

    def saw(self, hints: Iterable[Hint], text: str) -> None:
        """Remember hints that were put in words."""
        for hint in hints:
            if hint.level is not Level.CONFIRM:
                self.seen.setdefault(hint.rule, set()).add(words_of(hint, text))

    def answers(self, standing: Iterable[Hint], text: str) -> dict[str, bool]:
        """Return rule -> whether it was dismissed: what still stands as the reply goes was passed over."""
        left = {(hint.rule, words_of(hint, text)) for hint in standing}
        return {rule: any((rule, one) in left for one in words) for rule, words in self.seen.items()}


def lowered(answers: Mapping[str, Sequence[bool]]) -> frozenset[str]:
    """Return the rules that drop a level by an agent's latest answers to each, True where it was dismissed."""
    return frozenset(rule for rule, latest in answers.items() if sum(latest[:ANSWERS]) >= DISMISSED)
