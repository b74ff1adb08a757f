"""The worker hears of new mail: whatever happens to the connection that listens, nothing waits for the next poll."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from supportterm.bootstrap import build_desk
from supportterm.config import Config, Mailbox, Server, Sync
from supportterm.desk.worker import Doors, Worker
from supportterm.domain.mail import ParsedMail
from supportterm.mail.errors import ConnectionFailedError
from supportterm.mail.gateway import FetchedMail, Folder, FolderRole, FolderState
from supportterm.mail.parse import parse
from supportterm.store.views import reading

LONG = 3600.0
SERVER = Server("localhost", 1)


@dataclass
class Account:
    """INBOX as every connection sees it; `cuts` is how many of the next waits are cut off."""

    mails: list[bytes] = field(default_factory=list)
    cuts: int = 0
    waits: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    late: bool = False
    """A mail arrives just before the second connection, the listener, opens INBOX."""
    connections: int = 0

    def arrive(self) -> None:
        number = len(self.mails) + 1
        self.mails.append(
            f"From: c{number}@shop.example\nTo: us@acme.example\nMessage-ID: <{number}@shop.example>\n"
            f"Subject: Mail {number}\n\nHello {number}\n".encode()
        )
        self.arrived.set()


class Connection:
    """One IMAP connection in memory; it listens once `wait` is called."""

    def __init__(self, account: Account) -> None:
        account.connections += 1
        self.account = account
        self.is_second = account.connections == 2
        self.told = 0

    async def connect(self) -> None: ...

    async def close(self) -> None: ...

    async def folders(self) -> list[Folder]:
        return [Folder("INBOX", FolderRole.INBOX)]

    async def open(self, folder: str) -> FolderState:
        if self.is_second and self.account.late:
            self.account.late = False
            self.account.arrive()
        self.told = len(self.account.mails)
        return FolderState(folder, 1, self.told + 1, self.told)

    async def uids(self, first: int = 1) -> list[int]:
        return list(range(first, len(self.account.mails) + 1))

    async def fetch(self, uids: Sequence[int]) -> AsyncIterator[list[FetchedMail]]:
        for uid in uids:
            raw = self.account.mails[uid - 1]
            yield [FetchedMail(uid, raw, frozenset(), datetime.now(UTC), len(raw))]

    async def wait(self, seconds: float) -> bool:
        """Tell of what arrived since the folder was opened, as IDLE does."""
        self.account.waits.release()
        if self.account.cuts:
            self.account.cuts -= 1
            raise ConnectionFailedError("The server hung up.")
        while self.told == len(self.account.mails):
            self.account.arrived.clear()
            await self.account.arrived.wait()
        return True


class InPlace:
    """Reads mails here, not in a child."""

    async def read(self, raws: list[bytes]) -> list[ParsedMail]:
        return [parse(raw) for raw in raws]


class Closed:
    """A transport nothing is sent over."""

    async def close(self) -> None: ...

    async def size_limit(self) -> int | None:
        return None


@asynccontextmanager
async def watching(account: Account, folder: Path) -> AsyncIterator[Callable[[int], Any]]:
    """Run a worker that polls about never, and hand out a way to wait until so many tickets are there."""
    config = Config(
        Mailbox("us@acme.example", SERVER, SERVER), sync=Sync(poll_seconds=LONG), store=folder / "store.sqlite3"
    )
    desk = build_desk(config)
    worker = Worker(desk, Doors(lambda: Connection(account), Closed, InPlace()))  # type: ignore[arg-type]  # fakes of what is used here
    stop = asyncio.Event()
    task = asyncio.create_task(worker.watch(stop))

    async def until(tickets: int) -> None:
        async with asyncio.timeout(30):
            while True:
                with reading(folder / "store.sqlite3") as views:
                    if views.counts("me")["unassigned"] == tickets:
                        return
                await asyncio.sleep(0.02)

    try:
        yield until
    finally:
        stop.set()
        await task
        desk.database.close()


async def test_a_mail_that_comes_while_the_listener_takes_its_place_is_not_missed(tmp_path: Path) -> None:
    """Between the first reading and the moment the listener opens INBOX there is a gap."""
    account = Account(late=True)
    account.arrive()
    async with watching(account, tmp_path) as until:
        await until(2)


async def test_a_listener_that_is_cut_off_alone_listens_again(tmp_path: Path) -> None:
    """Servers drop quiet connections one by one: the other one going on is no reason to be deaf."""

    account = Account(cuts=1)
    account.arrive()
    async with watching(account, tmp_path) as until:
        await until(1)
        async with asyncio.timeout(30):
            await account.waits.acquire()
            await account.waits.acquire()
        account.arrive()
        await until(2)
