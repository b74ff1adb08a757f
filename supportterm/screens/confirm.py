"""A question with a few answers, each on its own key. Esc leaves everything as it is."""

from __future__ import annotations

from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from supportterm.screens import format as shown_as
from supportterm.screens.key_names import shown
from supportterm.screens.leaving_once import LeavesOnce


class Confirm(LeavesOnce[str | None], ModalScreen[str | None]):
    """A question with a few answers, each on its own key; Esc leaves everything as it is.

    `answers` maps a key to its words; the answer is the key.
    """

    DEFAULT_CSS = """
    Confirm { align: center middle; background: $background 60%; }
    Confirm > Vertical { width: auto; max-width: 84%; min-width: 44; height: auto; max-height: 90%;
                         background: $panel; padding: 1 2; }
    Confirm #question { text-style: bold; width: auto; max-width: 76; height: auto; }
    Confirm VerticalScroll { width: auto; height: auto; max-height: 60vh; margin: 1 0; scrollbar-size-vertical: 1; }
    Confirm #detail { width: auto; max-width: 76; height: auto; }
    Confirm #answers { height: auto; width: auto; margin-top: 1; }
    Confirm .answer { width: auto; height: 1; padding: 0 1; pointer: pointer; }
    Confirm .answer:hover { background: $boost; }
    """

    def __init__(self, question: str, detail: str, answers: dict[str, str]) -> None:
        super().__init__()
        self._question = question
        self._detail = detail
        self._answers = answers

    def compose(self) -> ComposeResult:
        """Lay out question, detail and answers."""
        with Vertical():
            yield Static(shown_as.line(self._question, 500), id="question", markup=False)
            if self._detail:
                with VerticalScroll(can_focus=False):
                    yield Static(shown_as.body(self._detail), id="detail", markup=False)
            with Vertical(id="answers"):
                answers = {**self._answers, "escape": "back"}
                widest = max(len(_key_name(key)) for key in answers)
                for key, words in answers.items():
                    name = Text(f"{_key_name(key):<{widest}}", "bold")
                    yield Static(name.append(f"  {shown_as.line(words)}", "not bold"), classes="answer", name=key)

    def on_key(self, event: events.Key) -> None:
        """Answer with the key, where it is one of the answers."""
        event.stop()
        event.prevent_default()
        if event.key == "escape":
            self.dismiss(None)
        elif event.key in self._answers or event.character in self._answers:
            self.dismiss(event.key if event.key in self._answers else event.character)
        elif event.key in ("up", "down", "pageup", "pagedown") and self._detail:
            detail = self.query_one(VerticalScroll)
            move = {"up": detail.scroll_up, "down": detail.scroll_down, "pageup": detail.scroll_page_up}
            move.get(event.key, detail.scroll_page_down)(animate=False)

    def on_click(self, event: events.Click) -> None:
        """Answer by the mouse; a click beside the question leaves everything as it is."""
        name = event.widget.name if event.widget is not None else None
        if name is not None:
            self.dismiss(None if name == "escape" else name)
        elif event.widget is self:
            self.dismiss(None)


def _key_name(key: str) -> str:
    return shown([key])
