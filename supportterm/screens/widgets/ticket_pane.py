"""A ticket to read: its head and its conversation, kept up to date; one fills the screen, or two stand side by side."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Static

from supportterm.domain.ticket import Ticket
from supportterm.screens.widgets.conversation import Conversation, Fates
from supportterm.screens.widgets.fates import fate
from supportterm.screens.widgets.form_line import FormLine
from supportterm.screens.widgets.next_line import NextLine
from supportterm.screens.widgets.ticket_header import TicketHeader

if TYPE_CHECKING:
    from supportterm.domain.operations import Operation
    from supportterm.domain.relays import Relayed
    from supportterm.screens.base import DeskScreen

GONE = "This ticket is not in the store any more. Esc goes back."


class TicketPane(Vertical):
    """Head and conversation of one ticket."""

    DEFAULT_CSS = """
    TicketPane { width: 1fr; }
    TicketPane .gone { padding: 1 3; color: $quiet; display: none; }
    """

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 Textual's own name for it
        super().__init__(id=id)
        self.key = ""
        self.ticket: Ticket | None = None
        self._stamp: tuple[object, ...] | None = None
        self._relayed: Relayed | None = None
        self._outbox: list[Operation] = []
        self._fates_shown: Fates = {}

    def compose(self) -> ComposeResult:
        """Lay out head and conversation."""
        yield TicketHeader()
        yield NextLine("conversation.next-clock", counts=False)
        yield FormLine()
        yield Static(GONE, classes="gone", markup=False)
        yield Conversation()

    @property
    def conversation(self) -> Conversation:
        """The messages."""
        return self.query_one(Conversation)

    def open(self, key: str, message: int | None = None, words: str = "") -> None:
        """Show a ticket from its beginning, at a message where one is named, with words of it marked."""
        self.key, self._stamp = key, None
        self.conversation.forget()
        if message is not None:
            self.conversation.focus_message(message, words)
        self.read()

    def read(self) -> bool:
        """Look at the store; return whether anything of this ticket has changed."""
        if not self.query(Conversation):
            return False  # the store has changed before the first look
        console = self._desk.console
        self.key = console.views.resolve(self.key)
        self._relayed = console.views.relayed(self.key)
        stamp = (*console.views.stamp(self.key), self._relayed)
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        self.ticket = console.views.ticket(self.key)
        self.query_one(".gone").display = self.ticket is None
        self.conversation.display = self.ticket is not None
        self._outbox = console.views.outbox(self.key, everything=True)
        now = console.now()
        self._fates_shown = self._fates(now)
        self.conversation.show(console.views.messages(self.key), now, self._fates_shown, console.me)
        self.ask_whose()
        self.tick(now)
        return True

    def ask_whose(self) -> None:
        """Ask about the form this came through, where nobody has decided and it was not put off."""
        one, ticket = self._relayed, self.ticket
        asks = one is not None and one.is_trusted is None and one.relay not in self._desk.console.later_forms
        self.query_one(FormLine).ask(one if asks and ticket is not None and not ticket.status.is_over else None)

    def tick(self, now: datetime) -> None:
        """Show what the passing of time changed."""
        self.query_one(TicketHeader).show(self.ticket, now, self._desk.console.me)
        if any(not operation.state.is_settled for operation in self._outbox):
            self._fates_shown = self._fates(now)
        self.conversation.fade(self._fates_shown, now)

    def _fates(self, now: datetime) -> dict[int, tuple[str, bool]]:
        online = self._desk.console.views.sync().get("state") in (None, "", "online")
        return {o.message: fate(o, now, online=online) for o in self._outbox if o.message is not None}

    @property
    def _desk(self) -> DeskScreen[object]:
        return cast("DeskScreen[object]", self.screen)
