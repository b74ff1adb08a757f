"""Timers that fire however late the machine lets them."""

from __future__ import annotations

from textual.message_pump import MessagePump
from textual.timer import Timer, TimerCallback


class SureTimers(MessagePump):
    """What is put off is done in the end; Textual forgets a single call whose time passes before its wait begins."""

    def set_timer(
        self, delay: float, callback: TimerCallback | None = None, *, name: str | None = None, pause: bool = False
    ) -> Timer:
        """Have something done once, after `delay` seconds or as soon after as there is time."""
        timer = super().set_timer(delay, callback, name=name, pause=pause)
        timer._skip = False  # its task begins later: nothing has been skipped yet
        return timer
