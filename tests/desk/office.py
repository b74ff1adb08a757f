"""A support office that acknowledges its mail, over a real store and a mail server in memory."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from supportterm.config import Config, Mailbox, Policy, Receipt
from supportterm.desk.people import People
from supportterm.desk.ranking import Ranking
from supportterm.desk.rulepacks import TriagePacks
from supportterm.desk.worker import Doors, Worker
from supportterm.domain.clock import FakeClock
from supportterm.domain.events import Event, EventKind
from supportterm.domain.mail import ParsedMail
from supportterm.domain.message import Message
from supportterm.domain.operations import Operation
from supportterm.domain.ticket import MessageKind, Ticket
from supportterm.mail import parse
from supportterm.mail.gateway import Envelope
from supportterm.store.filters import Where
from supportterm.store.views import reading
from tests.desk.fakes import ADDRESS, NOW, FakeMailbox, FakeTransport, World, letter, make_world

ON = Receipt(NOW.date())


class _Reader:
    """Reads mails as the worker's own reader does, knowing which addresses are ours."""

    def __init__(self, own: frozenset[str]) -> None:
        self._own = own

    async def read(self, raws: Sequence[bytes]) -> list[ParsedMail]:
        return [parse.parse(raw, own=self._own) for raw in raws]


@dataclasses.dataclass
class Office(World):
    """One team's desk and mail server; `posted` counts what of its mail was carried on."""

    posted: int = 0

    def worker(self) -> Worker:
        doors = Doors(
            lambda: FakeMailbox(self.server), lambda: FakeTransport(self.server), _Reader(self.desk.people.inside)
        )
        return Worker(self.desk, doors)

    def put(self, raw: bytes, ago: timedelta = timedelta(0)) -> None:
        """Let a mail arrive in INBOX."""
        self.server.put(raw, at=self.clock.now() - ago)

    async def gets(
        self, text: str = "Where is it? It has not come.", *, refs: Sequence[str] = (), **headers: str
    ) -> None:
        """Let a customer write, by the headers of `letter`, and sync."""
        self.put(letter(text, at=self.clock.now(), refs=refs, **headers))  # type: ignore[arg-type]  # all of them are texts
        await self.sync()

    def configure(self, config: Config) -> None:
        """Start anew with another configuration, over the same store."""
        ranking = Ranking(TriagePacks(), config.policy)
        self.desk = dataclasses.replace(self.desk, config=config, people=People.of(config.mailbox), ranking=ranking)

    @property
    def receipts(self) -> list[Envelope]:
        """What left and was acknowledgement, in order."""
        return [mail for mail in self.server.accepted if parse.parse(mail.raw).is_auto]

    def tickets(self) -> list[Ticket]:
        """Return every ticket."""
        with reading(self.desk.database.path) as views:
            return views.queue(Where("1"), limit=50_000)

    def messages(self, ticket: Ticket, kind: MessageKind = MessageKind.RECEIPT) -> list[Message]:
        """Return a ticket's messages of a kind, as an agent sees them."""
        with reading(self.desk.database.path) as views:
            return [message for message in views.messages(ticket.key) if message.kind is kind]

    def events(self, ticket: Ticket) -> list[Event]:
        """Return a ticket's journal."""
        with reading(self.desk.database.path) as views:
            return views.events(ticket.key)

    def why_not(self) -> list[str]:
        """Return every reason the journals give for a mail that was not acknowledged."""
        events = [event for ticket in self.tickets() for event in self.events(ticket)]
        return [str(event.payload["why"]) for event in events if event.kind is EventKind.RECEIPT_WITHHELD]

    def outbox(self, *, everything: bool = False) -> list[Operation]:
        """Return the outbox as an agent sees it."""
        with reading(self.desk.database.path) as views:
            return views.outbox(everything=everything)


def make_office(
    folder: Path,
    receipt: Receipt = ON,
    *,
    address: str = ADDRESS,
    clock: FakeClock | None = None,
    policy: Policy | None = None,
    aliases: tuple[str, ...] = (),
    team: tuple[str, ...] = (),
) -> Office:
    """Return an office that has not read its mailbox yet."""
    folder.mkdir(exist_ok=True)
    world = make_world(folder)
    office = Office(dataclasses.replace(world.desk, clock=clock or world.clock), world.server, clock or world.clock)
    config = office.desk.config
    mailbox: Mailbox = dataclasses.replace(config.mailbox, address=address, aliases=aliases, team=team)
    office.configure(dataclasses.replace(config, mailbox=mailbox, receipt=receipt, policy=policy or config.policy))
    return office


async def open_office(folder: Path, receipt: Receipt = ON, **kinds: object) -> Office:
    """Return an office that has read its mailbox once, a minute ago."""
    office = make_office(folder, receipt, **kinds)  # type: ignore[arg-type]  # handed on as they are
    await office.sync()
    office.clock.advance(60)
    return office
