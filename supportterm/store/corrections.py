"""Tickets whose place in the queue an agent corrected, for learning from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from supportterm.domain.ticket import Priority
from supportterm.store.mapping import from_ms
from supportterm.store.reader import Reader

_STANDS = "e.undoes IS NULL AND NOT EXISTS (SELECT 1 FROM event u WHERE u.undoes = e.id)"
_BY_HAND = "e.by NOT IN ('the policy', 'supportterm')"
"""Of the latest step: no machine took it."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What an agent made of a ticket: the priority set by hand, or that it was spam or wanted no answer."""

    ticket_key: str
    at: datetime
    override: Priority | None = None
    no_answer: bool = False


class Corrections(Reader):
    """What agents corrected, and the words it was about."""

    def corrections(self, most: int) -> list[Correction]:
        """Return the newest corrections, one a ticket, oldest first; a priority set by hand says more than the rest."""
        found: dict[str, Correction] = {}
        for row in self._rows(_SET_BY_HAND) + self._rows(_NO_ANSWER) + self._rows(_REJECTED):
            override = None if row["override"] is None else Priority(row["override"])
            made = Correction(row["key"], from_ms(row["at"]), override, bool(row["no_answer"]))
            found.setdefault(made.ticket_key, made)
        return sorted(found.values(), key=lambda each: (each.at, each.ticket_key))[-most:]


_SET_BY_HAND = f"""
    SELECT t.key AS key, t.override AS override, 0 AS no_answer, max(e.at) AS at
    FROM ticket t JOIN event e ON e.ticket_key = t.key
    WHERE t.override IS NOT NULL AND e.kind = 'changed' AND {_STANDS}
    AND json_extract(e.payload, '$.override[1]') = t.override
    GROUP BY t.key HAVING {_BY_HAND}
"""  # noqa: S608 our own words
_NO_ANSWER = f"""
    SELECT t.key AS key, NULL AS override, 1 AS no_answer, max(e.at) AS at
    FROM ticket t JOIN event e ON e.ticket_key = t.key
    WHERE (t.status = 'spam' OR t.status IN ('solved', 'closed') AND t.first_replied_at IS NULL)
    AND NOT t.history AND e.kind IN ('changed', 'blocked') AND {_STANDS}
    AND ifnull(json_extract(e.payload, '$.status[1]'), json_extract(e.payload, '$.change.status[1]'))
        IN ('spam', 'solved')
    GROUP BY t.key HAVING {_BY_HAND}
"""  # noqa: S608 our own words
_REJECTED = f"""
    SELECT t.key AS key, NULL AS override, 0 AS no_answer, max(e.at) AS at
    FROM ticket t JOIN event e ON e.ticket_key = t.key
    WHERE t.rejected != '[]' AND e.kind = 'changed' AND {_STANDS}
    AND json_extract(e.payload, '$.rejected') IS NOT NULL
    GROUP BY t.key HAVING {_BY_HAND}
"""  # noqa: S608 our own words
