"""Lines of any number and length, drawn as far as they are visible; for sources and lists to read."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Sequence
from typing import ClassVar, Protocol

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from supportterm.screens import format as shown_as
from supportterm.screens.widgets.marking import mark_of

PIECE = 2_000
"""Bytes after which a source's line goes on in the next row."""


class Lines(Protocol):
    """Rows of text by number, already safe to show."""

    @property
    def width(self) -> int:
        """Return the cells of the longest row, about."""

    def __len__(self) -> int: ...

    def __getitem__(self, row: int) -> str: ...


class SourceLines:
    """A mail as it came: bytes cut at line ends, each row decoded and cleaned only when it is drawn."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw
        self._starts, self._ends = array("Q"), array("Q")
        self.width, place, length = 0, 0, len(raw)
        while place < length:
            end = raw.find(b"\n", place)
            end = length if end < 0 else end
            self.width = max(self.width, min(end - place, PIECE))
            while True:
                piece = _whole_characters(raw, place, min(place + PIECE, end), end)
                self._starts.append(place)
                self._ends.append(piece)
                place = piece
                if place >= end:
                    break
            place = end + 1

    def __len__(self) -> int:
        return len(self._starts)

    def __getitem__(self, row: int) -> str:
        line = self.raw[self._starts[row] : self._ends[row]].rstrip(b"\r")
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError:
            text = line.decode("latin-1")
        blanks = len(text) - len(text.lstrip(" \t"))
        return text[:blanks].expandtabs(8) + shown_as.line(text[blanks:].expandtabs(8), 4 * PIECE)

    def find(self, words: str, after: int, *, backwards: bool = False) -> int | None:
        """Return the next row that holds these words, whatever their case, going round at the end; None for nowhere."""
        pattern = re.compile(re.escape(words.encode()), re.IGNORECASE)
        start = self._starts[after] if after < len(self) else 0
        if backwards:
            places = [match.start() for match in pattern.finditer(self.raw)]
            found = next((p for p in reversed(places) if p < start), places[-1] if places else None)
        else:
            following = self._starts[after + 1] if after + 1 < len(self) else len(self.raw)
            match = pattern.search(self.raw, following) or pattern.search(self.raw)
            found = match.start() if match else None
        return None if found is None else self._row_of(found)

    def _row_of(self, place: int) -> int:
        return max(bisect_right(self._starts, place) - 1, 0)


def _whole_characters(raw: bytes, place: int, cut: int, end: int) -> int:
    """Return the cut, moved back where it would part the bytes of one character."""
    for back in range(4):
        if cut >= end or cut - back <= place:
            break
        if raw[cut - back] & 0xC0 != 0x80:
            return cut - back
    return cut


class TextLines(ScrollView, can_focus=True, inherit_bindings=False):
    """A text that is read and not changed, without wrapping."""

    DEFAULT_CSS = """
    TextLines { background: $background; color: $foreground; overflow: auto; scrollbar-size: 1 1;
                padding: 0 1; }
    TextLines > .lines--found { background: $selected; }
    TextLines > .lines--quiet { color: $quiet; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {"lines--found", "lines--quiet"}
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "rows(-1)", show=False),
        Binding("down", "rows(1)", show=False),
        Binding("left", "columns(-16)", show=False),
        Binding("right", "columns(16)", show=False),
        Binding("pageup", "pages(-1)", show=False),
        Binding("pagedown", "pages(1)", show=False),
        Binding("home", "top", show=False),
        Binding("end", "bottom", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._lines: Lines | Sequence[str] = ()
        self._margin = 0
        self.found: int | None = None

    def show(self, lines: Lines, margin: int = 0) -> None:
        """Show these lines; the first `margin` characters of each are quieter."""
        self._lines, self._margin = lines, margin
        self.virtual_size = Size(lines.width, len(lines))
        self.refresh()

    def go_to(self, row: int) -> None:
        """Show a row that was looked for, marked."""
        self.found = row
        if not 0 <= row - self.scroll_offset.y < self.size.height - 1:
            self.scroll_to(0, max(row - self.size.height // 3, 0), animate=False)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one row."""
        row, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        style = self.rich_style
        if row >= len(self._lines):
            return Strip.blank(width, style)
        if row == self.found:
            style += Style(bgcolor=self.get_component_rich_style("lines--found").bgcolor)
        left = self.scroll_offset.x
        text = self._lines[row]
        quiet = style + Style(color=self.get_component_rich_style("lines--quiet").color)
        segments = [Segment(text[: self._margin], quiet), Segment(text[self._margin :], style)]
        span = self.text_selection.get_span(row) if self.text_selection is not None else None
        if span is not None:
            start, end = span[0], span[1] if span[1] >= 0 else len(text)
            mark = style + mark_of(self.screen)
            segments = [Segment(text[:start], style), Segment(text[start:end], mark), Segment(text[end:], style)]
        strip = Strip(segments).crop_extend(left, left + width, style)
        return strip.apply_offsets(left, row)  # sideways exact for rows of single cells

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return the selected text."""
        first, start = (selection.start.y, selection.start.x) if selection.start else (0, 0)
        last, end = (selection.end.y, selection.end.x) if selection.end else (len(self._lines) - 1, 1 << 30)
        last = min(last, len(self._lines) - 1)
        return "\n".join(
            self._lines[row][start if row == first else 0 : end if row == last else None]
            for row in range(first, last + 1)
        ), "\n"

    def action_rows(self, step: int) -> None:
        """Scroll by rows."""
        self.scroll_to(y=self.scroll_offset.y + step, animate=False)

    def action_columns(self, step: int) -> None:
        """Scroll sideways."""
        self.scroll_to(x=self.scroll_offset.x + step, animate=False)

    def action_pages(self, step: int) -> None:
        """Scroll by screens."""
        self.scroll_to(y=self.scroll_offset.y + step * max(self.size.height - 2, 1), animate=False)

    def action_top(self) -> None:
        """Go to the first row."""
        self.scroll_to(y=0, animate=False)

    def action_bottom(self) -> None:
        """Go to the last row."""
        self.scroll_to(y=self.virtual_size.height, animate=False)
