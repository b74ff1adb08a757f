"""Making a deck: which snippet, what goes into its blanks in each language, which customers."""

from __future__ import annotations

from collections.abc import Sequence

from supportterm.domain.deck import Card
from supportterm.domain.ticket import Ticket
from supportterm.screens import format as shown_as
from supportterm.screens.base import DeskScreen

LATE = "late"
"""The snippet that tells a customer that the answer takes longer."""


async def reply_to_each(screen: DeskScreen[None], found: Sequence[Ticket]) -> None:
    """Ask for a snippet and what goes into it, then let the agent look at each customer's reply."""
    from supportterm.screens.snippets import pick_snippet

    lang = max({ticket.lang or "en" for ticket in found}, key=[ticket.lang or "en" for ticket in found].count)
    macro = await pick_snippet(screen, screen.console.macros, lang)
    if macro is not None:
        await open_deck(screen, found, macro.id, "Reply to each")


async def open_deck(
    screen: DeskScreen[None], found: Sequence[Ticket], snippet: str, title: str, *, keep_status: bool = False
) -> None:
    """Ask for the blanks of a snippet, once a language, and open the deck.

    Raises:
        NotFoundError: there is no such snippet.
    """
    from supportterm.desk import decks
    from supportterm.screens.asking import Prompt
    from supportterm.screens.deck import DeckScreen

    console = screen.console
    if len(found) > decks.MOST:
        screen.complain(f"{len(found)} tickets are too many to look at one by one: {decks.MOST} at most. Mark fewer.")
        return
    variants = decks.variants(console.macros, console.macros.find(snippet), found)
    fillings: dict[str, dict[int, str]] = {}
    for ticket in found:
        macro = variants[ticket.key]
        make = decks.make_of(macro)
        if make in fillings:
            continue
        fillings[make] = {}
        count = sum(decks.make_of(each) == make for each in variants.values())
        for blank in decks.to_fill(macro, console.config, ticket, console.now()):
            name = shown_as.line(blank.shown.strip("[]"), 60)
            label = f"{name} ({macro.lang or 'any language'}, {count} customer{'s' * (count != 1)}):"
            start = blank.default if blank.can_be_accepted else ""
            typed = await screen.ask_for(Prompt(label, start))
            if typed is None:
                return
            if typed.strip():
                fillings[make][blank.number] = typed.strip()

    def make_cards() -> list[Card]:
        from supportterm.store.views import reading

        with reading(console.store) as views:
            return [
                decks.card(views, console.config, variants[t.key], t, fillings[decks.make_of(variants[t.key])], now)
                for t in found
            ]

    import asyncio

    now = console.now()
    cards = await asyncio.to_thread(make_cards)
    if screen.is_here:
        screen.app.push_screen(DeckScreen(cards, title, keep_status=keep_status))


def who_will_wait(screen: DeskScreen[None], but: Sequence[str] = ()) -> list[Ticket]:
    """Return the tickets whose customers will miss their time, those claimed just now left out."""
    from supportterm.domain import deck

    console, now = screen.console, screen.console.now()
    owed = console.views.replies_owed(console.me, now - deck.WITHIN, now + deck.WITHIN)
    tickets = {ticket.key: ticket for _, ticket in owed if ticket.key not in but}
    dues = [(clock.ticket_key, clock.due_at) for clock, _ in owed if clock.due_at and clock.ticket_key in tickets]
    # what is claimed is answered first, so that everybody else comes a place later
    ahead = [(key, now) for key in but]
    return [tickets[key] for key in deck.missed([*ahead, *dues], now) if key in tickets]
