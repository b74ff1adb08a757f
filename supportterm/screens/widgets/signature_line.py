"""What is put below a mail when it leaves, on one quiet line under the editor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text
from textual.widgets import Static

from supportterm.domain import signatures
from supportterm.domain.drafts import Mode
from supportterm.domain.ticket import Ticket
from supportterm.screens import format as shown_as

if TYPE_CHECKING:
    from supportterm.screens.reply import ReplyScreen


class SignatureLine(Static):
    """The signature, while it is still to be added; nothing where there is none, or the text has one, or in a note."""

    DEFAULT_CSS = "SignatureLine { height: 1; padding: 0 1; color: $quiet; display: none; }"

    def __init__(self) -> None:
        super().__init__("", id="signature", markup=False)
        self._of: tuple[Ticket, str] | None = None
        self._words = ""

    def look(self, screen: ReplyScreen) -> None:
        """Show what will be added to the text as it is now."""
        words = self.said(screen)
        if words != self._words:
            self._words = words
            self.display = bool(words)
            self.update(Text(words, no_wrap=True, overflow="ellipsis"))

    def said(self, screen: ReplyScreen) -> str:
        """Return what will be added to the text as it is now, on one line; empty where nothing is."""
        ticket, config = screen.ticket, screen.console.config
        if not (config.agent.signature or config.mailbox.signature) or ticket is None or screen.mode is Mode.NOTE:
            return ""
        if self._of is None or self._of[0] != ticket:
            from supportterm.desk import signing

            self._of = (ticket, signing.signature(config, ticket))
        signature = self._of[1]
        if not signature or signatures.holds(screen.editor.text, signature):
            return ""
        dot = f" {screen.console.glyphs.dot} "
        return f"-- {shown_as.line(dot.join(filter(None, map(str.strip, signature.split(chr(10))))), 300)}"
