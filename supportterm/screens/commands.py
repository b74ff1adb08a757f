"""What an agent can do in the console, each thing once.

Bindings, footer, palette, help, `keys.toml` and the README's key table are
made from this list. A command's action is the part of its id behind the dot,
so `ticket.claim` runs `action_claim` of the screen it is given in.
"""

from __future__ import annotations

from supportterm.screens import (
    commands_call,
    commands_desk,
    commands_problem,
    commands_reply,
    commands_shift,
    commands_ticket,
)
from supportterm.screens.command import Command, Scope

__all__ = ["COMMANDS", "Command", "Scope", "named", "of"]

COMMANDS: tuple[Command, ...] = (
    *commands_desk.everywhere(),
    *commands_call.call(),
    *commands_desk.lists(),
    *commands_ticket.queue(),
    *commands_shift.queue(),
    *commands_ticket.ticket(),
    *commands_problem.ticket(),
    *commands_ticket.conversation(),
    *commands_ticket.source(),
    *commands_reply.reply(),
    *commands_desk.outbox(),
    *commands_desk.search(),
    *commands_desk.sweep(),
    *commands_shift.refusals(),
    *commands_shift.since(),
    *commands_shift.handover(),
    *commands_shift.deck(),
    *commands_problem.problem(),
    *commands_desk.page_of_keys(),
)
_BY_ID = {command.id: command for command in COMMANDS}


def named(command_id: str) -> Command | None:
    """Return the command of that id, or None."""
    return _BY_ID.get(command_id)


def of(*scopes: Scope) -> tuple[Command, ...]:
    """Return the commands of some scopes, in the order of the list."""
    return tuple(command for command in COMMANDS if command.scope in scopes)
