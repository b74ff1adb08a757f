"""Reminders and follow-ups on the ticket at hand: set, done, not needed any more."""

from __future__ import annotations

from datetime import datetime

from supportterm.domain import wanted
from supportterm.domain.errors import NotFoundError
from supportterm.domain.ledger import OWN, ClockState, TicketClock
from supportterm.screens import format as shown_as
from supportterm.screens.ticket_changes import TicketChanges

_DONE, _DROP, _SET = "done", "drop", "set"


class Reminders(TicketChanges):
    """One key sets a reminder, and ends one that runs."""

    def action_remind(self) -> None:
        """Ask when to be reminded, and of what; where a reminder runs, ask first whether it is done."""
        key = self.selected()
        if key is not None:
            self.in_background(self._ask_reminder(key))

    def command_remind(self, argument: str) -> None:
        """Set a reminder as it was typed, `tomorrow 9:00 call Jo`; `done` and `drop` end the next one.

        Raises:
            NotFoundError: it does not begin with a time to come.
        """
        key = self.selected()
        if key is None:
            return
        if argument.strip().lower() in (_DONE, _DROP):
            self._end_reminder(key, argument.strip().lower())
        else:
            self._remind(key, *wanted.reminder(argument, self.console.now()))

    async def _ask_reminder(self, key: str) -> None:
        from supportterm.screens.asking import Choice, Pick, Prompt

        clocks = self.console.views.clocks(key)
        running = [clock for clock in clocks if clock.kind in OWN and clock.state is ClockState.RUNNING]
        if running:
            clock, now = min(running, key=_ends), self.console.now()
            called = shown_as.line(clock.words, 60) or clock.kind
            choices = [
                Choice("done", _DONE, f"{called}, {shown_as.when(_ends(clock), now)}"),
                Choice("not needed any more", _DROP, called),
                Choice("another reminder", _SET, "this one stays"),
            ]
            chosen = await self.ask_for(Pick(f"Reminder on {self._them()}", choices))
            if chosen in (_DONE, _DROP):
                self._end_reminder(key, chosen)
            if chosen != _SET:
                return
        typed = await self.ask_for(
            Prompt(f"remind me of {self._them()} (tomorrow 9:00 call Jo):", "", lambda _text, _cursor: [], self._check)
        )
        if typed and typed.strip():
            self._remind(key, *wanted.reminder(typed, self.console.now()))

    def _check(self, text: str) -> str:
        try:
            if text.strip():
                wanted.reminder(text, self.console.now())
        except NotFoundError as problem:
            return str(problem)
        return ""

    def _remind(self, key: str, due: datetime, words: str) -> None:
        from supportterm.desk import reminding

        self.perform(lambda desk: reminding.remind(desk, key, due, words))

    def _end_reminder(self, key: str, how: str) -> None:
        from supportterm.desk import reminding

        self.perform(lambda desk: (reminding.done if how == _DONE else reminding.drop)(desk, key))


def _ends(clock: TicketClock) -> datetime:
    return clock.due_at or clock.started_at
