"""The ticket and its words: status, tier, kinds of message, priority."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum


class Status(StrEnum):
    """Who owes the next step."""

    NEW = "new"
    OPEN = "open"
    PENDING = "pending"
    ON_HOLD = "on-hold"
    SOLVED = "solved"
    CLOSED = "closed"
    SPAM = "spam"

    @property
    def is_ours(self) -> bool:
        """True while we owe the customer an answer."""
        return self in (Status.NEW, Status.OPEN)

    @property
    def is_over(self) -> bool:
        """True once nobody owes anything."""
        return self in (Status.SOLVED, Status.CLOSED, Status.SPAM)


class Priority(IntEnum):
    """P1 to P5; smaller is more pressing."""

    P1 = 1
    P2 = 2
    P3 = 3
    P4 = 4
    P5 = 5

    @property
    def word(self) -> str:
        """The field's word: urgent, high, normal, low."""
        return ("urgent", "high", "normal", "low", "low")[self - 1]


class Tier(IntEnum):
    """The queue's sections, most pressing first."""

    NOW = 0
    TODAY = 1
    CAN_WAIT = 2
    NO_ANSWER = 3

    @property
    def title(self) -> str:
        """The section's heading."""
        return ("now", "today", "can wait", "no answer needed")[self]


class MessageKind(StrEnum):
    """What a message is, which decides what it may do to its ticket."""

    CUSTOMER = "customer"
    REPLY = "reply"
    INSIDE = "inside"
    """Mail from the team on a ticket: stops no customer clock."""
    NOTE = "note"
    """Never leaves the team."""
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    CALL = "call"
    """A phone call with the customer: as good as an answer, where somebody was reached."""
    RECEIPT = "receipt"
    """Our own acknowledgement."""
    WITHDRAWN = "withdrawn"
    """A note taken back: kept, not shown."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of the score: its points, in words, with the evidence's place in the message's reply text.

    `start` and `end` are code-point offsets into that text, None where the
    line comes from facts about the ticket (`source` is then `meta`).
    """

    id: str
    points: int
    words: str
    start: int | None = None
    end: int | None = None
    evidence: str = ""
    source: str = "text"


@dataclass(frozen=True, slots=True)
class Assessment:
    """The score of a ticket: always the sum of its reasons' points."""

    reasons: tuple[Reason, ...]
    priority: Priority
    intent: str
    upset: bool = False

    @property
    def score(self) -> int:
        """The sum of the points."""
        return sum(reason.points for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Ticket:
    """One conversation with one customer about one matter. Instants are aware UTC."""

    key: str
    ref: str
    subject: str
    status: Status
    channel: str
    requester_name: str
    requester_address: str
    created_at: datetime
    updated_at: datetime
    last_message_at: datetime
    assignee: str | None = None
    lang: str | None = None
    tags: frozenset[str] = frozenset()
    priority: Priority = Priority.P3
    """The computed one; `override` wins over it."""
    override: Priority | None = None
    tier: Tier = Tier.CAN_WAIT
    score: int = 0
    reasons: tuple[Reason, ...] = ()
    words: str = ""
    """The reasons as the queue shows them."""
    intent: str = ""
    first_replied_at: datetime | None = None
    last_customer_at: datetime | None = None
    last_reply_at: datetime | None = None
    waiting_since: datetime | None = None
    due_at: datetime | None = None
    due_kind: str | None = None
    due_warnings: tuple[datetime, ...] = ()
    """When the next clock warns before it ends, the earliest first."""
    rank_changes_at: datetime | None = None
    snoozed_until: datetime | None = None
    history: bool = False
    """Imported with the first sync and older than what counts as work: no clocks."""
    automatic: bool = False
    """Only machines wrote."""
    undelivered: bool = False
    """Our latest answer bounced."""
    messages: int = 0
    follows: str | None = None
    """The key of the closed ticket this one goes on from."""
    rejected: frozenset[str] = frozenset()
    """Lines of the score that an agent found not to be true here; see `rejections`."""
    asks: bool | None = None
    """What the customer wrote last asks something; None where nobody waits for us, or it was not looked at yet."""
    problem: int | None = None
    """The number of the problem behind it; see `problem`."""

    @property
    def effective_priority(self) -> Priority:
        """The agent's override, else the computed priority."""
        return self.override or self.priority
