"""What the desk may ask of a mail server: protocols and value types, no library."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class FolderRole(StrEnum):
    """What a folder is for (RFC 6154 special use, or its name where the server does not say)."""

    INBOX = "inbox"
    SENT = "sent"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Folder:
    """A selectable folder; `name` is the server's own name, decoded, safe to hand back to `open`."""

    name: str
    role: FolderRole = FolderRole.OTHER


@dataclass(frozen=True, slots=True)
class FolderState:
    """A folder as SELECT described it (RFC 3501 6.3.1, RFC 7162 3.1.2)."""

    name: str
    uidvalidity: int
    uidnext: int
    exists: int
    highestmodseq: int | None = None


@dataclass(frozen=True, slots=True)
class FetchedMail:
    """One mail as the server holds it.

    `raw` is whole unless `truncated`: then it holds the header and as much of
    the structure as the limit allowed, and `size` is the server's figure.
    """

    uid: int
    raw: bytes
    flags: frozenset[str]
    received_at: datetime
    size: int
    truncated: bool = False


class Mailbox(Protocol):
    r"""One IMAP connection. Every method raises `MailError` (see `mail.errors`) and nothing else.

    Not safe for concurrent calls: one task owns a mailbox. Nothing here sets
    `\Seen` by reading, moves or deletes.
    """

    async def connect(self) -> None:
        """Connect, secure and sign in; a no-op while connected."""
        ...

    async def folders(self) -> list[Folder]:
        """List the selectable folders with their roles; INBOX is always among them."""
        ...

    async def open(self, folder: str) -> FolderState:
        """Select a folder for reading and flags; always asks the server anew."""
        ...

    async def uids(self, first: int = 1) -> list[int]:
        """Return the open folder's UIDs from `first` on, ascending."""
        ...

    def fetch(self, uids: Sequence[int]) -> AsyncIterator[list[FetchedMail]]:
        """Yield the mails of these UIDs in the order given, in batches of bounded bytes; vanished ones are left out."""
        ...

    async def flags(self, uids: Sequence[int]) -> dict[int, frozenset[str]]:
        """Return the flags of those of these UIDs that still exist."""
        ...

    async def changed_since(self, modseq: int) -> dict[int, frozenset[str]] | None:
        """Return flags changed since `modseq` (RFC 7162), or None where the server cannot say."""
        ...

    async def add_flags(self, uids: Sequence[int], flags: Sequence[str]) -> None:
        """Set flags, silently leaving out mails that are gone."""
        ...

    async def append(self, folder: str, raw: bytes, flags: Sequence[str], when: datetime) -> None:
        """File a copy of a mail in a folder, creating the folder where it is missing."""
        ...

    async def find(self, folder: str, message_id: str) -> list[int]:
        """Return the UIDs in `folder` whose Message-ID header is exactly this (given without brackets)."""
        ...

    async def wait(self, seconds: float) -> bool:
        """Wait until the open folder changes (True) or the time is up (False): IDLE, else NOOP polls."""
        ...

    async def close(self) -> None:
        """Sign out and close; never raises, never blocks longer than a second."""
        ...


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail ready for the wire: `raw` has CRLF line ends and no Bcc header."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    message_id: str


class Answer(StrEnum):
    """What became of one recipient."""

    ACCEPTED = "accepted"
    LATER = "later"
    """A temporary refusal (4xx): try again."""
    REFUSED = "refused"
    """A permanent refusal (5xx)."""
    UNCERTAIN = "uncertain"
    """The connection was lost after the mail's end and before the server's word: it may or may not have gone."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the server said, per recipient address: the answer, the SMTP code (0: none came) and its cleaned text."""

    answers: dict[str, tuple[Answer, int, str]] = field(default_factory=dict)
    size_limit: int | None = None
    """The largest mail in bytes the server takes, as it said at the sign-in (RFC 1870); 0: no limit, None: not said."""


class Transport(Protocol):
    """One SMTP connection, kept open for a run.

    Failures before DATA raise `MailError`: nothing was sent, try later.
    From DATA on nothing is raised: the `Delivery` says what is known.
    """

    async def deliver(self, envelope: Envelope, before_end: Callable[[], Awaitable[None]]) -> Delivery:
        """Send one mail; `before_end` is awaited when a recipient stands and all but the mail's end is handed over.

        Until it returns no server can have taken the mail; what it raises passes through, and nothing is sent.
        """
        ...

    async def size_limit(self) -> int | None:
        """Sign in and return the largest mail in bytes the server takes; 0: no limit, None: it does not say."""
        ...

    async def close(self) -> None:
        """Sign out and close; never raises."""
        ...
