"""A desk with a mailbox in files and a clock that is moved by hand: the whole worker, but for the two networks."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from supportterm.config import Config, Mailbox, Receipt, Sending, Server, Sync
from supportterm.desk.context import Desk
from supportterm.desk.people import People
from supportterm.desk.ranking import Ranking
from supportterm.desk.worker import Doors, Worker
from supportterm.domain.clock import FakeClock
from supportterm.domain.errors import MailError
from supportterm.domain.mail import ParsedMail
from supportterm.domain.operations import Operation
from supportterm.mail.gateway import Transport
from supportterm.mail.parse import parse
from supportterm.mail.smtp import SmtpTransport
from supportterm.store.database import Database
from supportterm.store.filters import Where
from supportterm.store.mapping import to_ms
from supportterm.store.views import reading
from tests.faults.mailbox import FileMailbox, nothing

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
DESK = "desk@shop.example"
SOAK = os.environ.get("SUPPORTTERM_SOAK") == "1"
NOWHERE = Server("127.0.0.1", 9, "plaintext-on-loopback", timeout_seconds=1.0)
"""A server for scenes in which nothing is sent."""


def scaled(usual: int, soak: int) -> int:
    """Return how often a test runs: the larger count on demand."""
    return soak if SOAK else usual


class InlineReader:
    """Reads mails in this process: these are ours, and a child process costs a second."""

    async def read(self, raws: list[bytes]) -> list[ParsedMail]:
        return [parse(raw, own=frozenset({DESK})) for raw in raws]


def letter(
    sender: str,
    subject: str,
    body: str,
    *,
    message_id: str | None,
    to: str = DESK,
    cc: str = "",
    answers: str = "",
    when: datetime = NOW,
) -> bytes:
    """Write a mail; `message_id` is the header's whole value, None leaves it out."""
    lines = [f"From: {sender}", f"To: {to}", f"Subject: {subject}", f"Date: {when:%a, %d %b %Y %H:%M:%S +0000}"]
    lines += [f"Cc: {cc}"] if cc else []
    lines += [f"Message-ID: {message_id}"] if message_id is not None else []
    lines += [f"In-Reply-To: <{answers}>", f"References: <{answers}>"] if answers else []
    return "\r\n".join([*lines, "Content-Type: text/plain; charset=utf-8", "", body, ""]).encode()


class Scene:
    """One place with a store (`store.sqlite3`) and a mailbox (`mailbox/`); the clock begins at `start`.

    Where a file `receipts` lies there, new mail is acknowledged, in this process and in those that are killed.
    """

    def __init__(self, place: Path, smtp: Server = NOWHERE, *, start: datetime = NOW, sync: Sync | None = None) -> None:
        self.place = place
        self.root = place / "mailbox"
        for folder in ("INBOX", "Sent"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        self.store = place / "store.sqlite3"
        self.clock = FakeClock(start)
        self.smtp = smtp
        receipt = Receipt(NOW.date()) if (place / "receipts").exists() else Receipt()
        sending = Sending(undo_seconds=10)
        self.config = Config(
            Mailbox(DESK, NOWHERE, smtp, "Shop"), sync=sync or Sync(), sending=sending, receipt=receipt
        )

    @contextlib.contextmanager
    def desk(self) -> Iterator[Desk]:
        """Open the store, and close it at the end."""
        database = Database(self.store)
        try:
            yield Desk(
                database, self.config, Ranking({}, self.config.policy), People.of(self.config.mailbox), self.clock
            )
        finally:
            database.close()

    def worker(
        self, desk: Desk, step: Callable[[], None] = nothing, transport: Callable[[], Transport] | None = None
    ) -> Worker:
        """Join a worker for a desk opened here; without `transport` it sends to the scene's server."""
        mailbox = lambda: FileMailbox(self.root, step)  # noqa: E731 - a door is a function
        return Worker(desk, Doors(mailbox, transport or (lambda: SmtpTransport(self.smtp, "", "")), InlineReader()))

    async def sync(self, step: Callable[[], None] = nothing, transport: Callable[[], Transport] | None = None) -> int:
        """Open the store, do one round, and return how many mails were new."""
        with self.desk() as desk:
            worker = self.worker(desk, step, transport)
            try:
                return (await worker.once()).new
            finally:
                await worker.close()

    async def settle(self, desk: Desk, worker: Worker) -> None:
        """Work, moving the clock on to whatever is next due, until nothing is left to do."""
        try:
            for _ in range(60):
                with contextlib.suppress(MailError):
                    await worker.once()
                due = desk.database.next_instants()[0]
                if due is None:
                    return
                self.clock.advance(max(due - to_ms(self.clock.now()), 0) / 1000 + 0.001)
        finally:
            await worker.close()
        raise AssertionError("after 60 rounds there is still something to do")

    def restore(self, backup: Path) -> None:
        """Lose the store and put a backup in its place."""
        for lost in self.place.glob("store.sqlite3*"):
            lost.unlink()
        backup.rename(self.store)

    def outbox(self) -> list[Operation]:
        """Return every mail of the outbox."""
        with reading(self.store) as views:
            return views.outbox(everything=True)

    def refs(self) -> dict[str, str]:
        """Return requester's address -> the reference of the ticket."""
        with reading(self.store) as views:
            return {ticket.requester_address: ticket.ref for ticket in views.queue(Where("1"), limit=5000)}

    async def work(self, later: timedelta = timedelta(0)) -> None:
        """Open the store some time later and work until nothing is left to do."""
        self.clock.advance(later.total_seconds())
        with self.desk() as desk:
            await self.settle(desk, self.worker(desk))
