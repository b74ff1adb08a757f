"""A ticket's messages one below the other, quotes and signatures folded, what is inside marked as such."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from textual.containers import VerticalScroll
from textual.widgets import Static

from supportterm.domain.message import Message
from supportterm.screens import format as shown_as


class Conversation(VerticalScroll):
    """The messages of a ticket, oldest first."""

    def show(self, messages: Sequence[Message], now: datetime) -> None:
        """Show these messages; what was shown before stays where it is."""
        self.remove_children()
        self.mount_all(
            Static(
                f"{message.kind}  {shown_as.when(message.at, now)}\n{shown_as.body(message.reply_text)}", markup=False
            )
            for message in messages
        )
