"""Reading one folder: what is new there, newest first on the first day, in batches that may be cut anywhere."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from supportterm.desk.inbound import Inbound, Taken
from supportterm.domain.mail import ParsedMail
from supportterm.mail.gateway import FetchedMail, FolderRole, FolderState, Mailbox
from supportterm.store import folders
from supportterm.store.database import Database

_AT_ONCE = 25
"""Mails a transaction: short enough that a waiting verb hardly notices."""

Progress = Callable[[str, int, int], None]
"""Told the folder, how many mails are in and how many there are to read."""


class MailReader(Protocol):
    """Turns sources into mails, in a child process."""

    async def read(self, raws: list[bytes]) -> list[ParsedMail]:
        """Return a mail for each source, whatever it holds."""
        ...


@dataclass(frozen=True, slots=True)
class Known:
    """How far a folder is read: its row's id, the last UID, the last change number, and whether all before is in."""

    id: int
    last_uid: int
    modseq: int | None
    complete: bool


class FolderSync:
    """Brings folders of one mailbox into the store."""

    def __init__(self, database: Database, inbound: Inbound, reader: MailReader, progress: Progress) -> None:
        self._database = database
        self._inbound = inbound
        self._reader = reader
        self._progress = progress

    async def sync(self, mailbox: Mailbox, name: str, role: FolderRole) -> int:
        """Take in what is new in a folder and return how many mails were.

        Raises:
            MailError: the connection was lost; what came before is kept, the rest comes next time.
            StoreError: the store cannot be written.
        """
        state = await mailbox.open(name)
        known = self._known(name, role, state)
        new = 0
        if not known.complete:
            new += await self._first(mailbox, known, state, name)
        elif state.uidnext > known.last_uid + 1:
            uids = await mailbox.uids(known.last_uid + 1)
            new += await self._take(mailbox, known.id, name, self._missing(known, uids))
            if uids:
                self._advance(known.id, uids[-1], None)
        await self._flags(mailbox, known, state)
        return new

    def _known(self, name: str, role: FolderRole, state: FolderState) -> Known:
        with self._database.write() as session:
            row = folders.get(session, name, role.value, state.uidvalidity)
            return Known(row.id or 0, row.last_uid, row.modseq, bool(row.complete))

    async def _first(self, mailbox: Mailbox, known: Known, state: FolderState, name: str) -> int:
        self._inbound.begin()
        uids = await mailbox.uids()
        new = await self._take(mailbox, known.id, name, self._missing(known, uids[::-1]))
        self._advance(known.id, uids[-1] if uids else 0, state.highestmodseq)
        return new

    def _missing(self, known: Known, uids: list[int]) -> list[int]:
        """Leave out what an earlier, interrupted reading brought."""
        if not uids:
            return []
        with self._database.write() as session:
            have = folders.known_uids(session, known.id, min(uids))
        return [uid for uid in uids if uid not in have]

    def _advance(self, folder_id: int, last_uid: int, modseq: int | None) -> None:
        with self._database.write() as session:
            folders.advance(session, folder_id, last_uid, modseq, complete=True)

    async def _take(self, mailbox: Mailbox, folder_id: int, name: str, uids: list[int]) -> int:
        """Fetch, read and store in three stages that work at the same time, each a batch ahead of the next."""
        if not uids:
            return 0
        fetched: asyncio.Queue[list[FetchedMail] | None] = asyncio.Queue(2)
        read: asyncio.Queue[tuple[list[FetchedMail], list[ParsedMail]] | None] = asyncio.Queue(2)
        new = done = 0

        async def fetch() -> None:
            async for batch in mailbox.fetch(uids):
                for start in range(0, len(batch), _AT_ONCE):
                    await fetched.put(batch[start : start + _AT_ONCE])
            await fetched.put(None)

        async def parse() -> None:
            while (batch := await fetched.get()) is not None:
                mails = await self._reader.read([mail.raw for mail in batch])
                await read.put((batch, mails))
            await read.put(None)

        async def store() -> None:
            nonlocal new, done
            while (batch := await read.get()) is not None:
                taken = await asyncio.to_thread(self._take_in, folder_id, *batch)
                new += taken.new
                done += len(batch[0])
                self._progress(name, done, len(uids))

        try:
            async with asyncio.TaskGroup() as group:
                for stage in (fetch, parse, store):
                    group.create_task(stage())
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from None
        return new

    def _take_in(self, folder_id: int, batch: list[FetchedMail], mails: list[ParsedMail]) -> Taken:
        arrivals = [self._inbound.prepare(fetched, mail) for fetched, mail in zip(batch, mails, strict=True)]
        return self._inbound.take_in(folder_id, arrivals)

    async def _flags(self, mailbox: Mailbox, known: Known, state: FolderState) -> None:
        """Learn what other programs marked; it is shown, and changes no ticket."""
        if state.highestmodseq is None or known.modseq == state.highestmodseq:
            return
        if known.modseq is not None:
            changed = await mailbox.changed_since(known.modseq)
            if changed:
                rows = [(uid, " ".join(sorted(flags))) for uid, flags in changed.items()]
                with self._database.write(bulk=True) as session:
                    folders.set_flags(session, known.id, rows)
        with self._database.write(bulk=True) as session:
            folders.set_modseq(session, known.id, state.highestmodseq)
