"""The colours of a conversation's rows, by the names their pieces have."""

from __future__ import annotations

from collections.abc import Sequence

from rich.segment import Segment
from rich.style import Style
from textual.widget import Widget

from supportterm.screens.widgets.marking import mark_of
from supportterm.screens.widgets.message_view import Piece

STYLES = frozenset(
    f"conversation--{name}"
    for name in (
        *("author", "quiet", "quote", "fold", "state", "warning", "cursor", "inside", "note"),
        *("word", "word-inside", "word-note"),
    )
)
"""Component classes a widget that draws a conversation has."""


CSS = """
Conversation { background: $background; color: $foreground; overflow-x: hidden; overflow-y: scroll;
               scrollbar-size-vertical: 1; }
Conversation > .conversation--author { text-style: bold; }
Conversation > .conversation--quiet, Conversation > .conversation--quote { color: $quiet; }
Conversation > .conversation--fold { color: $accent; }
Conversation > .conversation--state { color: $accent; }
Conversation > .conversation--warning { color: $warning; }
Conversation > .conversation--word { color: $quiet; text-style: bold; }
Conversation > .conversation--word-inside { color: $accent; text-style: bold; }
Conversation > .conversation--word-note { color: $warning; text-style: bold; }
Conversation > .conversation--cursor { color: $quiet; }
Conversation:focus > .conversation--cursor { color: $accent; }
Conversation > .conversation--inside { background: $inside; }
Conversation > .conversation--note { background: $note; }
"""


class Ink:
    """Looks the colours up in a widget's theme, each once until `forget`."""

    def __init__(self, widget: Widget) -> None:
        self._widget = widget
        self._styles: dict[tuple[str, str], Style] = {}

    def forget(self) -> None:
        """Look them up again: the theme has changed."""
        self._styles.clear()

    def segments(self, pieces: Sequence[Piece], ground: str) -> list[Segment]:
        """Return a row's pieces in their colours, each with what a click on it does."""

        def style(piece: Piece) -> Style:
            found = self.style(piece.style, ground)
            if not piece.meta:
                return found
            found += Style.from_meta(dict(piece.meta))
            return found + Style(underline=True) if "link" in piece.meta else found

        return [Segment(piece.text, style(piece)) for piece in pieces if piece.text]

    def marked(self, segments: list[Segment], row: int) -> list[Segment]:
        """Give the selected part of a row its colour."""
        selection = self._widget.text_selection
        span = selection.get_span(row) if selection is not None else None
        if span is None:
            return segments
        start, end = span[0], span[1] if span[1] >= 0 else 1 << 30
        mark = mark_of(self._widget.screen)
        marked, place = [], 0
        for text, style, _ in segments:
            cuts = [min(max(edge - place, 0), len(text)) for edge in (start, end)]
            for run, chosen in ((text[: cuts[0]], False), (text[cuts[0] : cuts[1]], True), (text[cuts[1] :], False)):
                if run:
                    marked.append(Segment(run, style + mark if chosen and style is not None else style))
            place += len(text)
        return marked

    def style(self, name: str, ground: str) -> Style:
        """Return the colours of a piece's style on a ground: `inside`, `note`, or nothing for the screen's own."""
        found = self._styles.get((name, ground))
        if found is None:
            found = self._widget.rich_style
            if ground:
                found += Style(bgcolor=self._widget.get_component_rich_style(f"conversation--{ground}").bgcolor)
            if name.startswith("word-") and f"conversation--{name}" not in STYLES:
                name = "word"
            if name == "bar":
                name = f"word-{ground}"
            if f"conversation--{name}" in STYLES:
                part = self._widget.get_component_rich_style(f"conversation--{name}")
                found += Style(color=part.color, bold=part.bold, dim=part.dim, italic=part.italic)
            self._styles[(name, ground)] = found
        return found
