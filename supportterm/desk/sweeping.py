"""The sweep: what needs no answer is closed together, and what an agent keeps stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from supportterm.desk import verbs
from supportterm.desk.context import Desk
from supportterm.desk.verbs import Change, Done
from supportterm.domain.errors import RefusedError
from supportterm.domain.quiet import KEPT
from supportterm.domain.ticket import Status, Ticket, Tier


def sweep(desk: Desk, seen: Mapping[str, datetime]) -> Done:
    """Solve these tickets in one undoable step, those that are as they were read; they close after their week.

    `seen` says of each key when its last message came as the agent read it: newer mail keeps a ticket out.

    Raises:
        RefusedError: none of them is as it was.
    """

    def is_as_read(ticket: Ticket) -> bool:
        quiet = ticket.status.is_ours and ticket.tier is Tier.NO_ANSWER and KEPT not in ticket.tags
        return quiet and seen.get(ticket.key) == ticket.last_message_at

    try:
        return verbs.change_many(desk, list(seen), Change(status=Status.SOLVED), only=is_as_read)
    except RefusedError:
        raise RefusedError("Nothing was swept: there is nothing here, or all of it has changed since.") from None


def keep(desk: Desk, key: str) -> Done:
    """Keep a ticket out of the sweep, or let it in again; undoable like any tag.

    Raises:
        NotFoundError: no such ticket.
    """
    with desk.database.write() as session:
        is_kept = KEPT in verbs.find(session, key).tags
    tag = frozenset({KEPT})
    return verbs.change(desk, key, Change(remove_tags=tag) if is_kept else Change(add_tags=tag))
