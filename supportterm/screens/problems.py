"""Sync problems: how sync goes and what is wrong with it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from supportterm.screens import keys
from supportterm.screens.base import DeskScreen
from supportterm.screens.commands import Scope
from supportterm.screens.widgets.footer import Footer


class ProblemsScreen(DeskScreen[None]):
    """Sync problems: how sync goes and what is wrong with it."""

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.LIST,)
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Scope.LIST)]
    TITLE_WORDS = "Sync problems"

    def compose(self) -> ComposeResult:
        """Lay out the footer."""
        yield Footer()

    def action_back(self) -> None:
        """Leave."""
        self.dismiss(None)
