"""One ticket: its conversation, its customer, its clocks."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from supportterm.screens import keys
from supportterm.screens.base import DeskScreen
from supportterm.screens.commands import Scope
from supportterm.screens.widgets.conversation import Conversation
from supportterm.screens.widgets.footer import Footer


class TicketScreen(DeskScreen[None]):
    """The conversation with one customer about one matter."""

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.CONVERSATION, Scope.TICKET, Scope.LIST)
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Scope.CONVERSATION, Scope.TICKET, Scope.LIST)]
    TITLE_WORDS = "Ticket"

    def __init__(self, key: str, message: int | None = None) -> None:
        """Open the ticket of that key, at that message where one is named."""
        super().__init__()
        self.key = key
        self._message = message

    def compose(self) -> ComposeResult:
        """Lay out the conversation and the footer."""
        yield Conversation()
        yield Footer()

    def on_mount(self) -> None:
        """Read the conversation."""
        self.store_changed()

    def store_changed(self) -> None:
        """Read it again."""
        self.query_one(Conversation).show(self.console.views.messages(self.key), self.console.now())

    def action_back(self) -> None:
        """Leave the ticket."""
        self.dismiss(None)
