"""The queue's list: it holds an order of any length, and the tickets of the lines that are seen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.geometry import Region, Size
from textual.message import Message
from textual.strip import Strip

from supportterm.domain.ticket import Ticket
from supportterm.screens.glyphs import UNICODE, Glyphs
from supportterm.screens.order import Lines, Order
from supportterm.screens.widgets.thin_bar import LightlyBarred
from supportterm.screens.widgets.ticket_row import Look, clock, columns, draw
from supportterm.screens.widgets.tier_heading import empty_line, heading_line

_AHEAD = 24
"""Lines read beyond those that are seen."""
_HELD = 200
"""Tickets kept at most."""
_NEAR = 40
"""Rows looked at for a new place of the cursor."""


class TicketList(LightlyBarred, can_focus=True, inherit_bindings=False):
    """Tickets one per line; tiers are headings where the order is the queue's own. The cursor stays on its key."""

    DEFAULT_CSS = """
    TicketList { height: 1fr; width: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1;
                 scrollbar-color: $panel; scrollbar-color-hover: $quiet; scrollbar-color-active: $accent;
                 scrollbar-background: $background; scrollbar-background-hover: $background;
                 scrollbar-background-active: $background; }
    TicketList > .list--row { color: $foreground; background: $background; }
    TicketList > .list--selected { color: $block-cursor-foreground; background: $selected; }
    TicketList > .list--name { text-style: bold; }
    TicketList > .list--quiet { color: $quiet; }
    TicketList > .list--mark { color: $accent; text-style: bold; }
    TicketList > .list--warn { color: $warning; }
    TicketList > .list--hurry { color: $warning; text-style: bold; }
    TicketList > .list--late { color: $error; text-style: bold; }
    TicketList > .list--heading { color: $accent; background: $background; text-style: bold; }
    """
    _PARTS: ClassVar[tuple[str, ...]] = (
        "row", "selected", "name", "quiet", "mark", "warn", "hurry", "late", "heading",
    )  # fmt: skip
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"list--{part}" for part in _PARTS}

    class Moved(Message):
        """The cursor stands on another ticket, or its ticket has changed: look at `selected`."""

        def can_replace(self, message: Message) -> bool:
            """Many moves are one."""
            return isinstance(message, TicketList.Moved)

    class Marked(Message):
        """The marks have changed: look at `marks`."""

    class Opened(Message):
        """The ticket under the cursor is to be opened."""

    class Remarked(Message):
        """A heading was clicked that says what can be done with its tickets."""

    def __init__(self, me: str = "", glyphs: Glyphs = UNICODE) -> None:
        """Begin empty; `fetch` is set before the first order is shown."""
        super().__init__()
        self.order = Order()
        self.selected: str | None = None
        self.marks: set[str] = set()
        self.fetch: Callable[[Sequence[str]], list[Ticket]] = lambda _keys: []
        self.written: Callable[[], Mapping[str, str]] = dict
        """What is being written: ticket keys to agents."""
        self._writing: Mapping[str, str] = {}
        self.empty: Sequence[str] = ()
        """What to say where there is no ticket, line by line."""
        self.totals: dict[int, int] = {}
        """How many tickets a tier has, where that is known before the whole order is."""
        self._remarks: dict[int, tuple[str, str]] = {}
        self._me = me
        self._glyphs = glyphs
        self._now: datetime | None = None
        self._lines = Lines()
        self._held: dict[str, Ticket] = {}
        self._strips: dict[tuple[str, bool, bool], Strip] = {}
        self._clocks: dict[str, tuple[str, str, str]] = {}
        self._look: Look | None = None

    # What is shown

    def show(self, order: Order, now: datetime, *, tiered: bool, select: str | None = None) -> None:
        """Show an order; the cursor keeps its ticket and its line of the screen, or takes the next ticket left."""
        before, at = self.order, self.order.row(self.selected)
        height = self._lines.line(at) - self.scroll_offset.y if at >= 0 else 1
        self.order, self._now = order, now
        self._lines = Lines(len(order), tuple(order.tiers()) if tiered else ())
        self.marks = set(order.among(self.marks)) if self.marks else set()
        wanted = select if select is not None and order.row(select) >= 0 else self.selected
        row = order.row(wanted)
        if row < 0 and len(order):
            row = self._heir(before, at)
        self.selected = order.key(row) if row >= 0 else None
        self.virtual_size = Size(self.size.width, self._lines.height)
        line = self._lines.line(row)
        if row >= 0 and 0 <= height < max(self.size.height, 1):
            self.scroll_to(y=max(line - height, 0), animate=False)
        elif row >= 0:
            self._bring_into_view(line)
        self.refresh()
        self.post_message(self.Moved())

    def show_top(self) -> None:
        """Begin at the first line, where the cursor is seen from there too."""
        if self._lines.line(self.order.row(self.selected)) < self.size.height:
            self.scroll_to(y=0, animate=False)

    def renew(self, now: datetime) -> None:
        """Read the tickets that are seen again."""
        self._now = now
        seen = self._seen()
        fresh = {ticket.key: ticket for ticket in self.fetch(seen)}
        writing = self.written()
        changed = {
            key for key in seen if fresh.get(key) != self._held.get(key) or writing.get(key) != self._writing.get(key)
        }
        self._held, self._writing = fresh, writing
        if changed:
            self._forget(changed)
            if self.selected in changed:
                self.post_message(self.Moved())

    def tick(self, now: datetime) -> None:
        """Draw anew the lines whose clock reads otherwise now."""
        self._now = now
        tickets = [ticket for key in self._seen() if (ticket := self._held.get(key))]
        self._forget({t.key for t in tickets if t.key in self._clocks and clock(t, now) != self._clocks[t.key]})

    def remark(self, remarks: Mapping[int, tuple[str, str]]) -> None:
        """Set what stands beside the headings of tiers: what is there and what can be done with it."""
        if dict(remarks) != self._remarks:
            self._remarks = dict(remarks)
            self.refresh()

    def say(self, lines: Sequence[str]) -> None:
        """Set what stands there while there is no ticket."""
        if list(lines) != list(self.empty):
            self.empty = lines
            if not len(self.order):
                self.refresh()

    def ticket(self, key: str | None) -> Ticket | None:
        """Return a ticket of the list as it was last read."""
        return self._held.get(key) if key else None

    # The cursor and the marks

    def select(self, key: str) -> bool:
        """Put the cursor on a ticket and show its line; False where it is not in the list."""
        row = self.order.row(key)
        if row < 0:
            return False
        self._bring_into_view(self._lines.line(row))
        if key != self.selected:
            old, self.selected = self.selected, key
            for changed in (old, key):
                self._redraw(changed)
            self.post_message(self.Moved())
        return True

    def move(self, step: int) -> None:
        """Move the cursor by so many tickets."""
        if len(self.order):
            row = self.order.row(self.selected)
            self.select(self.order.key(min(max(row + step, 0), len(self.order) - 1)))

    def mark(self, keys: Sequence[str], *, on: bool) -> None:
        """Mark tickets, or take their marks off."""
        self.marks = self.marks | set(keys) if on else self.marks - set(keys)
        for key in keys if len(keys) <= self.size.height else ():
            self._redraw(key)
        if len(keys) > self.size.height:
            self.refresh()
        self.post_message(self.Marked())

    @property
    def page(self) -> int:
        """How many tickets a step of a screen is."""
        return max(self.size.height - 2, 1)

    def on_click(self, event: events.Click) -> None:
        """Select; a double click opens, a click with Ctrl marks."""
        row = self._lines.row(event.y + self.scroll_offset.y)
        if row is None:
            tier, _ = self._lines.heading(event.y + self.scroll_offset.y) or (-1, 0)
            if self._remarks.get(tier):
                self.post_message(self.Remarked())
            return
        self.select(self.order.key(row))
        if event.ctrl:
            self.mark([self.order.key(row)], on=self.order.key(row) not in self.marks)
        elif event.chain == 2:
            self.post_message(self.Opened())

    # Drawing

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw some lines; strips are kept, so that scrolling draws only what is new."""
        filters, background = self.get_line_filters(), self.background_colors[1]
        strips = []
        for y in crop.line_range:
            strip = self.render_line(y)
            for each in filters:
                strip = strip.apply_filter(each, background)
            strips.append(strip if crop.column_span == (0, strip.cell_length) else strip.crop(*crop.column_span))
        return strips

    def render_line(self, y: int) -> Strip:
        """Draw the line at a height of the widget."""
        look = self._looks()
        line = y + self.scroll_offset.y
        blank = Strip.blank(look.columns.width, look.styles["row"])
        if not len(self.order):
            return empty_line(self.empty, y - max((self.size.height - len(self.empty)) // 3, 0), look)
        row = self._lines.row(line)
        if row is None:
            tier = self._lines.heading(line)
            return blank if tier is None else heading_line(*tier, self.totals, self._remarks, look)
        return self._ticket_line(self.order.key(row), row, look)

    def notify_style_update(self) -> None:
        """Forget what was drawn in other colours."""
        super().notify_style_update()
        self._look = None
        self._strips.clear()

    def on_resize(self) -> None:
        """Share the width out anew and keep the cursor in sight."""
        self._look = None
        self._strips.clear()
        self.virtual_size = Size(self.size.width, self._lines.height)
        if (row := self.order.row(self.selected)) >= 0:
            self._bring_into_view(self._lines.line(row))

    def _looks(self) -> Look:
        if self._look is None or self._look.columns.width != self.size.width:
            styles: dict[str, Style] = {part: self._style(part) for part in self._PARTS}
            self._look = Look(self._me, self._glyphs, styles, columns(self.size.width))
            self._strips.clear()
        return self._look

    def _style(self, part: str) -> Style:
        own = part in ("row", "selected", "heading")
        return self.get_component_rich_style(f"list--{part}", partial=not own)

    def _ticket_line(self, key: str, row: int, look: Look) -> Strip:
        flags = (key, key == self.selected, key in self.marks)
        if (strip := self._strips.get(flags)) is not None:
            return strip
        if key not in self._held:
            self._read(row)
        ticket = self._held.get(key)
        if ticket is None or self._now is None:
            return Strip.blank(look.columns.width, look.styles["row"])
        self._clocks[key] = clock(ticket, self._now)
        has_draft = self._writing.get(ticket.key) == self._me
        strip = draw(ticket, self._now, look, selected=flags[1], marked=flags[2], has_draft=has_draft)
        self._strips[flags] = strip
        return strip

    def _read(self, row: int) -> None:
        """Read the tickets around a row that are not held yet."""
        if len(self._held) > _HELD:
            seen = set(self._seen())
            self._held = {key: ticket for key, ticket in self._held.items() if key in seen}
            self._strips = {flags: strip for flags, strip in self._strips.items() if flags[0] in seen}
            self._clocks = {key: seen_as for key, seen_as in self._clocks.items() if key in seen}
        around = self.order.keys(row - _AHEAD, row + _AHEAD)
        missing = [key for key in dict.fromkeys([*self._seen(), *around]) if key not in self._held]
        self._held |= {ticket.key: ticket for ticket in self.fetch(missing)}

    # Lines and rows

    def _seen(self) -> list[str]:
        """Return the keys on the screen, and the cursor's."""
        rows = [row for y in range(self.size.height) if (row := self._lines.row(y + self.scroll_offset.y)) is not None]
        keys = self.order.keys(rows[0], rows[-1] + 1) if rows else []
        return keys if self.selected is None or self.selected in keys else [*keys, self.selected]

    def _redraw(self, key: str | None) -> None:
        """Draw a ticket's line again."""
        if (row := self.order.row(key)) >= 0:
            self.refresh_line(self._lines.line(row))

    def _forget(self, keys: set[str]) -> None:
        """Draw some tickets anew."""
        if keys:
            self._strips = {flags: strip for flags, strip in self._strips.items() if flags[0] not in keys}
            for key in keys:
                self._redraw(key)

    def _heir(self, before: Order, at: int) -> int:
        """Return the row of the ticket that takes over the cursor: the next one of the old order that is left."""
        for row in [*range(at + 1, at + _NEAR), *range(at - 1, at - _NEAR, -1)] if at >= 0 else ():
            if 0 <= row < len(before) and (found := self.order.row(before.key(row))) >= 0:
                return found
        return min(max(at, 0), len(self.order) - 1)

    def _bring_into_view(self, line: int) -> None:
        """Scroll just far enough that a line is seen, its heading too where it is the first below one."""
        top, height = self.scroll_offset.y, max(self.size.height, 1)
        first = line - 1 if line and self._lines.heading(line - 1) is not None and height > 1 else line
        if first < top:
            self.scroll_to(y=first, animate=False)
        elif line >= top + height:
            self.scroll_to(y=line - height + 1, animate=False)
