"""The line that says what stays wrong for now: the store cannot be read, the worker does not run."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen
from textual.widgets import Static

from supportterm.screens import format as shown_as
from supportterm.screens.base import DeskScreen, run


class TroubleLine(Static):
    """One line, or two, at the head of a screen; gone as soon as all is well."""

    DEFAULT_CSS = """
    TroubleLine { dock: top; width: 1fr; height: auto; max-height: 2; padding: 0 1; color: $warning;
                  background: $panel; pointer: pointer; }
    """

    @classmethod
    def show(cls, screen: Screen[Any], words: str) -> None:
        """Show a trouble on a screen, or take the line away where there is none."""
        if not isinstance(screen, DeskScreen) or not screen.is_mounted:
            return
        shown = shown_as.line(words, 300)
        lines = screen.query(cls)
        if not shown:
            lines.remove()
        elif lines:
            lines.first().update(shown)
        else:
            screen.mount(cls(shown, markup=False))

    def on_click(self) -> None:
        """Tell more."""
        self.call_later(run, self.screen, "desk.sync-problems")
