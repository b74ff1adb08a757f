"""A screen that is left once, whatever keys come after the one that left it, and that takes no other screen along."""

from __future__ import annotations

from typing import Generic, TypeVar

from textual import events, on
from textual.await_complete import AwaitComplete
from textual.screen import Screen

from supportterm.screens.sure_timers import SureTimers

Result = TypeVar("Result")


class LeavesOnce(SureTimers, Screen[Result], Generic[Result]):
    """Textual's `dismiss` closes whatever screen is on top; this one closes its own."""

    _leaves_with: tuple[Result | None] | None = None
    """What it answers once nothing lies over it any more."""

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Leave with an answer; at once, or as soon as what lies over it is gone. Only the first time counts."""
        if self.app.screen is self:  # `is_current` is also true under a question that lets it shine through
            return super().dismiss(result)
        if self._leaves_with is None and self in self.app.screen_stack:
            self._leaves_with = (result,)
        return AwaitComplete()

    @on(events.ScreenResume)
    def leave_at_last(self) -> None:
        """Leave where that was put off."""
        if self._leaves_with is not None and self.app.screen is self:
            self.dismiss(self._leaves_with[0])
