"""The colour of marked text."""

from __future__ import annotations

from rich.style import Style
from textual.screen import Screen


def mark_of(screen: Screen[object]) -> Style:
    """Return a theme's colour for what is selected; where the theme names no colour of letters, they keep their own."""
    mark = screen.get_component_rich_style("screen--selection")
    return Style(bgcolor=mark.bgcolor) if mark.color == mark.bgcolor else mark
