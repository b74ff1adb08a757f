"""What the screen for writing asks of the store: drafts, newer mail, whom one has written with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportterm.domain.folding import match_expression
from supportterm.domain.mail import Address
from supportterm.domain.message import Message
from supportterm.store.mapping import from_ms, message_from
from supportterm.store.reader import Reader

if TYPE_CHECKING:
    from supportterm.domain.drafts import Draft, Kind, Revision, Seen

_LOOKED_AT = 200
"""How many of the newest mails are looked at for a name."""
_LAST = "\U0010ffff"


class Writing(Reader):
    """The part of `Views` that serves drafts and recipients."""

    def draft(self, key: str, agent: str, kind: Kind) -> Draft | None:
        """Return an agent's draft of a kind on a ticket, or None."""
        from supportterm.domain.drafts import from_json

        rows = self._rows(
            "SELECT content, updated_at FROM draft WHERE ticket_key = ? AND agent = ? AND kind = ?",
            [key, agent, kind.value],
        )
        return from_json(rows[0]["content"], from_ms(rows[0]["updated_at"])) if rows else None

    def drafts(self) -> dict[str, str]:
        """Return ticket key -> the agent who is writing on it, the latest where there are several."""
        rows = self._rows("SELECT ticket_key, agent FROM draft ORDER BY updated_at")
        return {row["ticket_key"]: row["agent"] for row in rows}

    def revisions(self, key: str, agent: str, kind: Kind) -> list[Revision]:
        """Return the earlier versions of a draft, newest first."""
        from supportterm.store.drafts import revision_from

        rows = self._rows(
            "SELECT * FROM draft_revision WHERE ticket_key = ? AND agent = ? AND kind = ? ORDER BY id DESC",
            [key, agent, kind.value],
        )
        return [revision_from(row) for row in rows]

    def seen(self, key: str) -> Seen:
        """Return what an agent has seen who looks at a ticket now."""
        from supportterm.domain.drafts import Seen

        row = self._rows(
            "SELECT ifnull(max(id), 0) AS id, ifnull(max(CASE WHEN author IS NULL THEN at END), 0) AS at FROM message"
            " WHERE ticket_key = ?",
            [key],
        )[0]
        return Seen(row["id"], row["at"])

    def since(self, key: str, seen: Seen, me: str) -> list[Message]:
        """Return what the customer, colleagues and other agents wrote to each other since, oldest first."""
        rows = self._rows(
            "SELECT * FROM message m WHERE ticket_key = ? AND id > ? AND ("
            " (author IS NULL AND at >= ? AND kind IN ('customer', 'reply', 'inside'))"
            " OR (author IS NOT NULL AND author != ? AND kind = 'reply' AND NOT EXISTS ("
            "  SELECT 1 FROM operation o WHERE o.ticket_key = m.ticket_key AND o.message = m.id AND o.kind = 'send'"
            "  AND o.state = 'undone')))"
            " ORDER BY at, id",
            [key, seen.message, seen.at_ms, me],
        )
        return [message_from(row) for row in rows]

    def addresses(self, begun: str, limit: int = 8) -> list[Address]:
        """Return people one has written with whose address or name begins so: customers first, then who was on mails.

        The first part is a range of an index; the second looks at the newest mails only.
        """
        wanted = begun.strip().lower()
        if not wanted:
            return []
        rows = self._rows(
            "SELECT requester_address AS address, max(requester_name) AS name FROM ticket"
            " WHERE requester_address >= ? AND requester_address < ? GROUP BY requester_address LIMIT ?",
            [wanted, wanted + _LAST, limit],
        )
        found = {row["address"].lower(): Address(row["name"], row["address"]) for row in rows}
        match = match_expression([wanted], prefix=True) if len(wanted) > 1 and len(found) < limit else ""
        if match:
            rows = self._rows(
                "SELECT m.* FROM (SELECT rowid AS id FROM search WHERE search MATCH ? ORDER BY rowid DESC LIMIT ?) s"
                " JOIN message m ON m.id = s.id WHERE m.kind != 'withdrawn'",
                [f"people : ({match})", _LOOKED_AT],
            )
            for message in map(message_from, rows):
                for person in (message.sender, *message.to, *message.cc, *message.bcc):
                    if person.address and _begins(person, wanted):
                        found.setdefault(person.address.lower(), person)
        return list(found.values())[:limit]


def _begins(person: Address, wanted: str) -> bool:
    return person.address.lower().startswith(wanted) or any(
        word.startswith(wanted) for word in (person.name.lower(), *person.name.lower().split())
    )
