"""The column beside the editor: what the customer asks, the hint at the cursor, what is to do before it goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from rich.text import Text
from textual import events
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from supportterm.screens import format as shown_as
from supportterm.screens.base import run
from supportterm.screens.widgets.wrapping import Rows


@dataclass(frozen=True, slots=True)
class Check:
    """One line of what is to be so before the text goes, and the command that leads to it."""

    words: str
    is_done: bool
    command: str = ""
    is_quiet: bool = False
    """A remark: grey, and not counted."""


class Checklist(VerticalScroll, can_focus=False):
    """Questions, hint and checks below each other; a check that is still to do can be clicked."""

    DEFAULT_CSS = """
    Checklist { padding: 0 1; scrollbar-size-vertical: 1; }
    Checklist Static { height: auto; }
    Checklist > .checklist--title { text-style: bold; }
    Checklist > .checklist--quiet { color: $quiet; }
    Checklist > .checklist--todo { color: $warning; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"checklist--{name}" for name in ("title", "quiet", "todo")}

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 Textual's own name for it
        super().__init__(id=id)
        self._asks: tuple[tuple[str, bool | None], ...] = ()
        self._checks: tuple[Check, ...] = ()
        self._about = ""
        self._hint = ("", "")
        self._text = Static("", markup=False)

    def compose(self) -> ComposeResult:
        """Lay out one text."""
        yield self._text

    def show(
        self,
        asks: Sequence[tuple[str, bool | None]],
        checks: Sequence[Check],
        about: str,
        hint: tuple[str, str] = ("", ""),
    ) -> None:
        """Show these; where nothing changed nothing is drawn.

        `asks` are questions, each with whether the text touches it, None where that is not known; `hint` is a remark
        and what a key does about it.
        """
        given = (tuple(asks), tuple(checks), about, hint)
        if given != (self._asks, self._checks, self._about, self._hint):
            self._asks, self._checks, self._about, self._hint = given
            self._draw()

    def on_resize(self) -> None:
        """Break the lines anew."""
        self._draw()

    def notify_style_update(self) -> None:
        """Look the colours up again."""
        super().notify_style_update()
        if self.is_mounted:
            self._draw()

    def _draw(self) -> None:
        title, quiet, todo = (
            self.get_component_rich_style(f"checklist--{name}", partial=True) for name in ("title", "quiet", "todo")
        )
        text = Text()
        if self._asks:
            text.append("They ask\n", title)
            for number, (question, is_touched) in enumerate(self._asks, 1):
                word, style = (
                    ("  answered", quiet) if is_touched else ("  open" if is_touched is False else "", Style())
                )
                meta = Style.from_meta({"command": "reply.question"}) if is_touched is False else Style()
                self._entry(text, f" {number}  ", question, style + meta, style + meta, word)
            text.append("\n")
        if self._hint[0]:
            text.append("Here\n", title)
            self._entry(text, " ", self._hint[0], Style(), Style())
            if self._hint[1]:
                rewrite = Style.from_meta({"command": "reply.rewrite"})
                self._entry(text, " ", self._hint[1], rewrite, title + rewrite)
            text.append("\n")
        text.append("Before it goes\n", title)
        for check in self._checks:
            meta = Style.from_meta({"command": check.command}) if check.command and not check.is_done else Style()
            word, style = ("done ", quiet) if check.is_done else ("     ", quiet) if check.is_quiet else ("to do", todo)
            rest = quiet if check.is_done or check.is_quiet else Style()
            self._entry(text, f" {word}  ", check.words, style + meta, rest + meta)
        if self._about:
            text.append("\n")
            self._entry(text, "", self._about, quiet, quiet)
        self._text.update(text)

    def _entry(self, text: Text, mark: str, words: str, mark_style: Style, style: Style, ending: str = "") -> None:
        """Add an entry; its further rows stand below its first word."""
        rows = Rows(shown_as.line(words, 300) + ending, self.size.width - len(mark) - 3)
        for row in range(len(rows)):
            text.append(mark if row == 0 else " " * len(mark), mark_style)
            text.append(rows[row] + "\n", style)

    async def on_click(self, event: events.Click) -> None:
        """Go to what the clicked line is about."""
        if command := event.style.meta.get("command"):
            await run(self.screen, command)
