"""The app's part of phone calls: its keys, and a look each second whether one is under way."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from supportterm.screens.base import DeskScreen
from supportterm.screens.life import Life

if TYPE_CHECKING:
    from supportterm.screens.phone import Phone


class Calls(Life):
    """Loads what calls need once there is one."""

    _phone: Phone | None = None

    @property
    def desk_screen(self) -> DeskScreen[object] | None:
        """The screen the agent is on, beneath any question."""
        return next((screen for screen in reversed(self.screen_stack) if isinstance(screen, DeskScreen)), None)

    _desk_screen = desk_screen

    @property
    def phone(self) -> Phone:
        """The agent's phone."""
        if self._phone is None:
            from supportterm.screens.phone import Phone

            self._phone = Phone(self)
        return self._phone

    def pass_call(self, screen: DeskScreen[Any], now: datetime) -> None:
        """Show on a screen how the call stands, where there is one; else one look at an index."""
        if self.store_trouble:
            return  # the tick tries again
        with self._reading():
            call = self.support.views.call(self.support.me)
            if call is not None or self._phone is not None:
                self.phone.see(screen, call, now)

    def save_drafts(self) -> None:
        """Have everything saved that is being written, a call's notes too."""
        super().save_drafts()
        if self._phone is not None:
            self._phone.save_now()

    def action_call(self) -> None:
        """Begin a call; on the line end it; on hold note that they were told."""
        self.phone.talk()

    def action_hold(self) -> None:
        """Ask to hold, hold, or go back on the line."""
        self.phone.hold()

    def action_callback(self) -> None:
        """Ask when to call back."""
        self.phone.call_back()

    def action_call_notes(self) -> None:
        """Write the notes, or go back."""
        self.phone.write()

    def action_end_call(self) -> None:
        """Read the summary back, and end the call."""
        self.phone.end()

    def command_call(self, argument: str) -> None:
        """Begin a call with a ticket's customer, or with somebody as they were typed."""
        self.phone.begin(argument)

    def command_callback(self, argument: str) -> None:
        """Call back at a time as it was typed."""
        self.phone.call_back(argument)
