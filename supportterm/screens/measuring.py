"""How long the text is, and how it reads: told once the keys rest, for a number that runs along draws at each word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supportterm.screens.reply_words import measured

if TYPE_CHECKING:
    from textual.timer import Timer

    from supportterm.screens.reply import ReplyScreen

REST = 0.4
"""Seconds without a key after which it is told."""


class Measure:
    """The words about one text's length."""

    def __init__(self, screen: ReplyScreen) -> None:
        self._screen = screen
        self._timer: Timer | None = None
        self.parts: list[str] = []

    def written(self) -> None:
        """Tell it soon."""
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._screen.set_timer(REST, self.tell)

    def tell(self) -> None:
        """Tell it now."""
        self.parts = measured(self._screen)
        if self._screen.is_mounted:
            self._screen.refresh_footer()
