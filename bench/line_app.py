"""The floor for a start: the barest list Textual allows, drawn line by line. `python -m bench.line_app ROWS`."""

from __future__ import annotations

import sys
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

SELECTED, PLAIN = Style(reverse=True), Style()


class Lines(ScrollView, can_focus=True):
    """So many numbered rows and a cursor."""

    BINDINGS: ClassVar[list[BindingType]] = [("j", "move(1)"), ("k", "move(-1)"), ("ctrl+d", "move(30)")]

    def __init__(self, rows: int) -> None:
        super().__init__()
        self.rows = rows
        self.row = 0

    def on_mount(self) -> None:
        """Claim the height of all rows."""
        self.virtual_size = Size(80, self.rows)
        self.focus()

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        number = y + self.scroll_offset.y
        style = SELECTED if number == self.row else PLAIN
        text = f"row-{number:06d} Somebody Somewhere   A subject of some length   waits since yesterday"
        return Strip([Segment(text, style)]).adjust_cell_length(self.size.width, style)

    def action_move(self, step: int) -> None:
        """Go up or down."""
        before, self.row = self.row, min(max(self.row + step, 0), self.rows - 1)
        top, height = self.scroll_offset.y, self.size.height
        if not top <= self.row < top + height:
            self.scroll_to(y=self.row if step < 0 else self.row - height + 1, animate=False)
        self.refresh_lines(before, 1)
        self.refresh_lines(self.row, 1)


class LineApp(App[None]):
    """The list and nothing else."""

    ENABLE_COMMAND_PALETTE = False

    def compose(self) -> ComposeResult:
        """Lay out the list."""
        yield Lines(int(sys.argv[1]))


if __name__ == "__main__":
    LineApp().run()
