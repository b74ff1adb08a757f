"""A reply being written, with what is known of whom it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

STATES = ("pending", "resolved")
CHANNELS = ("email", "chat", "social", "phone")
TURNS = ("first", "followup")


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply and its circumstances. What is None is not known, and gives no hint."""

    text: str
    lang: str
    """Its language, one of those there are packs for."""
    customer: str = ""
    """The customer's latest own words."""
    customer_lang: str | None = None
    lang_is_sure: bool = True
    """False where the reply is too short to tell its language, and `lang` is a guess by the customer's."""
    state: str = "pending"
    channel: str = "email"
    turn: str = "followup"
    customer_name: str | None = None
    attachments: tuple[str, ...] | None = None
    macro_text: str | None = None
    sent_before: tuple[str, ...] = ()
    """What was sent to this customer before, newest last."""
    supervisor_approved: bool | None = None
    known: frozenset[str] = frozenset()
    """Words that are never a typing error: this house's products, names from the ticket."""
    times: Mapping[str, str] = field(default_factory=dict)
    """What suggestions call the times they name, in its language: `soon`, `day`, `day_end`, `week`, `week_end`."""
