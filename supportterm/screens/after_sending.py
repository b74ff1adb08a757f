"""Where the agent is once a reply was sent: on its ticket, on the next one, or in the queue."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from supportterm.screens.reply import ReplyScreen
    from supportterm.screens.ticket_verbs import TicketVerbs

_LOOKS = 200
_LOOK_SECONDS = 0.02


async def follow(screen: ReplyScreen, where: str) -> None:
    """Go on from a screen for writing that is being left: `next`, `queue`, or else stay."""
    from supportterm.screens.ticket import TicketScreen
    from supportterm.screens.ticket_verbs import TicketVerbs

    app = screen.app
    if where not in ("next", "queue"):
        return
    for _ in range(_LOOKS):
        if screen not in app.screen_stack:
            break
        await asyncio.sleep(_LOOK_SECONDS)
    below = app.screen
    if where == "queue":
        if isinstance(below, TicketScreen):
            below.dismiss(None)
    elif isinstance(below, TicketVerbs):
        _go_on(below, screen.key)


def _go_on(below: TicketVerbs, answered: str) -> None:
    """Open what presses most beside the ticket just answered; that is no skip of it."""
    console = below.console
    ticket = console.views.ticket(console.views.resolve(answered))
    if ticket is not None:
        console.passed[ticket.key] = ticket.updated_at
    key = below.most_pressing()
    if key is None or (ticket is not None and key == ticket.key):
        below.say("Nothing else presses.")
    else:
        below.open_ticket(key)
