"""Acknowledgements: a mail that may have one gets it queued in the very transaction that takes the mail in.

That is the claim: a worker that dies before or after it leaves no second one.
A receipt goes the outbox's way as an operation of its own kind, which no agent
has to look at: it stops no clock, answers nothing, and where it does not
arrive there is silence.
"""

from __future__ import annotations

import dataclasses
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from functools import cached_property
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from supportterm.config import Config
from supportterm.desk import macro_facts, macros, rendering, sending_as
from supportterm.desk.people import People
from supportterm.domain import receipts, reply_times
from supportterm.domain.blanks import MacroError, unfilled
from supportterm.domain.errors import NotFoundError
from supportterm.domain.events import EventKind
from supportterm.domain.mail import Address, ParsedMail
from supportterm.domain.message import Message
from supportterm.domain.operations import Operation, OperationKind, Recipient, State
from supportterm.domain.receipts import DAY, Arrived, Rules, Sent, Standing, sender_key
from supportterm.domain.text import clean_body
from supportterm.domain.ticket import MessageKind, Status, Ticket
from supportterm.mail.compose import ComposeError, Outgoing, compose, make_message_id, reply_subject, wire_address
from supportterm.mail.spoken_for import as_customer
from supportterm.store import backups, journal, messages, meta, operations, relays, tickets
from supportterm.store import receipts as kept
from supportterm.store.mapping import to_ms

if TYPE_CHECKING:
    from supportterm.store.database import Session

BY = "supportterm"
"""Who writes receipts, in the journal and as a message's author."""
NULL_SENDER = ""
"""The envelope's `<>`: what cannot be delivered is returned to nobody (RFC 3834 section 3.3)."""
_NOT_MAIL_IN = (MessageKind.REPLY, MessageKind.RECEIPT, MessageKind.NOTE)
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_NO_TICKET = Ticket("", "", "", Status.NEW, "email", "", "", _BEGINNING, _BEGINNING, _BEGINNING)


class Receipts:
    """Decides about each mail that comes in, and writes what is to be sent."""

    def __init__(self, config: Config, people: People) -> None:
        self._config = config
        self._people = people
        self._zone = ZoneInfo(config.policy.time_zone)
        self.rules = rules_of(config)

    @property
    def are_on(self) -> bool:
        """True where the team has switched them on."""
        return self.rules.since is not None

    def problem(self, now: datetime, due: datetime) -> str:
        """Return what is wrong with the macro, in words, as an example shows that is `due` then; else nothing."""
        example = dataclasses.replace(_NO_TICKET, ref="ST-00000", due_at=due, requester_name="Mara Lind")
        languages = sorted({macro.lang for macro in self._library.macros if macro.id == self._config.receipt.macro})
        found = (self.write(example, lang or macros.DEFAULT_LANG, None, now)[1] for lang in languages or ["en"])
        return next((why for why in found if why), "")

    def warm(self) -> None:
        """Load what writing one takes, so that no transaction waits for it."""
        if self.are_on and "_files" not in self.__dict__:
            self.write(_NO_TICKET, macros.DEFAULT_LANG, None, _BEGINNING)

    def consider(
        self,
        session: Session,
        came: Sequence[tuple[ParsedMail, Message]],
        settled: Mapping[str, Ticket],
        first_sync: datetime,
        now: datetime,
    ) -> None:
        """Acknowledge those of a batch's mails that may be, and journal why the others are not.

        What the first sync found is passed over: it may have been answered from elsewhere.
        """
        if self.rules.since is None:
            return
        since = self.rules.since
        live = [
            (mail, message)
            for mail, message in came
            if message.at > first_sync and message.at >= since and message.kind not in _NOT_MAIL_IN
        ]
        if not live:
            return
        self._files.look()
        keys = {message.ticket_key for _, message in live}
        sent = kept.since(session, now - DAY)
        with_receipt, with_reply = kept.have_one(session, keys), kept.have_reply(session, keys)
        busy, told = kept.being_written(session, keys), kept.told(session, keys)
        restored = meta.get(session, backups.RESTORED) is not None
        confirmed = relays.decided(session, (mail.sender.address for mail, _ in live if mail.original_sender))
        for mail, message in live:
            if confirmed.get(mail.sender.address.lower()):
                raw = messages.source(session, message.raw) if message.raw else None
                mail = as_customer(mail, raw or b"", self._people.inside)
            key = message.ticket_key
            standing = Standing(
                settled[key],
                message.at,
                has_receipt=key in with_receipt,
                has_reply=key in with_reply,
                is_being_written=key in busy,
            )
            arrived = Arrived(
                mail,
                message.kind,
                standing,
                message.intent,
                was_there=restored,
                is_inside=self._people.is_team(mail.sender.address),
                is_addressed=self._is_addressed(mail),
            )
            why = receipts.refusal(arrived, self.rules, sent, now) or self._queue(
                session, settled[key], mail, message, now
            )
            if not why:
                with_receipt.add(key)
                sent.append(Sent(sender_key(mail.sender.address), now))
            elif not (standing.has_receipt or standing.has_reply or (key, why) in told):
                told.add((key, why))
                payload = {"message": message.id, "why": why}
                journal.append(session, key, EventKind.RECEIPT_WITHHELD, payload, by=BY, at=now)

    def _is_addressed(self, mail: ParsedMail) -> bool:
        named = {one.address for one in (*mail.to, *mail.cc)}
        return any(self._people.is_own(address) for address in named | set(map(sender_key, named)))

    def _queue(self, session: Session, ticket: Ticket, mail: ParsedMail, message: Message, now: datetime) -> str:
        """Write a receipt and queue it; return why that cannot be done, in words."""
        lang = message.lang or ticket.lang or macros.DEFAULT_LANG
        text, why = self.write(ticket, lang, mail.date, now)
        if why:
            return why
        mailbox = self._config.mailbox
        subject = reply_subject(mail.subject, ticket.ref).removeprefix("Re:").strip()
        try:
            to = wire_address(mail.sender.address)
            outgoing = Outgoing(
                sender=Address(mailbox.name, sending_as.written_to(mailbox, [message])),
                to=(Address("", to),),
                subject=f"Auto: {subject}",
                text=text,
                message_id=make_message_id(mailbox.address.rpartition("@")[2], secrets.token_hex(16)),
                in_reply_to=mail.message_id,
                references=(*(mail.references or mail.in_reply_to), mail.message_id or ""),
                date=now,
                auto_submitted=True,
            )
            raw = compose(outgoing)
        except ComposeError:
            return "its sender's address cannot be written to"
        packed = messages.pack(raw)
        written = Message(
            id=messages.next_id(session),
            kind=MessageKind.RECEIPT,
            at=now,
            fingerprint=hashlib.sha256(b"sent\0" + outgoing.message_id.encode()).hexdigest(),
            ticket_key=ticket.key,
            message_id=outgoing.message_id,
            sender=outgoing.sender,
            to=outgoing.to,
            subject=outgoing.subject,
            sent_at=now,
            text=text,
            reply_text=text,
            lang=lang,
            references=outgoing.references,
            raw=packed[0],
            author=BY,
            joined_by="sent by itself",
        )
        messages.keep_sources(session, [packed])
        messages.insert(session, [written])
        tickets.mention(session, [(outgoing.message_id, ticket.key)])
        number = operations.add(
            session,
            Operation(
                ticket_key=ticket.key,
                kind=OperationKind.RECEIPT,
                state=State.QUEUED,
                created_at=now,
                updated_at=now,
                not_before=now,
                next_attempt_at=now,
                message=written.id,
                message_id=outgoing.message_id,
                payload={"raw": packed[0], "from": NULL_SENDER, "by": BY, "came": to_ms(message.at)},
                base_message=message.id or 0,
                base_at=message.at,
                recipients=(Recipient(to),),
            ),
        )
        payload = {"operation": number, "message": written.id, "message_id": outgoing.message_id, "to": to}
        journal.append(session, ticket.key, EventKind.RECEIPT_QUEUED, payload, by=BY, at=now)
        return ""

    def write(self, ticket: Ticket, lang: str, date: datetime | None, now: datetime) -> tuple[str, str]:
        """Return a receipt's text in a language, times in the zone of the mail's `date`; else why there is none."""
        wanted = self._config.receipt.macro
        try:
            macro = self._library.find(wanted, lang)
        except (NotFoundError, MacroError):
            return "", f"there is no macro `{wanted}`"
        zone = reply_times.zone_of(date) or self._zone
        values = macro_facts.of(self._config, ticket, macro, now, lang=lang, zone=zone, agent_name="")
        expansion = rendering.render(macro, values)
        if unfilled(expansion):
            return "", f"the macro `{macro.id}` has blanks that only a person can fill"
        text = clean_body(expansion.text).strip()
        return (text, "") if text else ("", f"the macro `{macro.id}` is empty")

    @property
    def _library(self) -> macros.MacroLibrary:
        return self._files.library

    @cached_property
    def _files(self) -> macros.MacroWatch:
        return macros.MacroWatch(lambda: macros.folders(self._config))


def rules_of(config: Config) -> Rules:
    """Return what a team allows; its day begins in the policy's time zone."""
    receipt, zone = config.receipt, ZoneInfo(config.policy.time_zone)
    since = None
    if receipt.enabled_since is not None:
        since = datetime.combine(receipt.enabled_since, time(), zone).astimezone(UTC)
    return Rules(since, receipt.per_sender_per_day, receipt.per_hour)
