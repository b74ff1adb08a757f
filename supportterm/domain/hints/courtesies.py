"""What of a reply answers nothing: thanks, a receipt, the promise to come back, a closing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from supportterm.domain.lexicon import fold


@dataclass(frozen=True, slots=True)
class Courtesies:
    """How one language says them: regular expressions over folded text, as a pack holds them."""

    idle: re.Pattern[str]
    """A clause with this in it answers nothing."""
    topic: re.Pattern[str]
    """A clause that only names the matter, a condition or a name."""
    clings: re.Pattern[str]
    """How a clause begins that belongs to the one before it."""
    cut: re.Pattern[str]
    """What parts clauses; within a sentence where it names a group."""
    awaits: re.Pattern[str]
    """A question about our writing or calling: a promise to do so answers it."""

    def left_out(self, text: str, lang: str) -> str:
        """Return the folded text without the clauses that answer nothing."""
        return "\n".join(self._clauses(fold(text, lang)))

    def is_about_word(self, question: str, lang: str) -> bool:
        """Tell whether a question asks when or that we write or call."""
        return self.awaits.search(fold(question, lang)) is not None

    def _clauses(self, folded: str) -> Iterator[str]:
        start, idle_before = 0, False
        for mark in (*self.cut.finditer(folded), None):
            clause = folded[start : mark.start() if mark else len(folded)]
            if clause.strip():
                clings = idle_before and self.clings.search(clause)
                is_idle = bool(clings or self.idle.search(clause.strip()) or self.topic.search(clause))
                if not is_idle:
                    yield clause
                idle_before = is_idle
            if mark is None:
                return
            if mark.lastgroup is None:
                idle_before = False
            start = mark.end()
