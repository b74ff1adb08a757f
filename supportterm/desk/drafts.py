"""Drafts as verbs: kept while one writes, thrown away, brought back; none of it is an event of the journal."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence
from datetime import timedelta

from supportterm.desk import keeping
from supportterm.desk.context import Desk
from supportterm.desk.verbs import Done, find
from supportterm.domain.drafts import FILE_LIMIT, Draft, Kind, Why
from supportterm.domain.errors import NotFoundError, RefusedError
from supportterm.store import drafts, tickets

EVERY = timedelta(minutes=1)
"""How often a version is kept while one writes."""
_WORTH = 20
"""Letters from which a text is worth a version of its own."""

Packed = tuple[str, int, bytes]


def save(
    desk: Desk,
    draft: Draft,
    *,
    why: Why | None = None,
    files: Sequence[Packed] = (),
    known: Collection[str] | None = None,
) -> None:
    """Keep a draft as it is now, on the ticket its key leads to today; an empty one is taken away.

    A version is kept where `why` gives the reason, once a minute of writing,
    and before more than half of a text goes at once. `files` are the bytes of
    newly attached ones, as `messages.pack` gives them. `known` are the texts
    the writer has seen of this draft: another one that stands there, as after
    two tickets were joined, is set aside and not written over.

    Raises:
        RefusedError: the attached files are too large.
        StoreError: it could not be written; nothing was lost of what was kept before.
    """
    if sum(f.size for f in draft.files) > FILE_LIMIT:
        raise RefusedError(
            f"The files come to more than {FILE_LIMIT // 1_000_000} MB together, which no mail carries. Send a link."
        )
    now = desk.now()
    with desk.database.write() as session:
        home = tickets.resolve(session, [draft.ticket_key]).get(draft.ticket_key, draft.ticket_key)
        draft = dataclasses.replace(draft, ticket_key=home, updated_at=now)
        before = drafts.load(session, home, draft.agent, draft.mode.kind)
        if before is not None and not before.is_empty and known is not None and before.text not in (*known, draft.text):
            drafts.revise(session, before, Why.SET_ASIDE, now)
        elif before is not None and len(before.text) >= _WORTH and len(draft.text) < len(before.text) / 2:
            drafts.revise(session, before, Why.WRITTEN, now)
        drafts.keep_files(session, files)
        if draft.is_empty:
            drafts.clear(session, home, draft.agent, draft.mode.kind)
        else:
            drafts.save(session, draft)
            newest = drafts.newest(session, draft)
            is_due = newest is None or (now - newest.at >= EVERY and newest.draft.text != draft.text)
            if why is not None or (is_due and len(draft.text) >= _WORTH):
                drafts.revise(session, draft, why or Why.WRITTEN, now)
        if before is not None and before.files != draft.files:
            drafts.drop_files(session)


def discard(desk: Desk, draft: Draft) -> Done:
    """Throw a draft away; it is kept as a version, and undo brings it back.

    Raises:
        NotFoundError: its ticket is gone.
    """
    now = desk.now()
    with desk.database.write() as session:
        ticket = find(session, draft.ticket_key)
        draft = dataclasses.replace(draft, ticket_key=ticket.key)
        if not draft.is_empty:
            drafts.revise(session, draft, Why.DISCARDED, now)
        drafts.clear(session, ticket.key, draft.agent, draft.mode.kind)
        return Done(ticket.ref, "draft discarded", draft.text, ticket.key)


def bring_back(desk: Desk, number: int) -> Draft:
    """Make an earlier version the draft; what stands there now becomes a version itself.

    Raises:
        NotFoundError: there is no such version any more.
    """
    now = desk.now()
    with desk.database.write() as session:
        version = drafts.revision(session, number)
        if version is None:
            raise NotFoundError("That version is no longer kept. Choose another.")
        draft = dataclasses.replace(version.draft, updated_at=now)
        keeping.replace(session, draft, now)
        if version.why is Why.DISCARDED:
            drafts.brought_back(session, number)
        return draft


def move(desk: Desk, draft: Draft, to: Draft) -> None:
    """Let a draft go on as one of another kind, a reply as a note or back.

    Raises:
        RefusedError: one of that kind is being written on this ticket already.
    """
    now = desk.now()
    with desk.database.write() as session:
        begun = drafts.load(session, to.ticket_key, to.agent, to.mode.kind)
        if begun is not None and not begun.is_empty:
            what = "note" if to.mode.kind is Kind.NOTE else "reply"
            raise RefusedError(
                f"A {what} is being written on this ticket already. Leave this one with Esc to go on with it."
            )
        drafts.clear(session, draft.ticket_key, draft.agent, draft.mode.kind)
        if not to.is_empty:
            drafts.save(session, dataclasses.replace(to, updated_at=now))
