"""The desk's hold on an IMAP connection: everything waits in a thread of its own, nothing blocks the loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from supportterm.config import Server
from supportterm.mail.errors import ConnectionFailedError, MailError
from supportterm.mail.gateway import FetchedMail, Folder, FolderState, Mailbox
from supportterm.mail.imap.lane import Lane

if TYPE_CHECKING:
    from supportterm.mail.imap.session import Session

T = TypeVar("T")

_GRACE = 1.0
"""Seconds beyond a server's timeout after which connecting is given up even if the system still waits."""


class ImapMailbox(Mailbox):
    """One IMAP connection (see `Mailbox`); nothing is loaded and no socket opened before `connect`.

    `max_message_bytes` bounds a mail: of larger ones only the header is fetched.
    """

    def __init__(self, server: Server, user: str, password: str, *, max_message_bytes: int = 50 << 20) -> None:
        self._server = server
        self._sign_in = (user, password)
        self._max_message_bytes = max_message_bytes
        self._lane = Lane(f"imap {server.host}")
        self._session: Session | None = None
        self._busy = 0
        self._stop: threading.Event | None = None

    async def connect(self) -> None:
        """Connect, secure and sign in; a no-op while connected."""

        def connect() -> Session:
            from supportterm.mail.imap.session import Session

            session = self._session or Session(self._server, *self._sign_in, self._max_message_bytes)
            self._session = session
            session.guard(session.connect)
            return session

        try:
            async with asyncio.timeout(self._server.timeout_seconds + _GRACE):
                await self._run(connect)
        except MailError:
            self._forget()
            raise
        except TimeoutError:
            self._forget()
            raise ConnectionFailedError(
                f"{self._server.host} did not answer within {self._server.timeout_seconds:g} seconds. "
                "Check the network; it will be tried again."
            ) from None

    async def folders(self) -> list[Folder]:
        """List the selectable folders with their roles; INBOX is always among them."""
        return await self._call(lambda session: session.folders())

    async def open(self, folder: str) -> FolderState:
        """Select a folder for reading and flags; always asks the server anew."""
        return await self._call(lambda session: session.open(folder))

    async def uids(self, first: int = 1) -> list[int]:
        """Return the open folder's UIDs from `first` on, ascending."""
        return await self._call(lambda session: session.uids(first))

    async def fetch(self, uids: Sequence[int]) -> AsyncIterator[list[FetchedMail]]:
        """Yield the mails of these UIDs in the order given, in batches of bounded bytes; vanished ones are left out."""
        from supportterm.mail.imap import fetching
        from supportterm.mail.imap.session import valid_uids

        wanted = valid_uids(uids)
        for start in range(0, len(wanted), fetching.WINDOW):
            batches = await self._call(partial(fetching.plan, uids=wanted[start : start + fetching.WINDOW]))
            for index in range(len(batches)):
                if mails := await self._call(partial(fetching.collect, batches=batches, index=index)):
                    yield mails

    async def flags(self, uids: Sequence[int]) -> dict[int, frozenset[str]]:
        """Return the flags of those of these UIDs that still exist."""
        return await self._call(lambda session: session.flags(uids))

    async def changed_since(self, modseq: int) -> dict[int, frozenset[str]] | None:
        """Return flags changed since `modseq` (RFC 7162), or None where the server cannot say."""
        return await self._call(lambda session: session.changed_since(modseq))

    async def add_flags(self, uids: Sequence[int], flags: Sequence[str]) -> None:
        """Set flags, silently leaving out mails that are gone."""
        await self._call(lambda session: session.add_flags(uids, flags))

    async def append(self, folder: str, raw: bytes, flags: Sequence[str], when: datetime) -> None:
        """File a copy of a mail in a folder, creating the folder where it is missing."""
        await self._call(lambda session: session.append(folder, raw, flags, when))

    async def find(self, folder: str, message_id: str) -> list[int]:
        """Return the UIDs in `folder` whose Message-ID header is exactly this (given without brackets)."""
        return await self._call(lambda session: session.find(folder, message_id))

    async def wait(self, seconds: float) -> bool:
        """Wait until the open folder changes (True) or the time is up (False): IDLE, else NOOP polls."""
        self._stop = stop = threading.Event()
        try:
            return await self._call(partial(_wait, seconds=seconds, stop=stop), cut=False)
        except asyncio.CancelledError:
            self._end_wait()
            raise
        finally:
            self._stop = None

    async def close(self) -> None:
        """Sign out and close; never raises, never blocks longer than a second."""
        session = self._session
        if session is None:
            return
        if not self._end_wait() and self._busy:
            session.abort()
        try:
            async with asyncio.timeout(0.9):
                await self._lane.run(session.leave)
        except TimeoutError:
            session.abort()
        finally:
            self._forget()

    def _end_wait(self) -> bool:
        if self._stop is None or self._session is None:
            return False
        self._stop.set()
        self._session.ring()
        return True

    def _forget(self) -> None:
        """Leave the session to its thread, which ends with it; the next connect starts afresh."""
        if self._session is not None:
            self._session.abort()
        self._session = None
        self._lane.close()

    async def _call(self, command: Callable[[Session], T], *, cut: bool = True) -> T:
        session = self._session
        if session is None:
            raise ConnectionFailedError(f"There is no connection to {self._server.host}. It will be tried again.")
        return await self._run(lambda: session.guard(lambda: command(session)), cut=cut)

    async def _run(self, errand: Callable[[], T], *, cut: bool = True) -> T:
        """Run in the thread; with `cut`, being cancelled cuts the connection, since its state is then unknown."""
        self._busy += 1
        try:
            return await self._lane.run(errand)
        except asyncio.CancelledError:
            if cut and self._session is not None:
                self._session.abort()
            raise
        finally:
            self._busy -= 1


def _wait(session: Session, seconds: float, stop: threading.Event) -> bool:
    from supportterm.mail.imap.listening import wait

    session.come_home()
    return wait(session, seconds, stop)
