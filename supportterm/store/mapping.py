"""Rows to domain values and back; instants to milliseconds and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from supportterm.domain.events import Event, EventKind
from supportterm.domain.mail import Address, Attachment
from supportterm.domain.message import Message
from supportterm.domain.operations import Operation, OperationKind, State
from supportterm.domain.ticket import MessageKind, Priority, Reason, Status, Ticket, Tier

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EMPTY: dict[type, str] = {tuple: "[]", list: "[]", dict: "{}"}
_MILLISECOND = timedelta(milliseconds=1)


def to_ms(instant: datetime) -> int:
    """Return an aware instant as milliseconds since 1970 UTC."""
    return (instant - _EPOCH) // _MILLISECOND


def maybe_ms(instant: datetime | None) -> int | None:
    """Return an instant as milliseconds, None as None."""
    return None if instant is None else to_ms(instant)


def from_ms(value: int) -> datetime:
    """Return milliseconds since 1970 as an aware UTC instant."""
    return _EPOCH + timedelta(milliseconds=value)


def maybe_at(value: int | None) -> datetime | None:
    """Return milliseconds as an instant, None as None."""
    return None if value is None else from_ms(value)


def instants(many: Iterable[datetime]) -> str:
    """Return instants as one text, `1772452800000 1772456400000`."""
    return " ".join(str(to_ms(each)) for each in many)


def instants_from(text: str) -> tuple[datetime, ...]:
    """Read what `instants` wrote."""
    return tuple(from_ms(int(each)) for each in text.split())


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Made once: `json.dumps` would make one for each of the million small values a first sync writes."""


def dump(value: object) -> str:
    """Return compact JSON."""
    return _encode(value) if value else _EMPTY.get(type(value)) or _encode(value)


TICKET_COLUMNS = (
    "key", "ref", "subject", "status", "channel", "requester_name", "requester_address", "lang", "assignee",
    "priority", "override", "tier", "score", "reasons", "words", "intent", "created_at", "updated_at",
    "last_message_at", "last_customer_at", "last_reply_at", "first_replied_at", "waiting_since", "due_at", "due_kind",
    "rank_changes_at", "snoozed_until", "history", "automatic", "undelivered", "messages", "follows",
    "due_warnings", "rejected", "asks", "problem",
)  # fmt: skip


def ticket_values(t: Ticket) -> tuple[Any, ...]:
    """Return a ticket in the order of `TICKET_COLUMNS`."""
    reasons = [[r.id, r.points, r.words, r.start, r.end, r.evidence, r.source] for r in t.reasons]
    return (
        t.key, t.ref, t.subject, t.status.value, t.channel, t.requester_name, t.requester_address, t.lang, t.assignee,
        int(t.effective_priority), maybe_int(t.override), int(t.tier), t.score, dump(reasons), t.words, t.intent,
        to_ms(t.created_at), to_ms(t.updated_at), to_ms(t.last_message_at), maybe_ms(t.last_customer_at),
        maybe_ms(t.last_reply_at), maybe_ms(t.first_replied_at), maybe_ms(t.waiting_since), maybe_ms(t.due_at),
        t.due_kind, maybe_ms(t.rank_changes_at), maybe_ms(t.snoozed_until), int(t.history), int(t.automatic),
        int(t.undelivered), t.messages, t.follows, instants(t.due_warnings), dump(sorted(t.rejected)),
        maybe_int(t.asks), t.problem,
    )  # fmt: skip


def maybe_int(value: int | None) -> int | None:
    """Return an enum's number, None as None."""
    return None if value is None else int(value)


def ticket_from(row: Mapping[str, Any], tags: frozenset[str]) -> Ticket:
    """Build a ticket from a row's columns."""
    override = row["override"]
    return Ticket(
        key=row["key"],
        ref=row["ref"],
        subject=row["subject"],
        status=Status(row["status"]),
        channel=row["channel"],
        requester_name=row["requester_name"],
        requester_address=row["requester_address"],
        created_at=from_ms(row["created_at"]),
        updated_at=from_ms(row["updated_at"]),
        last_message_at=from_ms(row["last_message_at"]),
        assignee=row["assignee"],
        lang=row["lang"],
        tags=tags,
        priority=Priority(row["priority"]),
        override=None if override is None else Priority(override),
        tier=Tier(row["tier"]),
        score=row["score"],
        reasons=tuple(Reason(*line) for line in json.loads(row["reasons"])),
        words=row["words"],
        intent=row["intent"],
        first_replied_at=maybe_at(row["first_replied_at"]),
        last_customer_at=maybe_at(row["last_customer_at"]),
        last_reply_at=maybe_at(row["last_reply_at"]),
        waiting_since=maybe_at(row["waiting_since"]),
        due_at=maybe_at(row["due_at"]),
        due_kind=row["due_kind"],
        due_warnings=instants_from(row["due_warnings"]),
        rank_changes_at=maybe_at(row["rank_changes_at"]),
        snoozed_until=maybe_at(row["snoozed_until"]),
        history=bool(row["history"]),
        automatic=bool(row["automatic"]),
        undelivered=bool(row["undelivered"]),
        messages=row["messages"],
        follows=row["follows"],
        rejected=frozenset(json.loads(row["rejected"])),
        asks=None if row["asks"] is None else bool(row["asks"]),
        problem=row["problem"],
    )


MESSAGE_COLUMNS = (
    "id", "ticket_key", "kind", "message_id", "fingerprint", "sender_name", "sender_address", "people", "subject",
    "sent_at", "at", "text", "reply_text", "lang", "intent", "attachments", "attachment_count", "defects", "links",
    "raw", "author", "joined_by",
)  # fmt: skip


def message_values(m: Message) -> tuple[Any, ...]:
    """Return a message in the order of `MESSAGE_COLUMNS`."""
    people = {
        field: [[a.name, a.address] for a in addresses]
        for field, addresses in (("to", m.to), ("cc", m.cc), ("reply_to", m.reply_to), ("bcc", m.bcc))
        if addresses
    }
    attachments = [[a.filename, a.content_type, a.size, a.inline, a.part] for a in m.attachments]
    return (
        m.id, m.ticket_key, m.kind.value, m.message_id, m.fingerprint, m.sender.name, m.sender.address, dump(people),
        m.subject, maybe_ms(m.sent_at), to_ms(m.at), m.text, None if m.reply_text == m.text else m.reply_text, m.lang,
        m.intent, dump(attachments), sum(not a.inline for a in m.attachments), dump(m.defects), dump(m.references),
        m.raw, m.author, m.joined_by,
    )  # fmt: skip


def message_from(row: Mapping[str, Any]) -> Message:
    """Build a message from a row's columns."""
    people = json.loads(row["people"])
    to, cc, reply_to, bcc = (
        tuple(Address(*pair) for pair in people.get(field, ())) for field in ("to", "cc", "reply_to", "bcc")
    )
    return Message(
        kind=MessageKind(row["kind"]),
        at=from_ms(row["at"]),
        fingerprint=row["fingerprint"],
        ticket_key=row["ticket_key"],
        id=row["id"],
        message_id=row["message_id"],
        sender=Address(row["sender_name"], row["sender_address"]),
        to=to,
        cc=cc,
        reply_to=reply_to,
        subject=row["subject"],
        sent_at=maybe_at(row["sent_at"]),
        text=row["text"],
        reply_text=row["text"] if row["reply_text"] is None else row["reply_text"],
        lang=row["lang"],
        intent=row["intent"],
        attachments=tuple(Attachment(*entry) for entry in json.loads(row["attachments"])),
        defects=tuple(json.loads(row["defects"])),
        references=tuple(json.loads(row["links"])),
        raw=row["raw"],
        author=row["author"],
        joined_by=row["joined_by"],
        bcc=bcc,
    )


def event_from(row: Mapping[str, Any]) -> Event:
    """Build an event from a row's columns."""
    return Event(
        id=row["id"],
        replica=row["replica"],
        seq=row["seq"],
        by=row["by"],
        at=from_ms(row["at"]),
        ticket_key=row["ticket_key"],
        kind=EventKind(row["kind"]),
        payload=json.loads(row["payload"]),
        base=row["base"],
        undoes=row["undoes"],
        v=row["v"],
    )


def operation_from(row: Mapping[str, Any]) -> Operation:
    """Build an operation from a row's columns, without its recipients."""
    return Operation(
        ticket_key=row["ticket_key"],
        kind=OperationKind(row["kind"]),
        state=State(row["state"]),
        created_at=from_ms(row["created_at"]),
        updated_at=from_ms(row["updated_at"]),
        not_before=from_ms(row["not_before"]),
        next_attempt_at=from_ms(row["next_attempt_at"]),
        id=row["id"],
        message=row["message"],
        message_id=row["message_id"],
        payload=json.loads(row["payload"]),
        base_message=row["base_message"],
        base_at=maybe_at(row["base_at"]),
        attempts=row["attempts"],
        said=row["said"],
    )
