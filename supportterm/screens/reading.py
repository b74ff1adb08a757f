"""What screens share that show a long text to read: a head, the lines, and the keys of every list."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.widgets import Static

from supportterm.screens.base import DeskScreen
from supportterm.screens.widgets.footer import Footer
from supportterm.screens.widgets.text_lines import TextLines


class ReadingScreen(DeskScreen[None]):
    """A text under a head of one line; a subclass names its scopes and shows its lines."""

    DEFAULT_CSS = """
    ReadingScreen #head { height: 1; background: $surface; color: $quiet; padding: 0 1; }
    """
    AUTO_FOCUS: ClassVar[str] = "TextLines"

    def compose(self) -> ComposeResult:
        """Lay out head, lines and footer."""
        yield Static(self.head(), id="head", markup=False)
        yield TextLines()
        yield Footer()

    def head(self) -> str:
        """Return the line at the top."""
        return ""

    @property
    def lines(self) -> TextLines:
        """The text."""
        return self.query_one(TextLines)

    def action_down(self) -> None:
        """Go a row down."""
        self.lines.action_rows(1)

    def action_up(self) -> None:
        """Go a row up."""
        self.lines.action_rows(-1)

    def action_page_down(self) -> None:
        """Go a screen down."""
        self.lines.action_pages(1)

    def action_page_up(self) -> None:
        """Go a screen up."""
        self.lines.action_pages(-1)

    def action_top(self) -> None:
        """Go to the first row."""
        self.lines.action_top()

    def action_bottom(self) -> None:
        """Go to the last row."""
        self.lines.action_bottom()

    def action_back(self) -> None:
        """Leave."""
        self.dismiss(None)
