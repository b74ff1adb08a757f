"""A command and where it works."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Scope(StrEnum):
    """Where a command works; the text is the help page's heading."""

    EVERYWHERE = "Everywhere"
    LIST = "In every list"
    QUEUE = "Queue"
    TICKET = "On a ticket, in the queue and when it is open"
    CONVERSATION = "Conversation"
    SOURCE = "The mail as it came"
    REPLY = "Writing a reply or a note"
    OUTBOX = "Outbox"
    SEARCH = "Search"
    SWEEP = "Sweep"
    SINCE = "Since you left"
    HANDOVER = "Hand over"
    DECK = "A reply for each"
    PROBLEM = "A problem"
    HELP = "Keys"


@dataclass(frozen=True, slots=True)
class Command:
    """One thing an agent can do: a name, keys, a help line.

    `keys` are Textual's key names, the first the one that is shown. `footer`
    orders the commands the foot of a screen shows; 0 leaves it out there.
    """

    id: str
    title: str
    help: str
    scope: Scope
    keys: tuple[str, ...] = ()
    footer: int = 0
    cli: str = ""
    """The command line's form, where there is one."""
    argument: str = ""
    """What may follow its name on the `:` line, as a word in capitals; `command_<action>` of the screen takes it."""

    @property
    def name(self) -> str:
        """What it is called on the `:` line."""
        return self.id.partition(".")[2]

    @property
    def action(self) -> str:
        """The name of the action that carries it out."""
        return self.id.partition(".")[2].replace("-", "_")
