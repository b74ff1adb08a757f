"""Which ticket a mail belongs to, and what brought it there.

By its own Message-ID, References and In-Reply-To first, by a reference token in
the subject second, never by the subject alone. A mail that connects two tickets
joins them; the older one's key and reference stay, the other's go on leading there.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from supportterm.desk import promise_clocks
from supportterm.desk.people import People
from supportterm.domain import home_languages, threads
from supportterm.domain.events import EventKind
from supportterm.domain.identity import fingerprint
from supportterm.domain.mail import ParsedMail
from supportterm.domain.ticket import MessageKind, Status, Ticket
from supportterm.store import joins, journal, messages, receipts, tickets

if TYPE_CHECKING:
    from supportterm.store.database import Session


_JUST_BEFORE = timedelta(milliseconds=1)
"""A reply that joins two tickets keeps what was promised on either."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a mail went, as what, and why, in words."""

    key: str
    kind: MessageKind
    why: str


class Joining:
    """Places one batch of mails, oldest first; `tickets` holds those it touched."""

    def __init__(self, session: Session, people: People, batch: Sequence[ParsedMail]) -> None:
        self._session = session
        self._people = people
        own_ids = {mail.message_id for mail in batch if mail.message_id}
        self._senders = messages.senders(session, own_ids)
        ids = {i for mail in batch for i in self._links(mail)} | own_ids
        self._leads = tickets.mentioned(session, ids)
        tokens = {token for mail in batch if (token := threads.token(mail.subject))}
        self._tokens = tickets.by_reference(session, tokens) if tokens else {}
        self._new: dict[str, str] = {}
        self._moved: dict[str, str] = {}
        self.tickets: dict[str, Ticket] = tickets.load(session, {*self._leads.values(), *self._tokens.values()})
        self._apart = joins.apart(session)
        self._follow = {t.follows: t.key for t in self.tickets.values() if t.follows}
        self._touched: set[str] = set()

    def place(self, mail: ParsedMail, at: datetime, *, live: bool) -> Place:
        """Find or make the ticket of one mail; `live` mail came after the first sync."""
        links = self._links(mail)
        own_id = None if self._is_reused(mail) else mail.message_id
        found, why = self._found([*links, own_id] if own_id else links, own_id)
        if not found and (token := threads.token(mail.subject)) and token in self._tokens:
            found, why = [self.current(self._tokens[token])], f"the reference {token} in its subject"
        kind = self._people.kind_of(mail, on_ticket=bool(found))
        if kind is MessageKind.BOUNCE and receipts.are_receipts(
            self._session, mail.bounce.original_ids if mail.bounce else ()
        ):
            kind = MessageKind.AUTOMATIC
        if len(found) > 1:
            found = [self._merge(found, at)]
        follows = None
        if found and live and kind is MessageKind.CUSTOMER and self.tickets[found[0]].status is Status.CLOSED:
            follows, found = found[0], []
        if found:
            key = found[0]
            self.tickets[key] = self._widen(self.tickets[key], mail, kind, at)
        else:
            key = self._open(mail, kind, at, follows, own_id)
            why = f"goes on from closed ticket {self.tickets[follows].ref}" if follows else "began the conversation"
        self._touched.add(key)
        for message_id in [own_id] if follows and own_id else [*links, *([own_id] if own_id else [])]:
            if message_id not in self._leads:
                self._leads[message_id] = key
                self._new[message_id] = key
        if mail.message_id and own_id:
            self._senders.setdefault(own_id, set()).add(mail.sender.address)
        return Place(key, kind, why)

    def current(self, key: str) -> str:
        """Return where a key leads after the joins of this batch."""
        while key in self._moved:
            key = self._moved[key]
        return key

    def remember(self) -> None:
        """Store what was learned about ids, and leave only touched tickets in `tickets`."""
        tickets.mention(self._session, ((i, self.current(key)) for i, key in self._new.items()))
        self.tickets = {key: self.tickets[key] for key in {self.current(k) for k in self._touched}}

    def _links(self, mail: ParsedMail) -> list[str]:
        linked = [i for i in threads.mentions(mail) if i != mail.message_id]
        if mail.bounce is not None:
            linked += [i for i in mail.bounce.original_ids if i not in linked]
        return linked

    def _is_reused(self, mail: ParsedMail) -> bool:
        """Tell whether this Message-ID was borne by another sender's mail: then it identifies nothing."""
        senders = self._senders.get(mail.message_id or "")
        return bool(senders) and mail.sender.address not in (senders or ())

    def _found(self, ids: Sequence[str], own_id: str | None) -> tuple[list[str], str]:
        found: dict[str, str] = {}
        for message_id in reversed(ids):
            if message_id in self._leads:
                found.setdefault(self.current(self._leads[message_id]), message_id)
        for key in list(found):
            later = self._follow.get(key)
            if later is not None and (now := self.current(later)) in found and (key, now) not in self._apart:
                del found[key]
        keys: list[str] = []
        for key in found:
            if not any((key, nearer) in self._apart for nearer in keys):
                keys.append(key)
        if not keys:
            return keys, ""
        through = found[keys[0]]
        return keys, "a later mail refers to it" if through == own_id else f"its link to <{through}>"

    def _merge(self, keys: list[str], at: datetime) -> str:
        ordered = sorted((self.tickets[key] for key in keys), key=lambda t: (t.created_at, t.key))
        kept = ordered[0]
        self._flush()
        for ticket in ordered[1:]:
            stored = tickets.load(self._session, [ticket.key])
            if stored:
                tickets.absorb(self._session, kept.key, ticket)
                promise_clocks.joined(self._session, kept.key, ticket.ref, at - _JUST_BEFORE)
            payload = {"absorbed": ticket.key, "ref": ticket.ref, "why": "a mail links both"}
            journal.append(self._session, kept.key, EventKind.MERGED, payload, by="supportterm", at=at)
            self._moved[ticket.key] = kept.key
            open_one = next((t for t in (kept, ticket) if t.status.is_ours), kept)
            kept = dataclasses.replace(
                kept,
                tags=kept.tags | ticket.tags,
                rejected=kept.rejected | ticket.rejected,
                status=open_one.status,
                assignee=kept.assignee or ticket.assignee,
                last_message_at=max(kept.last_message_at, ticket.last_message_at),
            )
            del self.tickets[ticket.key]
        self.tickets[kept.key] = kept
        tickets.save(self._session, [kept], with_tags=True)
        return kept.key

    def _flush(self) -> None:
        tickets.save(self._session, (self.tickets[k] for k in {self.current(k) for k in self._touched}))
        tickets.mention(self._session, ((i, self.current(key)) for i, key in self._new.items()))

    def _open(self, mail: ParsedMail, kind: MessageKind, at: datetime, follows: str | None, own_id: str | None) -> str:
        root = own_id if follows and own_id else threads.root(mail)
        if root.startswith("body:") or (own_id is None and root == mail.message_id):
            root = f"body:{fingerprint(mail)}"
        key = threads.ticket_key(root)
        while (there := self._existing(key)) is not None:
            if follows is None and there.status is not Status.CLOSED:
                self.tickets[there.key] = self._widen(there, mail, kind, at)
                return there.key
            root += "+"
            key = threads.ticket_key(root)
        requester = self._people.requester(mail, kind)
        short = threads.reference(key, frozenset())
        taken = tickets.references_taken(self._session, short) | {t.ref for t in self.tickets.values()}
        self.tickets[key] = Ticket(
            key=key,
            ref=threads.reference(key, taken),
            subject=mail.subject,
            status=Status.NEW,
            channel=mail.channel,
            requester_name=requester.name,
            requester_address=requester.address,
            created_at=at,
            updated_at=at,
            last_message_at=at,
            lang=mail.lang or (self._usual(requester.address) if kind is MessageKind.CUSTOMER else None),
            follows=follows,
        )
        if follows:
            self._follow[follows] = key
        return key

    def _usual(self, address: str) -> str | None:
        """Return the language a customer wrote in last, else that of the country their address lies in."""
        return tickets.language_of(self._session, address) or home_languages.of_address(address)

    def _existing(self, key: str) -> Ticket | None:
        key = self.current(key)
        if key not in self.tickets:
            leads = tickets.resolve(self._session, [key])
            if key in leads:
                self.tickets.update(tickets.load(self._session, [leads[key]]))
                key = leads[key]
        return self.tickets.get(key)

    def _widen(self, ticket: Ticket, mail: ParsedMail, kind: MessageKind, at: datetime) -> Ticket:
        """Let an earlier mail than any so far give the ticket its subject and, where a customer's, its requester."""
        if at >= ticket.created_at and not (ticket.automatic and kind is MessageKind.CUSTOMER):
            return ticket
        requester = self._people.requester(mail, kind)
        return dataclasses.replace(
            ticket,
            subject=mail.subject or ticket.subject,
            requester_name=requester.name or ticket.requester_name,
            requester_address=requester.address or ticket.requester_address,
            created_at=min(at, ticket.created_at),
        )
