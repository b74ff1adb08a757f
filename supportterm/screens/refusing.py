"""Refusing a customer for good: asked for on a ticket, decided in a list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supportterm.screens import format as shown_as

if TYPE_CHECKING:
    from supportterm.domain.ticket import Ticket
    from supportterm.screens.base import DeskScreen


async def ask(screen: DeskScreen[Any], ticket: Ticket, reason: str = "") -> None:
    """Ask why the customer is to be refused, and pass it to a supervisor."""
    from supportterm.desk import refusing
    from supportterm.screens.asking import Prompt

    who = shown_as.line(ticket.requester_address, 60)
    typed: str | None = reason or await screen.ask_for(Prompt(f"refuse {who} for good, because:"))
    if typed and typed.strip():
        screen.perform(lambda desk: refusing.ask(desk, ticket.key, typed))


async def decide(screen: DeskScreen[Any]) -> None:
    """Let a supervisor decide about the requests that wait."""
    from supportterm.desk import refusing
    from supportterm.screens.asking import Choice, Confirm, Pick, Prompt

    waiting = screen.console.views.refusals()
    if not waiting:
        screen.say("No request to refuse a customer waits for a decision.")
        return
    choices = [
        Choice(shown_as.line(one.address, 60), one, f"{shown_as.line(one.by, 30)}: {shown_as.line(one.reason, 200)}")
        for one in waiting
    ]
    one = await screen.ask_for(Pick("Refuse for good", choices))
    if one is None:
        return
    detail = (
        f"{shown_as.line(one.by, 40)} asks, {shown_as.when(one.at, screen.console.now())}:\n"
        f"{shown_as.line(one.reason, 500)}\n\nApproved, their mail arrives as spam. One undo takes it back."
    )
    answers = {"a": "approve: refuse them", "d": "decline, and say why"}
    answer = await screen.ask_for(Confirm(f"Refuse {shown_as.line(one.address, 60)} for good?", detail, answers))
    if answer == "a":
        screen.perform(lambda desk: refusing.decide(desk, one.id, approve=True))
    elif answer == "d":
        why = await screen.ask_for(Prompt("declined, because:"))
        if why and why.strip():
            screen.perform(lambda desk: refusing.decide(desk, one.id, approve=False, words=why))
