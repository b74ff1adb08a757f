"""An agent who is away: until when, and who keeps their promises meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class Absence:
    """`agent` is away up to `until`; `keeper` sees their promises and callbacks as their own, empty for nobody."""

    agent: str
    since: datetime
    until: datetime
    keeper: str = ""

    def lasts(self, now: datetime) -> bool:
        """Tell whether they are away at an instant."""
        return self.since <= now < self.until


def kept_by(absences: Iterable[Absence], keeper: str, now: datetime) -> list[str]:
    """Return whose promises an agent keeps at an instant; a keeper who is away hands on what they keep to theirs."""
    away = {one.agent: one for one in absences if one.lasts(now)}
    found = []
    for agent in sorted(away):
        seen, who = {agent}, away[agent].keeper
        while who in away and who not in seen:
            seen.add(who)
            who = away[who].keeper
        if who == keeper and agent != keeper:
            found.append(agent)
    return found


def to_json(absence: Absence) -> str:
    """Return it as it is kept."""
    return json.dumps(
        {"since": absence.since.isoformat(), "until": absence.until.isoformat(), "keeper": absence.keeper},
        ensure_ascii=False,
    )


def from_json(agent: str, text: str) -> Absence:
    """Read what `to_json` wrote."""
    values = json.loads(text)
    since, until = (datetime.fromisoformat(values[name]).astimezone(UTC) for name in ("since", "until"))
    return Absence(agent, since, until, values["keeper"])
