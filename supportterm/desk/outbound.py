"""Mail going out: the outbox is drained in order, and each mail's fate recorded before the next step.

`sending` is committed right before a mail's final dot, without which no server
takes it. Whatever dies after that is `uncertain`: its copy in Sent proves
acceptance, its absence proves nothing, and only an agent may send it again.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from supportterm.desk import promise_clocks, receipt_sending
from supportterm.desk.context import Desk
from supportterm.desk.settling import accept, settle, stop
from supportterm.domain.message import Message
from supportterm.domain.operations import MAX_ATTEMPTS, Operation, OperationKind, State, backoff
from supportterm.domain.ticket import MessageKind
from supportterm.mail.compose import with_blind_copies
from supportterm.mail.errors import FolderError, MailError, SignInError
from supportterm.mail.gateway import Answer, Delivery, Envelope, Mailbox, Transport
from supportterm.store import backups, folders, messages, meta, operations, server_size
from supportterm.store.mapping import maybe_ms

_SELF_FILING = ("gmail.com", "googlemail.com", "outlook.com", "office365.com", "outlook.office.com")
"""Servers that put a copy of what they send into Sent by themselves."""

_ENDED = "the program ended while it was being sent"
_RESTORED = "this store was restored from a backup, and the mail may have left since"

_ASKING = 5.0
"""Seconds to wait for the server's word on how large a mail it takes."""

_MAILS = (OperationKind.SEND, OperationKind.RECEIPT, OperationKind.NOTICE)

Look = Callable[[], Awaitable[None]]
"""Reads INBOX and Sent, so that what crossed a reply is in the store."""


class WithdrawnError(Exception):
    """The agent took the mail back, or another process took it, just before its final dot."""


@dataclass(slots=True)
class Drained:
    """What one drain did."""

    accepted: int = 0
    stopped: int = 0
    later: int = 0
    trouble: str = ""
    """What kept mail from leaving, in a sentence; the rest of the work went on."""


class Outbound:
    """Drains operations over one mailbox and one transport."""

    def __init__(self, desk: Desk, mailbox: Mailbox, transport: Transport, sent_folder: str | None, look: Look) -> None:
        self._desk = desk
        self._mailbox = mailbox
        self._transport = transport
        self._sent = sent_folder
        self._look = look
        self._has_asked = False

    async def ask_limit(self) -> None:
        """Ask once how large a mail the server takes, where that is not known; a failure shows when mail is sent."""
        host = self._desk.config.mailbox.smtp.host
        with self._desk.database.write() as session:
            is_known = server_size.known(session, host) is not None
        if self._has_asked or is_known:
            return
        self._has_asked = True
        try:
            async with asyncio.timeout(_ASKING):
                limit = await self._transport.size_limit()
        except (MailError, TimeoutError):
            return
        finally:
            await self._transport.close()
        with self._desk.database.write() as session:
            server_size.learn(session, host, limit or 0)

    def recover(self) -> None:
        """Find what a crash left `sending`, and settle what Sent proves; run after reading INBOX and Sent."""
        desk, now = self._desk, self._desk.now()
        with desk.database.write() as session:
            restored = meta.get(session, backups.RESTORED) is not None
            states = (State.SENDING, State.UNCERTAIN, State.QUEUED) if restored else (State.SENDING, State.UNCERTAIN)
            left = [o for state in states for kind in _MAILS for o in operations.in_state(session, state, kind)]
            for operation in left:
                filed = operation.message is not None and folders.places(session, [operation.message])
                if filed and _is_provable(operation):
                    accept(session, desk, operation, now, "its copy is in Sent", file=False)
                elif operation.state is State.UNCERTAIN:
                    continue
                elif restored and operation.kind is OperationKind.SEND:
                    operations.move(session, operation.id or 0, operation.state, State.REVIEW, now, _RESTORED)
                    stop(session, desk, operation, State.REVIEW, _RESTORED, now)
                else:
                    settle(session, desk, operation, _lost(operation, _RESTORED if restored else _ENDED), now)
            meta.forget(session, backups.RESTORED)

    async def drain(self) -> Drained:
        """Carry out every operation whose time has come, what people wrote before what wrote itself.

        Raises:
            MailError: the mailbox could not be read; what was not done stays queued.
        """
        drained = Drained()
        for operation in sorted(self._due(), key=lambda one: one.kind in _MAILS[1:]):
            if operation.kind in _MAILS:
                if not drained.trouble:
                    await self._send(operation, drained)
            else:
                await self._tend(operation)
        return drained

    def _due(self) -> list[Operation]:
        with self._desk.database.write() as session:
            return operations.due(session, self._desk.now())

    async def _send(self, operation: Operation, drained: Drained) -> None:
        desk = self._desk
        await self._look()
        if self._taken_back(operation):
            return
        crossed = self._crossing(operation)
        if crossed:
            drained.stopped += 1
            return
        started = False

        async def before_end() -> None:
            nonlocal started
            with desk.database.write() as session:
                current = operations.get(session, operation.id or 0)
                is_put_off = current is not None and current.not_before > desk.now()
                if is_put_off or not operations.move(
                    session, operation.id or 0, State.QUEUED, State.SENDING, desk.now()
                ):
                    raise WithdrawnError
            started = True

        waiting = tuple(r.address for r in operation.recipients if r.state is State.QUEUED)
        envelope = Envelope(str(operation.payload["from"]), waiting, self._raw(operation), operation.message_id or "")
        try:
            delivery = await self._transport.deliver(envelope, before_end)
        except WithdrawnError:
            return
        except MailError as error:
            if started:
                delivery = _lost(operation, str(error))
            else:
                self._postpone(operation, str(error), counted=not isinstance(error, SignInError))
                drained.later += 1
                drained.trouble = str(error)
                return
        with desk.database.write() as session:
            if delivery.size_limit is not None:
                server_size.learn(session, desk.config.mailbox.smtp.host, delivery.size_limit)
            current = operations.get(session, operation.id or 0)
            if current is None or current.state not in (State.QUEUED, State.SENDING):
                return
            if receipt_sending.once_more(session, desk.config, current, delivery, desk.now()):
                drained.later += 1
                return
            state = settle(session, desk, current, delivery, desk.now())
        drained.accepted += state is State.ACCEPTED
        drained.later += state is State.QUEUED
        drained.stopped += state.needs_a_look and operation.kind is OperationKind.SEND

    def _taken_back(self, operation: Operation) -> bool:
        """Keep a receipt from leaving that is not wanted any more."""
        if operation.kind is not OperationKind.RECEIPT:
            return False
        with self._desk.database.write() as session:
            return receipt_sending.hold_back(session, self._desk.config, operation, self._desk.now())

    def _crossing(self, operation: Operation) -> bool:
        """Hold a reply for review where somebody wrote meanwhile, or a time promised in it has passed already."""
        desk = self._desk
        with desk.database.write() as session:
            current = operations.get(session, operation.id or 0)
            if current is None or current.state is not State.QUEUED:
                return True
            if operation.kind is not OperationKind.SEND:
                return False
            base_at = maybe_ms(current.base_at) or 0
            newer = messages.newer(session, current.ticket_key, current.base_message, base_at)
            late = promise_clocks.passed(session, current.ticket_key, current.id or 0, desk.now())
            if not newer and late is None:
                return False
            why = _crossed_by(newer[-1]) if newer else f"the promised time has passed: “{late.words if late else ''}”"
            operations.move(session, current.id or 0, State.QUEUED, State.REVIEW, desk.now(), why)
            stop(session, desk, current, State.REVIEW, why, desk.now())
            return True

    def _raw(self, operation: Operation) -> bytes:
        with self._desk.database.write() as session:
            return messages.source(session, str(operation.payload["raw"])) or b""

    def _postpone(self, operation: Operation, said: str, *, counted: bool = True) -> None:
        attempts = operation.attempts + int(counted)
        now = self._desk.now()
        with self._desk.database.write() as session:
            current = operations.get(session, operation.id or 0)
            if current is not None and current.state is State.QUEUED:
                later = now + backoff(attempts)
                operations.update(
                    session,
                    dataclasses.replace(current, attempts=attempts, said=said, updated_at=now, next_attempt_at=later),
                )

    async def _tend(self, operation: Operation) -> None:
        try:
            if operation.kind is OperationKind.FILE:
                await self._file(operation)
            else:
                await self._flag(operation)
        except FolderError as error:
            self._give_up_or_postpone(operation, str(error))
            return
        except MailError as error:
            self._postpone(operation, str(error), counted=not isinstance(error, SignInError))
            raise
        with self._desk.database.write() as session:
            operations.move(session, operation.id or 0, State.QUEUED, State.ACCEPTED, self._desk.now())

    def _give_up_or_postpone(self, operation: Operation, said: str) -> None:
        """Try later what one folder refused; the mail itself has left, so in the end it may rest."""
        if operation.attempts + 1 < MAX_ATTEMPTS:
            self._postpone(operation, said)
            return
        with self._desk.database.write() as session:
            operations.move(session, operation.id or 0, State.QUEUED, State.REFUSED, self._desk.now(), said)

    async def _file(self, operation: Operation) -> None:
        config = self._desk.config
        if self._sent is None or not operation.message_id:
            return
        if config.sync.file_sent == "auto" and config.mailbox.imap.host.endswith(_SELF_FILING):
            return
        if await self._mailbox.find(self._sent, operation.message_id):
            return
        with self._desk.database.write() as session:
            raw = messages.source(session, str(operation.payload["raw"]))
            message = messages.get(session, operation.message) if operation.message is not None else None
        if raw:
            if message is not None and message.bcc:
                raw = with_blind_copies(raw, message.bcc)
            await self._mailbox.append(self._sent, raw, [r"\Seen"], operation.created_at)

    async def _flag(self, operation: Operation) -> None:
        with self._desk.database.write() as session:
            answered = messages.answered(session, operation.ticket_key, int(operation.payload.get("up_to") or 0))
            places = folders.places(session, answered)
        for name in dict.fromkeys(place[0] for place in places):
            state = await self._mailbox.open(name)
            uids = [uid for folder, validity, uid in places if folder == name and validity == state.uidvalidity]
            if uids:
                await self._mailbox.add_flags(uids, [r"\Seen", r"\Answered"])


def _is_provable(operation: Operation) -> bool:
    """Tell whether a copy in Sent can only come from this sending, and who got the mail then.

    An earlier sending, to other recipients, left its copy too. And which recipients
    the server refused died with a worker that ended before it wrote that down.
    """
    waiting = [r for r in operation.recipients if r.state in (State.QUEUED, State.UNCERTAIN)]
    is_told_apart = len(waiting) == 1 or all(r.state is State.UNCERTAIN and r.said != _ENDED for r in waiting)
    return is_told_apart and not any(r.state is State.ACCEPTED for r in operation.recipients)


def _lost(operation: Operation, why: str) -> Delivery:
    return Delivery({r.address: (Answer.UNCERTAIN, 0, why) for r in operation.recipients if r.state is State.QUEUED})


def _crossed_by(message: Message) -> str:
    who = message.sender.name or message.sender.address
    if message.kind is MessageKind.REPLY:
        return f"a colleague answered from the mailbox at {message.at:%H:%M} UTC"
    if message.kind is MessageKind.INSIDE:
        return f"{who} (inside) wrote at {message.at:%H:%M} UTC"
    return f"{who} wrote again at {message.at:%H:%M} UTC"
