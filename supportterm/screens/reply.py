"""Writing: a reply to the customer, or a note that stays inside."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widgets import TextArea

from supportterm.screens import keys
from supportterm.screens.base import DeskScreen
from supportterm.screens.commands import Scope
from supportterm.screens.widgets.footer import Footer


class Mode(StrEnum):
    """Whom the text is for."""

    REPLY = "reply"
    REPLY_ALL = "reply-all"
    FORWARD = "forward"
    NOTE = "note"


class ReplyScreen(DeskScreen[None]):
    """The editor under the conversation; leaving keeps the draft."""

    SCOPES: ClassVar[tuple[Scope, ...]] = (Scope.REPLY,)
    BINDINGS: ClassVar[list[BindingType]] = [*keys.bindings(Scope.REPLY)]
    TITLE_WORDS = "Reply"

    def __init__(self, key: str, mode: Mode = Mode.REPLY, quote: str = "") -> None:
        """Write on the ticket of that key; `quote` is put in as the customer's words."""
        super().__init__()
        self.key = key
        self.mode = mode
        self._quote = quote

    def compose(self) -> ComposeResult:
        """Lay out editor and footer."""
        yield TextArea()
        yield Footer()

    def action_up(self) -> None:
        """Leave the editor; the draft is kept."""
        self.dismiss(None)
