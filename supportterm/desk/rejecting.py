"""An agent says that a line of the score is not true of a ticket: it counts no more there, until that is taken back."""

from __future__ import annotations

from supportterm.desk import verbs
from supportterm.desk.context import Desk
from supportterm.desk.verbs import Change, Done
from supportterm.domain import rejections
from supportterm.domain.errors import RefusedError
from supportterm.domain.ticket import Reason


def reject(desk: Desk, named: str, reason: Reason) -> Done:
    """Take a line out of a ticket's score for good: the journal knows, undo puts it back, ranking again keeps it out.

    Raises:
        NotFoundError: no such ticket.
        RefusedError: the line is a fact or the clock's, or it is rejected already.
    """
    if problem := rejections.why_not(reason):
        raise RefusedError(problem)
    return verbs.change(desk, named, Change(reject=frozenset((rejections.mark(reason),))))
