"""What every verb works with, joined once in `bootstrap`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from supportterm.config import Config
from supportterm.desk.people import People
from supportterm.desk.ranking import Ranking
from supportterm.domain.clock import Clock
from supportterm.store.database import Database


@dataclass(frozen=True, slots=True)
class Desk:
    """The store, the configuration, the rules and the time."""

    database: Database
    config: Config
    ranking: Ranking
    people: People
    clock: Clock

    @property
    def me(self) -> str:
        """The agent at this desk."""
        return self.config.agent.id

    def now(self) -> datetime:
        """Return the current instant in UTC."""
        return self.clock.now()
