"""An in-memory mail server behind the gateway's protocols, and a desk over a real store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

from supportterm.config import Agent, Config, Mailbox, Policy, Sending, Server, Sync
from supportterm.desk.context import Desk
from supportterm.desk.people import People
from supportterm.desk.ranking import Ranking
from supportterm.desk.rulepacks import TriagePacks
from supportterm.desk.worker import Doors, Worker
from supportterm.domain.clock import FakeClock
from supportterm.domain.mail import ParsedMail
from supportterm.mail import parse
from supportterm.mail.errors import ConnectionFailedError, FolderError
from supportterm.mail.gateway import Answer, Delivery, Envelope, FetchedMail, Folder, FolderRole, FolderState
from supportterm.store.database import Database

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ADDRESS = "support@acme.example"


@dataclass
class FakeServer:
    """Folders of mails by UID, what SMTP accepted, and the cable."""

    folders: dict[str, dict[int, FetchedMail]] = field(default_factory=lambda: {"INBOX": {}, "Sent": {}})
    validity: int = 1
    accepted: list[Envelope] = field(default_factory=list)
    answers: dict[str, tuple[Answer, int, str]] = field(default_factory=dict)
    up: bool = True
    refused: set[str] = field(default_factory=set)
    """Folders of which the server says NO."""
    appended: int = 0
    before_end: Callable[[], None] | None = None
    size_limit: int | None = None
    """What SMTP says of SIZE."""

    def put(self, raw: bytes, folder: str = "INBOX", at: datetime = NOW, flags: Sequence[str] = ()) -> int:
        held = self.folders[folder]
        uid = max(held, default=0) + 1
        held[uid] = FetchedMail(uid, raw, frozenset(flags), at, len(raw))
        return uid

    def check_folder(self, folder: str) -> None:
        self.check()
        if folder in self.refused:
            raise FolderError(f"The server refuses {folder}: over quota.")

    def check(self) -> None:
        if not self.up:
            raise ConnectionFailedError("The network is gone. It will be tried again.")


class FakeMailbox:
    def __init__(self, server: FakeServer) -> None:
        self._server = server
        self._open = "INBOX"

    async def connect(self) -> None:
        self._server.check()

    async def folders(self) -> list[Folder]:
        return [Folder("INBOX", FolderRole.INBOX), Folder("Sent", FolderRole.SENT)]

    async def open(self, folder: str) -> FolderState:
        self._server.check_folder(folder)
        self._open = folder
        held = self._server.folders[folder]
        return FolderState(folder, self._server.validity, max(held, default=0) + 1, len(held))

    async def uids(self, first: int = 1) -> list[int]:
        self._server.check()
        return sorted(uid for uid in self._server.folders[self._open] if uid >= first)

    async def fetch(self, uids: Sequence[int]) -> AsyncIterator[list[FetchedMail]]:
        self._server.check()
        held = self._server.folders[self._open]
        for start in range(0, len(uids), 10):
            yield [held[uid] for uid in uids[start : start + 10] if uid in held]

    async def flags(self, uids: Sequence[int]) -> dict[int, frozenset[str]]:
        return {uid: self._server.folders[self._open][uid].flags for uid in uids}

    async def changed_since(self, modseq: int) -> dict[int, frozenset[str]] | None:
        return None

    async def add_flags(self, uids: Sequence[int], flags: Sequence[str]) -> None:
        self._server.check()
        held = self._server.folders[self._open]
        for uid in uids:
            mail = held[uid]
            held[uid] = FetchedMail(uid, mail.raw, mail.flags | set(flags), mail.received_at, mail.size)

    async def append(self, folder: str, raw: bytes, flags: Sequence[str], when: datetime) -> None:
        self._server.check_folder(folder)
        self._server.appended += 1
        self._server.put(raw, folder, when, flags)

    async def find(self, folder: str, message_id: str) -> list[int]:
        self._server.check()
        wanted = f"<{message_id}>".encode()
        return [uid for uid, mail in self._server.folders[folder].items() if wanted in mail.raw]

    async def wait(self, seconds: float) -> bool:
        await asyncio.sleep(seconds)
        return False

    async def close(self) -> None:
        return


class FakeTransport:
    def __init__(self, server: FakeServer) -> None:
        self._server = server

    async def deliver(self, envelope: Envelope, before_end: Callable[[], Awaitable[None]]) -> Delivery:
        self._server.check()
        answers = {
            address: self._server.answers.get(address, (Answer.ACCEPTED, 250, "ok")) for address in envelope.recipients
        }
        if any(answer in (Answer.ACCEPTED, Answer.UNCERTAIN) for answer, _, _ in answers.values()):
            if self._server.before_end:
                self._server.before_end()
            await before_end()
            taken = tuple(a for a, (answer, _, _) in answers.items() if answer is Answer.ACCEPTED)
            if taken:
                self._server.accepted.append(Envelope(envelope.sender, taken, envelope.raw, envelope.message_id))
        return Delivery(answers, self._server.size_limit)

    async def size_limit(self) -> int | None:
        self._server.check()
        return self._server.size_limit

    async def close(self) -> None:
        return


class InlineReader:
    async def read(self, raws: Sequence[bytes]) -> list[ParsedMail]:
        return [parse.parse(raw) for raw in raws]


@dataclass
class World:
    """A desk, its server and its clock."""

    desk: Desk
    server: FakeServer
    clock: FakeClock

    def worker(self) -> Worker:
        doors = Doors(lambda: FakeMailbox(self.server), lambda: FakeTransport(self.server), InlineReader())
        return Worker(self.desk, doors)

    async def sync(self) -> None:
        await self.worker().once()


def make_world(folder: Path, *, undo_seconds: int = 10, history_days: int = 14) -> World:
    clock = FakeClock(NOW)
    server = Server("127.0.0.1", 1)
    config = Config(
        Mailbox(ADDRESS, server, server, name="Acme Support"),
        agent=Agent("ada", "Ada"),
        sync=Sync(history_days=history_days),
        sending=Sending(undo_seconds),
    )
    database = Database(folder / "store.sqlite3")
    desk = Desk(database, config, Ranking(TriagePacks(), Policy()), People.of(config.mailbox), clock)
    return World(desk, FakeServer(), clock)


def letter(
    text: str,
    *,
    sender: str = "Mara Lind <mara@lind.example>",
    to: str = ADDRESS,
    subject: str = "A question",
    message_id: str | None = "m1@lind.example",
    refs: Sequence[str] = (),
    at: datetime = NOW,
    **headers: str,
) -> bytes:
    """Write a mail as a customer's program would."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = at - timedelta(seconds=5)
    if message_id:
        mail["Message-ID"] = f"<{message_id}>"
    if refs:
        mail["References"] = " ".join(f"<{ref}>" for ref in refs)
        mail["In-Reply-To"] = f"<{refs[-1]}>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail.as_bytes()
