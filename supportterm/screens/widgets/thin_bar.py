"""Scrollbars of half a cell: a quiet mark of how far down one is, and a place to take with the mouse."""

from __future__ import annotations

from typing import Any, ClassVar

from rich.color import Color
from rich.segment import Segment, Segments
from rich.style import Style
from textual.geometry import Region
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar, ScrollBarRender
from textual.strip import Strip


class ThinBar(ScrollBarRender):
    """Draws the thumb as a sign in the bar's colour and leaves the rest blank."""

    VERTICAL_BARS: ClassVar[list[str]] = [" "] * 8
    HORIZONTAL_BARS: ClassVar[list[str]] = [" "] * 8
    UPRIGHT, LYING = "▐", "▬"

    @classmethod
    def render_bar(
        cls,
        size: int = 25,
        virtual_size: float = 50,
        window_size: float = 20,
        position: float = 0,
        thickness: int = 1,
        vertical: bool = True,
        back_color: Color = Color.parse("#555555"),  # noqa: B008 Textual's own default
        bar_color: Color = Color.parse("bright_magenta"),  # noqa: B008 Textual's own default
    ) -> Segments:
        """Draw as the base does, with a sign where the thumb is."""
        drawn = super().render_bar(
            size, virtual_size, window_size, position, thickness, vertical, back_color, bar_color
        )
        sign = cls.UPRIGHT if vertical else cls.LYING
        drawn.segments = [_signed(segment, sign) for segment in drawn.segments]
        return drawn


class LightBar(ScrollBar):
    """An upright bar that is drawn of a few pieces it keeps: a list that is paged through draws it with each page."""

    def __init__(self) -> None:
        """Stand upright, one cell wide."""
        super().__init__(vertical=True, name="vertical")
        self._pieces: dict[tuple[Segment, Style], Strip] = {}

    def render_lines(self, crop: Region) -> list[Strip]:
        """Draw some of its cells."""
        bar: Any = self.render()
        look, ground = bar.style, Style(bgcolor=bar.style.bgcolor)
        drawn = bar.render_bar(
            self.size.height, bar.virtual_size, bar.window_size, bar.position, 1, True, look.bgcolor, look.color
        )
        return [self._piece(segment, ground) for segment in drawn.segments[crop.y : crop.bottom]]

    def _piece(self, segment: Segment, ground: Style) -> Strip:
        if (segment, ground) not in self._pieces:
            strip = Strip(Segment.apply_style([segment], ground), 1)
            for each in self.get_line_filters():
                strip = strip.apply_filter(each, self.background_colors[1])
            self._pieces[segment, ground] = strip
        return self._pieces[segment, ground]


class LightlyBarred(ScrollView):
    """A view with such a bar at its side."""

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The bar, made when it is first asked for."""
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = LightBar()
            self._vertical_scrollbar.display = False
            self.app._start_widget(self, self._vertical_scrollbar)
        return self._vertical_scrollbar


def _signed(segment: Segment, sign: str) -> Segment:
    text, style, control = segment
    if style is None or not style.reverse:
        return segment
    return Segment(sign.rjust(len(text)), style + Style(reverse=False), control)
