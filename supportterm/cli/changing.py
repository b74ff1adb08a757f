"""What `set` asks before it changes a ticket, and says after."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from supportterm.cli.output import Output
from supportterm.config import capacity_of
from supportterm.domain import capacity, overrides
from supportterm.store.views import reading

if TYPE_CHECKING:
    from supportterm.desk.context import Desk
    from supportterm.domain.ticket import Priority


def reason(desk: Desk, named: str, priority: Priority | None, why: str, output: Output) -> str:
    """Return why a priority is set by hand: as given, else asked for at a terminal where it teaches."""
    if why.strip() or priority is None:
        return why.strip()
    with reading(desk.database.path) as views:
        teaches = any(overrides.teaches(ticket, priority) for ticket in views.find(named))
    if not teaches or output.as_json:
        return ""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        output.say("Give --why TEXT with such a priority, so that the rules can learn from it.")
        return ""
    print(f"why {priority.word}: ", end="", file=sys.stderr, flush=True)  # noqa: T201 a question at the terminal, no record
    return sys.stdin.readline().strip()


def assigned(desk: Desk, agent: str | None, output: Output) -> None:
    """Say that whoever got a ticket has more on hand than they can take."""
    limits = capacity_of(desk.config, agent) if agent else {}
    if agent and limits:
        with reading(desk.database.path) as views:
            words = capacity.of_colleague(agent, views.load_of(agent), limits)
        if words:
            output.say(words)
