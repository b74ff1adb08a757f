"""What a click in a conversation was on."""

from __future__ import annotations

from textual.message import Message as Event


class FileChosen(Event):
    """An attachment was clicked."""

    def __init__(self, message: int, part: int) -> None:
        super().__init__()
        self.message, self.part = message, part


class LinkChosen(Event):
    """A link was clicked: its address, the words it stands behind, what is to be said of it."""

    def __init__(self, address: str, words: str, warning: str) -> None:
        super().__init__()
        self.address, self.words, self.warning = address, words, warning
