"""Mail held until a named time: read, changed while it waits, and taken back by itself where the customer writes first.

A held mail is one of the outbox like any other, only that it may leave later.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from datetime import datetime, tzinfo
from email.utils import format_datetime
from typing import TYPE_CHECKING

from supportterm.config import Config
from supportterm.desk import callbacks, keeping, noting, promise_clocks, promising
from supportterm.desk.context import Desk
from supportterm.desk.standing import refresh
from supportterm.desk.verbs import Done
from supportterm.domain import events, held, moments
from supportterm.domain.errors import NotFoundError, RefusedError
from supportterm.domain.events import Event, EventKind
from supportterm.domain.held import Hold
from supportterm.domain.message import Message
from supportterm.domain.operations import Operation, OperationKind, State
from supportterm.domain.ticket import MessageKind, Status, Ticket
from supportterm.domain.warned import BREACH, HELD, Warned
from supportterm.store import journal, macro_uses, messages, operations, tickets, warned
from supportterm.store.views import Views

if TYPE_CHECKING:
    from supportterm.store.database import Session

BY = "supportterm"
_DATE = re.compile(rb"(?m)^Date: [^\r\n]*(?:\r?\n[ \t][^\r\n]*)*")


def zone_of(views: Views, key: str, config: Config) -> tzinfo:
    """Return the time zone of a ticket's customer."""
    return callbacks.zone_of(views.messages(key), views.source_head, config)


def read(text: str, config: Config, now: datetime, theirs: tzinfo) -> Hold:
    """Read when a mail is to leave, `Monday 9:00`, by the customer's clocks unless a zone ends it.

    `ours` and `here` mean this machine's clocks, and `UTC+3` or `Tokyo` that zone's.

    Raises:
        RefusedError: it names no time to come, or one too far ahead.
    """
    words, zone, whose = held.zoned(text, theirs, None)
    meant = zone or datetime.now().astimezone().tzinfo or theirs
    at = moments.read(words, now, zone) or promising.instant(words, config, now, meant)
    if at is None or at <= now:
        raise RefusedError(
            f"“{' '.join(text.split())[:80]}” names no clear time to come. Try `Monday 9:00`, `tomorrow 14:00`, `2h`,"
            " `2026-12-01 9:00`; `ours` or `UTC+3` behind it names the clocks."
        )
    if at - now > held.LONGEST:
        raise RefusedError("That is more than a year ahead. Name a nearer time, or set a reminder.")
    return Hold(at, at.astimezone(zone).tzinfo or meant, whose)


def too_late(session: Session, key: str, at: datetime, now: datetime) -> str:
    """Return what a mail that leaves then comes too late for, in words; empty where it is in time."""
    from supportterm.store import clocks

    clock = held.outlasts(clocks.load(session, [key]).get(key, ()), at)
    return held.late_words(clock, at, now) if clock is not None else ""


def change(desk: Desk, number: int, hold: Hold | None) -> Done:
    """Let a mail that waits leave at another time, at once where `hold` is None; one of the outbox by its number.

    Raises:
        NotFoundError: no such mail in the outbox.
        RefusedError: it does not wait any more.
    """
    now = desk.now()
    with desk.database.write() as session:
        mail = operations.get(session, number)
        if mail is None or mail.kind is not OperationKind.SEND:
            raise NotFoundError(f"There is no mail {number} in the outbox. `supportterm outbox list` shows them.")
        if mail.state is not State.QUEUED or any(r.state is State.ACCEPTED for r in mail.recipients):
            raise RefusedError(f"Mail {number} is {mail.state}: its time cannot be changed any more.")
        at = hold.at if hold is not None else now
        payload = {name: value for name, value in mail.payload.items() if name != held.KEY}
        if hold is not None:
            payload[held.KEY] = hold.payload
        payload["raw"] = _dated(session, mail, at) or payload["raw"]
        operations.update(
            session,
            dataclasses.replace(mail, payload=payload, not_before=at, next_attempt_at=at, updated_at=now),
        )
        words = f"leaves {held.in_words(hold, now)}" if hold is not None else "sent at once"
        told = {"operation": number, "message_id": mail.message_id, "was": mail.state.value, "why": words}
        journal.append(session, mail.ticket_key, EventKind.REPLY_RELEASED, told, by=desk.me, at=now)
        ticket = refresh(session, desk.ranking, tickets.load(session, [mail.ticket_key])[mail.ticket_key], now)
        tickets.save(session, [ticket])
        return Done(ticket.ref, words if hold is not None else "leaves at once")


def customers_wrote(
    session: Session, desk: Desk, rows: Sequence[Message], touched: dict[str, Ticket], now: datetime
) -> None:
    """Take back what is held for customers who have just written, and put what became of their tickets in `touched`.

    The text is a draft of its author's again, a note says so, and the author is told.
    """
    written_on = {row.ticket_key for row in rows if row.kind is MessageKind.CUSTOMER}
    for mail in operations.held(session) if written_on else ():
        key = mail.ticket_key
        if key not in written_on or key not in touched:
            continue
        base_at = round(mail.base_at.timestamp() * 1000) if mail.base_at else 0
        newer = [m for m in messages.newer(session, key, mail.base_message, base_at) if m.kind is MessageKind.CUSTOMER]
        if newer:
            touched[key] = _take_back(session, desk, mail, newer[0], touched[key], now)


def _take_back(session: Session, desk: Desk, mail: Operation, wrote: Message, ticket: Ticket, now: datetime) -> Ticket:
    number, by = mail.id or 0, str(mail.payload.get("by") or desk.me)
    who = wrote.sender.name or wrote.sender.address or "the customer"
    if not operations.move(session, number, State.QUEUED, State.UNDONE, now, f"{who} wrote first"):
        return ticket
    promise_clocks.withdrawn(session, ticket.key, number, "the customer wrote first", now)
    macro_uses.forget(session, mail.message or 0)
    queued = journal.queueing(session, ticket.key, number)
    payload = _back(queued)
    if queued is not None and (note := queued.payload.get("note")) is not None:
        noting.withdraw(session, desk, ticket, int(note["message"]), str(note["event"]), now)
    ticket = events.fold(ticket, payload)
    if not ticket.status.is_ours and ticket.status is not Status.SPAM:
        ticket = dataclasses.replace(ticket, status=Status.OPEN)
    tickets.save(session, [ticket], with_tags=True)
    hold = held.of(mail)
    when = held.in_words(hold, now) if hold is not None else ""
    said = f"The reply held until {when} was not sent: {who} wrote first. Its text is a draft of {by} again."
    journal.append(
        session,
        ticket.key,
        EventKind.REPLY_UNDONE,
        {**payload, "operation": number, "why": f"{who} wrote before it left"},
        by=BY,
        at=now,
        undoes=queued.id if queued is not None else None,
    )
    noting.write(session, desk, ticket, said, now, by=BY)
    message = messages.get(session, mail.message) if mail.message else None
    if message is not None:
        keeping.give_back(session, by, ticket, message, now)
    warned.add(session, [Warned(f"{HELD}-{number}", BREACH, ticket.key, HELD, by, now, mail.not_before, said)])
    return ticket


def _back(queued: Event | None) -> dict[str, object]:
    """Return what takes back of a ticket what its reply did besides: tags and priority; who has it keeps it."""
    change = events.inverse(queued.payload.get("change", {})) if queued is not None else {}
    return {name: value for name, value in change.items() if name in ("tags", "override")}


def _dated(session: Session, mail: Operation, at: datetime) -> str:
    """Write a mail's source anew with the date it leaves, and return its name; empty where it has none."""
    raw = messages.source(session, str(mail.payload.get("raw", "")))
    if raw is None:
        return ""
    head, gap, body = raw.partition(b"\r\n\r\n")
    packed = messages.pack(_DATE.sub(b"Date: " + format_datetime(at).encode("ascii"), head, count=1) + gap + body)
    messages.keep_sources(session, [packed])
    if mail.message is not None:
        messages.change_source(session, mail.message, packed[0])
    return packed[0]
