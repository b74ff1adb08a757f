"""A message of a ticket, whatever way it came."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from supportterm.domain.mail import Address, Attachment
from supportterm.domain.ticket import MessageKind

NOBODY = Address("", "")


@dataclass(frozen=True, slots=True)
class Message:
    """One mail or note in its ticket; `at` is when the server received it, or when it was written here."""

    kind: MessageKind
    at: datetime
    fingerprint: str
    ticket_key: str = ""
    id: int | None = None
    message_id: str | None = None
    sender: Address = NOBODY
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    subject: str = ""
    sent_at: datetime | None = None
    text: str = ""
    reply_text: str = ""
    lang: str | None = None
    intent: str = ""
    attachments: tuple[Attachment, ...] = ()
    defects: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    """What a reply to this message refers to: its own References, else In-Reply-To."""
    raw: str | None = None
    """The name of its source in the store."""
    author: str | None = None
    """The agent who wrote it here."""
    joined_by: str = field(default="")
    """What brought it into its ticket, in words."""
    bcc: tuple[Address, ...] = ()
    """Who got a blind copy of what we sent: known inside alone."""
