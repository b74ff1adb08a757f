"""Requests to refuse customers, and what was decided about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from supportterm.domain.refusals import Decision, Refusal
from supportterm.store.mapping import from_ms, maybe_at, maybe_ms, to_ms
from supportterm.store.reader import Reader
from supportterm.store.rows import execute, select

if TYPE_CHECKING:
    from supportterm.store.database import Session


def get(session: Session, number: str) -> Refusal | None:
    """Return a request, or None."""
    rows = select(session, "SELECT * FROM refusal WHERE id = ?", [number])
    return _from(rows[0]) if rows else None


def asked(session: Session, address: str) -> Refusal | None:
    """Return the request about an address that waits for a decision, or None."""
    rows = select(session, "SELECT * FROM refusal WHERE address = ? AND decision = 'asked'", [address])
    return _from(rows[0]) if rows else None


def put(session: Session, r: Refusal) -> None:
    """Insert or change a request."""
    execute(
        session,
        "INSERT OR REPLACE INTO refusal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            r.id, r.ticket_key, r.address, r.by, to_ms(r.at), r.reason, r.decision.value, r.decided_by,
            maybe_ms(r.decided_at), r.words, int(r.blocks),
        ],
    )  # fmt: skip


class Refusals(Reader):
    """The part of `Views` that lists requests."""

    def refusals(self, *, everything: bool = False) -> list[Refusal]:
        """Return the requests that wait for a decision, the oldest first; with `everything` all there ever were."""
        which = "1" if everything else "decision = 'asked'"
        return [_from(row) for row in self._rows(f"SELECT * FROM refusal WHERE {which} ORDER BY at")]  # noqa: S608 two fixed conditions


def _from(row: Mapping[str, Any]) -> Refusal:
    return Refusal(
        row["id"], row["ticket_key"], row["address"], row["by"], from_ms(row["at"]), row["reason"],
        Decision(row["decision"]), row["decided_by"], maybe_at(row["decided_at"]), row["words"], bool(row["blocks"]),
    )  # fmt: skip
