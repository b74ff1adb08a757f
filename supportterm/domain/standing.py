"""How a ticket stands: what its messages so far mean for its clocks and its status."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from supportterm.domain.calls import UNREACHED
from supportterm.domain.ticket import MessageKind, Status

THANKS = frozenset({"thanks"})
"""Intents of a customer's mail that ask for nothing."""

SOLVED_FOR = timedelta(days=7)
"""How long a solved ticket waits for a word from the customer before it is closed."""


@dataclass(frozen=True, slots=True)
class Beat:
    """One message as the clocks see it."""

    kind: MessageKind
    at: datetime
    intent: str = ""
    here: bool = False
    """Written here: what it does to its ticket's status the journal says."""

    @property
    def is_talk(self) -> bool:
        """True for a call in which the customer was spoken with: they told us something, and were answered."""
        return self.kind is MessageKind.CALL and self.intent != UNREACHED


@dataclass(frozen=True, slots=True)
class Timeline:
    """What the beats add up to; `waiting_since` is the customer's first mail we have not answered."""

    created_at: datetime
    last_message_at: datetime
    last_customer_at: datetime | None
    last_reply_at: datetime | None
    first_replied_at: datetime | None
    waiting_since: datetime | None
    automatic: bool
    undelivered: bool


def timeline(beats: Iterable[Beat]) -> Timeline:
    """Read the beats in the order of time. At least one beat is needed."""
    ordered = sorted(beats, key=lambda beat: beat.at)
    customer = reply = first = waiting = None
    automatic, undelivered = True, False
    for beat in ordered:
        if beat.kind is MessageKind.CUSTOMER:
            automatic = False
            customer = beat.at
            if beat.intent not in THANKS and waiting is None:
                waiting = beat.at
        elif beat.kind is MessageKind.REPLY or beat.is_talk:
            automatic = False
            customer = beat.at if beat.is_talk else customer
            if customer is not None:
                first = first or beat.at
            reply, waiting, undelivered = beat.at, None, False
        elif beat.kind is MessageKind.BOUNCE and reply is not None:
            undelivered = True
            waiting = waiting or beat.at
        elif beat.kind in (MessageKind.INSIDE, MessageKind.NOTE, MessageKind.CALL):
            automatic = False
    last = next((beat for beat in reversed(ordered) if beat.kind is not MessageKind.RECEIPT), ordered[-1])
    return Timeline(
        ordered[0].at, last.at, customer, reply, first, waiting, automatic=automatic, undelivered=undelivered
    )


def arrived(status: Status, kind: MessageKind, intent: str) -> Status:
    """Return a ticket's status after a message came in or went out just now.

    `closed` stays: a customer's later mail opens a linked ticket instead.
    """
    if status in (Status.CLOSED, Status.SPAM):
        return status
    if kind is MessageKind.CUSTOMER:
        if intent in THANKS or status is Status.NEW:
            return status
        return Status.OPEN
    if kind is MessageKind.REPLY:
        return Status.PENDING if status.is_ours else status
    if kind is MessageKind.BOUNCE:
        return Status.NEW if status is Status.NEW else Status.OPEN
    if kind is MessageKind.INSIDE:
        return Status.OPEN if status in (Status.PENDING, Status.ON_HOLD) else status
    return status


def imported(beats: Iterable[Beat], work_since: datetime) -> tuple[Status, bool]:
    """Return the status of a conversation found at the first sync, and whether it is history (no clocks).

    Ours the last word: pending, however old, so that an answer goes on in it.
    Theirs within what counts as work: open, or new where nobody ever answered;
    older: closed.
    """
    everything = sorted(beats, key=lambda beat: beat.at)
    spoken = [beat for beat in everything if beat.kind in (MessageKind.CUSTOMER, MessageKind.REPLY)]
    history = everything[-1].at < work_since
    if spoken and spoken[-1].kind is MessageKind.REPLY:
        bounced = any(beat.kind is MessageKind.BOUNCE and beat.at >= spoken[-1].at for beat in everything)
        return (Status.OPEN if bounced and not history else Status.PENDING), history
    if history:
        return Status.CLOSED, True
    answered = any(beat.kind is MessageKind.REPLY for beat in spoken)
    return (Status.OPEN if answered else Status.NEW), False
