"""What a mail says, as values: the result of reading one message's bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox as a header names it; either part may be empty."""

    name: str
    address: str

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>" if self.name else self.address


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part that is not body text: `part` counts the message's leaf parts in document order, from 0."""

    filename: str
    content_type: str
    size: int
    inline: bool
    part: int = 0


@dataclass(frozen=True, slots=True)
class Bounce:
    """What a delivery report says (RFC 3464): who was not reached, and whether for good."""

    recipients: tuple[str, ...] = ()
    status: str | None = None
    permanent: bool | None = None
    original_ids: tuple[str, ...] = ()
    """Message-IDs of the returned mail, where the report carries them: they join it to its ticket."""


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """One message read and cleaned: no field holds a control character, only bodies hold newlines.

    Message-IDs stand without angle brackets. `date` is None where the header
    is absent or absurd; the received time then stands in.
    """

    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    sender: Address = Address("", "")
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    subject: str = ""
    date: datetime | None = None
    text: str = ""
    reply_text: str = ""
    attachments: tuple[Attachment, ...] = ()
    is_auto: bool = False
    may_acknowledge: bool = True
    """False where a receipt would be wrong: automatic, lists, bounces, X-Auto-Response-Suppress (RFC 3834)."""
    is_bounce: bool = False
    bounce: Bounce | None = None
    lang: str | None = None
    channel: str = "email"
    defects: tuple[str, ...] = ()
    body_hash: str = ""
    """SHA-256 of what stands behind the header, line ends and trailing blanks normalised: part of a mail's identity."""
    original_sender: Address | None = None
    """The customer of a contact form or a colleague's forward, where the mail names one."""
    auto_reason: str = field(default="")
    """What made the mail automatic, in words: `Auto-Submitted: auto-replied`."""
    no_receipt: str = ""
    """Why `may_acknowledge` is False, in words."""
    bcc: tuple[Address, ...] = ()
    """Means something only in the copy of a mail that we sent: nobody else's is true."""
