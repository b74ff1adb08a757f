"""Problems: one internal cause behind many tickets."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from supportterm.domain.text import clean

LONGEST_TITLE, LONGEST_CAUSE = 120, 2_000
_NAMED = re.compile(r"(?:#?P-?)?0*([1-9]\d{0,7})", re.IGNORECASE)


class ProblemState(StrEnum):
    """What became of a problem."""

    OPEN = "open"
    FIXED = "fixed"
    WITHDRAWN = "withdrawn"
    """Opened and taken back: kept, not shown."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One cause; the tickets behind it name its number. Instants are aware UTC."""

    number: int
    title: str
    state: ProblemState
    opened_at: datetime
    by: str
    cause: str = ""
    """What is known of it, for the team; no customer sees it."""
    fixed_at: datetime | None = None

    @property
    def ref(self) -> str:
        """What people call it: `P-3`."""
        return named(self.number)


def named(number: int) -> str:
    """Return what a problem of that number is called: `P-3`."""
    return f"P-{number}"


def number_in(text: str) -> int | None:
    """Read a problem's name, `P-3`, `p3` or `3`; None where it is none."""
    found = _NAMED.fullmatch(text.strip())
    return int(found[1]) if found else None


def title_of(text: str) -> str:
    """Return a title as it is kept: one line, no longer than the rows that show it can use."""
    return " ".join(clean(text).split())[:LONGEST_TITLE].rstrip()
