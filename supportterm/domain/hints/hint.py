"""What a rule says about a reply."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """How much a hint matters, least first."""

    HINT = 0
    """A thin underline; never in the way."""
    WARN = 1
    """Underlined, and listed before sending."""
    CONFIRM = 2
    """Sending asks."""

    @property
    def word(self) -> str:
        """Return the level as it is written in packs and printed."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Hint:
    """One remark: offsets are code points of the reply, None where it is about the whole of it."""

    rule: str
    level: Level
    start: int | None
    end: int | None
    message: str
    suggestion: str | None = None
    """What to put in place of the span, empty to delete it; without a span what to insert at `insert_at`."""
    insert_at: int | None = None
    """Where a suggestion without a span belongs, as an offset."""

    def overlaps(self, other: Hint) -> bool:
        """Tell whether both are about the same words."""
        if self.start is None or self.end is None or other.start is None or other.end is None:
            return False
        return self.start < other.end and other.start < self.end
