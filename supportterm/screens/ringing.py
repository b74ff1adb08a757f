"""Reminders and warnings told in the console: once each, on one console, also after a night asleep."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from supportterm.domain.errors import SupporttermError
from supportterm.screens import format as shown_as

if TYPE_CHECKING:
    from supportterm.desk.context import Desk
    from supportterm.domain.ledger import TicketClock
    from supportterm.screens.base import DeskScreen
    from supportterm.screens.console import Console

_SHOWN_SECONDS = 60
_AT_ONCE = 3
"""What more there are is told in one sentence."""


def look(screen: DeskScreen[Any], now: datetime) -> None:
    """Tell what has warned, and which reminder of this agent has ended; else a few looks at indexes."""
    console = screen.console
    if console.is_ringing:
        return
    if console.views.rings(console.me, int(now.timestamp() * 1000)):
        console.is_ringing = True
        screen.app.run_worker(_ring(screen), exit_on_error=False)
    elif console.views.has_untold(console.me):
        from supportterm.screens import noticing

        console.is_ringing = True
        screen.app.run_worker(noticing.tell(screen), exit_on_error=False)
    elif console.views.has_untold_mention(console.me):
        from supportterm.screens import mentions

        console.is_ringing = True
        screen.app.run_worker(mentions.tell(screen), exit_on_error=False)


async def _ring(screen: DeskScreen[Any]) -> None:
    def rung(desk: Desk) -> list[TicketClock]:
        from supportterm.desk import reminding

        return reminding.ring(desk)

    app, console = screen.app, screen.console
    try:
        clocks = await console.do(rung)
        said = [_words(console, clock) for clock in clocks[:_AT_ONCE]]
        if len(clocks) > _AT_ONCE:
            said.append(f"{len(clocks) - _AT_ONCE} more have ended: the clock line leads to them.")
        for words in said:
            app.notify(words, title="Reminder", severity="warning", markup=False, timeout=_SHOWN_SECONDS)
        if said:
            from supportterm.screens import noticing

            lines = [_briefly(console, clock) for clock in clocks[:_AT_ONCE]]
            app.run_worker(noticing.on_desktop(screen, lines), exit_on_error=False)
    except SupporttermError as error:
        screen.complain(str(error))
    finally:
        console.is_ringing = False


def _briefly(console: Console, clock: TicketClock) -> str:
    """Return what may stand on a desktop: the agent's own words, and the reference."""
    ticket = console.views.ticket(clock.ticket_key)
    return f"{ticket.ref if ticket else ''}  {clock.kind}: {shown_as.line(clock.words, 80)}"


def _words(console: Console, clock: TicketClock) -> str:
    ticket, now = console.views.ticket(clock.ticket_key), console.now()
    whose = f"{ticket.ref} {shown_as.customer(ticket)}" if ticket is not None else ""
    what = shown_as.line(clock.words, 120) or clock.kind
    if clock.kind == "callback":
        what = f"call back: {shown_as.line(clock.words, 120)}".rstrip(" :")
    return f"{what}   {whose}   {shown_as.when(clock.due_at or now, now)}"
