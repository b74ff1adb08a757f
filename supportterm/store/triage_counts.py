"""How often each signal was found and rejected, and which priorities were set by hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from supportterm.domain import rejections
from supportterm.domain.events import Event
from supportterm.store.mapping import dump, event_from
from supportterm.store.reader import Reader
from supportterm.store.rows import execute, execute_many, tuples

if TYPE_CHECKING:
    from sqlmodel import Session

_EXAMPLES = 3
_LATEST = 200


def absorb(session: Session, kept: str, absorbed: str) -> dict[str, Any]:
    """Count on one ticket what was found on another; return what `give_back` takes it back with."""
    found = "SELECT signal, rejected FROM fired WHERE ticket_key = ? ORDER BY signal"
    ours, theirs = dict(tuples(session, found, [kept])), dict(tuples(session, found, [absorbed]))
    execute(session, "UPDATE OR IGNORE fired SET ticket_key = ? WHERE ticket_key = ?", [kept, absorbed])
    return {"found": list(theirs.items()), "new": [signal for signal in theirs if signal not in ours]}


def give_back(session: Session, kept: str, absorbed: str, what: Mapping[str, Any]) -> None:
    """Count on each of two tickets its own again, both being saved: what is found on the first now stays counted."""
    execute(
        session,
        "DELETE FROM fired WHERE ticket_key = ? AND signal IN (SELECT value FROM json_each(?)) AND signal NOT IN"
        " (SELECT json_extract(r.value, '$[0]') FROM ticket t, json_each(t.reasons) r WHERE t.key = ?)",
        [kept, dump(what.get("new", ())), kept],
    )
    execute_many(
        session,
        "INSERT INTO fired VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET rejected = excluded.rejected",
        ((signal, absorbed, rejected) for signal, rejected in what.get("found", ())),
    )


class TriageCounts(Reader):
    """What agents made of the rules of triage."""

    def rejections_of(self, signal: str) -> tuple[int, int]:
        """Return how many tickets a signal was rejected on, and found on; (0, 0) at once where it never was."""
        if not self._rows("SELECT 1 FROM fired WHERE signal = ? AND rejected = 1 LIMIT 1", [signal]):
            return 0, 0
        row = self._rows("SELECT count(*) AS found, sum(rejected) AS n FROM fired WHERE signal = ?", [signal])[0]
        return int(row["n"]), int(row["found"])

    def often_rejected(self) -> list[tuple[str, int, int]]:
        """Return each rejected signal, on how many tickets it was rejected and found; most often rejected first."""
        names = [row["signal"] for row in self._rows("SELECT DISTINCT signal FROM fired WHERE rejected = 1")]
        counted = [(name, *self.rejections_of(name)) for name in names]
        return sorted(counted, key=lambda line: (-line[1] / line[2], -line[1], line[0]))

    def rejected_words(self, signal: str) -> list[str]:
        """Return the words a signal was rejected for lately."""
        rows = self._rows(
            "SELECT rejected FROM ticket WHERE rejected != '[]' ORDER BY updated_at DESC LIMIT ?", [_LATEST]
        )
        marks = [mark for row in rows for mark in json.loads(row["rejected"]) if rejections.signal_of(mark) == signal]
        return list(dict.fromkeys(words for mark in marks if (words := rejections.evidence_of(mark))))[:_EXAMPLES]

    def overrides(self, most: int = _LATEST) -> list[Event]:
        """Return the events that set a priority by hand and were not taken back, newest first."""
        rows = self._rows(
            "SELECT * FROM event e WHERE kind = 'changed' AND payload LIKE '%\"override\"%' AND undoes IS NULL"
            " AND by != 'the policy'"
            " AND json_extract(payload, '$.override[1]') IS NOT NULL"
            " AND NOT EXISTS (SELECT 1 FROM event u WHERE u.undoes = e.id) ORDER BY at DESC LIMIT ?",
            [most],
        )
        return [event_from(row) for row in rows]
