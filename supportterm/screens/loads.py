"""How much colleagues have on hand, said where one is chosen or gets something: a soft limit keeps nobody from it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from supportterm.config import capacity_of
from supportterm.domain import capacity

if TYPE_CHECKING:
    from supportterm.screens.base import DeskScreen


async def remarks(screen: DeskScreen[Any], agents: Iterable[str]) -> dict[str, str]:
    """Return what to say beside each agent whose limits are known: `full: email 30 of 30`, `email 4 of 30`."""
    config = screen.console.config
    limits = {agent: found for agent in agents if (found := capacity_of(config, agent))}
    if not limits:
        return {}
    loads = await screen.console.ask(lambda views: {agent: views.load_of(agent) for agent in limits})
    return {agent: capacity.beside(loads[agent], limits[agent]) for agent in limits}


async def after_assigning(screen: DeskScreen[Any], agent: str) -> None:
    """Say that somebody who got a ticket has more than they can take, where that is so."""
    limits = capacity_of(screen.console.config, agent)
    if not limits:
        return
    words = capacity.of_colleague(agent, await screen.console.ask(lambda views: views.load_of(agent)), limits)
    if words and screen.is_here:
        screen.say(words)
