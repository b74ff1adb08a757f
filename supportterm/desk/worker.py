"""The worker: keeps the store and the mail server in step, alone or for as long as it is wanted.

Two connections: one waits in INBOX (IDLE, else polls), one does the work. No
retry lives only in memory: a worker that dies is simply followed by another.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

from supportterm.desk import patience, sync_wish
from supportterm.desk.config_watch import ConfigWatch
from supportterm.desk.context import Desk
from supportterm.desk.folder_sync import FolderSync, MailReader, Progress
from supportterm.desk.inbound import Inbound
from supportterm.desk.outbound import Drained, Outbound
from supportterm.desk.rerank import follow, keep_up, rerank, rewind
from supportterm.desk.vigil import Vigil
from supportterm.domain.errors import StoreError
from supportterm.mail.errors import CertificateError, FolderError, MailError, SignInError
from supportterm.mail.gateway import Folder, FolderRole, Mailbox, Transport
from supportterm.store import meta, operations
from supportterm.store.mapping import to_ms

_TICK = 0.2
"""Seconds between looks at the store for something to do."""
_WORTH_TELLING = 100
"""Mails to read from which on the store says how far reading is."""
_PROGRESS_SECONDS = 1.0
_SIGN_IN_PAUSE = 300.0
_SOON = 60.0
"""Seconds within which a mail may leave that a worker stays for when nobody is at the desk."""
_STORE_FAILURES = 4
"""Times in a row that a locked or full store is tried again before the worker gives up."""


@dataclass(frozen=True, slots=True)
class Report:
    """What one round did."""

    new: int
    drained: Drained


@dataclass(frozen=True, slots=True)
class Doors:
    """How the worker reaches the server; in tests, fakes."""

    mailbox: Callable[[], Mailbox]
    transport: Callable[[], Transport]
    reader: MailReader


def _silent(_folder: str, _done: int, _total: int) -> None:
    """Tell nobody."""


class Worker:
    """Syncs one store with one mailbox."""

    def __init__(
        self, desk: Desk, doors: Doors, progress: Progress = _silent, tell: Callable[[str], None] = lambda _: None
    ) -> None:
        self._desk = desk
        self._tell = tell
        self._doors = doors
        self._mailbox = doors.mailbox()
        self._transport = doors.transport()
        self._inbound = Inbound(desk.database, desk.config, desk.ranking, desk.people, desk.clock)
        self._folders = FolderSync(desk.database, self._inbound, doors.reader, self._read_on)
        self._progress = progress
        self._told_at: float | None = None
        self._reading, self._reading_since = "", desk.now()
        self._wish = ""
        self._sent: str | None = None
        self._trouble = ""
        self._outbound: Outbound | None = None
        self._state, self._error = "", ""
        self._watch = ConfigWatch(desk.config)
        self._vigil = Vigil()

    async def once(self) -> Report:
        """Read INBOX and Sent, recover and drain what is due, rank what time has changed.

        Raises:
            MailError: the server could not be reached or refused; what was done so far is kept.
        """
        self._trouble, self._told_at = "", None
        self._wish = sync_wish.asked(self._desk.database)
        rewind(self._desk.database, self._desk.ranking, self._desk.clock)
        rerank(self._desk.database, self._desk.ranking, self._desk.clock)
        try:
            await self._mailbox.connect()
            outbound = await self._prepare()
            new = await self._read()
            outbound.recover()
            drained = await outbound.drain()
            rerank(self._desk.database, self._desk.ranking, self._desk.clock)
            self._vigil.look(self._desk)
        except MailError as error:
            self._say("refused" if isinstance(error, SignInError | CertificateError) else "offline", str(error))
            raise
        self._say("online", drained.trouble or self._trouble)
        return Report(new, drained)

    async def deliver(self, number: int, seconds: float) -> None:
        """Work until one mail is settled, or so many seconds have passed.

        Raises:
            MailError: the server could not be reached or refused; the mail stays queued.
        """
        ends = self._desk.clock.monotonic() + seconds
        while self._desk.clock.monotonic() < ends:
            await self.once()
            with self._desk.database.write() as session:
                operation = operations.get(session, number)
            if operation is None or operation.state.is_settled:
                return
            left = (operation.next_attempt_at - self._desk.now()).total_seconds()
            await asyncio.sleep(min(max(left, 0.05), max(ends - self._desk.clock.monotonic(), 0.05)))

    async def watch(self, stop: asyncio.Event) -> None:
        """Stay in step until told to stop; every failure is written to the store and tried again, ever more patiently.

        Raises:
            StoreError: the store itself cannot be used.
        """
        failures = 0
        while not stop.is_set():
            try:
                await self.once()
                await (await self._prepare()).ask_limit()
                failures = 0
                await self._attend(stop)
            except (SignInError, CertificateError):
                await self._rest(stop, _SIGN_IN_PAUSE)
            except MailError as error:
                self._say("offline", str(error))
                failures += 1
                await self._rest(stop, patience.after(failures))
            except StoreError:
                failures += 1
                if failures > _STORE_FAILURES:
                    raise
                await patience.pause(stop, patience.after(failures))
            finally:
                await self._mailbox.close()
                await self._transport.close()

    def has_work(self) -> bool:
        """Tell whether something waits that can leave soon: not before its time, and not while the sign-in fails.

        Raises:
            sqlite3.Error: the store cannot be read now.
        """
        soon = max(_SOON, self._desk.config.sending.undo_seconds)
        until = to_ms(self._desk.now()) + round(soon * 1000)
        return self._state != "refused" and self._desk.database.waits_until(until)

    async def close(self) -> None:
        """Close both connections, and end what triggers run."""
        await self._vigil.close()
        await self._mailbox.close()
        await self._transport.close()

    async def _attend(self, stop: asyncio.Event) -> None:
        async with self._listening() as mail_came:
            while not stop.is_set():
                if mail_came.is_set() or self._is_wanted():
                    mail_came.clear()
                    await self.once()
                elif self._something_due():
                    await self._work()
                self._heed()
                await patience.pause(stop, _TICK, mail_came)

    async def _rest(self, stop: asyncio.Event, seconds: float) -> None:
        """Wait before the next try, unless somebody asks for it."""
        time = asyncio.get_running_loop().time
        ends = time() + seconds
        while not stop.is_set() and not self._is_wanted() and (left := ends - time()) > 0:
            self._heed()
            keep_up(self._desk.database, self._desk.ranking, self._desk.clock)
            await patience.pause(stop, min(_TICK, left))

    def _heed(self) -> None:
        """Follow the configuration's file: other policies count at once, a mistake is told and changes nothing."""
        problem, before, is_other = self._mistake, self._watch.config, self._watch.look()
        if self._watch.config is not before:
            self._desk, self._outbound = self._watch.followed(self._desk), None
            self._inbound.follow(self._desk.config)
        reads_anew = self._desk.ranking.packs_changed() or self._watch.config.triage != before.triage
        if is_other or reads_anew:
            follow(self._desk, self._watch.config, reads_anew=reads_anew)
        self._vigil.look(self._desk)
        if self._mistake != problem:
            self._say(self._state or "online", self._error)

    @property
    def _mistake(self) -> str:
        """What of the configuration or of this house's packs is wrong, and so not followed; else empty."""
        return self._watch.problem or next(iter(self._desk.ranking.problems), "")

    def _is_wanted(self) -> bool:
        """Tell whether somebody asked for mail since the last round began."""
        return sync_wish.asked(self._desk.database) != self._wish

    async def _work(self) -> None:
        outbound = await self._prepare()
        drained = await outbound.drain()
        rerank(self._desk.database, self._desk.ranking, self._desk.clock)
        self._say("online", drained.trouble or self._trouble)

    def _something_due(self) -> bool:
        now = to_ms(self._desk.now())
        return any(at is not None and at <= now for at in self._desk.database.next_instants())

    @contextlib.asynccontextmanager
    async def _listening(self) -> AsyncIterator[asyncio.Event]:
        """Wait in INBOX on a connection of its own and set the event when something changed, or it is time to look.

        It is time to look each time INBOX was opened, for what came before
        nobody listened to, and when the connection was lost: where the server
        is still there, listening begins again.
        """
        came = asyncio.Event()
        listener = self._doors.mailbox()
        sync = self._desk.config.sync

        async def listen() -> None:
            pause = 1.0
            while True:
                try:
                    await listener.connect()
                    while True:
                        await listener.open(sync.inbox)
                        came.set()
                        await listener.wait(sync.poll_seconds)
                        pause = 1.0
                except MailError:
                    came.set()
                    await listener.close()
                await asyncio.sleep(min(pause, sync.poll_seconds))
                pause *= 2

        task = asyncio.create_task(listen())
        try:
            yield came
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
            await listener.close()

    async def _prepare(self) -> Outbound:
        if self._outbound is None:
            self._sent = self._desk.config.sync.sent_folder or _sent_among(await self._mailbox.folders())
            self._outbound = Outbound(self._desk, self._mailbox, self._transport, self._sent, self._look)
        return self._outbound

    async def _read(self) -> int:
        new = await self._folders.sync(self._mailbox, self._desk.config.sync.inbox, FolderRole.INBOX)
        if self._sent is not None:
            try:
                new += await self._folders.sync(self._mailbox, self._sent, FolderRole.SENT)
            except FolderError as error:
                self._trouble = str(error)
        return new

    async def _look(self) -> None:
        await self._read()

    def _read_on(self, folder: str, done: int, total: int) -> None:
        """Pass on how far reading is, and write it to the store now and then where it takes long."""
        self._progress(folder, done, total)
        moment = self._desk.clock.monotonic()
        if total < _WORTH_TELLING or done >= total:
            return
        if self._told_at is None or folder != self._reading:
            self._reading, self._reading_since = folder, self._desk.now()
        elif moment - self._told_at < _PROGRESS_SECONDS:
            return
        self._told_at = moment
        with self._desk.database.write(bulk=True) as session:
            before = json.loads(meta.get(session, "sync") or "{}")
            reading = {"state": "syncing", "since": self._reading_since.isoformat(), "success": before.get("success")}
            rest = {"error": "", "config": self._mistake, "done": done, "total": total}
            meta.put(session, "sync", json.dumps({**reading, **rest}))

    def _say(self, state: str, error: str = "") -> None:
        """Write to the store how sync goes, for every front end to show."""
        self._state, self._error = state, error
        config = self._mistake
        now = self._desk.now()
        with self._desk.database.write() as session:
            before = json.loads(meta.get(session, "sync") or "{}")
            if (before.get("state"), before.get("error")) != (state, error):
                self._tell(f"{state}: {error}" if error else state)
            if config and config != before.get("config"):
                self._tell(config)
            since = before.get("since") if before.get("state") == state else now.isoformat()
            success = now.isoformat() if state == "online" else before.get("success")
            said = {"state": state, "since": since, "success": success, "error": error, "config": config}
            meta.put(session, "sync", json.dumps(said))


def _sent_among(folders: list[Folder]) -> str | None:
    return next((folder.name for folder in folders if folder.role is FolderRole.SENT), None)
