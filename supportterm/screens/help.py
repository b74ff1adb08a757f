"""The help page: every key of a screen and what it does, from the registry."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Static

from supportterm.screens import keys
from supportterm.screens.base import DeskScreen
from supportterm.screens.commands import Scope
from supportterm.screens.widgets.footer import Footer


class HelpScreen(DeskScreen[None]):
    """The keys of the screen it was opened from."""

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.LIST,)
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Scope.LIST)]
    TITLE_WORDS = "Keys"

    def __init__(self, about: DeskScreen[Any]) -> None:
        """Show the keys of that screen."""
        super().__init__()
        self._about = about

    def compose(self) -> ComposeResult:
        """List the commands."""
        with VerticalScroll():
            for command in self._about.commands():
                yield Static(f"{self.key_of(command.id):8}{command.help}", markup=False)
        yield Footer()

    def action_back(self) -> None:
        """Leave."""
        self.dismiss(None)
