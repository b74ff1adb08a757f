"""What an agent leaves behind at the end of a shift: each thing that is theirs and goes on without them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Left(StrEnum):
    """What is left, in the order it is shown."""

    PROMISE = "promise"
    CALLBACK = "callback"
    UPDATE = "update due"
    REMINDER = "reminder"
    DRAFT = "draft"
    MAIL = "mail on its way"

    @property
    def heading(self) -> str:
        """What a group of them is called."""
        return {
            Left.PROMISE: "promises",
            Left.CALLBACK: "callbacks",
            Left.UPDATE: "updates due",
            Left.REMINDER: "reminders",
            Left.DRAFT: "drafts",
            Left.MAIL: "mail on its way",
        }[self]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing left: `name` is what it is found by among its kind, `words` what was promised, written or due."""

    kind: Left
    name: str
    ticket_key: str
    ref: str
    customer: str
    words: str
    due_at: datetime | None = None
    owner: str = ""
    """The absent colleague it is kept for; empty where it is the agent's own."""

    @property
    def id(self) -> str:
        """What it is called among all of them."""
        return f"{self.kind.name.lower()}:{self.name}"


class Fate(StrEnum):
    """What was decided about an item."""

    KEPT = "kept"
    GIVEN = "given"
    DONE = "done"
    """It is no more: answered, sent, kept meanwhile."""


def summary(left: int, fates: list[Fate]) -> str:
    """Say how far the hand-over is: `12 left, 3 kept, 4 given`."""
    parts = [f"{left} to decide"] if left else []
    parts += [f"{count} {fate}" for fate in Fate if (count := fates.count(fate))]
    return ", ".join(parts) or "nothing is left behind"
