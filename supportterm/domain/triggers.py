"""Triggers: what is to be done by itself once a clock has warned, or broke."""

from __future__ import annotations

import re
from dataclasses import dataclass

from supportterm.domain.ticket import Priority
from supportterm.domain.warned import BREACH, Warned

RAISE = "raise"
PRIORITIES = {"urgent": Priority.P1, "high": Priority.P2, "normal": Priority.P3, "low": Priority.P4}
BY = "the policy"
"""Who did it, in the journal."""
_PERCENT = re.compile(r"([1-9][0-9]?) ?%")


def percent(at: str) -> int | None:
    """Read when a trigger acts: `75%`, or `breach`; None where it is neither."""
    if at.strip().lower() == "breach":
        return BREACH
    found = _PERCENT.fullmatch(at.strip())
    return int(found[1]) if found else None


def raised(priority: Priority, wanted: str) -> Priority:
    """Return a priority as a trigger raises it: by one step, or to the one it names; never lower."""
    if wanted == RAISE:
        return Priority(max(priority - 1, Priority.P1))
    return min(priority, PRIORITIES[wanted])


@dataclass(frozen=True, slots=True)
class Moment:
    """When a trigger acts: the kind of clock (empty: any), its percent, the policy's name (empty: any)."""

    clock: str
    percent: int
    policy: str = ""

    def is_met_by(self, one: Warned, policy: str) -> bool:
        """Tell whether a warning is the one it waits for, on a ticket of a policy."""
        return self.percent == one.percent and self.clock in ("", one.kind) and self.policy in ("", policy)
