"""How many tickets each view has, as the bar shows it: kept counts at once, others counted where nobody waits."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from supportterm.domain import query, query_reach
from supportterm.domain.saved_views import SavedView
from supportterm.screens.pace import Pace
from supportterm.store.counting import Count
from supportterm.store.views import Views

if TYPE_CHECKING:
    from supportterm.screens.base import DeskScreen

MANY, FEW = 1000, 50
"""How far is counted; and how far where that takes too long."""
PACE_SECONDS = 0.5
"""The least time between two counts."""
STALE_SECONDS = 30.0
"""After so long a count that time changes is made again."""
_OVERDUE = "overdue"
"""The built-in view whose clocks an index knows."""
_PROBLEMS = "problems"
"""The built-in view that counts its rows: a problem is one, however many tickets it stands for."""


Stand = tuple[int, int] | None
"""How a kind of record stands."""


@dataclass(slots=True)
class _Counted:
    """What is known of a view's count: what it depends on, how that stood, and when it was made."""

    query: query.Query
    nouns: frozenset[str]
    timed: bool
    stood: tuple[Stand, ...] | None = None
    at: float = 0.0


class Badges:
    """The counts of a screen's views.

    A view that asks only for what counters are kept of costs one small
    statement for all of them. Any other is counted in the reading thread, and
    only after a commit that changed records its query depends on.
    """

    def __init__(self, screen: DeskScreen[Any], show: Callable[[], object], keys: Callable[[], float]) -> None:
        """Count for a screen; `show` hears that a count has come from the reading thread, `keys` as `Pace` has it."""
        self._screen = screen
        self._show = show
        self._counted: dict[SavedView, _Counted] | None = None
        self._counts: dict[str, str] = {}
        self._turns_at: int | None = None
        self._counting = False
        self._pace = Pace(screen, self._count, PACE_SECONDS, keys)

    @property
    def shown(self) -> dict[str, str]:
        """The counts by the views' names; an ellipsis where there is none yet."""
        return dict(self._counts)

    def look(self, now: datetime) -> None:
        """Read what is kept, and have the rest counted where it may have changed; some tenths of a millisecond."""
        console = self._screen.console
        views, now_ms = console.views, int(now.timestamp() * 1000)
        kept = views.counts(console.me, now_ms, console.shelf.views)
        self._counts |= {name: f"{count}" for name, count in kept.items()}
        if self._counted is not None:
            late = views.overdue(now_ms, MANY + 1)
            self._counts[_OVERDUE] = f"{Count(min(late, MANY), late > MANY)}"
        self._turns_at = views.turns_at(now_ms)
        if self._counted is None:
            self._counts[_OVERDUE] = "…"
            self._counted = {view: _dependent(view) for view in console.shelf.views if view.name not in self._counts}
            self._counts |= {view.name: "…" for view in self._counted}
        if self._stale():
            self._pace.ask()

    def are_due(self, now: datetime) -> bool:
        """Tell whether a clock or a sleep has ended since the last look."""
        return self._turns_at is not None and now.timestamp() * 1000 >= self._turns_at

    def _stale(self) -> list[tuple[SavedView, _Counted, tuple[Stand, ...]]]:
        """Return the views whose count may not be true any more, with how what they depend on stands."""
        if not self._counted:
            return []
        changes, now = self._screen.console.views.changes(), time.monotonic()
        found = []
        for view, counted in self._counted.items():
            stands = tuple(changes.get(noun) for noun in sorted(counted.nouns))
            if stands != counted.stood or (counted.timed and now > counted.at + STALE_SECONDS):
                found.append((view, counted, stands))
        return found

    def _count(self) -> None:
        if not self._counting:
            self._counting = True
            self._screen.in_background(self._catch_up(), opens=False)

    async def _catch_up(self) -> None:
        console, spent = self._screen.console, 0.0
        try:
            for view, counted, stands in self._stale():
                where = console.compiled(counted.query)

                def count(
                    views: Views, where: Any = where, is_problems: bool = view.name == _PROBLEMS
                ) -> tuple[Count | None, float]:
                    begun = time.thread_time()
                    rows = Count(views.problem_rows()) if is_problems else views.count_up_to(where, MANY, FEW)
                    return rows, time.thread_time() - begun

                found, seconds = await console.ask(count)
                spent += seconds
                counted.stood, counted.at = stands, time.monotonic()
                self._counts[view.name] = f"{found}" if found is not None else "…"
        finally:
            self._counting = False
        self._pace.took(spent)
        if spent and self._screen.is_here:
            self._show()


def _dependent(view: SavedView) -> _Counted:
    """Return what a view's count depends on."""
    read = query.parse(view.query)
    of_tickets = {f"ticket {status.value}" for status in query_reach.statuses(read)}
    records = query_reach.records(read)
    return _Counted(read, frozenset(of_tickets | records), query_reach.is_timed(read))
