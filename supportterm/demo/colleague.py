"""Ada, who works at another desk on the same mailbox: now and then she takes a ticket, or is faster than the agent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from pathlib import Path

from supportterm.demo.customers import colleague_answer
from supportterm.demo.host import Host
from supportterm.demo.server import DemoError
from supportterm.domain import query
from supportterm.domain.errors import StoreError
from supportterm.domain.mail import Address
from supportterm.domain.message import Message
from supportterm.domain.operations import Operation, State
from supportterm.domain.ticket import MessageKind, Ticket
from supportterm.store.filters import compile_query
from supportterm.store.views import Views, reading

NAME = "Ada"
LOOK_SECONDS = 0.5
TAKES_SECONDS = 150.0
"""How often she takes a ticket that is nobody's."""
FIRST_CROSSED, EVERY_CROSSED = 3, 4
"""Which of the agent's replies she crosses: the third, then every fourth."""
LEAVES_THE_FIRST = 6
"""So many at the top of the queue she leaves to the agent, who may be reading them."""


class Colleague:
    """Watches the agent's store to know what is where, and answers from the shared mailbox as anybody else could."""

    def __init__(
        self,
        host: Host,
        store: Path,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        takes_seconds: float = TAKES_SECONDS,
    ) -> None:
        self._host = host
        self._store = store
        self._now = now
        self._takes_seconds = takes_seconds
        self._seen: list[str] = []
        """The agent's replies by Message-ID, in the order they were queued."""

    async def run(self) -> None:
        """Work until cancelled, or until the server has ended."""
        loop = asyncio.get_running_loop()
        next_take = loop.time() + self._takes_seconds
        with suppress(DemoError):
            while True:
                await asyncio.sleep(LOOK_SECONDS)
                with suppress(StoreError), reading(self._store) as views:
                    await self._cross(views)
                    if loop.time() >= next_take:
                        next_take += self._takes_seconds
                        await self._take(views)

    async def _cross(self, views: Views) -> None:
        """Answer the customer whom the agent's reply is about to reach, now and then."""
        for mail in views.outbox():
            name = mail.message_id or ""
            if mail.state is not State.QUEUED or name in self._seen:
                continue
            self._seen.append(name)
            if is_crossed(len(self._seen)) and (asked := _asked(views, mail.ticket_key)):
                await self._answer(asked)

    async def _take(self, views: Views) -> None:
        if (ticket := free_ticket(views, self._now(), views.outbox())) and (asked := _asked(views, ticket.key)):
            await self._answer(asked)

    async def _answer(self, asked: Message) -> None:
        now = self._now()
        await self._host.deliver(colleague_answer(_as_mail(asked), now, NAME), "Sent", now, ["\\Seen"])


def is_crossed(number: int) -> bool:
    """Tell whether she is faster than the agent's so-manieth reply, counted from 1."""
    return number >= FIRST_CROSSED and (number - FIRST_CROSSED) % EVERY_CROSSED == 0


def free_ticket(views: Views, now: datetime, on_their_way: Sequence[Operation]) -> Ticket | None:
    """Return a ticket that is nobody's, waits for an answer and is not among the first the agent comes to."""
    where = compile_query(query.parse("is:unassigned"), me="", now_ms=int(now.timestamp() * 1000))
    busy = {mail.ticket_key for mail in on_their_way}
    waiting = [t for t in views.queue(where)[LEAVES_THE_FIRST:] if t.due_at and not t.automatic and t.key not in busy]
    return waiting[0] if waiting else None


def _asked(views: Views, key: str) -> Message | None:
    """Return the customer's newest mail."""
    return next((m for m in reversed(views.messages(key)) if m.kind is MessageKind.CUSTOMER), None)


def _as_mail(message: Message) -> bytes:
    """Write a message as a mail again, as far as an answer needs it."""
    mail = EmailMessage()
    mail["From"] = _written(message.sender)
    if message.reply_to:
        mail["Reply-To"] = ", ".join(map(_written, message.reply_to))
    mail["To"] = ", ".join(map(_written, message.to))
    mail["Subject"] = " ".join(message.subject.split())
    mail["Date"] = format_datetime(message.sent_at or message.at)
    mail["Message-ID"] = f"<{message.message_id or message.fingerprint}>"
    before = [name for name in message.references if name != message.message_id]
    if before:
        mail["References"] = " ".join(f"<{name}>" for name in before)
    mail.set_content(message.text)
    return mail.as_bytes()


def _written(address: Address) -> str:
    return formataddr((address.name, address.address))
