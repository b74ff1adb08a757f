"""Being away: asked until when, and who keeps one's promises."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from supportterm.screens import format as shown_as
from supportterm.screens.base import DeskScreen

_BACK = "back"
_NOBODY = ""


async def ask(screen: DeskScreen[Any]) -> None:
    """Ask, and note it; who is away already may come back."""
    from supportterm.desk import attending
    from supportterm.domain import moments
    from supportterm.screens.asking import Choice, Pick

    views, me, now = screen.console.views, screen.console.me, screen.console.now()
    choices: list[Choice[datetime | str]] = [
        Choice(words, instant, shown_as.when(instant, now)) for words, instant in moments.offered(now)[1:]
    ]
    if any(one.agent == me and one.lasts(now) for one in views.absences()):
        choices.insert(0, Choice("back: I am here", _BACK, "your promises are yours again"))

    def other(typed: str) -> Choice[datetime | str] | None:
        instant = moments.read(typed, now)
        return None if instant is None else Choice(typed, instant, shown_as.when(instant, now))

    until: datetime | str | None = await screen.ask_for(
        Pick("Away until (friday 9:00, 2026-12-01)", choices, other=other, other_first=True)
    )
    if until == _BACK:
        screen.perform(attending.come_back)
    elif isinstance(until, datetime):
        keeper = await colleague(screen, "Who keeps your promises and callbacks meanwhile", nobody="nobody")
        if keeper is not None:
            screen.perform(lambda desk: attending.leave(desk, until, keeper))


async def colleague(screen: DeskScreen[Any], title: str, nobody: str = "") -> str | None:
    """Ask for a colleague; empty where nobody was meant, None where nothing was chosen."""
    import re

    from supportterm.screens import loads
    from supportterm.screens.asking import Choice, Pick

    me, others = screen.console.me, others_of(screen)
    said = await loads.remarks(screen, others)
    choices = [Choice(agent, agent, said.get(agent, "")) for agent in others]
    choices += [Choice(nobody, _NOBODY)] if nobody else []

    def other(typed: str) -> Choice[str] | None:
        known = typed in (me, *others) or re.search(r"\s", typed)
        return None if known else Choice(typed[:50], typed[:50], "a new name")

    return await screen.ask_for(Pick(title, choices, other=other))


def others_of(screen: DeskScreen[Any]) -> list[str]:
    """Return the other agents: those on tickets, and those the configuration names."""
    known = dict.fromkeys([*screen.console.views.agents(), *screen.console.config.agents])
    return [agent for agent in known if agent != screen.console.me]
