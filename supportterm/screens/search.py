"""Search: all mail and notes, as you type."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from supportterm.screens import keys
from supportterm.screens.base import DeskScreen
from supportterm.screens.commands import Scope
from supportterm.screens.widgets.footer import Footer


class SearchScreen(DeskScreen[None]):
    """Search: all mail and notes, as you type."""

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.LIST,)
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Scope.LIST)]
    TITLE_WORDS = "Search"

    def compose(self) -> ComposeResult:
        """Lay out the footer."""
        yield Footer()

    def action_back(self) -> None:
        """Leave."""
        self.dismiss(None)
