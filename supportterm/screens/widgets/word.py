"""A line of words that does what a command does when it is clicked."""

from __future__ import annotations

from rich.text import Text
from textual import events
from textual.widgets import Static

from supportterm.screens.base import run


class Word(Static):
    """Safe words; a click carries out the command."""

    def __init__(self, command: str, id: str | None = None) -> None:  # noqa: A002 Textual's own name for it
        super().__init__("", id=id, markup=False)
        self._command = command
        self._words: str | None = None

    def say(self, words: str) -> None:
        """Show these words, which `format.line` has made safe; drawn only where they changed."""
        if words != self._words:
            self._words = words
            self.update(Text(words, no_wrap=True, overflow="ellipsis"))

    async def on_click(self, event: events.Click) -> None:
        """Carry the command out."""
        event.stop()
        await run(self.screen, self._command)
