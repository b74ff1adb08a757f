"""Lines of a score that an agent found not to be true of a ticket: what is remembered, and what may be rejected."""

from __future__ import annotations

from supportterm.domain.ticket import Reason

LONGEST = 120
"""Code points of evidence that tell one finding of a signal from another."""
_FACTS = frozenset(("vip", "repeat-contact", "auto-mail"))
"""Lines from facts about the customer that may be wrong of this ticket."""


def mark(reason: Reason) -> str:
    """Return what is remembered of a rejected line: its signal and the customer's words it rests on.

    Other words of the same kind, in a later mail say, count again.
    """
    return f"{reason.id} {' '.join(reason.evidence.casefold().split())[:LONGEST]}".strip()


def signal_of(remembered: str) -> str:
    """Return the signal a remembered rejection is about."""
    return remembered.partition(" ")[0]


def evidence_of(remembered: str) -> str:
    """Return the words a remembered rejection is about; empty for a fact."""
    return remembered.partition(" ")[2]


def in_words(remembered: str) -> str:
    """Say what was rejected: `money-loss “lost 12 euro”`."""
    evidence = evidence_of(remembered)
    return signal_of(remembered) + (f" “{evidence}”" if evidence else "")


def why_not(reason: Reason) -> str:
    """Say why a line cannot be rejected; empty where it can."""
    if reason.source != "meta" or reason.id in _FACTS:
        return ""
    if reason.id in ("waiting", "due", "floor"):
        return "That is the clock's: it goes when the ticket is answered."
    if reason.id == "override":
        return "That was set by hand: the priority can be computed again."
    return "That is a fact of this ticket, not a finding in its words."
