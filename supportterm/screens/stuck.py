"""What the screens say of a ticket that is stuck, of one gone past too often, and of too much on hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supportterm.domain import capacity, wanted
from supportterm.domain.errors import NotFoundError
from supportterm.screens import format as shown_as

if TYPE_CHECKING:
    from supportterm.domain.ticket import Ticket
    from supportterm.screens.base import DeskScreen

READ_SECONDS = 2.0
"""How long a ticket is open before that counts as looking at it."""


def watch(screen: DeskScreen[Any], key: str) -> None:
    """Count that a ticket is open, once it has been for a while; offer to hand it on where that seems due."""

    def still_there() -> None:
        if getattr(screen, "key", None) == key:
            screen.in_background(_count(screen, key), opens=False)

    screen.set_timer(READ_SECONDS, still_there)


async def _count(screen: DeskScreen[Any], key: str) -> None:
    from supportterm.desk import escalating

    ticket = screen.console.views.ticket(key)
    if ticket is None or not ticket.status.is_ours:
        return
    await screen.console.do(lambda desk: escalating.opened(desk, key))
    reason = screen.console.views.signs(ticket).reason
    if reason and screen.is_here and screen.app.screen is screen:
        screen.say(f"Stuck? {reason}. {screen.key_of('ticket.escalate')} hands it on.")


async def went_past(screen: DeskScreen[Any], ticket: Ticket) -> None:
    """Count that a ticket was gone past; the third time it is asked why."""
    from supportterm.desk import escalating
    from supportterm.screens.asking import Prompt

    await screen.console.do(lambda desk: escalating.skipped(desk, ticket.key))
    if not screen.console.views.signs(ticket).asks_why:
        return
    why = await screen.ask_for(Prompt(f"{ticket.ref} was gone past three times. Why:"))
    if why and why.strip():
        screen.perform(lambda desk: escalating.say_why(desk, ticket.key, why))


async def hand_on(screen: DeskScreen[Any], ticket: Ticket) -> None:
    """Ask who takes a ticket, what they are to do and by when."""
    from supportterm.desk import escalating
    from supportterm.screens.asking import Prompt
    from supportterm.screens.away import colleague

    def check(text: str) -> str:
        try:
            if text.strip() and not wanted.reminder(text, screen.console.now())[1]:
                return "Say also what is to be done."
        except NotFoundError as problem:
            return str(problem)
        return ""

    who = await colleague(screen, f"Who takes {ticket.ref}")
    if not who:
        return
    label = f"{shown_as.line(who, 40)}, by when, and what (tomorrow 12:00 find out why it fails):"
    typed = await screen.ask_for(Prompt(label, "", check=check))
    if typed and typed.strip():
        by, what = wanted.reminder(typed, screen.console.now())
        screen.perform(lambda desk: escalating.escalate(desk, ticket.key, who, what, by))


async def after_claim(screen: DeskScreen[Any], tickets: list[Ticket]) -> None:
    """Say what a claim means: that it is more than one set oneself, or that others will wait longer."""
    from supportterm.domain.ticket import Tier
    from supportterm.screens import deck_making

    console = screen.console
    agent = console.config.agent
    words = capacity.in_words(await console.ask(lambda views: views.load_of(agent.id)), agent.capacity)
    if not words and any(ticket.tier is Tier.NOW for ticket in tickets):
        late = deck_making.who_will_wait(screen, [ticket.key for ticket in tickets])
        if late:
            count = f"{len(late)} customer{'s' * (len(late) != 1)}"
            words = f"Meanwhile {count} will miss their time: {screen.key_of('queue.tell')} in the queue tells them."
    if words and screen.is_here:
        screen.say(words)
