"""A line of words at the head of a screen; those that stand for a command can be clicked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.strip import Strip
from textual.widget import Widget

from supportterm.screens import format as shown_as
from supportterm.screens.base import run


@dataclass(frozen=True, slots=True)
class Word:
    """Some words, cleaned already where they are foreign, their look, and what a click on them carries out.

    Looks are `plain`, `key`, `name`, `active`, `warn`, `late`.
    """

    text: str
    look: str = "plain"
    command: str = ""
    argument: str = ""


class WordsLine(Widget):
    """One line; words that do not fit are cut at its end."""

    DEFAULT_CSS = """
    WordsLine { height: 1; width: 1fr; color: $quiet; }
    WordsLine > .words--key { color: $foreground; text-style: bold; }
    WordsLine > .words--name { color: $foreground; }
    WordsLine > .words--active { color: $accent; text-style: bold; }
    WordsLine > .words--warn { color: $warning; }
    WordsLine > .words--late { color: $error; text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"words--{look}" for look in ("key", "name", "active", "warn", "late")}

    def words(self, width: int) -> Sequence[Word]:
        """Return what stands on the line, given its width."""
        return ()

    def row(self, y: int, width: int) -> Sequence[Word]:
        """Return what stands on one of its lines; those below the first are empty unless a widget is higher."""
        return self.words(width) if y == 0 else ()

    def render_line(self, y: int) -> Strip:
        """Draw the words."""
        base = self.rich_style
        segments = []
        for word in self.row(y, self.size.width):
            style = base if word.look == "plain" else self.get_component_rich_style(f"words--{word.look}")
            done = {"command": word.command, "argument": word.argument}
            meta = Style.from_meta(done) if word.command else Style.null()
            segments.append(Segment(word.text, style + meta))
        return Strip(segments).adjust_cell_length(self.size.width, base)

    def on_click(self, event: events.Click) -> None:
        """Do what the clicked word stands for."""
        if command := event.style.meta.get("command"):
            self.call_later(run, self.screen, command, event.style.meta.get("argument", ""))


def length(words: Sequence[Word]) -> int:
    """Return how many cells some words take."""
    return sum(cell_len(word.text) for word in words)


class FilterChip(WordsLine):
    """What narrows the list, and how to see all of it again."""

    def __init__(self, id: str | None = None) -> None:  # noqa: A002 Textual's own name for it
        super().__init__(id=id)
        self._filter = ""
        self._key = ""

    def show(self, narrowed: str, key: str) -> None:
        """Show a filter and the key that clears it."""
        self._filter, self._key = narrowed, key
        self.refresh()

    def words(self, width: int) -> Sequence[Word]:
        """Return the filter, then the key."""
        return [
            Word(" filter  ", "plain", "queue.filter"),
            Word(shown_as.line(self._filter, 300), "active", "queue.filter"),
            Word("   "),
            Word(self._key, "key", "queue.clear"),
            Word(" shows all", "plain", "queue.clear"),
        ]


class RuleLine(Widget):
    """A thin line from side to side."""

    DEFAULT_CSS = """
    RuleLine { height: 1; color: $border; }
    """

    def __init__(self, sign: str, id: str | None = None) -> None:  # noqa: A002 Textual's own name for it
        super().__init__(id=id)
        self._sign = sign

    def render_line(self, y: int) -> Strip:
        """Draw it."""
        return Strip([Segment(self._sign * self.size.width, self.rich_style)])
