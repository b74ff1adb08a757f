"""What a person may mean by `ST-7KQ2F`, `7kq2f`, its beginning, or a whole key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from supportterm.domain.errors import NotFoundError

Ask = Callable[[str, Sequence[str]], Iterable[Sequence[Any]]]
"""Runs a query with values, on whichever connection; gives rows."""

_EXACT = "SELECT key FROM ticket WHERE ref = ?1 UNION SELECT ticket_key FROM alias WHERE ref = ?1"
_BEGUN = (
    "SELECT key FROM ticket WHERE (ref >= ?1 AND ref < ?1 || '~') OR key = ?2"
    " UNION SELECT ticket_key FROM alias WHERE (ref >= ?1 AND ref < ?1 || '~') OR key = ?2 LIMIT 6"
)


def meant(ask: Ask, named: str) -> list[str]:
    """Return the keys of the tickets meant: the one of that reference, else those it begins, aliases followed."""
    plain = named.strip().upper().removeprefix("#").removeprefix("ST-")
    if not (plain.isascii() and plain.isalnum()):
        return []
    ref = f"ST-{plain}"
    return [row[0] for row in ask(_EXACT, [ref]) or ()] or [row[0] for row in ask(_BEGUN, [ref, plain])]


def not_one(named: str, refs: Iterable[str]) -> NotFoundError:
    """Return the sentence for a name that means no ticket, or several."""
    known = sorted(refs)
    if known:
        return NotFoundError(f"{named!r} is the beginning of {', '.join(known)}. Say more.")
    return NotFoundError(f"There is no ticket {named!r}. `supportterm queue` lists them with their references.")
