"""Scrollbars of half a cell: a quiet mark of how far down one is, and a place to take with the mouse."""

from __future__ import annotations

from typing import ClassVar

from rich.color import Color
from rich.segment import Segment, Segments
from rich.style import Style
from textual.scrollbar import ScrollBarRender


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


def _signed(segment: Segment, sign: str) -> Segment:
    text, style, control = segment
    if style is None or not style.reverse:
        return segment
    return Segment(sign.rjust(len(text)), style + Style(reverse=False), control)
