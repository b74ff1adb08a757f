"""What the demo's story asks of a mail server: the demo's own, or any other that can be played on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from supportterm.demo.server import AcceptedMail, ServerMail


class Host(Protocol):
    """One account on loopback, signed in to under its address, whose network can be cut."""

    user: str
    password: str
    imap_port: int
    smtp_port: int

    async def deliver(
        self, raw: bytes, folder: str = "INBOX", when: datetime | None = None, flags: Sequence[str] = ()
    ) -> int:
        """Put a mail straight into a folder, reachable or not."""
        ...

    async def network(self, up: bool) -> None:
        """Make the server unreachable (False) or reachable again (True)."""
        ...

    async def accepted(self, after: int = 0) -> list[AcceptedMail]:
        """Return the mails SMTP accepted, in order, leaving out the first `after`."""
        ...

    async def mails(self, folder: str) -> list[ServerMail]:
        """Return what a folder holds."""
        ...
