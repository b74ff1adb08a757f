"""What stands in a terminal that is too small for the console."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.widgets import Static

if TYPE_CHECKING:
    from supportterm.screens.life import Life


class SmallScreen(Screen[None]):
    """Says how much room is needed; goes away by itself when there is enough, and everything is as it was."""

    DEFAULT_CSS = """
    SmallScreen Static { width: 1fr; height: 1fr; content-align: center middle; text-align: center; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("q", "app.quit", "Quit")]
    """Where nothing is being typed: a letter goes to the text beneath first."""

    def compose(self) -> ComposeResult:
        """Lay out the sentence."""
        yield Static("", markup=False)

    def on_mount(self) -> None:
        """Say it."""
        self._say()

    def on_resize(self, event: events.Resize) -> None:
        """Say it again, with the new size."""
        self._say()

    def _say(self) -> None:
        columns, rows = self.app.size
        width, height = cast("Life", self.app).SMALLEST
        self.query_one(Static).update(
            f"This terminal is {columns}x{rows}; the console needs {width}x{height}. Make it larger, q quits."
        )
