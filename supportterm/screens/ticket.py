"""One ticket: its conversation, its customer, its clocks; a second one beside it where asked for."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Protocol, runtime_checkable

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import OptionList

from supportterm.domain.ticket import Ticket
from supportterm.mail import headers
from supportterm.screens import beside, keys, stuck
from supportterm.screens.commands import Command, Scope
from supportterm.screens.conversation_verbs import ConversationVerbs
from supportterm.screens.widgets.conversation import Conversation
from supportterm.screens.widgets.customer_card import Customer, CustomerCard, latest_of, offset_of
from supportterm.screens.widgets.footer import Footer
from supportterm.screens.widgets.next_line import NextLine
from supportterm.screens.widgets.ticket_pane import TicketPane

if TYPE_CHECKING:
    pass

_COLUMN_FROM, _TWO_FROM, _THREE_FROM = 110, 110, 176
"""Widths of the screen from which the card is a column, two tickets stand side by side, and the card beside both."""


@runtime_checkable
class Listing(Protocol):
    """A screen with a list of tickets, which knows what stands next to one."""

    def neighbour(self, key: str, step: int) -> str | None:
        """Return the key so many places further, or None."""


class TicketScreen(ConversationVerbs):
    """The conversation with one customer about one matter."""

    CSS_PATH = "ticket.tcss"
    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.CONVERSATION, Scope.TICKET, Scope.LIST)
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Scope.CONVERSATION, Scope.TICKET, Scope.LIST)]
    TITLE_WORDS = "Ticket"
    AUTO_FOCUS: ClassVar[str] = "#main Conversation"
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]  # noqa: RUF012 Textual's declaration

    def __init__(self, key: str, message: int | None = None, words: str = "") -> None:
        """Open the ticket of that key, at that message where one is named, with these words of it marked."""
        super().__init__()
        self.key = key
        self._message = message
        self._words = words
        self._card: bool | None = None
        self._beside = False
        self._carded: tuple[object, ...] = ()
        self._ready = False

    def compose(self) -> ComposeResult:
        """Lay out the conversation, the place beside it, the card and the footer."""
        with Horizontal(id="sides"):
            yield TicketPane(id="main")
            yield TicketPane(id="beside")
            yield CustomerCard()
        yield Footer()

    def on_mount(self) -> None:
        """Read the conversation, unless the console was left meanwhile."""
        if not self.query(CustomerCard):
            return
        self._ready = True
        self._arrange()
        self.main.query_one(NextLine).look(self.console.now())
        self.show_ticket(self.key, self._message, self._words)

    def on_resize(self) -> None:
        """Put the parts where there is room for them."""
        if self._ready:
            self._arrange()

    @property
    def main(self) -> TicketPane:
        """The ticket that was opened."""
        return self.query_one("#main", TicketPane)

    @property
    def second(self) -> TicketPane:
        """The ticket beside it."""
        return self.query_one("#beside", TicketPane)

    @property
    def active(self) -> TicketPane:
        """The ticket that verbs act on: the one that has the focus."""
        return self.second if self._beside and self.second.has_class("active") else self.main

    def show_ticket(self, key: str, message: int | None = None, words: str = "") -> None:
        """Show a ticket in this place."""
        self.main.open(key, message, words)
        self.key = self.main.key
        stuck.watch(self, self.key)
        self._refresh_card()
        self._remark()
        self.refresh_bindings()

    def chosen(self) -> list[str]:
        """Return the ticket in hand."""
        return [self.active.key] if self._ready and self.active.ticket is not None else []

    def open_ticket(self, key: str, message: int | None = None, words: str = "") -> None:
        """Go on to another ticket, or to words of this one."""
        self.show_ticket(key, message, words)
        self._go_to(self.main)

    def why_not(self, command: Command) -> str:
        """Say what cannot be done with this ticket or message."""
        onward = command.id in ("conversation.next-ticket", "conversation.previous-ticket")
        if command.scope is Scope.CONVERSATION and not onward and self._ready and self.active.ticket is None:
            return "There is no ticket here to do that to."
        return super().why_not(command)

    def store_changed(self) -> None:
        """Look at the ticket again; what is read stays where it is."""
        if not self._ready:
            return
        changed = self.main.read()
        self.key = self.main.key
        if self._beside:
            self.second.read()
        if changed:
            self.refresh_bindings()
        self._refresh_card()
        self._remark()

    def tick(self, now: datetime) -> None:
        """Show what the passing of time changed."""
        if not self._ready:
            return
        self.main.query_one(NextLine).look(now)
        self.main.tick(now)
        if self._beside:
            self.second.tick(now)
        self.query_one(CustomerCard).tick(now)

    @on(Conversation.Moved)
    def moved(self) -> None:
        """Say what is still below."""
        self._remark()

    @on(OptionList.OptionSelected)
    def earlier_chosen(self, event: OptionList.OptionSelected) -> None:
        """Open another ticket of this customer; Esc comes back."""
        if event.option.id is not None:
            self.app.push_screen(TicketScreen(event.option.id))

    def on_descendant_focus(self) -> None:
        """Let the ticket that has the focus be the one in hand."""
        focused = self.focused
        if not self._ready:
            return
        for pane in (self.main, self.second):
            if focused is not None and pane in focused.ancestors:
                self._activate(pane)

    def action_next_clock(self) -> None:
        """Go to the ticket whose clock ends next."""
        now = self.console.now()
        found = self.console.views.next_clocks(self.console.me, int(now.timestamp() * 1000), 1)
        if not found:
            self.say("No clock is running.")
        elif found[0][1].key == self.active.key:
            self.say("This is the ticket whose clock ends next.")
        else:
            self.open_ticket(found[0][1].key)

    def action_next_ticket(self) -> None:
        """Open the ticket below in the list it came from."""
        self._neighbour(1)

    def action_previous_ticket(self) -> None:
        """Open the ticket above in the list it came from."""
        self._neighbour(-1)

    def action_card(self) -> None:
        """Show or hide the customer's card."""
        self._card = not self.query_one(CustomerCard).display
        self._arrange()
        self._refresh_card()

    def action_beside(self) -> None:
        """Ask for a second ticket; with one open go over to it and back."""
        if self._beside:
            self._go_to(self.main if self.active is self.second else self.second)
        elif self.main.ticket is not None:
            self.in_background(self._ask_beside(self.main.ticket))

    def action_back(self) -> None:
        """Close what lies over or beside the ticket; then leave it."""
        if self._card and self.query_one(CustomerCard).has_class("over"):
            self._card = None
            self._arrange()
        elif self._beside:
            self._beside = False
            self._arrange()
            self._go_to(self.main)
        else:
            self.dismiss(None)

    def _neighbour(self, step: int) -> None:
        listing = next((s for s in reversed(self.app.screen_stack) if isinstance(s, Listing)), None)
        key = listing.neighbour(self.main.key, step) if listing is not None else None
        if key is not None:
            self.show_ticket(key)
            self._go_to(self.main)
        else:
            self.say("That was the last of the list." if step > 0 else "That was the first of the list.")

    async def _ask_beside(self, ticket: Ticket) -> None:
        key = await beside.ask(self, ticket)
        if key is not None:
            self._beside = True
            self._arrange()
            self.second.open(key)
            self._go_to(self.second)

    def _go_to(self, pane: TicketPane) -> None:
        self._activate(pane)
        pane.conversation.focus()

    def _activate(self, pane: TicketPane) -> None:
        if pane.has_class("active"):
            return
        for one in (self.main, self.second):
            one.set_class(one is pane, "active")
        self._arrange()
        self._refresh_card()
        self._remark()
        self.refresh_bindings()

    def _arrange(self) -> None:
        """Put the parts where there is room: columns on a wide screen, one over the other on a narrow one."""
        width, card = self.app.size.width, self.query_one(CustomerCard)
        two = self._beside and width >= _TWO_FROM
        column = width >= (_THREE_FROM if self._beside else _COLUMN_FROM)
        card.display = column if self._card is None else self._card
        card.set_class(not column, "over")
        self.main.display = two or not self._beside or self.active is self.main
        self.second.display = self._beside and (two or self.active is self.second)
        self.set_class(two, "two")

    def _refresh_card(self) -> None:
        ticket, card = self.active.ticket, self.query_one(CustomerCard)
        promises = [clock for clock in self.console.views.clocks(self.active.key) if clock.kind == "promise"]
        stamp = (self.active.key, ticket, promises)
        if ticket is None or not card.display or stamp == self._carded:
            return
        self._carded = stamp
        views = self.console.views
        latest = latest_of(self.conversation.messages)
        head = views.source_head(latest.raw) if latest is not None and latest.raw else b""
        date = headers.date(headers.split(head)[0].raw("date")) if head else None
        earlier, count = views.earlier(ticket.requester_address, ticket.key)
        card.show(Customer(ticket, latest, tuple(earlier), count, offset_of(date), tuple(promises)), self.console.now())

    def _remark(self) -> None:
        below = self.conversation.below
        remarks = [f"{below} new below, {self.key_of('list.bottom')}"] if below else []
        if self._beside and not self.has_class("two"):
            other = (self.main if self.active is self.second else self.second).ticket
            ref = other.ref.removeprefix("ST-") if other is not None else "the other"
            remarks.append(f"{ref} behind, {self.key_of('conversation.beside')}")
        self.query_one(Footer).remark = "   ".join(remarks)
