"""Priorities set by hand: where the agent's reason is worth asking for."""

from __future__ import annotations

from supportterm.domain.findings import CRITICAL
from supportterm.domain.ticket import Priority, Ticket


def teaches(ticket: Ticket, wanted: Priority | None) -> bool:
    """Tell whether an override says something about the rules: a critical ticket lowered, or one raised to critical.

    None, the computed priority, needs no reason.
    """
    if wanted is None or wanted is ticket.effective_priority:
        return False
    critical = ticket.priority is Priority.P1 or any(reason.id in CRITICAL for reason in ticket.reasons)
    return critical != (wanted is Priority.P1)
