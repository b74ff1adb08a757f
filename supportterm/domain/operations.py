"""What the mail server has yet to learn of, and the states a mail passes on its way out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any


class OperationKind(StrEnum):
    """What is to be done on the server."""

    SEND = "send"
    FILE = "file"
    """APPEND an accepted mail to Sent."""
    RECEIPT = "receipt"
    """Send an acknowledgement: it goes the way of a mail, but needs no look and stops no clock."""
    NOTICE = "notice"
    """Send a mail of a trigger to the address it names: it goes a receipt's way."""
    FLAG = "flag"
    r"""Set `\Seen \Answered` on the mails an accepted reply answers."""


class State(StrEnum):
    """Where an operation, or one recipient of a mail, is."""

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"
    UNDONE = "undone"
    REVIEW = "review"
    """Crossed by newer mail: the agent looks again."""

    @property
    def is_settled(self) -> bool:
        """True where the worker will not touch it again unasked."""
        return self not in (State.QUEUED, State.SENDING)

    @property
    def needs_a_look(self) -> bool:
        """True where an agent has to decide."""
        return self in (State.REFUSED, State.UNCERTAIN, State.REVIEW)


_WORST_FIRST = (
    State.UNCERTAIN,
    State.REFUSED,
    State.REVIEW,
    State.SENDING,
    State.QUEUED,
    State.UNDONE,
    State.ACCEPTED,
)

MAX_ATTEMPTS = 60
"""Tries of one operation; with the longest pause between them that is about a day."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """What became of one recipient: its state, the server's code (0: none) and words."""

    address: str
    state: State = State.QUEUED
    code: int = 0
    said: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One change on its way. `base_message` and `base_at` are the newest message its author could have seen."""

    ticket_key: str
    kind: OperationKind
    state: State
    created_at: datetime
    updated_at: datetime
    not_before: datetime
    next_attempt_at: datetime
    id: int | None = None
    message: int | None = None
    message_id: str | None = None
    payload: Mapping[str, Any] = field(default_factory=dict)
    base_message: int = 0
    base_at: datetime | None = None
    attempts: int = 0
    said: str = ""
    recipients: tuple[Recipient, ...] = ()

    @property
    def reached_nobody(self) -> bool:
        """True where it was taken back or discarded, and no server had taken it for anybody."""
        return self.state is State.UNDONE and not any(r.state is State.ACCEPTED for r in self.recipients)


def worst(states: Iterable[State]) -> State:
    """Return the state a mail shows: the worst of its recipients'."""
    return min(states, key=_WORST_FIRST.index, default=State.QUEUED)


def shown_state(operation: Operation) -> State:
    """Return the state a person is shown: the worst of the recipients' while the mail is on its way."""
    if operation.state in (State.REVIEW, State.UNDONE):
        return operation.state
    return worst([operation.state, *(r.state for r in operation.recipients if r.state.needs_a_look)])


def backoff(attempts: int) -> timedelta:
    """Return how long to wait after so many failed tries: 5 s doubling up to 30 minutes."""
    return timedelta(seconds=min(5 * 2 ** min(max(attempts - 1, 0), 16), 1800))
