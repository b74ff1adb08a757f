"""Who is away, and whose promises an agent keeps meanwhile."""

from __future__ import annotations

from datetime import datetime

from supportterm.domain import absence
from supportterm.domain.absence import Absence
from supportterm.store.mapping import from_ms
from supportterm.store.reader import Reader


class Absences(Reader):
    """The part of `Views` that reads absences; they are few, and found by their names."""

    def absences(self) -> list[Absence]:
        """Return who is away, or was when nobody said that they are back."""
        rows = self._rows("SELECT name, value FROM meta WHERE name >= 'away:' AND name < 'away;'")
        return [absence.from_json(row["name"].partition(":")[2], row["value"]) for row in rows]

    def kept_for(self, me: str, now: datetime | int) -> list[str]:
        """Return the agents whose promises this one keeps at an instant, which may be given in milliseconds."""
        found = self.absences()
        return absence.kept_by(found, me, from_ms(now) if isinstance(now, int) else now) if found else []
