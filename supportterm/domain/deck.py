"""A deck: one reply per customer out of one snippet, looked at one by one before any of them goes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from supportterm.domain.drafts import Seen
from supportterm.domain.promises import Promise
from supportterm.domain.ticket import Status


class Verdict(StrEnum):
    """What was decided about a card."""

    OPEN = "to look at"
    APPROVED = "approved"
    SKIPPED = "skipped"
    SENT = "sent by hand"


@dataclass(frozen=True, slots=True)
class Card:
    """One customer's reply. `gaps` are blanks nobody filled, as they stand in the text; `remark` a word to the agent.

    Cards of one `make`, the snippet in one language, are alike until they are edited.
    """

    key: str
    ref: str
    customer: str
    subject: str
    text: str
    make: str
    gaps: tuple[str, ...] = ()
    promises: tuple[Promise, ...] = ()
    doubts: tuple[str, ...] = ()
    """Times in the text that run as no clock, each with why."""
    status: Status | None = None
    add_tags: tuple[str, ...] = ()
    seen: Seen = field(default_factory=Seen)
    edited: bool = False
    remark: str = ""
    asked: str = ""
    """What the customer wrote last."""

    @property
    def open_gaps(self) -> list[str]:
        """The blanks that still stand in the text: it cannot go with them."""
        return [gap for gap in self.gaps if gap in self.text]


def alike(cards: Iterable[Card], card: Card) -> list[Card]:
    """Return the cards that are made like another and may go as they stand."""
    return [one for one in cards if one.make == card.make and not one.edited and not one.open_gaps and not one.remark]


def summary(verdicts: Sequence[Verdict]) -> str:
    """Say how far it is: `2 to look at, 3 approved`."""
    return ", ".join(f"{count} {verdict}" for verdict in Verdict if (count := verdicts.count(verdict)))


EACH = timedelta(minutes=10)
"""What an answer takes, where nobody knows better."""
WITHIN = timedelta(hours=1)


def missed(dues: Sequence[tuple[str, datetime]], now: datetime, each: timedelta = EACH) -> list[str]:
    """Return who will miss their time: late for less than an hour, or due before their turn within the next one.

    `dues` are names with the instants they are due; they are answered in the
    order of those, one after the other, each taking as long.
    """
    found = []
    coming = sorted((pair for pair in dues if now - WITHIN <= pair[1] < now + WITHIN), key=lambda pair: pair[1])
    for place, (name, due) in enumerate(coming, 1):
        if due < now + each * place:
            found.append(name)
    return list(dict.fromkeys(found))
