"""What the queue reads in the background: the true order of a view, and what it means for the one that is shown."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from supportterm.domain.ledger import TicketClock
from supportterm.domain.quiet import counted
from supportterm.domain.saved_views import VIEWS, SavedView
from supportterm.domain.ticket import Ticket
from supportterm.screens.order import FEW, Difference, Order, compare
from supportterm.screens.problem_rows import Groups, folded, number_of, reshaped
from supportterm.store.filters import Where
from supportterm.store.views import Views

_LATELY_MS = 120_000
"""How long ago this agent's own step counts as what took a ticket away, or brought it back."""


@dataclass(slots=True)
class Stand:
    """How a view was left: what it showed, where the cursor stood, what was marked, what narrowed it."""

    order: Order = field(default_factory=Order)
    selected: str | None = None
    top: int = 0
    marks: frozenset[str] = frozenset()
    narrowed: str = ""
    groups: Groups = field(default_factory=dict)
    """What the rows of problems stand for."""
    moved: bool = False
    """The agent has put the cursor somewhere; until then it stands on the first ticket."""


@dataclass(frozen=True, slots=True)
class Question:
    """What to find out: a view's query, what is shown of it, and where the cursor stands."""

    view: SavedView
    where: Where
    shown: Order
    selected: str | None
    me: str
    now_ms: int
    anew: bool
    """Whatever is shown, the answer is taken as it is."""
    least: int = 0
    """How many tickets of a problem become one row; none where 0."""
    groups: Groups = field(default_factory=dict)
    """What the rows of problems stand for that are shown."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The view's true order, how it differs, and what of that was this agent's own doing."""

    fresh: Order
    difference: Difference
    own: bool
    """The agent's own step took the selected ticket away."""
    back: Sequence[str]
    """Tickets that the agent's own step brought back: they come in at once."""
    clocks: Sequence[tuple[TicketClock, Ticket]]
    """The next clocks of every kind, the late ones first."""
    late: int
    """How many are late."""
    quiet: str
    """What needs no answer, counted by kind; empty where the view is another's or there is none."""
    seconds: float
    """What finding it out cost, as the processor counts."""
    groups: Groups = field(default_factory=dict)
    """What the rows of problems stand for."""


def read(views: Views, asked: Question) -> Answer:
    """Read a view's order; takes a fifth of a second for a hundred thousand tickets."""
    begun = time.thread_time()
    members = views.problem_members(asked.where) if asked.least else {}
    fresh, groups = folded(Order(views.order(asked.where)), members, asked.least)
    difference = Difference() if asked.anew else compare(asked.shown, fresh)
    since = asked.now_ms - _LATELY_MS
    own, back = False, set[str]()
    if asked.selected is not None and asked.selected in difference.gone:
        is_row = number_of(asked.selected) is not None
        own = is_row or bool(views.done_by(asked.me, [asked.selected], since))
    if 0 < difference.came <= FEW:
        back = views.done_by(asked.me, difference.newcomers, since)
        back |= reshaped(difference, asked.shown, asked.groups, groups)
    coming = views.next_clocks(asked.me, asked.now_ms)
    late = views.late_clocks(asked.me, asked.now_ms)
    told = counted(views.quiet_counts(asked.me)) if asked.view.name == VIEWS[0].name else ""
    return Answer(fresh, difference, own, sorted(back), coming, late, told, time.thread_time() - begun, groups)
