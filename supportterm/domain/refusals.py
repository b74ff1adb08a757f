"""Refusing a customer for good: asked for with a reason, decided by a supervisor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Decision(StrEnum):
    """How a request stands."""

    ASKED = "asked"
    APPROVED = "approved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A request to refuse the customer of a ticket: who asked when and why, who decided and what they said."""

    id: str
    ticket_key: str
    address: str
    by: str
    at: datetime
    reason: str
    decision: Decision = Decision.ASKED
    decided_by: str = ""
    decided_at: datetime | None = None
    words: str = ""
    blocks: bool = False
    """The decision blocked the address; it was not blocked before."""
