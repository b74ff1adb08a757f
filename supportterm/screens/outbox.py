"""Outbox: the mail on its way, and what has stopped."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from supportterm.screens import keys
from supportterm.screens.base import DeskScreen
from supportterm.screens.commands import Scope
from supportterm.screens.widgets.footer import Footer


class OutboxScreen(DeskScreen[None]):
    """Outbox: the mail on its way, and what has stopped."""

    SCOPES: ClassVar[tuple[Scope, ...]] = (
        Scope.OUTBOX,
        Scope.LIST,
    )
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Scope.OUTBOX, Scope.LIST)]
    TITLE_WORDS = "Outbox"

    def compose(self) -> ComposeResult:
        """Lay out the footer."""
        yield Footer()

    def action_back(self) -> None:
        """Leave."""
        self.dismiss(None)
