"""When an agent was last at the desk, and when the pause before that began."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Attendance:
    """`here` is when the agent was last seen; `left` when their last pause began, None before the first."""

    here: datetime | None = None
    left: datetime | None = None

    def begun(self, now: datetime, pause: timedelta) -> datetime | None:
        """Return when the pause began that ends now; None where the agent was here lately, or pauses are not told."""
        if self.here is None or pause <= timedelta(0) or now - self.here < pause:
            return None
        return self.here

    def arrived(self, now: datetime, pause: timedelta) -> Attendance:
        """Return it with the agent here again."""
        return Attendance(now, self.begun(now, pause) or self.left)

    def seen(self, now: datetime) -> Attendance:
        """Return it with the agent still here."""
        return Attendance(max(now, self.here or now), self.left)

    def since(self, now: datetime, pause: timedelta) -> datetime | None:
        """Return from when on things are news to the agent: the pause that lasts, else the last one."""
        return self.begun(now, pause) or self.left


def to_json(attendance: Attendance) -> str:
    """Return it as it is kept."""
    return json.dumps({name: at and at.isoformat() for name, at in _of(attendance).items()})


def from_json(text: str | None) -> Attendance:
    """Read what `to_json` wrote; nothing is known where nothing was kept."""
    values = json.loads(text) if text else {}
    read = {name: datetime.fromisoformat(at).astimezone(UTC) for name, at in values.items() if at}
    return Attendance(read.get("here"), read.get("left"))


def _of(attendance: Attendance) -> dict[str, datetime | None]:
    return {"here": attendance.here, "left": attendance.left}
