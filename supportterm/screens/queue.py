"""The queue: what is most pressing, why, and how long is left."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

from supportterm.screens import format as shown_as
from supportterm.screens import keys
from supportterm.screens.base import DeskScreen
from supportterm.screens.commands import Scope
from supportterm.screens.widgets.footer import Footer


class QueueScreen(DeskScreen[None]):
    """The list the agent works from."""

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.QUEUE, Scope.TICKET, Scope.LIST)
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Scope.QUEUE, Scope.TICKET)]
    TITLE_WORDS = "Queue"

    def compose(self) -> ComposeResult:
        """Lay out the list and the footer."""
        yield Static("", id="list", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        """Read the first page."""
        self.store_changed()

    def store_changed(self) -> None:
        """Read the page again."""
        tickets = self.console.views.queue(self.console.where("is:open"))
        self.query_one("#list", Static).update("\n".join(f"{t.ref} {shown_as.subject(t)}" for t in tickets))
