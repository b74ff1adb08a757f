"""Which ticket to read beside another: the customer's other tickets, a reference, or words to search for."""

from __future__ import annotations

from typing import Any

from supportterm.domain.errors import SupporttermError
from supportterm.domain.ticket import Ticket
from supportterm.screens import format as shown_as
from supportterm.screens.asking import Choice, Pick
from supportterm.screens.base import DeskScreen

_MOST = 50


async def ask(screen: DeskScreen[Any], ticket: Ticket, title: str = "Beside") -> str | None:
    """Return the key of the ticket the agent wants beside `ticket`, or None; `title` says what for."""
    views, now = screen.console.views, screen.console.now()
    earlier, _ = views.earlier(ticket.requester_address, ticket.key, _MOST)
    choices = [_choice(one, shown_as.when(one.created_at, now)) for one in earlier]

    def other(typed: str) -> Choice[str] | None:
        return Choice(f"find “{typed[:80]}”", f"?{typed}", "a reference, or words of any ticket") if typed else None

    asked = f"{title}: the customer's other tickets; type a reference or words for any"
    wanted = await screen.ask_for(Pick(asked, choices, other=other))
    if wanted is None or not wanted.startswith("?"):
        return wanted
    return await _find(screen, wanted[1:], ticket.key, title)


async def _find(screen: DeskScreen[Any], words: str, but: str, title: str) -> str | None:
    """Return the ticket of that reference, else one picked among those that hold the words."""
    console = screen.console
    named = [ticket for ticket in console.views.find(words) if ticket.key != but]
    if len(named) == 1:
        return named[0].key
    found = {ticket.key: ticket for ticket in named}
    try:
        where = console.where(words)
        for hit in await console.ask(lambda views: views.search(where, _MOST)):
            found.setdefault(hit.ticket.key, hit.ticket)
    except SupporttermError as error:
        if not found:
            screen.complain(str(error))
            return None
    found.pop(but, None)
    if not found:
        screen.say(f"No other ticket is named “{words[:60]}” or holds these words.")
        return None
    if len(found) == 1:
        return next(iter(found))
    return await screen.ask_for(Pick(title, [_choice(one, shown_as.customer(one)) for one in found.values()]))


def _choice(ticket: Ticket, remark: str) -> Choice[str]:
    words = f"{ticket.ref.removeprefix('ST-')}  {shown_as.subject(ticket)}"
    return Choice(words, ticket.key, f"{ticket.status.value}  {remark}")
