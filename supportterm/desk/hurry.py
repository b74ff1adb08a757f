"""Mail whose undo time is cut short: the agent leaves, and will not take it back."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

from supportterm.desk.context import Desk
from supportterm.domain import held
from supportterm.domain.events import EventKind
from supportterm.domain.operations import State
from supportterm.store import journal, operations


def hurry(desk: Desk, numbers: Collection[int]) -> int:
    """Let mails leave at once that wait only for their undo time; return how many there were.

    What is held for a time of its own keeps waiting for it. Each is told in the journal. Undo still takes one back
    as long as nobody has begun to hand it over.

    Raises:
        StoreError: the store cannot be written; nothing was changed.
    """
    now = desk.now()
    hurried = 0
    with desk.database.write() as session:
        for number in numbers:
            operation = operations.get(session, number)
            if operation is not None and operation.state is State.QUEUED and operation.not_before > now:
                if held.is_held(operation):
                    continue
                operations.update(
                    session, dataclasses.replace(operation, not_before=now, next_attempt_at=now, updated_at=now)
                )
                journal.append(
                    session,
                    operation.ticket_key,
                    EventKind.REPLY_RELEASED,
                    {"operation": number, "message_id": operation.message_id, "was": "queued", "why": "sent at once"},
                    by=desk.me,
                    at=now,
                )
                hurried += 1
    return hurried
