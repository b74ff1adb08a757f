"""Signs that a ticket is stuck: looked at again and again, answered without an answer, gone past."""

from __future__ import annotations

from dataclasses import dataclass

OPENED, HOLDING, SKIPPED = 3, 2, 3
"""From how many of each on something is said."""


@dataclass(frozen=True, slots=True)
class Signs:
    """How often a ticket was opened and gone past since its last answer, and how many replies held out a later one."""

    opened: int = 0
    skipped: int = 0
    holding: int = 0
    offered: str = ""
    """What came of a clock whose trigger offers to hand the ticket on; it was not handed on since."""

    @property
    def reason(self) -> str:
        """Why it seems stuck, in words; empty where it does not."""
        if self.offered:
            return self.offered[:1].upper() + self.offered[1:]
        if self.holding >= HOLDING:
            return f"{self.holding} answers promised another one, and it is still open"
        if self.opened >= OPENED:
            return f"opened {self.opened} times without an answer"
        return ""

    @property
    def asks_why(self) -> bool:
        """True at the skip that asks for its reason."""
        return self.skipped == SKIPPED
