"""What becomes of a draft in the transactions of other verbs: sent with it, given back by undo."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from typing import TYPE_CHECKING

from supportterm.domain.drafts import Draft, Mode, Recipients, Why
from supportterm.domain.events import Event
from supportterm.domain.message import Message
from supportterm.domain.ticket import MessageKind, Ticket
from supportterm.store import drafts, tickets
from supportterm.store.rows import execute

if TYPE_CHECKING:
    from supportterm.store.database import Session


def became(session: Session, draft: Draft, message: Message, now: datetime) -> None:
    """Take a draft away that has become a reply or a note; it is kept until that can no longer be taken back."""
    _let_go(session, draft.agent)
    draft = dataclasses.replace(draft, ticket_key=message.ticket_key)
    drafts.revise(session, draft, Why.SENT, now, message.id)
    drafts.clear(session, draft.ticket_key, draft.agent, draft.mode.kind)
    drafts.drop_files(session)


def give_back(session: Session, agent: str, ticket: Ticket, message: Message, now: datetime) -> Draft:
    """Make what was taken back a draft again, whole where it was one; what was begun meanwhile is set aside."""
    version = drafts.of_message(session, message.id or 0)
    if version is not None and version.draft.agent == agent:
        draft = dataclasses.replace(version.draft, ticket_key=ticket.key, updated_at=now)
    else:
        notes = (MessageKind.NOTE, MessageKind.WITHDRAWN)
        inside = Mode.FORWARD if message.kind is MessageKind.INSIDE else Mode.REPLY
        mode = Mode.NOTE if message.kind in notes else inside
        people = None if mode is Mode.NOTE else Recipients(message.to, message.cc, message.bcc)
        subject = message.subject if mode is Mode.FORWARD else ""
        draft = Draft(
            ticket.key,
            agent,
            mode,
            message.text,
            people=people,
            sender=message.sender.address if people else "",
            subject=subject,
            updated_at=now,
        )
    replace(session, draft, now)
    return draft


def replace(session: Session, draft: Draft, now: datetime) -> None:
    """Make this the draft; another text that stood there becomes a version."""
    begun = drafts.load(session, draft.ticket_key, draft.agent, draft.mode.kind)
    if begun is not None and not begun.is_empty and begun.text != draft.text:
        drafts.revise(session, begun, Why.SET_ASIDE, now)
    drafts.save(session, draft)


def undo_discard(session: Session, agent: str, after: Event | None, key: str | None, now: datetime) -> Draft | None:
    """Bring back what this agent threw away since its last step, on one ticket where one is named; else None."""
    version = drafts.discarded(session, agent)
    if version is None or (after is not None and version.at < after.at):
        return None
    home = tickets.resolve(session, [version.draft.ticket_key]).get(version.draft.ticket_key)
    if home is None or key not in (None, home):
        return None
    draft = dataclasses.replace(version.draft, ticket_key=home, updated_at=now)
    replace(session, draft, now)
    drafts.brought_back(session, version.id)
    return draft


def _let_go(session: Session, agent: str) -> None:
    """Forget versions whose mail has left, and those of notes a day old."""
    execute(
        session,
        "DELETE FROM draft_revision WHERE agent = ? AND why = 'sent' AND (EXISTS (SELECT 1 FROM operation o"
        " WHERE o.ticket_key = draft_revision.ticket_key AND o.message = draft_revision.message"
        " AND o.kind = 'send' AND o.state = 'accepted')"
        " OR (kind = 'note' AND at < (SELECT max(at) FROM draft_revision) - 86400000))",
        [agent],
    )
