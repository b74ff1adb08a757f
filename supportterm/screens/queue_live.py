"""The queue kept true to the store: views, filters, and an order that stands still until the agent asks for more."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, cast

from supportterm.domain import saved_views
from supportterm.domain.saved_views import VIEWS, SavedView
from supportterm.domain.ticket import Tier
from supportterm.screens import format as shown_as
from supportterm.screens import problem_rows
from supportterm.screens.badges import Badges
from supportterm.screens.order import Order, put_back
from supportterm.screens.pace import Pace
from supportterm.screens.queue_reading import Answer, Question, Stand, read
from supportterm.screens.ticket_verbs import TicketVerbs
from supportterm.screens.widgets.next_line import NextLine
from supportterm.screens.widgets.sync_line import SyncLine
from supportterm.screens.widgets.ticket_list import TicketList
from supportterm.screens.widgets.views_bar import DIGITS, ViewsBar
from supportterm.screens.widgets.words_line import FilterChip
from supportterm.store.filters import Where

if TYPE_CHECKING:
    from supportterm.desk.context import Desk
    from supportterm.desk.verbs import Done
    from supportterm.screens.life import Life

CONTENT_SECONDS = 0.15
"""The least time between two looks at the tickets that are seen."""
ORDER_SECONDS = 1.0
"""The least time between two readings of the order."""
STALE_SECONDS = 30.0
"""After so long the passing of time alone is reason to read the order again."""


class LiveQueue(TicketVerbs):
    """What the queue knows of its views. What it shows stands still: what came in waits until it is asked for."""

    def __init__(self) -> None:
        """Begin with the first view."""
        super().__init__()
        self.view = VIEWS[0]
        self.waiting: Answer | None = None
        """The store's order where it holds what the list does not show yet."""
        self._stands: dict[str, Stand] = {}
        self._adopt = True
        self._reading = self._again = self._was_covered = False
        self._turn = 0
        self._filling = False
        """The list was empty, or is the first sync's, and is not yet a screen long."""
        self._first_sync = False
        """It was under way when the order was last read."""
        self._stays: str | None = None
        self._stale_at = 0.0
        self._orders = Pace(self, self._read_order, ORDER_SECONDS, self._last_key)
        self._contents = Pace(self, self._renew, CONTENT_SECONDS, self._last_key)
        self._badges = Badges(self, self._show_badges, self._last_key)

    def _last_key(self) -> float:
        return cast("Life", self.app).ahead.key_at

    @property
    def listed(self) -> TicketList:
        """The list itself."""
        return self.query_one(TicketList)

    @property
    def stand(self) -> Stand:
        """How the open view stands."""
        return self._stands.setdefault(self.view.name, Stand())

    def changed_shape(self) -> None:
        """Say what the list's new state asks for in the footer; called after each change of the order."""

    # Views and filters

    def show_view(self, view: SavedView) -> None:
        """Show a view as it was left, else its first page; its order is read in the background."""
        self._leave()
        self.view = view
        self._begin()

    def narrow(self, text: str) -> None:
        """Put a filter on the view, or take it off; the cursor stays on its ticket while that is there.

        Raises:
            QueryError: the filter cannot be read, or asks for what is not recorded.
        """
        stand = self.stand
        text = " ".join(text.split())
        if text == stand.narrowed:
            return
        self.console.compiled(saved_views.narrowed(self.view, text))
        self._stands[self.view.name] = Stand(selected=self.listed.selected, narrowed=text, moved=stand.moved)
        self._begin()

    def show_new(self) -> None:
        """Take in what came; the cursor stays on its ticket."""
        if self.waiting is not None:
            fresh = self.waiting.fresh
            self._adopted(fresh)
        self._adopt = True
        self._orders.hurry()

    def moved_on(self) -> None:
        """Let go of a ticket that others took away, once the cursor has left it."""
        if self._stays is not None and self._stays != self.listed.selected:
            order = self.listed.order.without([self._stays])
            self._stays = None
            self.listed.show(order, self.console.now(), tiered=self._tiered)

    def _leave(self) -> None:
        listed, stand = self.listed, self.stand
        stand.order, stand.selected, stand.top = listed.order, listed.selected, listed.scroll_offset.y
        stand.marks = frozenset(listed.marks)

    def _begin(self) -> None:
        listed, stand, views = self.listed, self.stand, self.console.views
        self._turn += 1
        self._adopt, self.waiting = True, None
        order = stand.order
        listed.totals = {}
        listed.remark({})
        if not len(order):
            found = Order.of(views.glance(self._where(), max(self.app.size.height, 20)) or ())
            least = self._least()
            order, stand.groups = problem_rows.folded(
                found, views.problem_glance(self._where()) if least else {}, least
            )
            listed.totals = {} if stand.narrowed or stand.groups else self._tiers()
        listed.marks, listed.selected = set(stand.marks), stand.selected
        listed.show(order, self.console.now(), tiered=self._tiered)
        listed.scroll_to(y=stand.top, animate=False)
        self.set_class(bool(stand.narrowed), "-narrowed")
        self.query_one(FilterChip).show(stand.narrowed, self.key_of("queue.clear"))
        self._contents.hurry()
        self.changed_shape()
        self._orders.hurry()

    def _tiers(self) -> dict[int, int]:
        return self.console.views.tier_counts(self.console.me, self.view, int(self.console.now().timestamp() * 1000))

    @property
    def _tiered(self) -> bool:
        return self.view.tiered and not saved_views.narrowed(self.view, self.stand.narrowed).sort

    def _least(self) -> int:
        return problem_rows.fewest(self.view, saved_views.narrowed(self.view, self.stand.narrowed))

    def _where(self) -> Where:
        return self.console.compiled(saved_views.narrowed(self.view, self.stand.narrowed))

    # The store and the time

    def perform(
        self, verb: Callable[[Desk], Done], then: Callable[[Done], object] | None = None, offers_undo: bool = True
    ) -> None:
        """Carry out a verb, and show at once what it did to the list."""

        def after(done: Done) -> None:
            self._contents.hurry()
            self._orders.hurry()
            if then is not None:
                then(done)

        super().perform(verb, after, offers_undo)

    def store_changed(self) -> None:
        """Look at what is seen soon, at the order a little later; at that not while something lies over the list."""
        if self.is_current:
            self._contents.ask()
        if not self._is_covered:
            self._orders.ask()

    def tick(self, now: datetime) -> None:
        """Let the clocks run; from time to time the order changes by time alone."""
        if self.is_current:
            self.listed.tick(now)
            self.query_one(NextLine).tick(now)
            self.query_one(SyncLine).show(self.console.views.sync(), now)
            if time.monotonic() > self._stale_at or self._badges.are_due(now):
                self.store_changed()

    def on_screen_suspend(self) -> None:
        """Notice that something lies over the list."""
        self._was_covered = True

    def on_screen_resume(self) -> None:
        """Catch up with what happened while something lay over the list; at the start with what could wait."""
        if self._was_covered:
            self._was_covered = False
            self._contents.hurry()
            self._orders.hurry()
        else:
            self._contents.ask()

    @property
    def _is_covered(self) -> bool:
        """True while another screen or a question lies over the list: what it is about must not move below it."""
        return self.app.screen is not self

    def _renew(self) -> None:
        """Read again what is seen: the tickets, the counts, how sync goes."""
        views, now = self.console.views, self.console.now()
        self.listed.renew(now)
        self._badges.look(now)
        self._show_badges()
        self.query_one(SyncLine).show(views.sync(), now)
        self.query_one(NextLine).count(views.outgoing())
        self.listed.say(self._of_nothing())

    def _show_badges(self) -> None:
        self.query_one(ViewsBar).show(self.view, self._badges.shown)

    def _read_order(self) -> None:
        if self._reading:
            self._again = True
            return
        self._reading = True
        self._stale_at = time.monotonic() + STALE_SECONDS
        self.in_background(self._catch_up())

    async def _catch_up(self) -> None:
        turn, shown = self._turn, self.listed.order
        now_ms = int(self.console.now().timestamp() * 1000)
        asked = Question(
            self.view,
            self._where(),
            shown,
            self.listed.selected,
            self.console.me,
            now_ms,
            self._adopt or not len(shown),
            self._least(),
            self.stand.groups,
        )
        try:
            answer = await self.console.ask(lambda views: read(views, asked))
        finally:
            self._reading = False
        self._orders.took(answer.seconds)
        if turn != self._turn or shown is not self.listed.order:
            self._orders.hurry()
            return
        if asked.anew or not self._is_covered:
            self._take(answer)
        if self._again:
            self._again = False
            self._orders.ask()

    def _take(self, answer: Answer) -> None:
        """Bring the list up to date without a jump; as it is at first and when the first sync has ended."""
        listed, now = self.listed, self.console.now()
        self.query_one(NextLine).show(answer.clocks, now, answer.late)
        sweeps = (answer.quiet, f"{self.key_of('queue.sweep')} sweep")
        listed.remark({int(Tier.NO_ANSWER): sweeps} if answer.quiet else {})
        syncs_first = not self.console.views.sync().get("success")
        is_whole = self._first_sync and not syncs_first and not self.stand.moved
        self._first_sync = syncs_first
        grows = self._filling or syncs_first
        self._filling = not len(listed.order) or (grows and len(listed.order) < listed.size.height)
        listed.totals = {}
        shown = {key: group for key, group in self.stand.groups.items() if listed.order.row(key) >= 0}
        regrouped = shown != {key: answer.groups.get(key) for key in shown}
        self.stand.groups = shown | dict(answer.groups)
        if regrouped:
            self._contents.hurry()
        if self._adopt or self._filling or is_whole:
            self._adopt = False
            self._adopted(answer.fresh)
            return
        gone = set(answer.difference.gone)
        self._stays = listed.selected if listed.selected in gone and not answer.own else None
        gone.discard(self._stays or "")
        order = put_back(listed.order.without(gone), answer.fresh, answer.back)
        came = answer.difference.came > len(answer.back)
        self.waiting = answer if came or answer.difference.risen else None
        if order.cells != listed.order.cells:
            listed.show(order, now, tiered=self._tiered, select=next(iter(answer.back), None))
        self.changed_shape()

    def _adopted(self, fresh: Order) -> None:
        """Show an order as it is; the cursor stays on its ticket, or on the first until the agent has moved it."""
        listed = self.listed
        self.waiting = None
        if fresh.cells != listed.order.cells:
            first = None if self.stand.moved or self._is_covered or not len(fresh) else fresh.key(0)
            listed.show(fresh, self.console.now(), tiered=self._tiered, select=first)
            listed.show_top()
        listed.say(self._of_nothing())
        self.changed_shape()

    def _of_nothing(self) -> list[str]:
        """Return what to say where no ticket is shown, and what to do next."""
        if self.stand.narrowed:
            clear, search = self.key_of("queue.clear"), self.key_of("desk.search")
            return [
                f"Nothing in {self.view.title} meets the filter.",
                f"{clear} shows the whole view, {search} searches all mail.",
            ]
        sync, total = self.console.views.sync(), self.console.views.total()
        if not sync.get("success"):
            if total:
                return [f"Reading the mailbox: {total:,} conversations so far.", "You can work meanwhile."]
            if error := sync.get("error"):
                return ["No mail has been read yet.", str(error)]
            return ["No mail has been read yet.", "It appears here as soon as the mailbox is reached."]
        shelf = self.console.shelf
        keys = dict(zip(shelf.views, (self.key_of(f"queue.view-{digit}") for digit in DIGITS), strict=False))
        by_name = {view.name: keys.get(view) or f":view {view.name}" for view in shelf}
        return shown_as.line(self.view.empty.format_map(by_name), 300).split(". ", 1)
