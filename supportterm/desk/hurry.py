"""Mail whose undo time is cut short: the agent leaves, and will not take it back."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

from supportterm.desk.context import Desk
from supportterm.domain.operations import State
from supportterm.store import operations


def hurry(desk: Desk, numbers: Collection[int]) -> int:
    """Let mails leave at once that wait only for their undo time; return how many there were.

    Raises:
        StoreError: the store cannot be written; nothing was changed.
    """
    now = desk.now()
    hurried = 0
    with desk.database.write() as session:
        for number in numbers:
            operation = operations.get(session, number)
            if operation is not None and operation.state is State.QUEUED and operation.not_before > now:
                operations.update(
                    session, dataclasses.replace(operation, not_before=now, next_attempt_at=now, updated_at=now)
                )
                hurried += 1
    return hurried
