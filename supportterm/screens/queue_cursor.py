"""The queue's cursor and its marks."""

from __future__ import annotations

from textual import on

from supportterm.screens.queue_live import LiveQueue
from supportterm.screens.widgets.ticket_list import TicketList


class QueueCursor(LiveQueue):
    """Where the agent is in the list, and what is marked there."""

    def __init__(self) -> None:
        """Begin with no mark."""
        super().__init__()
        self._anchor: str | None = None

    # The cursor

    def _go(self, step: int) -> None:
        self.stand.moved = True
        self.listed.move(step)
        self.moved_on()

    def action_down(self) -> None:
        """Go one down."""
        self._go(1)

    def action_up(self) -> None:
        """Go one up."""
        self._go(-1)

    def action_top(self) -> None:
        """Go to the first."""
        self._go(-len(self.listed.order))

    def action_bottom(self) -> None:
        """Go to the last."""
        self._go(len(self.listed.order))

    def action_page_down(self) -> None:
        """Go a screen down."""
        self._go(self.listed.page)

    def action_page_up(self) -> None:
        """Go a screen up."""
        self._go(-self.listed.page)

    @on(TicketList.Opened)
    def opened(self) -> None:
        """Open by a double click."""
        self.action_open()

    def action_open(self) -> None:
        """Open the ticket under the cursor."""
        if (key := self.listed.selected) is not None:
            self.stand.moved = True
            super().open_ticket(key)

    def action_next_clock(self) -> None:
        """Go to the ticket whose clock ends next; open it where the list does not have it."""
        now = self.console.now()
        found = self.console.views.next_clocks(self.console.me, int(now.timestamp() * 1000), 1)
        if not found:
            self.say("No clock is running.")
        elif not self.listed.select(found[0][1].key):
            self.open_ticket(found[0][1].key)
        self.stand.moved = True

    # Marks

    @on(TicketList.Marked)
    def marked(self) -> None:
        """Count the marks in the footer."""
        self.changed_shape()

    def action_mark(self) -> None:
        """Mark the ticket under the cursor, or take its mark off."""
        key = self.listed.selected
        if key is not None:
            self._anchor = key
            self.listed.mark([key], on=key not in self.listed.marks)

    def action_mark_range(self) -> None:
        """Mark from the last mark to here; this ticket alone where the last mark is not in the list any more."""
        order = self.listed.order
        here = order.row(self.listed.selected)
        anchor = order.row(self._anchor)
        rows = sorted((anchor if anchor >= 0 else here, here))
        self.listed.mark(order.keys(rows[0], rows[1] + 1), on=True)

    def action_mark_all(self) -> None:
        """Mark every ticket of the list, or none."""
        order = self.listed.order
        every = order.keys(0, len(order))
        self.listed.mark(every, on=len(self.listed.marks) < len(every))
