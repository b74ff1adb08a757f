"""A list of rows drawn line by line: virtual, straight columns, the selection kept by id."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

Line = Sequence[tuple[str, str]]
"""Texts from left to right, each with its role: `quiet`, `strong`, `accent`, `found` …, or nothing."""

ROLES = frozenset({"quiet", "strong", "heading", "accent", "success", "warning", "error", "found"})


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its id, None for a heading that cannot be selected; what it shows within so many cells; its height."""

    id: Hashable | None
    draw: Callable[[int], Sequence[Line]]
    height: int = 1


def heading(words: str) -> Row:
    """Return a heading."""
    return Row(None, lambda _cells: [[(words, "heading")]])


class RowList(ScrollView, can_focus=True, inherit_bindings=False):
    """Rows to move in and choose from; the screen's list commands move it, a click selects, a double click chooses."""

    DEFAULT_CSS = """
    RowList { background: $background; color: $foreground; overflow-x: hidden; overflow-y: auto;
              scrollbar-size-vertical: 1; scrollbar-background: $background; scrollbar-color: $panel; }
    RowList > .row-list--quiet { color: $quiet; }
    RowList > .row-list--strong { text-style: bold; }
    RowList > .row-list--heading { color: $quiet; text-style: bold; }
    RowList > .row-list--accent { color: $accent; }
    RowList > .row-list--success { color: $success; }
    RowList > .row-list--warning { color: $warning; }
    RowList > .row-list--error { color: $error; }
    RowList > .row-list--found { color: $accent; text-style: bold underline; }
    RowList > .row-list--selected { background: $selected; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"row-list--{role}" for role in (*ROLES, "selected")}

    class Marked(Message):
        """Another row was selected, or the selected one was drawn anew."""

        def __init__(self, rows: RowList, row_id: Hashable | None) -> None:
            super().__init__()
            self.rows = rows
            self.row_id = row_id

    class Chosen(Message):
        """A row was chosen."""

        def __init__(self, rows: RowList, row_id: Hashable) -> None:
            super().__init__()
            self.rows = rows
            self.row_id = row_id

    class NearEnd(Message):
        """The selection is near the last row: the moment to fetch more."""

    def __init__(
        self,
        cursor: str = " ",
        *,
        at_once: bool = False,
        focusable: bool = True,
        id: str | None = None,  # noqa: A002 Textual's own name for it
    ) -> None:
        """Make an empty list; `cursor` stands before the selected row, `at_once` lets a single click choose."""
        super().__init__(id=id)
        self._cursor = cursor
        self._at_once = at_once
        self.can_focus = focusable
        self._rows: Sequence[Row] = ()
        self._tops: list[int] = []
        self._places: dict[Hashable, int] = {}
        self._index: int | None = None
        self._styles: dict[tuple[str, bool], Style] = {}

    @property
    def selected(self) -> Hashable | None:
        """The id of the selected row, None where there is none."""
        return self._rows[self._index].id if self._index is not None else None

    @property
    def height_needed(self) -> int:
        """The lines all rows take."""
        return self._tops[-1] + self._rows[-1].height if self._rows else 0

    def show(self, rows: Sequence[Row], select: Hashable | None = None) -> None:
        """Show these rows; the selection stays on its id, else at its place, and nothing scrolls by itself."""
        before, index = self.selected, self._index
        self._rows = rows
        self._tops, top = [], 0
        for row in rows:
            self._tops.append(top)
            top += row.height
        self._places = {row.id: place for place, row in enumerate(rows) if row.id is not None}
        wanted = before if select is None else select
        if wanted in self._places:
            self._index = self._places[wanted]
        else:
            self._index = self._near(min(index or 0, len(rows) - 1)) if rows else None
        self.virtual_size = Size(self.size.width, top)
        self.refresh()
        if self.selected != before or select is not None:
            self._reveal()
        self.post_message(self.Marked(self, self.selected))

    def select(self, row_id: Hashable) -> None:
        """Select a row by its id; nothing where it is not in the list."""
        if row_id in self._places:
            self._go(self._places[row_id])

    def move(self, step: int) -> None:
        """Select so many rows further down, or up; headings are passed over."""
        places = list(self._places.values())
        if not places:
            return
        at = places.index(self._index) if self._index in places else 0
        self._go(places[min(max(at + step, 0), len(places) - 1)])

    def page(self, step: int) -> None:
        """Select a screen further down, or up."""
        if self._index is None:
            return
        target = self._tops[self._index] + step * max(self.size.height - 1, 1)
        place = self._near(min(max(bisect_right(self._tops, max(target, 0)) - 1, 0), len(self._rows) - 1))
        if place is not None:
            self._go(place)

    def first(self) -> None:
        """Select the first row."""
        self.move(-len(self._rows))

    def last(self) -> None:
        """Select the last row."""
        self.move(len(self._rows))

    def choose(self) -> None:
        """Choose the selected row."""
        if self.selected is not None:
            self.post_message(self.Chosen(self, self.selected))

    def render_line(self, y: int) -> Strip:
        """Draw one line of the screen."""
        width = self.size.width
        y += self.scroll_offset.y
        place = bisect_right(self._tops, y) - 1
        if place < 0 or y - self._tops[place] >= self._rows[place].height:
            return Strip.blank(width, self.rich_style)
        row = self._rows[place]
        marked = place == self._index
        lines = row.draw(width - 2)
        number = y - self._tops[place]
        line = lines[number] if number < len(lines) else ()
        first = self._cursor if marked else " "
        segments = [Segment(first, self._style("accent", marked))]
        segments += [Segment(text, self._style(role, marked)) for text, role in line]
        return Strip(segments).adjust_cell_length(width, self._style("", marked))

    def notify_style_update(self) -> None:
        """Forget the colours of the theme before."""
        super().notify_style_update()
        self._styles.clear()

    def on_resize(self) -> None:
        """Keep the selected row in sight."""
        self.virtual_size = Size(self.size.width, self.height_needed)
        self._reveal()
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Select the clicked row; choose it at the second click."""
        place = bisect_right(self._tops, event.y + self.scroll_offset.y) - 1
        if place < 0 or event.y + self.scroll_offset.y >= self.height_needed or self._rows[place].id is None:
            return
        event.stop()
        self._go(place)
        if self._at_once or event.chain == 2:
            self.choose()

    def _style(self, role: str, marked: bool) -> Style:
        style = self._styles.get((role, marked))
        if style is None:
            style = self.get_component_rich_style(f"row-list--{role}") if role in ROLES else self.rich_style
            if marked:
                behind = self.get_component_rich_style("row-list--selected").bgcolor
                style += Style(bgcolor=behind)
            self._styles[role, marked] = style
        return style

    def _near(self, place: int) -> int | None:
        """Return the place itself where it can be selected, else the next that can, else the one before."""
        for candidate in (*range(place, len(self._rows)), *range(place - 1, -1, -1)):
            if candidate >= 0 and self._rows[candidate].id is not None:
                return int(candidate)
        return None

    def _go(self, place: int) -> None:
        before, self._index = self._index, place
        for index in (before, place):
            if index is not None and index < len(self._rows):
                self.refresh_lines(self._tops[index], self._rows[index].height)
        self._reveal()
        if before != place:
            self.post_message(self.Marked(self, self.selected))
        if place >= len(self._rows) - 5:
            self.post_message(self.NearEnd())

    def _reveal(self) -> None:
        """Scroll no further than needed; from the first row also what stands above it."""
        if self._index is None or not self.size.height:
            return
        top, height = self._tops[self._index], self._rows[self._index].height
        first = next(iter(self._places.values()), None)
        if self._index == first:
            top = 0
        if top < self.scroll_offset.y:
            self.scroll_to(y=top, animate=False)
        elif self._tops[self._index] + height > self.scroll_offset.y + self.size.height:
            self.scroll_to(y=self._tops[self._index] + height - self.size.height, animate=False)
