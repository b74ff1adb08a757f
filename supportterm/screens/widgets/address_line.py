"""A line of addresses; what is pasted into it is taken whole or not at all."""

from __future__ import annotations

from textual import events
from textual.message import Message
from textual.widgets import Input


class AddressLine(Input):
    """An input that takes no paste of several lines: Textual would drop all but the first without a word."""

    class Broken(Message):
        """A line break stands in what was pasted; nothing of it was taken."""

        def __init__(self, line: AddressLine) -> None:
            super().__init__()
            self.line = line

    def _on_paste(self, event: events.Paste) -> None:
        if len(event.text.strip().splitlines()) > 1:
            event.stop()
            event.prevent_default()
            self.post_message(self.Broken(self))
