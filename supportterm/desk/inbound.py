"""Mail coming in: fetched and parsed mails become messages of ranked tickets, in one transaction a batch."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from supportterm.config import Config
from supportterm.desk import holding
from supportterm.desk.clockwork import Past, pasts
from supportterm.desk.context import Desk
from supportterm.desk.joining import Joining
from supportterm.desk.people import People
from supportterm.desk.ranking import Ranking
from supportterm.desk.receipts import Receipts
from supportterm.desk.standing import refresh
from supportterm.domain import folding, quiet
from supportterm.domain.clock import Clock
from supportterm.domain.identity import fingerprint
from supportterm.domain.mail import ParsedMail
from supportterm.domain.message import Message
from supportterm.domain.standing import THANKS, arrived, imported, timeline
from supportterm.domain.ticket import MessageKind, Status, Ticket
from supportterm.domain.triage import Words
from supportterm.mail.gateway import FetchedMail, FolderRole
from supportterm.mail.parse import body_hash
from supportterm.store import blocking, folders, journal, messages, meta, relays, tickets
from supportterm.store.database import Database
from supportterm.store.mapping import dump

if TYPE_CHECKING:
    from supportterm.store.database import Session

_FROM_OUTSIDE = (MessageKind.CUSTOMER, MessageKind.AUTOMATIC)
_INDEXED = 100_000
"""Characters of a body that are indexed for search."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """One mail with what reading it gave, and all that can be worked out before the store is asked."""

    fetched: FetchedMail
    mail: ParsedMail
    fingerprint: str
    packed: tuple[str, int, bytes]
    """Its source for keeping: name, size, compressed bytes."""
    searched: tuple[str, str, str]
    """Its search row: subject, body and people, folded."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a batch brought: how many messages were new, and the tickets they touched."""

    new: int
    tickets: frozenset[str]


class Inbound:
    """Takes mail in. Every mail is shown once, under whatever ids it comes (SAFETY: P3)."""

    def __init__(self, database: Database, config: Config, ranking: Ranking, people: People, clock: Clock) -> None:
        self._database = database
        self._people = people
        self._config = config
        self._history = timedelta(days=config.sync.history_days)
        self._ranking = ranking
        self._clock = clock
        self._receipts = Receipts(config, people)

    def follow(self, config: Config) -> None:
        """Acknowledge mail by another configuration from now on."""
        self._config = config
        self._receipts = Receipts(config, self._people)

    def prepare(self, fetched: FetchedMail, mail: ParsedMail) -> Arrival:
        """Work out what needs no store, so that the transaction is short: it keeps an agent's verb waiting."""
        if fetched.truncated:
            told = f"This mail is {fetched.size / 1e6:.0f} MB: only its header was fetched."
            mail = dataclasses.replace(mail, defects=(*mail.defects, told))
        people = " ".join(str(a) for a in (mail.sender, *mail.to, *mail.cc))
        searched = (folding.fold(mail.subject), folding.fold(mail.text[:_INDEXED]), folding.fold(people[:2000]))
        if not mail.is_auto and fetched.received_at > self._clock.now() - self._history:
            self._words(mail)
        self._receipts.warm()
        return Arrival(fetched, mail, fingerprint(mail), messages.pack(fetched.raw), searched)

    def _words(self, mail: ParsedMail) -> Words:
        first = not (mail.references or mail.in_reply_to)
        return self._ranking.words(mail.subject, mail.reply_text or mail.text, mail.lang, first=first)

    def begin(self) -> None:
        """Remember when mail was first read here; what comes later is new, also in a mailbox that was empty then."""
        with self._database.write() as session:
            self._first_sync(session, self._clock.now())

    def take_in(self, folder_id: int, arrivals: Sequence[Arrival]) -> Taken:
        """Store a batch of mails found in a folder.

        Raises:
            StoreError: nothing of the batch was stored; it can be taken in again.
        """
        with self._database.write(bulk=True) as session:
            fresh = self._recognise(session, folder_id, arrivals)
            if not fresh:
                return Taken(0, frozenset())
            came = folders.role(session, folder_id) == FolderRole.INBOX if self._receipts.are_on else False
            numbers = [number for number, _ in fresh]
            touched = self._join(session, [arrival for _, arrival in fresh], numbers, acknowledge=came)
            return Taken(len(fresh), frozenset(touched))

    def _recognise(self, session: Session, folder_id: int, arrivals: Sequence[Arrival]) -> list[tuple[int, Arrival]]:
        """Note where each mail lies, and return those not seen before with their new ids."""
        prints = [arrival.fingerprint for arrival in arrivals]
        known = messages.by_fingerprint(session, set(prints))
        here = messages.written_here(session, {a.mail.message_id for a in arrivals if a.mail.message_id})
        taken = folders.located(session, folder_id, [number for found in known.values() for number, _ in found])
        following = messages.next_id(session)
        fresh: list[tuple[int, Arrival]] = []
        places: list[tuple[int, int, int, str]] = []
        for arrival, mark in zip(arrivals, prints, strict=True):
            message_id = arrival.mail.message_id
            number: int | None = None
            if message_id in here and self._is_ours(session, folder_id, here[message_id], arrival.mail):
                number = here[message_id]
            else:
                for candidate, _ in known.get(mark, ()):
                    if message_id or candidate not in taken:
                        number = candidate
                        taken.add(candidate)
                        break
            if number is None:
                number, following = following, following + 1
                fresh.append((number, arrival))
                known.setdefault(mark, []).append((number, message_id))
                taken.add(number)
            places.append((folder_id, arrival.fetched.uid, number, " ".join(sorted(arrival.fetched.flags))))
        folders.locate(session, places)
        return fresh

    def _is_ours(self, session: Session, folder_id: int, number: int, mail: ParsedMail) -> bool:
        """Tell a copy of a reply written here from a mail forged under its Message-ID.

        Only we file in Sent, and a server may have changed the body there; elsewhere the body decides.
        """
        if not self._people.is_own(mail.sender.address):
            return False
        if folders.role(session, folder_id) == FolderRole.SENT:
            return True
        reply = messages.get(session, number)
        raw = messages.source(session, reply.raw) if reply is not None and reply.raw else None
        return raw is not None and body_hash(raw) == mail.body_hash

    def _join(
        self, session: Session, arrivals: list[Arrival], numbers: list[int], *, acknowledge: bool = False
    ) -> set[str]:
        now = self._clock.now()
        first_sync = self._first_sync(session, now)
        relayed = [(a.mail.sender.address.lower(), a.mail.original_sender) for a in arrivals]
        arrivals = self._heard(session, arrivals)
        order = sorted(range(len(arrivals)), key=lambda i: (arrivals[i].fetched.received_at, numbers[i]))
        joining = Joining(session, self._people, [arrivals[i].mail for i in order])
        rows: list[Message] = []
        for i in order:
            arrival = arrivals[i]
            at = min(arrival.fetched.received_at, now)
            live = at > first_sync
            placed = joining.place(arrival.mail, at, live=live)
            rows.append(self._message(arrival, numbers[i], at, placed.key, placed.kind, placed.why, first_sync))
        rows = [dataclasses.replace(row, ticket_key=joining.current(row.ticket_key)) for row in rows]
        rows = self._refused(session, rows, joining.tickets)
        messages.keep_sources(session, (arrival.packed for arrival in arrivals))
        messages.insert(session, rows)
        messages.index(session, ((n, *a.searched) for n, a in zip(numbers, arrivals, strict=True)))
        relays.remember(session, ((n, *each) for n, each in zip(numbers, relayed, strict=True)))
        joining.remember()
        desk = Desk(self._database, self._config, self._ranking, self._people, self._clock)
        holding.customers_wrote(session, desk, rows, joining.tickets, now)
        settled = self._settle(session, joining.tickets, rows, first_sync, now)
        if acknowledge:
            came = [(arrivals[i].mail, row) for i, row in zip(order, rows, strict=True)]
            self._receipts.consider(session, came, settled, first_sync, now)
        return set(joining.tickets)

    def _heard(self, session: Session, arrivals: list[Arrival]) -> list[Arrival]:
        """Let a form or a forwarder whose mail is its own, as an agent said, speak for nobody else."""
        said = relays.decided(session, (a.mail.sender.address for a in arrivals if a.mail.original_sender is not None))
        own = {relay for relay, trusted in said.items() if not trusted}
        return [
            dataclasses.replace(a, mail=dataclasses.replace(a.mail, original_sender=None))
            if a.mail.sender.address.lower() in own
            else a
            for a in arrivals
        ]

    def _refused(self, session: Session, rows: list[Message], touched: dict[str, Ticket]) -> list[Message]:
        """Make spam of what a blocked sender writes on tickets of their own, and say so of each mail."""
        writers = {row.sender.address for row in rows if row.kind in _FROM_OUTSIDE}
        blocked = blocking.among(session, writers)
        if not blocked:
            return rows
        told = []
        for row in rows:
            ticket = touched.get(row.ticket_key)
            is_theirs = ticket is not None and ticket.requester_address.lower() == row.sender.address.lower()
            if ticket is not None and is_theirs and row.kind in _FROM_OUTSIDE and row.sender.address in blocked:
                touched[row.ticket_key] = dataclasses.replace(ticket, status=Status.SPAM, history=False)
                row = dataclasses.replace(row, joined_by=f"{row.joined_by}; spam, for {row.sender.address} is blocked")
            told.append(row)
        return told

    def _message(
        self, arrival: Arrival, number: int, at: datetime, key: str, kind: MessageKind, why: str, first_sync: datetime
    ) -> Message:
        mail = arrival.mail
        intent = ""
        if kind is MessageKind.CUSTOMER and at >= first_sync - self._history:
            intent = self._words(mail).intent
        elif kind is MessageKind.AUTOMATIC and quiet.is_newsletter(mail.auto_reason):
            intent = "newsletter"
        return Message(
            id=number,
            kind=kind,
            at=at,
            fingerprint=arrival.fingerprint,
            ticket_key=key,
            message_id=mail.message_id,
            sender=mail.sender,
            to=mail.to,
            cc=mail.cc,
            reply_to=mail.reply_to or ((mail.original_sender,) if mail.original_sender else ()),
            subject=mail.subject,
            sent_at=mail.date,
            text=mail.text,
            reply_text=mail.reply_text,
            lang=mail.lang,
            intent=intent,
            attachments=mail.attachments,
            defects=mail.defects,
            references=mail.references or mail.in_reply_to,
            raw=arrival.packed[0],
            joined_by=why,
            bcc=mail.bcc if kind is MessageKind.REPLY else (),
        )

    def _first_sync(self, session: Session, now: datetime) -> datetime:
        value = meta.get(session, "first_sync_at")
        if value is None:
            meta.put(session, "first_sync_at", now.isoformat())
            return now
        return datetime.fromisoformat(value)

    def _settle(
        self,
        session: Session,
        touched: dict[str, Ticket],
        rows: list[Message],
        first_sync: datetime,
        now: datetime,
    ) -> dict[str, Ticket]:
        """Work out status, clocks and rank of the tickets a batch touched."""
        known = pasts(session, touched)
        worked_on = journal.touched(session, dump(list(touched)))
        arrivals: dict[str, list[Message]] = {}
        for row in rows:
            arrivals.setdefault(row.ticket_key, []).append(row)
        settled = []
        with self._ranking.clockwork.together(session):
            for key, ticket in touched.items():
                new = arrivals.get(key, [])
                if not known[key].beats:
                    continue
                settled.append(
                    self._stand(session, ticket, new, known[key], first_sync, now, worked_on=key in worked_on)
                )
        tickets.save(session, settled)
        return {ticket.key: ticket for ticket in settled}

    def _stand(
        self,
        session: Session,
        ticket: Ticket,
        new: list[Message],
        past: Past,
        first_sync: datetime,
        now: datetime,
        *,
        worked_on: bool,
    ) -> Ticket:
        line = timeline(past.beats)
        status, history, snoozed = ticket.status, ticket.history, ticket.snoozed_until
        if status is Status.SPAM:
            history = False
        elif line.last_message_at <= first_sync and not worked_on:
            status, history = imported(past.beats, first_sync - self._history)
        else:
            for message in new:
                if message.at >= ticket.last_message_at:
                    after = arrived(status, message.kind, message.intent)
                    if after is not status or (message.kind is MessageKind.CUSTOMER and message.intent not in THANKS):
                        snoozed = None
                    status, history = after, False
        newest = max((m for m in new if m.kind is MessageKind.CUSTOMER), key=lambda m: m.at, default=None)
        ticket = dataclasses.replace(
            ticket,
            status=status,
            history=history,
            snoozed_until=snoozed,
            lang=(newest.lang if newest and newest.lang else ticket.lang),
        )
        return refresh(session, self._ranking, ticket, now, past)
