"""What the editor says of something pasted: that it was too long, or that it may be files dropped on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from supportterm.desk.pasted_paths import may_be_paths
from supportterm.screens.widgets.editor_state import EditorState

if TYPE_CHECKING:
    from supportterm.screens.widgets.editor import Editor

__all__ = ["PasteRefused", "Pasted", "may_be_paths"]


class PasteRefused(Message):
    """What was pasted is too long for a letter; `text` is it, uncleaned, as a file could hold it."""

    def __init__(self, editor: Editor, text: str) -> None:
        super().__init__()
        self.editor = editor
        self.text = text

    @property
    def sentence(self) -> str:
        """What to tell the agent."""
        return f"{len(self.text):,} letters are too long to paste. Attach them as a file instead."


class Pasted(Message):
    """What was pasted may be paths; `text` is it, uncleaned, and `state` the editor's with it put in as text."""

    def __init__(self, editor: Editor, text: str, state: EditorState) -> None:
        super().__init__()
        self.editor = editor
        self.text = text
        self.state = state
